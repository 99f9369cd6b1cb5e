package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// selected is the node under the cursor; nil while there is none.
func (m *Model) selected() *tree.Node { return m.tree.Node(m.cursor) }

// put moves the cursor to a row, as near as there is one.
func (m *Model) put(i int) {
	if len(m.rows) == 0 {
		return
	}
	id := m.rows[min(max(i, 0), len(m.rows)-1)].node.ID
	if id != m.cursor {
		m.card = ""
	}
	m.cursor, m.wanted = id, id
	m.dirty = true
}

// choose is put by the user: following ends, for it would take the cursor away.
func (m *Model) choose(i int) {
	m.follow = false
	m.company.moved = true
	m.put(i)
}

// find keeps the cursor where the user put it. While that node is hidden or not
// born yet, the cursor stands as near as the rows allow, and goes back later.
func (m *Model) find() {
	if len(m.rows) == 0 {
		m.cursor = ""
		return
	}
	id := m.cursor
	m.succeed()
	switch {
	case m.matches(m.wanted):
		id = m.wanted
	case m.line(m.cursor) < 0:
		id = m.nearest()
	}
	if id != m.cursor {
		m.cursor, m.card, m.dirty = id, "", true
	}
	if m.wanted == "" {
		m.wanted = id
	}
}

// matches says that a node has a row, and by itself, not for what is below it.
func (m *Model) matches(id string) bool {
	i := m.line(id)
	return i >= 0 && !m.rows[i].via
}

// nearest is the first row that matches a filter; without one, the row of the
// wanted node's nearest ancestor that has one.
func (m *Model) nearest() string {
	if m.filter.active() {
		for i := range m.rows {
			if !m.rows[i].via {
				return m.rows[i].node.ID
			}
		}
	}
	for id := m.wanted; id != ""; id = parentID(id) {
		if m.line(id) >= 0 {
			return id
		}
	}
	return m.rows[0].node.ID
}

// parentID cuts the last number off a path: "0.1.2" is below "0.1".
func parentID(id string) string {
	for i := len(id) - 1; i >= 0; i-- {
		if id[i] == '.' {
			return id[:i]
		}
	}
	return ""
}

// chase puts the cursor on what runs: where it is while that still does, else
// where a handler began last.
func (m *Model) chase() {
	if n := m.selected(); n != nil && n.Running() != nil {
		return
	}
	best := -1
	for i := range m.rows {
		if r := m.rows[i].node.Running(); r != nil && (best < 0 || r.Begin > m.rows[best].node.Running().Begin) {
			best = i
		}
	}
	if best >= 0 {
		m.put(best)
	}
}

// scroll keeps the cursor inside the window of rows, and the window full.
func (m *Model) scroll() {
	page, at := m.page(), m.line(m.cursor)
	if at >= 0 {
		m.offset = min(m.offset, at)
		m.offset = max(m.offset, at-page+1)
	}
	m.offset = max(0, min(m.offset, len(m.rows)-page))
}

// page is the number of rows of the tree that the screen shows.
func (m *Model) page() int { return max(1, m.geometry().tree.h) }

// move goes by n lines in the pane that has the focus.
func (m *Model) move(n int) tea.Cmd {
	switch m.focus {
	case paneStack:
		m.scrollStack(n)
	case paneLog:
		m.moveLog(n)
	case paneOutput:
		m.moveOutput(n)
	case paneWhy:
		m.moveWhy(n)
	default:
		m.choose(m.line(m.cursor) + n)
	}
	return nil
}

// scrollStack goes by n cards.
func (m *Model) scrollStack(n int) {
	s := m.selected()
	if s == nil {
		return
	}
	m.brush.plan = s.AppendPlan(m.brush.plan[:0])
	if plan := m.brush.plan; len(plan) > 0 {
		m.card = plan[max(0, min(indexOf(plan, m.card)+n, len(plan)-1))].ID
	}
}

// aimed is the handler that the keys mean while the stack has the focus: that of
// the selected card; nil if there is none, or another pane has the focus.
func (m *Model) aimed() *tree.Handler {
	n := m.truth().Node(m.cursor)
	if m.focus != paneStack || n == nil {
		return nil
	}
	if plan := n.Plan(); len(plan) > 0 {
		return plan[indexOf(plan, m.card)]
	}
	return nil
}

func (m *Model) scrollLog(n int) {
	m.back = min(max(0, m.back-n), max(0, m.logged()-m.logRows()))
}

// turnPage goes by n pages.
func (m *Model) turnPage(n int) tea.Cmd { return m.move(n * max(1, m.page()-1)) }

// edge goes to the last line, or by -1 to the first.
func (m *Model) edge(n int) tea.Cmd { return m.move(n * (len(m.rows) + m.logged() + 1000)) }

// left folds the node; folded or without children, it goes to the parent.
func (m *Model) left() tea.Cmd {
	n := m.selected()
	switch {
	case n == nil:
	case len(n.Kids) > 0 && !m.folded[n.ID] && !m.filter.active():
		m.toggleFold(n.ID)
	default:
		return m.parent()
	}
	return nil
}

// right unfolds the node; unfolded, it goes to the first child.
func (m *Model) right() tea.Cmd {
	n := m.selected()
	switch {
	case m.focus == paneLog:
		return m.toggleLog() // nothing is to the right of a line of the log
	case n == nil || len(n.Kids) == 0:
	case m.folded[n.ID] && !m.filter.active():
		m.toggleFold(n.ID)
	default:
		m.choose(m.line(n.ID) + 1)
	}
	return nil
}

func (m *Model) toggleFold(id string) {
	if m.folded[id] {
		delete(m.folded, id)
	} else {
		m.folded[id] = true
	}
	m.stale = true
}

func (m *Model) parent() tea.Cmd {
	if n := m.selected(); n != nil && n.Parent != nil {
		m.choose(m.line(n.Parent.ID))
	}
	return nil
}

// exiting goes to the next row, or by -1 the previous one, that is on its way
// out, around the end.
func (m *Model) exiting(step int) tea.Cmd {
	at := m.line(m.cursor)
	for i := 1; i <= len(m.rows); i++ {
		j := (at + i*step + 2*len(m.rows)) % len(m.rows)
		if s := m.rows[j].node.State; s == tree.Exiting || s == tree.Stuck {
			m.choose(j)
			return nil
		}
	}
	m.notice = "nothing is exiting"
	return nil
}

func (m *Model) toggleFollow() tea.Cmd {
	m.follow = !m.follow
	m.notice = "the cursor stays"
	if m.follow {
		m.notice = "the cursor follows what runs"
	}
	return nil
}

// toggleMark puts the node on the list that the next signal goes to, or takes it off.
func (m *Model) toggleMark() tea.Cmd {
	if n := m.selected(); n != nil {
		if m.marked[n.ID] {
			delete(m.marked, n.ID)
		} else {
			m.marked[n.ID] = true
		}
		m.choose(m.line(n.ID) + 1)
	}
	return nil
}
