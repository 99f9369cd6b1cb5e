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
	case "order":
		return all || e.Text != "stop" || e.Handler+e.ID != "" // this is done at once, and told of whom it is done to
	case "fault":
		return all || e.Text != "skip" // which follows
	case "hold":
		return all || e.Text != "" // at a breakpoint, or before a signal; that all are held is in their rows
	case "out":
		return all && e.Stream != ptyStream // what a terminal is written is no line
	}
	return all || byKind(string(e.Kind))
}

// byKind says of the other kinds which the log always shows.
func byKind(kind string) bool {
	switch kind {
	case "signal", "deliver", "begin", "end", "skip", "exit", "stop", "revoke", "cont", "orphan", "asleep", "command", "rung":
		return true
	}
	return false
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
	switch kind := m.tape.Kind(at); kind {
	case "note", "order", "fault", "hold":
		return logs(m.event(at), m.logAll)
	case "rung":
		return m.logAll || !m.index.echo(m.event(at))
	case "out":
		return m.logAll && logs(m.event(at), true)
	default:
		return m.logAll || byKind(string(kind))
	}
}
