package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree/remote"
)

// addOrders adds the commands that say how the processes shall run their handlers.
func (c *ctlFlags) addOrders(cmd *cobra.Command) {
	say := func(use, short, word string) *cobra.Command {
		p := &place{}
		var cmd *cobra.Command
		cmd = c.command(use, short, nil, func(patterns []string) error {
			for _, name := range []string{"handler", "signal"} {
				if f := cmd.Flags().Lookup(name); f != nil && f.Changed && f.Value.String() == "" {
					return usage("ctl "+word+" --"+name, "needs a value", "see "+cmd.CommandPath()+" --help") // else all would be meant
				}
			}
			one, err := p.order(word)
			if err != nil {
				return err
			}
			return c.order(patterns, one)
		})
		if word != "step" {
			p.flags(cmd, word)
		}
		return cmd
	}
	cmd.AddCommand(
		say("hold [NODE...]", "Hold processes before every handler, or at a breakpoint, those to come included", "hold"),
		say("release [NODE...]", "Let those that are held go on; with a flag, take that breakpoint back", "release"),
		say("step [NODE...]", "Let those that are held run one handler, and hold them again", "step"),
		c.command("fault PROC[/HANDLER]=KIND[:ARG]...", "Break handlers or processes, as run --fault does; KIND none takes it back", arguments(1, -1, "PROC/HANDLER=KIND[:ARG], as in 'db-writer/flush-wal=hang'"), c.fault))
}

// place are the flags that make a hold a breakpoint.
type place struct {
	handler, signal string
	exit            bool
}

func (p *place) flags(cmd *cobra.Command, word string) {
	f, what := cmd.Flags(), "a breakpoint "
	if word == "release" {
		what = "take back the breakpoint "
	}
	f.StringVar(&p.handler, "handler", "", what+"before the handlers that this `GLOB` matches")
	f.StringVar(&p.signal, "signal", "", what+"at this `SIGNAL` (a name, a glob, or any), before the first handler; a program without exitreg is stopped before a signal of multiexit reaches it")
	f.BoolVar(&p.exit, "exit", false, what+"before the exit, when all handlers are done")
	cmd.RegisterFlagCompletionFunc("handler", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("signal", cobra.NoFileCompletions)
}

func (p *place) order(word string) (o order, err error) {
	o = order{Do: word, Handler: p.handler}
	switch {
	case p.exit && p.handler != "", p.exit && p.signal != "", p.handler != "" && p.signal != "":
		return o, usage("ctl "+word, "--handler, --signal and --exit are three breakpoints", "one at a time")
	case p.exit:
		o.On = "exit"
	case p.signal == "any":
		o.On = "signal"
	case p.signal != "":
		o.On = "signal"
		var bad *badValue
		if o.Sig, err = signalGlob(p.signal); errors.As(err, &bad) {
			return o, usage("ctl "+word+" --signal "+p.signal, bad.why, bad.advice)
		}
	}
	return o, nil
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
				if as := flagsOf(pattern); as != "" && strings.HasPrefix(err.Error(), "no process") {
					return usage("ctl "+c.word+" "+pattern, "no such process", fmt.Sprintf("did you mean multiexit ctl %s %s?", c.word, as))
				}
				return err
			}
		}
		return nil
	})
}

// flagsOf is a place that was written as --hold has it, PROC/HANDLER or PROC@TERM,
// as ctl hold has it; "" if it is none.
func flagsOf(where string) string {
	switch h, err := parseHold(where); {
	case err != nil:
		return ""
	case h.order.Handler != "":
		return "--handler " + h.order.Handler + " " + h.pattern
	case h.order.On == "exit":
		return "--exit " + h.pattern
	case h.order.On == "signal":
		return "--signal " + cmp.Or(trimSIG(h.order.Sig), "any") + " " + h.pattern
	}
	return ""
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
			for _, o := range one.orders() {
				if err := s.Order(one.pattern, o.line()); err != nil {
					return err
				}
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
	// Whether those of the command line hit tells nothing any more.
	switch c.watch.mu.Lock(); {
	case o.Fault == "none":
		c.watch.faults = nil
	case o.Do == "release":
		c.watch.holds = nil
	}
	c.watch.mu.Unlock()
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
		for _, h := range n.Handlers() {
			if h.Name == handler {
				return nil
			}
			there = append(there, h.Name)
		}
	}
	return noHandler(handler, there)
}

// missedOrders are those of the command line that got nowhere.
func (w *watch) missedOrders() (errs []error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.faults {
		if err := w.faults[i].missed(w.tree); err != nil {
			errs = append(errs, usage("--fault "+w.faults[i].arg, err.Error(), ""))
		}
	}
	for i := range w.holds {
		if err := w.holds[i].missed(w.tree); err != nil {
			errs = append(errs, usage("--hold="+w.holds[i].arg, err.Error(), ""))
		}
	}
	return errs
}
