package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree/remote"
)

// addOrders adds the commands that say how the processes shall run their handlers.
func (c *ctlFlags) addOrders(cmd *cobra.Command) {
	var handler string
	say := func(use, short, word string) *cobra.Command {
		return c.command(use, short, nil, func(patterns []string) error {
			return c.order(patterns, order{Do: word, Handler: handler})
		})
	}
	hold := say("hold [NODE...]", "Let processes stop before every handler; without a NODE all, those to come included", "hold")
	hold.Flags().StringVar(&handler, "handler", "", "only before the handlers that this `GLOB` matches")
	release := say("release [NODE...]", "Let them go on", "release")
	release.Flags().StringVar(&handler, "handler", "", "take back the hold of this `GLOB`")
	cmd.AddCommand(hold, release,
		say("step [NODE...]", "Let those that wait run one handler each, then stop again", "step"),
		c.command("fault PROC/HANDLER=KIND[:ARG]...", "Break handlers, as run --fault does; KIND none takes it back", arguments(1, -1, "PROC/HANDLER=KIND[:ARG], as in 'db-writer/flush-wal=hang'"), c.fault))
}

func (c *ctlFlags) order(patterns []string, o order) error {
	if len(patterns) == 0 {
		patterns = []string{"*"}
	}
	return c.with(func(s *remote.Client) error {
		for _, pattern := range patterns {
			if pattern == "all" {
				pattern = "*"
			}
			if err := s.Order(pattern, o.line()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *ctlFlags) fault(args []string) error {
	var all []fault
	for _, arg := range args {
		one, err := parseFault(arg)
		var bad *badValue
		if errors.As(err, &bad) {
			return usage("ctl fault "+arg, bad.why, bad.advice)
		}
		all = append(all, one)
	}
	return c.with(func(s *remote.Client) error {
		for _, one := range all {
			if err := s.Order(one.pattern, one.order.line()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Order refuses names that nobody has: most often they are misspelt. A glob may
// be for those to come.
func (c controlled) Order(pattern, line string) error {
	var o order
	if err := json.Unmarshal([]byte(line), &o); err != nil {
		return fmt.Errorf(`an order has to be a JSON object, as {"do":"hold"}: %w`, err)
	}
	if err := c.watch.has(pattern, o.Handler); err != nil {
		return err
	}
	if o.Fault == "none" {
		c.watch.mu.Lock()
		c.watch.faults = nil // whether those of the command line hit tells nothing any more
		c.watch.mu.Unlock()
	}
	return c.Supervisor.Order(pattern, line)
}

// has says what is wrong with a pattern that means nobody, or with the name of a
// handler that none of those has.
func (w *watch) has(pattern, handler string) error {
	if strings.ContainsAny(pattern, "*?") {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	nodes, err := w.tree.Select(pattern)
	if err != nil || handler == "" || strings.ContainsAny(handler, "*?") {
		return err
	}
	var there []string
	for _, n := range nodes {
		for _, h := range n.Handlers {
			if h.Name == handler {
				return nil
			}
			there = append(there, h.Name)
		}
	}
	return noHandler(handler, there)
}

// missedFaults are those of the command line that got nowhere.
func (w *watch) missedFaults() (errs []error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.faults {
		if err := w.faults[i].missed(w.tree); err != nil {
			errs = append(errs, usage("--fault "+w.faults[i].arg, err.Error(), ""))
		}
	}
	return errs
}
