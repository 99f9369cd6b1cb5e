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

// jot puts the event at a position of the tape into the log.
func (m *Model) jot(at int) {
	if !logs(&m.tape[at], m.logAll) {
		return
	}
	m.log = append(m.log, int32(at))
	if m.back > 0 {
		m.back++ // who reads back is not moved by what comes
	}
}

// rewind drops from the log what lies at or after the playhead.
func (m *Model) rewind() {
	for len(m.log) > 0 && int(m.log[len(m.log)-1]) >= m.at {
		m.log = m.log[:len(m.log)-1]
	}
	m.back = min(m.back, max(0, len(m.log)-1))
}

// toggleLog changes what the log shows.
func (m *Model) toggleLog() tea.Cmd {
	m.logAll = !m.logAll
	m.log, m.back = m.log[:0], 0
	for i := range m.at {
		m.jot(i)
	}
	m.notice = "log: signals, handlers and exits"
	if m.logAll {
		m.notice = "log: everything, with output and registrations"
	}
	return nil
}
