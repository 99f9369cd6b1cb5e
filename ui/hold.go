package ui

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// stepped is the process that was let go for one handler the last time. Wherever it
// was held, it is held again before its next one. Until the stream tells that it
// goes, it is no longer held in the eyes of the user.
type stepped struct {
	node string
	held time.Duration // since when it was
}

// onItsWay says that a process was stepped and the stream has not told of it yet.
func (s stepped) onItsWay(n *tree.Node) bool {
	return waits(n) && s == stepped{n.ID, n.Hold.Since}
}

// steppedMsg says that a step was refused.
type steppedMsg struct{ err error }

// stepping says that n and N step: something waits before a handler, or will.
func (m *Model) stepping() bool {
	if m.opts.Driver == nil {
		return false
	}
	t := m.truth()
	last := t.Node(m.stepped.node)
	return t.Counts.Held > 0 || last != nil && last.Alive() && last.Reports && !loose(t, last) || slices.ContainsFunc(t.Orders, isHold)
}

// holdsHere says that something in the picture waits for the user, or will.
func (m *Model) holdsHere() bool {
	return m.tree.Counts.Held > 0 || m.tree.Counts.Alive() > 0 && slices.ContainsFunc(m.tree.Orders, isHold)
}

// waits says that a process waits before a handler for the user.
func waits(n *tree.Node) bool { return n.Held }

// holdClock stops all processes before their next handlers, those to come included, or
// the marked ones; and lets them go if they are held already.
func (m *Model) holdClock() tea.Cmd {
	t := m.truth()
	ids := m.markedHere()
	if len(ids) == 0 {
		if holdsAll(t) {
			m.notice = "let go: they run on"
			return m.release(everybody)
		}
		m.notice = "held: each waits before its next handler"
		if foreign(aliveIn(t)) {
			m.notice = "held: each is stopped before a signal of yours reaches it"
		}
		if t.Counts.Exiting+t.Counts.Stuck == 0 {
			m.notice += "; T ends all, N steps"
		}
		return m.tellThem(word{Do: "hold"}, everybody)
	}
	free := func(id string) bool { return !holdStands(t, t.Node(id)) }
	if slices.ContainsFunc(ids, free) {
		m.notice = "held: " + processes(len(ids)) + " before the next handler"
		return m.tellThem(word{Do: "hold"}, ids...)
	}
	m.notice = "let go: " + processes(len(ids))
	return m.release(ids...)
}

func aliveIn(t *tree.Tree) (ns []*tree.Node) {
	for _, n := range t.Nodes {
		if n.Alive() {
			ns = append(ns, n)
		}
	}
	return ns
}

// markedHere are the marked processes that live, in order of birth.
func (m *Model) markedHere() []string {
	var ids []string
	for _, n := range m.truth().Nodes {
		if m.marked[n.ID] && n.Alive() {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// letGo lets the selected process run on, if it waits and the clock is not held
// as a whole; else everybody.
func (m *Model) letGo() tea.Cmd {
	t := m.truth()
	n := t.Node(m.cursor)
	switch {
	case !m.stepping():
		m.notice = "nothing is held: P holds all, b sets a breakpoint"
		return nil
	case n != nil && waits(n) && !holdsAll(t):
		m.notice = n.Title() + " runs on"
		return m.release(n.ID)
	}
	m.notice = "let go: they run on"
	return m.release(everybody)
}

// letGoOne lets the selected process run on, though all are held.
func (m *Model) letGoOne() tea.Cmd {
	m.notice = m.truth().Node(m.cursor).Title() + " runs on"
	return m.release(m.cursor)
}

// release lets processes run on: one that was stepped is held no more.
func (m *Model) release(ids ...string) tea.Cmd {
	if slices.Contains(ids, everybody) || slices.Contains(ids, m.stepped.node) {
		m.stepped = stepped{}
	}
	return m.tellThem(word{Do: "release"}, ids...)
}

// holdless is why there is nobody to let go.
func (m *Model) holdless(barred string) string {
	if n := m.truth().Node(m.cursor); barred == "" && (n == nil || !waits(n)) {
		return "it does not wait before a handler"
	}
	return barred
}

// stepOne lets the selected process run one handler.
func (m *Model) stepOne() tea.Cmd {
	n := m.truth().Node(m.cursor)
	if n == nil {
		m.notice = "there is no process yet"
		return nil
	}
	if !waits(n) || m.stepped.onItsWay(n) {
		m.sayWhile(func() string { return m.whyNoStep(m.truth().Node(n.ID)) })
		return nil
	}
	return m.stepNode(n)
}

// stepTree lets the process whose turn it is run one handler, and takes the
// cursor there.
func (m *Model) stepTree() tea.Cmd {
	next, busy := turnOf(m.truth(), m.stepped)
	switch {
	case busy != nil:
		m.show(busy)
		m.sayWhile(m.whyNoTurn)
	case next == nil:
		m.sayWhile(m.whyNoTurn)
	default:
		m.show(next)
		return m.stepNode(next)
	}
	return nil
}

func (m *Model) stepNode(n *tree.Node) tea.Cmd {
	m.stepped = stepped{n.ID, n.Hold.Since}
	d, line, id := m.opts.Driver, word{Do: "step"}.line(), n.ID
	return func() tea.Msg {
		if err := d.Order(id, line); err != nil {
			return steppedMsg{err}
		}
		return nil
	}
}

func (m *Model) onStepped(msg steppedMsg) {
	m.stepped = stepped{}
	m.say(oneLine(msg.err.Error()))
}

// show takes the cursor to a process, whatever is folded above it.
func (m *Model) show(n *tree.Node) {
	for p := n.Parent; p != nil; p = p.Parent {
		delete(m.folded, p.ID)
	}
	m.follow, m.stale, m.dirty = false, true, true
	m.company.moved = true
	if m.cursor != n.ID {
		m.card = ""
	}
	m.cursor, m.wanted = n.ID, n.ID
}
