package ui

import tea "github.com/charmbracelet/bubbletea"

// lives says that something would be left to stop if the screen went away now.
func (m *Model) lives() bool {
	return m.live() && m.opts.Driver != nil && m.truth().Counts.Alive() > 0
}

// quit leaves, and asks first while something lives.
func (m *Model) quit() tea.Cmd {
	if !m.lives() {
		return tea.Quit
	}
	m.rung = max(m.rung, 1)
	return m.open(dialogQuit)
}

// stopAll ends everything by the ladder. The screen goes on showing it, and
// leaves when the feed is closed.
func (m *Model) stopAll() tea.Cmd { return m.endBy(Driver.Stop) }

// killAll is the next rung: SIGKILL to everything.
func (m *Model) killAll() tea.Cmd {
	m.rung = 2
	return m.endBy(Driver.Kill)
}

func (m *Model) endBy(how func(Driver)) tea.Cmd {
	m.end()
	if !m.play.growing {
		return tea.Quit
	}
	d := m.opts.Driver
	return func() tea.Msg {
		how(d)
		return nil
	}
}

// interrupt is ctrl+c: each one is the next rung. Ask, kill, leave.
func (m *Model) interrupt() tea.Cmd {
	switch {
	case !m.lives() || m.rung >= 2:
		return tea.Quit
	case m.rung == 1:
		return m.killAll()
	}
	return m.quit()
}
