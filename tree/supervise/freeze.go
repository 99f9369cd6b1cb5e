package supervise

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// holds are the processes that are held, and how many there are below each root. Only
// tap touches it.
type holds struct {
	nodes map[string]bool
	below map[string]int
}

// see takes an event in and says whether another number is held below its root.
func (h *holds) see(e *tree.Event) bool {
	held := e.Kind == exitreg.KindHold
	if h.nodes[e.Node] == held || e.Node == "" {
		return false
	}
	if h.nodes == nil {
		h.nodes, h.below = map[string]bool{}, map[string]int{}
	}
	if held {
		h.nodes[e.Node] = true
		h.below[root(e.Node)]++
	} else {
		delete(h.nodes, e.Node)
		h.below[root(e.Node)]--
	}
	return true
}

// holdsBelow takes in whether somebody of a root is held.
func (s *Supervisor) holdsBelow(node string, held bool) {
	c := s.owner[node]
	if c == nil || c.run == nil || c.run.node != node {
		return
	}
	c.run.held = held
	s.freezeTurn(c, c.run)
}

// freezeTurn lets the time of a stop command stand while somebody whom it is to end is
// held. That of the signals is the session's affair.
func (s *Supervisor) freezeTurn(c *command, r *run) {
	l := r.stop
	if l == nil || l.turn == nil || r.held == l.turnStands {
		return
	}
	text := "thaw"
	if l.turnStands = r.held; r.held {
		text = "freeze"
		halt(l.turn)
		l.turnLeft = left(l.turnAt)
	} else {
		s.setTurn(c, r, l.turnLeft)
	}
	s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Node: r.node, Text: text, Timeout: left(l.turnAt)})
}

// stand notes that the time of a ladder stands, or goes on.
func (s *Supervisor) stand(c *command, r *run, on bool) {
	l := r.stop
	switch {
	case on && l.frozen.IsZero():
		l.frozen = time.Now()
		halt(l.despair)
	case !on && !l.frozen.IsZero():
		l.deadline = l.deadline.Add(time.Since(l.frozen))
		l.frozen = time.Time{}
		s.despair(c, r)
	}
}

// left is the time until the deadline; never 0.
func (l *ladder) left() time.Duration {
	if l.frozen.IsZero() {
		return left(l.deadline)
	}
	return max(l.deadline.Sub(l.frozen), time.Millisecond)
}

// untilNext is the time until the next step.
func (l *ladder) untilNext() time.Duration {
	if l.frozen.IsZero() {
		return time.Until(l.told.Add(l.next))
	}
	return l.next
}

// anyFrozen says that the time of some command's end stands.
func (s *Supervisor) anyFrozen() bool {
	for _, c := range s.cmds {
		if c.run != nil && c.run.stop != nil && !c.run.stop.frozen.IsZero() {
			return true
		}
	}
	return false
}
