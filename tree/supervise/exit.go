package supervise

import (
	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
)

// exited takes in that a root is gone. Its descendants may live on.
func (s *Supervisor) exited(node string) {
	c := s.owner[node]
	if c == nil || c.run == nil || c.run.exited {
		return
	}
	r := c.run
	if r.node != node {
		s.scriptEnded(c, node)
		return
	}
	r.exited = true
	s.hush(r)
	seen := false
	if c.code, c.sig, seen = s.eng.Exit(node); !seen {
		c.code = statusUnseen
	}
	if r.stop != nil {
		return // as it was asked to; the rest is to follow
	}
	if s.options.Config.Keep {
		defer func() { c.run = nil }() // what it leaves behind is let alone
	}
	if c.ending && c.fate != fateStopped {
		return // it is to start anew, or has failed already
	}
	s.judge(c, r)
}

// statusUnseen stands for an exit status that nobody saw: it was hardly 0.
const statusUnseen = 255

// judge says what it means that a command ended by itself.
func (s *Supervisor) judge(c *command, r *run) {
	well := c.code == 0 && c.sig == ""
	why := outcome(c.code, c.sig)
	switch p := c.spec.Ready; {
	case p != nil && p.Exit && well:
		s.final(c, tree.CommandDone, "")
		return // it has prepared what it was there for; no policy does it again
	case p != nil && well && !r.readied:
		well, why = false, "ended before it was ready ("+sought(p)+")"
	case by(c.code, c.sig, r.asked) && !s.again(c, false):
		s.final(c, tree.CommandStopped, "by "+r.asked)
		return
	}
	s.conclude(c, well, why)
}

// by says that a process ended by the signal it was asked to end by, or said so
// with its exit status as shells do.
func by(code int, sig, asked string) bool {
	if asked == "" || sig != "" {
		return asked != "" && sig == asked
	}
	number, err := live.ParseSignal(asked)
	return err == nil && code == 128+int(number)
}

// conclude is the end of a run that nobody asked for: the command starts again,
// or is over.
func (s *Supervisor) conclude(c *command, well bool, why string) {
	switch {
	case !c.ending && s.again(c, well):
		s.backOff(c, why)
	case well:
		s.final(c, tree.CommandDone, "")
	default:
		if n := c.retries; n > 0 {
			why += afterRestarts(n)
		}
		s.final(c, tree.CommandFailed, why)
	}
}

// final puts a command into the state in which it stays.
func (s *Supervisor) final(c *command, state tree.CommandState, why string) {
	s.set(c, state, why)
	s.checkCritical(c)
}

// checkCritical stops everything when a command is over that must not be.
func (s *Supervisor) checkCritical(c *command) {
	if !c.spec.Critical || s.stopping {
		return
	}
	text := c.name + " is " + string(c.state)
	if c.why != "" {
		text += " (" + c.why + ")"
	}
	s.eng.Emit(tree.Event{Kind: exitreg.KindNote, Node: c.node, Text: text + " and is critical: everything is stopped"})
	s.endAll()
}

// signalled takes in that a root was asked to end by a signal of ours.
func (s *Supervisor) signalled(node, sig string) {
	if c := s.owner[node]; c != nil && c.run != nil && c.run.node == node {
		c.run.asked = sig
	}
}

// emptied takes in that nothing of a run is left.
func (s *Supervisor) emptied(c *command, r *run) {
	if c.run != r {
		return
	}
	s.exited(r.node) // if its own end was not told, or not yet
	if c.run != r {
		return
	}
	if r.stop == nil {
		c.run = nil
		return
	}
	r.stop.emptied = true
	s.gone(c, r)
}
