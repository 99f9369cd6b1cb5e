package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// A process that starts others all day long, a shell in a loop, would fill the
// screen with what has ended. Of the children of one process that ended well,
// with nothing to show for it, only the last few are rows.
const (
	spentMost = 3 // more than this many are too many
	spentKept = 2 // and these are kept then
)

// weed notes who is spent: ended well without exit handlers before the shutdown
// that is shown began, as all below it. Children come after their parents in
// Nodes, so one pass from the end will do.
func (m *Model) weed() {
	m.spent = resize(m.spent, len(m.tree.Nodes))
	m.weeded = resize(m.weeded, len(m.tree.Nodes))
	clear(m.weeded)
	for i := range m.spent {
		m.spent[i] = true
	}
	m.keepFrom(m.cursor)
	for id := range m.marked {
		m.keepFrom(id)
	}
	for i := len(m.tree.Nodes) - 1; i >= 0; i-- {
		n := m.tree.Nodes[i]
		m.spent[i] = m.spent[i] && m.boring(n)
		if n.Parent != nil && !m.spent[i] {
			m.spent[n.Parent.Index] = false
		}
	}
}

// keepFrom lets the user keep the process with the cursor and those that are marked.
func (m *Model) keepFrom(id string) {
	if n := m.tree.Node(id); n != nil {
		m.spent[n.Index] = false
	}
}

func (m *Model) boring(n *tree.Node) bool {
	return n.State == tree.Exited && n.Parent != nil && n.Registered() == 0 && n.Twice == "" &&
		(m.tree.Shut == nil || n.Gone < m.tree.Shut.T)
}

// thin marks which of the children of a node are no rows, and how many.
func (m *Model) thin(siblings []*tree.Node) {
	if m.ended || m.filter.active() || len(siblings) <= spentMost || siblings[0].Parent == nil {
		return
	}
	count := 0
	for _, n := range siblings {
		if m.spent[n.Index] {
			count++
		}
	}
	if count <= spentMost {
		return
	}
	parent := siblings[0].Parent
	for _, n := range parent.Kids { // however they are sorted, the newest are kept
		if count == spentKept {
			break
		}
		if m.spent[n.Index] {
			m.weeded[n.Index] |= 1
			m.weeded[parent.Index] += 2
			count--
		}
	}
}

// isWeeded says that a node is no row because it is spent.
func (m *Model) isWeeded(n *tree.Node) bool { return m.weeded[n.Index]&1 != 0 }

// weededBelow is how many children of a node are no rows.
func (m *Model) weededBelow(n *tree.Node) int {
	if n.Index >= len(m.weeded) {
		return 0
	}
	return int(m.weeded[n.Index] / 2)
}

// toggleEnded shows all that has ended, or the last of it.
func (m *Model) toggleEnded() tea.Cmd {
	m.ended = !m.ended
	m.stale = true
	if m.ended {
		m.say("every process that has ended is shown")
	} else {
		m.say("of what has ended the last is shown")
	}
	return nil
}
