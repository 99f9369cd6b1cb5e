package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree/tape"
)

// Other is a run that can be compared with the one that is shown.
type Other struct {
	Name string               // for the user
	Open func() (Side, error) // may block
}

// othersMsg are the runs to choose from.
type othersMsg struct {
	all []Other
	err error
}

// comparisonMsg is a comparison that is ready to be shown.
type comparisonMsg struct {
	over *Comparison
	err  error
}

// askOthers looks which other runs there are.
func (m *Model) askOthers() tea.Cmd {
	others := m.opts.Others
	return func() tea.Msg {
		all, err := others()
		return othersMsg{all, err}
	}
}

// onOthers lets the user choose one, as in the palette.
func (m *Model) onOthers(msg othersMsg) {
	m.dirty = true
	switch {
	case msg.err != nil:
		m.notice = msg.err.Error()
	case len(msg.all) == 0:
		m.notice = "the history has no other run"
	case m.dialog.kind == dialogNone:
		m.dialog = dialog{kind: dialogPalette, runs: true}
		for _, o := range msg.all {
			m.dialog.entries = append(m.dialog.entries, entry{name: o.Name, do: func() tea.Cmd { return m.compareWith(o) }})
		}
		m.look("")
	}
}

// compareWith compares another run, the one before, with this one as far as it is.
func (m *Model) compareWith(o Other) tea.Cmd {
	look, here := m.opts, m.opts
	look.Inside, look.Theme = true, m.theme.Name
	here.Tape = m.taped()
	here.Feed, here.Driver, here.Others = nil, nil, nil
	return func() tea.Msg {
		before, err := o.Open()
		if err != nil {
			return comparisonMsg{err: err}
		}
		return comparisonMsg{over: NewComparison(look, before, Side{Name: "this run", Show: here})}
	}
}

// taped is what is on the tape now, as a recording by itself.
func (m *Model) taped() *tape.Tape {
	if !m.live() {
		return m.opts.Tape
	}
	t := tape.Of(m.tape.Snapshot())
	t.Header = m.opts.Header
	return t
}

func (m *Model) onComparison(msg comparisonMsg) tea.Cmd {
	m.dirty = true
	if msg.err != nil {
		m.notice = msg.err.Error()
		return nil
	}
	m.over = msg.over
	m.over.resize(m.width, m.height)
	return tea.ClearScreen
}

// overlaid gives a message to the comparison that lies over the screen, and says
// whether the screen below has no part in it. That goes on taking in what happens.
func (m *Model) overlaid(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	switch msg.(type) {
	case feedMsg, learnMsg, reportMsg, toldMsg, usageMsg, previewMsg, detailsMsg, sentMsg, homeMsg, FollowMsg:
		return nil, false
	case StopMsg: // it shows how everything is stopped
		m.over, m.dirty = nil, true
		return nil, false
	case backMsg:
		if m.over.alone == nil {
			m.over, m.dirty = nil, true
			return tea.ClearScreen, true
		}
	}
	_, cmd = m.over.Update(msg)
	_, tick := msg.(tickMsg) // each knows its own
	_, size := msg.(tea.WindowSizeMsg)
	return cmd, !tick && !size
}
