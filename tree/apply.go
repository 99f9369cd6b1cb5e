package tree

import (
	"strings"
	"time"

	"multiexit/exitreg"
)

// Fold applies events in order to an empty tree: Fold(events[:i]) is the state
// after the first i events.
func Fold(events []Event) *Tree {
	t := new(Tree)
	for i := range events {
		t.Apply(&events[i])
	}
	return t
}

// Apply takes one event in. It is total: an unknown node is made, a repeated
// fact changes nothing, an unknown kind is counted, and what arrives late (an
// end after the exit) still finds its handler. It keeps no reference to e.
func (t *Tree) Apply(e *Event) {
	if e.Seq != 0 && e.Seq == t.seq {
		return
	}
	t.seq = e.Seq
	t.Last = max(t.Last, e.T)
	switch e.Kind {
	case exitreg.KindNote:
		t.note(e)
		return
	case exitreg.KindEOF:
		t.close()
		return
	case exitreg.KindOut:
		return // output changes nobody's state
	}
	if e.Kind == exitreg.KindCommand {
		t.command(e)
		return
	}
	if e.Kind == exitreg.KindOrder || e.Kind == exitreg.KindRevoke {
		t.order(e)
		return
	}
	if e.Kind == exitreg.KindRung && e.Node == "" {
		t.Ladder = t.Ladder.step(e)
		return
	}
	n := t.node(e.Node, e.T)
	if n == nil {
		t.Unknown++
		return
	}
	n.touch()
	n.unborn = false
	if !t.process(n, e) && !t.handler(n, e) {
		t.Unknown++
	}
	n.heard(e)
	t.settle(n)
}

// process applies an event about a process as a whole and reports whether it
// knew the kind.
func (t *Tree) process(n *Node, e *Event) bool {
	switch e.Kind {
	case exitreg.KindSpawn:
		n.Born, n.PID = e.T, e.PID
		t.program(n, e)
	case exitreg.KindExec:
		n.exec(e)
		t.program(n, e)
	case exitreg.KindHello:
		n.meet(e)
		t.program(n, e)
	case exitreg.KindTitle:
		t.program(n, e)
	case exitreg.KindOrphan:
		n.Orphan = true
	case exitreg.KindStop, exitreg.KindCont:
		n.Stopped = e.Kind == exitreg.KindStop && n.Alive()
	case exitreg.KindHold, exitreg.KindRelease:
		n.hold(e)
	case exitreg.KindFault:
		if e.ID != "" {
			return false // it is of a handler
		}
		if n.Fault == "" {
			t.Counts.Injected++
		}
		n.Fault = e.Text
		if e.Text == faultIgnore {
			n.deafen(e.Sig)
		}
	case exitreg.KindAsleep:
		t.asleep(n, e)
	case exitreg.KindDisposition:
		n.disposition(e.Sig, Disposition(e.Text))
	case exitreg.KindSignal:
		t.signal(n, e)
	case exitreg.KindDeliver:
		t.deliver(n, e)
	case exitreg.KindLeave:
		t.leave(n, e)
	case exitreg.KindExit:
		n.exit(e)
	case exitreg.KindRung:
		n.rung(e)
	default:
		return false
	}
	return true
}

// maxID bounds a node's id, and so how deep a tree gets: a path of that length
// is 16,000 processes, each the child of the one before.
const maxID = 32 << 10

// node finds the node of a path and makes it, and the ancestors it lacks, as
// born at the time it is first heard of. It is nil if the path cannot be one.
func (t *Tree) node(id string, at time.Duration) *Node {
	if n := t.near; n != nil && n.ID == id {
		return n
	}
	n := t.Node(id)
	if n == nil {
		if id == "" || len(id) > maxID {
			return nil
		}
		n = t.birth(id, at)
	}
	t.near = n
	return n
}

func (t *Tree) birth(id string, at time.Duration) *Node {
	var parent *Node
	if dot := strings.LastIndexByte(id, '.'); dot > 0 {
		parent = t.node(id[:dot], at)
	}
	n := t.blank(id)
	n.Name, n.Born, n.Parent = "?", at, parent
	if parent != nil {
		n.Depth = parent.Depth + 1
		parent.touch()
		parent.Kids = append(parent.Kids, n)
	} else {
		t.Roots = append(t.Roots, n)
	}
	t.Nodes = append(t.Nodes, n)
	t.Counts.Live++
	t.Shape++
	return n
}

// peer is the node that an event names besides its own. Unlike node it makes
// none out of what may be a pid that the observer could not place.
func (t *Tree) peer(id string, at time.Duration) *Node {
	if n := t.Node(id); n != nil || !strings.Contains(id, ".") {
		return n
	}
	return t.node(id, at)
}

// note keeps a remark. It makes no node, but a process may have told it.
func (t *Tree) note(e *Event) {
	if n := t.Node(e.Node); n != nil {
		n.touch()
		n.heard(e)
	}
	if i := len(t.Notes) - 1; i >= 0 {
		if last := &t.Notes[i]; last.T == e.T && last.Node == e.Node && last.Text == e.Text {
			return
		}
	}
	t.Notes = append(t.Notes, *e)
}

// close is the end of the stream: a handler that is still running stays so for
// ever, and is said to be lost. One that never began is not, in a process that
// lives on.
func (t *Tree) close() {
	t.Done = true
	for _, n := range t.Nodes {
		if n.tally[Running] == 0 && n.runs == 0 {
			continue
		}
		n.touch()
		for _, h := range n.handlers {
			if h.State == Running {
				n.lose(h, "the recording ends here")
			}
		}
		n.runs = 0
		t.settle(n)
	}
}

// settle puts a node into the state its facts add up to, and keeps the counts.
func (t *Tree) settle(n *Node) {
	was := n.counted
	n.State = n.state()
	if n.State != was {
		*t.Counts.of(was)--
		*t.Counts.of(n.State)++
		n.counted = n.State
	}
	t.countHeld(n)
}

func (c *Counts) of(s State) *int {
	switch s {
	case Exiting:
		return &c.Exiting
	case Stuck:
		return &c.Stuck
	case Exited:
		return &c.Exited
	case Failed:
		return &c.Failed
	case Unborn:
		return &c.Unborn
	}
	return &c.Live
}
