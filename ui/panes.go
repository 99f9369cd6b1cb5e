package ui

import tea "github.com/charmbracelet/bubbletea"

// turn gives the focus to the next pane, or by -1 the previous one. A small
// screen shows one of them at a time, below the tree.
func (m *Model) turn(step int) tea.Cmd {
	small := layout(m.width, m.height).tier <= tierSmall
	if small && m.focus == paneTree {
		m.tab = cycle(m.tab, step, paneStack, paneTimeline, paneLog, paneOutput, paneWhy)
		return nil
	}
	if small {
		return m.turnTo(cycle(m.focus, step, paneStack, paneTimeline, paneLog, paneOutput, paneWhy))
	}
	return m.turnTo(cycle(m.focus, step, paneTree, paneStack, paneLog, paneOutput, paneWhy))
}

func cycle(p pane, step int, all ...pane) pane {
	for i, q := range all {
		if p == q {
			return all[(i+step+len(all))%len(all)]
		}
	}
	return all[0]
}

// turnTo gives the focus to a pane, and on a small screen shows it.
func (m *Model) turnTo(p pane) tea.Cmd {
	m.focus = p
	if p != paneTree {
		m.tab = p
	}
	if p == paneLog || p == paneOutput || p == paneWhy {
		m.low = p
	}
	m.dirty = true
	return nil
}

// enter shows the stack of the selected process, or when some are marked, asks
// which signal they shall get.
func (m *Model) enter() tea.Cmd {
	switch {
	case len(m.marked) > 0:
		return m.askSignal()
	case m.focus == paneTree && m.enterCommand():
		return nil
	case m.focus == paneTree:
		return m.turnTo(paneStack)
	case m.focus == paneWhy && m.whyVisible(), m.focus == paneLog, m.focus == paneOutput && m.terminal() == nil:
		return m.jumpThere()
	}
	return m.turnTo(paneTree)
}

func (m *Model) toggleZoom() tea.Cmd {
	m.zoom = !m.zoom
	return nil
}

// escape takes back one thing: what lies over the tree first.
func (m *Model) escape() tea.Cmd {
	switch {
	case m.quest.do != nil:
		m.quest = quest{}
	case m.zoom:
		m.zoom = false
	case m.focus == paneLog && m.picked > 0:
		m.picked, m.back = 0, 0
	case m.focus != paneTree:
		m.focus = paneTree
	case m.filter.text != "":
		m.unfilter()
	case len(m.marked) > 0:
		clear(m.marked)
	case m.follow:
		m.follow = false
	}
	return nil
}
