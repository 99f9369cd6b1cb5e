package supervise

import (
	"cmp"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// onlyRun is the one run that is still to be ended; nil if there are several, or
// if it is being ended already.
func (s *Supervisor) onlyRun() (only *run) {
	for _, c := range s.cmds {
		if c.run == nil {
			continue
		}
		if only != nil || c.run.stop != nil {
			return nil
		}
		only = c.run
	}
	return only
}

// rung takes in a step of the ladder of a root. The ladder of the only run there
// is, is that of everything.
func (s *Supervisor) rung(node, text, sig string, next time.Duration) {
	c := s.owner[node]
	if c == nil || c.run == nil || c.run.node != node || c.run.stop == nil {
		return
	}
	c.run.stop.next = next
	c.run.stop.told = time.Now()
	switch text {
	case "freeze":
		s.stand(c, c.run, true)
	case "thaw", "kill", "absorbed":
		s.stand(c, c.run, false)
	}
	if s.sole == c.run && text != "done" {
		s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Text: text, Sig: sig, Timeout: next})
	}
}

// countdown tells when everything will be over at the latest, and again when that
// has changed.
func (s *Supervisor) countdown() {
	const worth = 500 * time.Millisecond
	if !s.stopping || s.sole != nil || s.killed || s.finished {
		return
	}
	longest := time.Duration(0)
	known := map[*command]time.Duration{}
	for _, c := range s.cmds {
		longest = max(longest, s.until(c, known))
	}
	at, froze := time.Now().Add(longest), s.anyFrozen()
	text := "extend"
	switch {
	case longest <= 0:
		return
	case s.deadline.IsZero():
		text = "stop"
	case froze && !s.frozen:
		text = "freeze"
	case !froze && s.frozen:
		text = "thaw"
	case froze && (longest-s.longest).Abs() < worth, !froze && at.Sub(s.deadline).Abs() < worth:
		return
	}
	s.deadline, s.longest = at, longest
	if text != "stop" { // of which it is told next
		s.frozen = froze
	}
	s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Text: text, Timeout: longest})
}

// until is how long it takes at most until a command is gone.
func (s *Supervisor) until(c *command, known map[*command]time.Duration) time.Duration {
	if d, ok := known[c]; ok {
		return d
	}
	if c.run == nil {
		return 0
	}
	if c.run.stop != nil {
		known[c] = max(0, c.run.stop.deadline.Sub(cmp.Or(c.run.stop.frozen, time.Now())))
		return known[c]
	}
	known[c] = 0 // should there be a circle
	first := time.Duration(0)
	for other := range s.before(c) {
		first = max(first, s.until(other, known))
	}
	known[c] = first + s.grace(c)
	return known[c]
}
