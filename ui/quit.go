package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// lives says that something would be left to stop if the screen went away now.
func (m *Model) lives() bool {
	return m.live() && !m.guest() && m.opts.Driver != nil && m.truth().Counts.Alive() > 0
}

// guest says that to leave this screen stops nothing.
func (m *Model) guest() bool { return m.opts.Attached || m.opts.ReadOnly }

// askStop is the question of quit, for a screen that can be left without it too.
func (m *Model) askStop() tea.Cmd {
	if m.truth().Counts.Alive() == 0 {
		m.notice = "nothing lives"
		return nil
	}
	return m.open(dialogQuit)
}

// stopsAll is what askStop asks for, in words.
func (m *Model) stopsAll() string {
	if m.guest() {
		return "stop everything"
	}
	return "stop everything and quit"
}

// quit leaves, and asks first while something lives.
func (m *Model) quit() tea.Cmd {
	if m.opts.Inside {
		return func() tea.Msg { return backMsg{} }
	}
	if !m.lives() {
		return tea.Quit
	}
	return m.open(dialogQuit)
}

// stopAll ends everything by the ladder. The screen goes on showing it, and
// leaves when the feed is closed. What is held is let go first: nobody who leaves
// comes back to step it.
func (m *Model) stopAll() tea.Cmd {
	holds := m.holds()
	return m.endBy(func(d Driver) {
		for _, o := range holds {
			_ = d.Order(o.Pattern, unsays(o).line()) // if it fails, there is the next rung
		}
		d.Stop()
	})
}

// holds are the holds and breakpoints that stand.
func (m *Model) holds() (list []tree.Order) {
	for _, o := range m.truth().Orders {
		if isHold(o) || o.Break() {
			list = append(list, o)
		}
	}
	return list
}

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

// interrupts is what the next ctrl+c does.
func (m *Model) interrupts() string {
	if !m.lives() {
		return "leaves"
	}
	return "stops everything"
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
