package ui

import (
	"time"

	"multiexit/tree"
)

// repeat is an event by which a process got a signal that it had got before: sent
// to its group and passed on by its parent, say. Handlers run once all the same;
// a program that counts signals may be forced to exit by it.
type repeat struct {
	t         time.Duration
	node, sig string
	kind      string
}

func repeatOf(e *tree.Event) repeat { return repeat{e.T, e.Node, e.Sig, string(e.Kind)} }

// flag notes that the event that was just applied was one.
func (m *Model) flag(e *tree.Event) {
	if e.Kind != "signal" && e.Kind != "deliver" {
		return
	}
	n := m.tree.Node(e.Node)
	if n == nil || n.Twice == "" || n.Twice != e.Sig || e.Kind == "deliver" && n.Delivered >= e.T {
		return
	}
	if m.repeats == nil {
		m.repeats = map[repeat]bool{}
	}
	m.repeats[repeatOf(e)] = true
}
