package supervise

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"multiexit/tree"
)

// Do drives commands by a verb.
//
//	start      what they depend on first. Of what was on its way it takes the delay
//	stop       just these, whoever depends on them; several of them in reverse order
//	restart    stops them in their own way and starts them anew when all of them is gone
//	kill       stops them with SIGKILL, in no order
//	pause      SIGSTOP to all their processes
//	continue   SIGCONT to all their processes
//	signal     args: the signal, and its scope if it is not "process"; no stop, so restart policies apply
//	remove     stops them first; their names are free then
//	duplicate  starts NAME-2 the way NAME is started
//	add        starts another command; see below
//
// The target is a command, a group ("backend" is all of "backend/..."), a node, a
// glob over the names of commands, or all ("" or "all"). A node stands for the
// command that it belongs to; but stop, kill, pause, continue and signal of one
// below a root are for it and what descends from it. Of several targets those that
// cannot be meant (to start what runs already) are passed over; if it is all of
// them, that is the error.
//
// add takes the line for a shell in args, after a name that may be missing or may
// be the target.
//
// An error is one line. Without one the verb has begun; how it goes on is told by
// events. While everything is being stopped, all verbs are refused but those that may
// help with that: kill, signal, pause and continue.
func (s *Supervisor) Do(verb, target string, args []string) error {
	return s.ask(func() error {
		if s.finished || s.stopping && !slices.Contains(helpful[:], verb) {
			return fmt.Errorf("%s: everything is being stopped", verb)
		}
		if err := s.do(verb, target, args); err != nil {
			return fmt.Errorf("%s: %w", verb, err)
		}
		return nil
	})
}

func (s *Supervisor) do(verb, target string, args []string) error {
	if verb == "add" {
		return s.add(target, args)
	}
	act := s.act(verb, args)
	if act == nil {
		return fmt.Errorf("no such verb%s", suggest(verb, verbs))
	}
	if verb == "signal" && (len(args) == 0 || len(args) > 2) {
		return errors.New("which signal? (a name such as SIGHUP, then a scope if it is not process)")
	}
	found, below, err := s.resolve(target)
	if err != nil {
		return err
	}
	if below != "" {
		if done, err := s.doBelow(verb, below, args); done {
			return err
		}
	}
	return s.each(found, act)
}

var helpful = [...]string{"kill", "signal", "pause", "continue"}

var verbs = []string{"start", "stop", "restart", "kill", "pause", "continue", "signal", "add", "duplicate", "remove"}

// act is what a verb does to one command.
func (s *Supervisor) act(verb string, args []string) func(*command) error {
	switch verb {
	case "start":
		return s.start
	case "stop":
		return s.stopOne
	case "restart":
		return s.restart
	case "kill":
		return s.kill
	case "pause", "continue":
		return func(c *command) error { return s.pause(c, verb == "pause") }
	case "signal":
		return func(c *command) error { return s.signal(c, args) }
	case "remove":
		return func(c *command) error { s.endOne(c, fateRemoved); return nil }
	case "duplicate":
		return s.duplicate
	}
	return nil
}

// each does something to every one of the commands. The error is the first one,
// if there was nothing to do for any of them.
func (s *Supervisor) each(found []*command, act func(*command) error) error {
	var first error
	done := 0
	for _, c := range found {
		c.failure = nil
		err := fmt.Errorf("%s is being removed", c.name)
		if !c.ending || c.fate != fateRemoved {
			err = act(c)
		}
		if err == nil {
			done++
		} else if first == nil {
			first = err
		}
	}
	if done == 0 {
		return first
	}
	s.settle()
	for _, c := range found {
		if c.failure != nil {
			return c.failure
		}
	}
	return nil
}

// doBelow does a verb to a node below a root, if it is one for that.
func (s *Supervisor) doBelow(verb, node string, args []string) (done bool, err error) {
	switch verb {
	case "stop", "kill":
		return true, s.stopBelow(node, verb == "kill")
	case "pause", "continue":
		return true, s.eng.Pause(node, verb == "pause")
	case "signal":
		return true, s.eng.Signal(node, args[0], strings.Join(args[1:], ""))
	}
	return false, nil
}

func (s *Supervisor) start(c *command) error {
	if c.running() && !c.ending {
		return fmt.Errorf("%s runs already (restart it?)", c.name)
	}
	if name := s.missing(c); name != "" {
		return fmt.Errorf("%s depends on %s, which was removed", c.name, name)
	}
	s.require(c)
	return nil
}

// missing finds what a command depends on, directly or not, and is not there.
func (s *Supervisor) missing(c *command) string {
	for _, d := range c.spec.After {
		on := s.byName[d.Name]
		if on == nil {
			return d.Name
		}
		if name := s.missing(on); name != "" {
			return name
		}
	}
	return ""
}

func (s *Supervisor) stopOne(c *command) error {
	if !s.active(c) {
		return fmt.Errorf("%s does not run", c.name)
	}
	s.endOne(c, fateStopped)
	return nil
}

// active says that there is something to end, or something to come by itself.
func (s *Supervisor) active(c *command) bool {
	return c.run != nil || !c.state.Over() && (c.wanted || c.state != tree.CommandWaiting)
}

func (s *Supervisor) restart(c *command) error {
	if name := s.missing(c); name != "" {
		return fmt.Errorf("%s depends on %s, which was removed", c.name, name)
	}
	if c.run == nil {
		s.require(c)
		return nil
	}
	s.requireFor(c)
	s.endOne(c, fateAgain)
	return nil
}

func (s *Supervisor) kill(c *command) error {
	if !s.active(c) {
		return fmt.Errorf("%s does not run", c.name)
	}
	s.endOne(c, fateStopped)
	if c.run != nil {
		s.killOne(c)
	}
	return nil
}

func (s *Supervisor) pause(c *command, on bool) error {
	if c.run == nil {
		return fmt.Errorf("%s does not run", c.name)
	}
	return s.eng.Pause(c.run.node, on)
}

func (s *Supervisor) signal(c *command, args []string) error {
	if !c.running() {
		return fmt.Errorf("%s does not run", c.name)
	}
	return s.eng.Signal(c.run.node, args[0], strings.Join(args[1:], ""))
}
