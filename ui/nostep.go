package ui

import (
	"slices"

	"multiexit/tree"
)

// passing is a notice that is only said for as long as it is true.
type passing struct {
	said string
	now  func() string // what it is by now; empty: nothing any more
}

// sayWhile says something that changes with what happens, until the next key.
func (m *Model) sayWhile(now func() string) {
	m.notice = now()
	m.passing = passing{m.notice, now}
}

// renotice says anew what is still said, or no more.
func (m *Model) renotice() {
	if m.passing.now == nil {
		return
	}
	if m.notice == "" || m.notice != m.passing.said {
		m.passing = passing{}
		return
	}
	if now := m.passing.now(); now != m.notice {
		m.notice, m.passing.said, m.dirty = now, now, true
	}
}

// whyNoStep is why a process takes no step now; empty if it takes one.
func (m *Model) whyNoStep(n *tree.Node) string {
	name := n.Title()
	switch {
	case waits(n) && !m.stepped.onItsWay(n):
		return ""
	case !n.Alive():
		return name + absent(n)
	case loose(m.truth(), n):
		return name + " was let go and runs on: P holds it before its next handler"
	case n.Running() != nil:
		return name + " runs " + n.Running().Name + ": n again when that has ended"
	case m.stepped.onItsWay(n):
		return name + " was let go"
	case !n.Reports:
		return name + " reports no handlers: nothing to step (with exitreg it would)"
	case n.Pending() == 0:
		return name + " has no handler left"
	case n.Stopped:
		return name + " is stopped (SIGSTOP): p continues it"
	case !n.Began:
		return name + " has not begun: " + m.wouldWait(n)
	}
	return name + " does not wait: P holds it before its next handler"
}

// wouldWait is where a process that has not begun will be held.
func (m *Model) wouldWait(n *tree.Node) string {
	t, plan := m.truth(), n.Plan()
	if slices.ContainsFunc(t.Orders, func(o tree.Order) bool {
		return o.Word == "break" && o.Sig != "" && tree.Glob(o.Sig, "SIGTERM") && o.Means(n)
	}) {
		return "t sends SIGTERM (then it waits at that)"
	}
	i := slices.IndexFunc(plan, func(h *tree.Handler) bool { return plotIn(t, h).stop })
	switch {
	case holdStands(t, n):
		i = 0
	case i < 0:
		return "P holds all, then t sends SIGTERM"
	}
	return "t sends SIGTERM (then it waits before " + plan[i].Name + ")"
}

// whyNoTurn is why nobody in the tree takes a step now; empty if somebody does.
func (m *Model) whyNoTurn() string {
	t := m.truth()
	next, busy := turnOf(t, m.stepped)
	switch {
	case busy != nil && busy.Running() != nil:
		return busy.Title() + " still runs " + busy.Running().Name + ": N again when it has ended (n steps another)"
	case busy != nil && busy.Pending() == 0:
		return busy.Title() + " is about to exit: N again in a moment (n steps another)"
	case busy != nil:
		return busy.Title() + " is between two handlers: N again in a moment (n steps another)"
	case next != nil:
		return ""
	case t.Counts.Alive() == 0:
		return "all have exited"
	case t.Counts.Exiting == 0 && holdsAll(t):
		return "nobody waits yet: T ends the tree (then each waits before its first handler)"
	case t.Counts.Exiting == 0:
		return "nobody waits yet: T ends the tree (then those wait that are to be held)"
	}
	return "nobody waits before a handler"
}
