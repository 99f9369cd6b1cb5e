package ui

import tea "github.com/charmbracelet/bubbletea"

// lives says that something would be left to stop if the screen went away now.
func (m *Model) lives() bool {
	return m.live() && !m.opts.ReadOnly && !m.opts.Attached && m.opts.Driver != nil && m.truth().Counts.Alive() > 0
}

// quit leaves, and asks first while something lives.
func (m *Model) quit() tea.Cmd {
	if !m.lives() {
		return tea.Quit
	}
	return m.open(dialogQuit)
}

// stopAll ends everything by the ladder. The screen goes on showing it, and
// leaves when the feed is closed.
func (m *Model) stopAll() tea.Cmd { return m.endBy(Driver.Stop) }

// killAll is the last rung: SIGKILL to everything.
func (m *Model) killAll() tea.Cmd { return m.endBy(Driver.Kill) }

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

// interrupt is ctrl+c: the first ends everything by the ladder, the second takes
// its next rung, the third kills what is left and leaves.
func (m *Model) interrupt() tea.Cmd {
	if !m.lives() {
		return tea.Quit
	}
	m.rung++
	switch m.rung {
	case 1:
		return m.stopAll()
	case 2:
		d := m.opts.Driver
		return report(func() error { return d.Next("") })
	}
	m.end()
	d := m.opts.Driver
	return func() tea.Msg {
		d.Kill()
		return tea.QuitMsg{}
	}
}
