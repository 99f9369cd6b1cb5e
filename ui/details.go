package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

const (
	detailsEvery = time.Second
	samples      = 60 // of CPU and memory, for the sparklines
)

// inspection is what the open details show, and what they have seen since they
// were opened.
type inspection struct {
	node    string
	waiting bool // an answer is on its way
	details tree.Details
	have    bool
	failed  string
	cpu     []float64
	rss     []float64
}

type detailsMsg struct {
	node    string
	details tree.Details
	err     error
}

// inspect opens the details of the selected process.
func (m *Model) inspect() tea.Cmd {
	n := m.truth().Node(m.cursor)
	if n == nil {
		m.notice = "there is no process yet"
		return nil
	}
	m.dialog = dialog{kind: dialogDetails, node: n.ID}
	if m.inspection.node != n.ID {
		m.inspection = inspection{node: n.ID, waiting: m.inspection.waiting}
	}
	return nil
}

// examine asks for details as long as they are open and the process lives: at
// once the first time, then every second.
func (m *Model) examine() tea.Cmd {
	i := &m.inspection
	n := m.truth().Node(i.node)
	if m.dialog.kind != dialogDetails || i.waiting || m.opts.Driver == nil || n == nil || !n.Alive() {
		return nil
	}
	wait := detailsEvery
	if !i.have && i.failed == "" {
		wait = 0
	}
	i.waiting = true
	d, id := m.opts.Driver, i.node
	return func() tea.Msg {
		time.Sleep(wait)
		details, err := d.Details(id)
		return detailsMsg{id, details, err}
	}
}

// onDetails takes an answer in; one about another process is dropped.
func (m *Model) onDetails(msg detailsMsg) {
	i := &m.inspection
	i.waiting = false
	if msg.node != i.node || m.dialog.kind != dialogDetails {
		return
	}
	m.dirty = true
	if msg.err != nil {
		i.failed = oneLine(msg.err.Error())
		return
	}
	i.details, i.have, i.failed = msg.details, true, ""
	i.cpu = sample(i.cpu, msg.details.CPU)
	i.rss = sample(i.rss, float64(msg.details.RSS))
}

// sample appends to a row of samples and forgets the oldest.
func sample(row []float64, v float64) []float64 {
	if len(row) >= samples {
		copy(row, row[1:])
		row = row[:samples-1]
	}
	return append(row, v)
}
