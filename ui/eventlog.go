package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// logs says whether the log shows an event: what a person follows a shutdown
// by. With all, everything that happened.
func logs(e *tree.Event, all bool) bool {
	switch e.Kind {
	case "note":
		return all || !strings.HasPrefix(e.Text, "ordered: ") // what was ordered is told once, not of each process
	case "signal", "deliver", "begin", "end", "skip", "fault", "exit", "stop", "order", "revoke", "cont", "orphan", "asleep", "command", "rung":
		return true
	}
	if e.Kind == "hold" && e.Text != "" {
		return true // at a breakpoint, or before a signal; that all are held is in their rows
	}
	return all && (e.Kind != "out" || e.Stream != ptyStream) // what a terminal is written is no line
}

// logged is how many lines the log has at the playhead.
func (m *Model) logged() int { return before32(m.index.log, m.at) }

// toggleLog changes what the log shows.
func (m *Model) toggleLog() tea.Cmd {
	m.logAll = !m.logAll
	m.index.log, m.back, m.picked = m.index.log[:0], 0, 0
	for i := range m.learnt() {
		if m.lists(i) {
			m.index.log = append(m.index.log, int32(i))
		}
	}
	m.notice = "log: signals, handlers and exits"
	if m.logAll {
		m.notice = "log: everything, with output and registrations"
	}
	return nil
}

// lists says whether the log shows the event at a position. Of most the kind tells.
func (m *Model) lists(at int) bool {
	e := tree.Event{Kind: m.tape.Kind(at)}
	if e.Kind == "out" && m.logAll {
		return logs(m.event(at), true)
	}
	return logs(&e, m.logAll)
}
