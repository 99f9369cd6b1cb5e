package ui

import tea "github.com/charmbracelet/bubbletea"

const wheelLines = 3

// toggleMouse gives the mouse back to the terminal, which then selects text.
func (m *Model) toggleMouse() tea.Cmd {
	m.mouse = !m.mouse
	if m.mouse {
		m.notice = "the mouse works the screen"
		return tea.EnableMouseCellMotion
	}
	m.notice = "the mouse selects text"
	return tea.DisableMouse
}

func (m *Model) onMouse(msg tea.MouseMsg) tea.Cmd {
	if cmd, taken := m.consoleMouse(msg); taken {
		return cmd
	}
	ev := tea.MouseEvent(msg)
	switch {
	case ev.IsWheel():
		m.wheel(msg)
	case msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonLeft:
		return m.click(msg.X, msg.Y)
	}
	return nil
}

// wheel scrolls what is under it; an open dialog has it whole.
func (m *Model) wheel(msg tea.MouseMsg) {
	n := 0
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		n = -wheelLines
	case tea.MouseButtonWheelDown:
		n = wheelLines
	default:
		return
	}
	m.dirty = true
	if m.dialog.kind != dialogNone {
		m.browse(n / wheelLines)
		return
	}
	switch m.paneAt(msg.X, msg.Y) {
	case paneStack:
		m.scrollStack(n)
	case paneLog:
		m.scrollLog(n)
	case paneOutput:
		m.moveOutput(n)
	case paneWhy:
		m.moveWhy(n)
	default:
		m.choose(m.line(m.cursor) + n)
	}
}

// paneAt is the pane under a cell.
func (m *Model) paneAt(x, y int) pane {
	g := m.geometry()
	switch {
	case g.log.contains(x, y):
		return m.low
	case g.stack.contains(x, y) && g.tier <= tierSmall:
		return m.tab
	case g.stack.contains(x, y):
		return paneStack
	}
	return paneTree
}

// click selects: a pane, and in the tree a row. On the glyph of a process it
// folds what is below.
func (m *Model) click(x, y int) tea.Cmd {
	m.notice, m.dirty = "", true
	if m.dialog.kind != dialogNone {
		return m.clickAnswer(x, y)
	}
	if m.desk.attached && !m.consoleRect().contains(x, y) {
		m.detach()
	}
	was := m.focus
	m.focus = m.paneAt(x, y)
	switch m.focus {
	case paneWhy:
		return m.clickWhy(y, was == paneWhy)
	case paneLog:
		return m.clickLog(y)
	}
	g := m.geometry()
	i := m.offset + y - g.tree.y
	inRows := g.tree.contains(x, y) || g.lanes.contains(x, y)
	if m.focus != paneTree || !inRows || i < 0 || i >= len(m.rows) {
		return nil
	}
	m.choose(i)
	n := m.rows[i].node
	if len(n.Kids) > 0 && !m.filter.active() && x == m.glyphColumn(n.Depth) {
		m.toggleFold(n.ID)
	}
	return nil
}

// clickAnswer gives the answer of an open dialog that is under a cell. In a menu
// the first click only chooses.
func (m *Model) clickAnswer(x, y int) tea.Cmd {
	for _, s := range m.brush.spots {
		if !s.at.contains(x, y) {
			continue
		}
		if s.choice >= scopeSpot {
			m.reachFor(s.choice - scopeSpot)
			return nil
		}
		list := false
		switch m.dialog.kind {
		case dialogMenu, dialogPalette, dialogBreak:
			list = true
		case dialogFault:
			list = true
			if s.choice != m.dialog.choice {
				m.chooseFault(s.choice)
				return nil
			}
		}
		if list && s.choice != m.dialog.choice {
			m.dialog.choice = s.choice
			return nil
		}
		m.prefer(s.choice)
		return m.answer()
	}
	return nil
}

// reachFor chooses one of the choices that tab goes through.
func (m *Model) reachFor(i int) {
	switch m.dialog.kind {
	case dialogBreak:
		m.stopBy(i)
	case dialogFault:
		m.dialog.reach = int(m.reaches()[i])
		m.chooseFault(0)
	default:
		m.aimAt(i)
	}
}

// glyphColumn is where the glyph of a node of some depth stands.
func (m *Model) glyphColumn(depth int) int {
	g := m.geometry()
	cols := columnsOf(g.tree.x, g.tree.w, g.lanes.w > 0)
	return g.tree.x + 1 + 2*min(depth, cols.deepest)
}
