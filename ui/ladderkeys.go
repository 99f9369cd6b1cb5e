package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// moreTime is what the key that puts off the next rung gives.
const moreTime = 5 * time.Second

// putOff gives the ladder more time before its next rung.
func (m *Model) putOff() tea.Cmd {
	l, node := m.ladderIn(m.truth())
	if l == nil {
		m.notice = "nothing is being stopped here"
		return nil
	}
	if nextRung(l) == "" {
		m.notice = "SIGKILL was sent: there is nothing to put off"
		return nil
	}
	d := m.opts.Driver
	return report(func() error { return d.Extend(node, moreTime) })
}

// hurry takes the next rung now. Before SIGKILL it asks.
func (m *Model) hurry() tea.Cmd {
	l, node := m.ladderIn(m.truth())
	switch {
	case l == nil:
		m.notice = "nothing is being stopped here"
		return nil
	case nextRung(l) == "":
		m.notice = "SIGKILL was the last rung"
		return nil
	case m.fatal(l, node):
		m.dialog = dialog{kind: dialogNext, node: node}
		return nil
	}
	return m.next(node)
}

func (m *Model) next(node string) tea.Cmd {
	m.dialog = dialog{}
	d := m.opts.Driver
	return report(func() error { return d.Next(node) })
}

// report runs what may block, and shows its error in the footer.
func report(do func() error) tea.Cmd {
	return func() tea.Msg {
		if err := do(); err != nil {
			return NoticeMsg(oneLine(err.Error()))
		}
		return nil
	}
}

// paintNextDialog asks before the last rung.
func (m *Model) paintNextDialog() {
	c, t := m.canvas, &m.theme
	in := m.modal(62, 6, string(m.glyphs.No)+" SIGKILL now", m.rim(&t.Fail))
	l, node := m.ladderIn(m.truth())
	if l == nil {
		c.Text(in.x, in.y, "all are gone: nothing is left to do", t.Calm, in.w)
	} else {
		alive, _ := m.remains(m.truth(), l, node)
		c.Text(in.x, in.y, processes(alive)+" left; what they have not run, they never run", t.Calm, in.w)
	}
	m.paintButtons(in.x, in.y+in.h-1, in.w, &t.Fail, m.buttons())
}
