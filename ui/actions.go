package ui

import (
	"slices"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// action is what a key does, and what is said when it cannot.
type action struct {
	key *key.Binding
	do  func() tea.Cmd
	why string
}

func (m *Model) actions() []action {
	k := &m.keys
	const (
		untold = "nothing is said about this one"
		later  = "only in a recording"
		nobody = "nobody leads here: see multiexit attach"
	)
	dead := recorded
	const unseen = "this is a recording: there is nothing more to see of a process"
	if m.opts.ReadOnly {
		dead = onlyWatches
	}
	by := func(f func(int) tea.Cmd, n int) func() tea.Cmd { return func() tea.Cmd { return f(n) } }
	leap := func(d time.Duration) func() tea.Cmd { return func() tea.Cmd { return m.leap(d) } }
	return []action{
		// Those that means tells apart from what else their key does come first.
		{&k.Step, m.stepOne, dead}, {&k.StepTree, m.stepTree, dead}, {&k.Attach, m.attach, dead},
		{&k.Hold, m.holdClock, dead}, {&k.Go, m.letGo, dead}, {&k.Break, m.askBreak, dead}, {&k.Fault, m.askFault, dead},

		{&k.Up, by(m.move, -1), ""}, {&k.Down, by(m.move, 1), ""},
		{&k.PageUp, by(m.turnPage, -1), ""}, {&k.PageDown, by(m.turnPage, 1), ""},
		{&k.First, by(m.edge, -1), ""}, {&k.Last, by(m.edge, 1), ""},
		{&k.Left, m.left, ""}, {&k.Right, m.right, ""}, {&k.Parent, m.parent, ""},
		{&k.NextExiting, by(m.exiting, 1), ""}, {&k.PrevExiting, by(m.exiting, -1), ""},
		{&k.Follow, m.toggleFollow, ""}, {&k.Filter, m.edit, ""},
		{&k.Enter, m.enter, ""}, {&k.Escape, m.escape, ""},
		{&k.SortOn, by(m.sort, 1), ""}, {&k.SortBack, by(m.sort, -1), ""}, {&k.Ended, m.toggleEnded, ""}, {&k.Company, m.toggleCompany, nobody},

		{&k.Term, m.askTerm, dead}, {&k.TermTree, m.askTermTree, dead},
		{&k.Signal, m.askSignal, dead}, {&k.Kill, m.askKill, dead},

		{&k.Stop, m.wishes(verbStop), dead}, {&k.PutOff, m.putOff, dead}, {&k.Hurry, m.hurry, dead},
		{&k.Restart, m.restart, dead}, {&k.Begin, m.wishes(verbStart), dead}, {&k.Halt, m.togglePause, dead},
		{&k.Add, m.askAdd, dead}, {&k.Duplicate, m.wishes(verbDuplicate), dead}, {&k.Remove, m.wishes(verbRemove), dead},
		{&k.Details, m.inspect, unseen}, {&k.Palette, m.askPalette, ""},

		{&k.NextPane, by(m.turn, 1), ""}, {&k.PrevPane, by(m.turn, -1), ""},
		{&k.Tree, func() tea.Cmd { return m.turnTo(paneTree) }, ""},
		{&k.Stack, func() tea.Cmd { return m.turnTo(paneStack) }, ""},
		{&k.Log, func() tea.Cmd { return m.turnTo(paneLog) }, ""},
		{&k.Output, func() tea.Cmd { return m.turnTo(paneOutput) }, ""}, {&k.OutputAll, m.toggleAll, ""}, {&k.Why, m.showWhy, ""},
		{&k.Stdin, m.askStdin, dead},
		{&k.Zoom, m.toggleZoom, ""}, {&k.LogLevel, m.toggleLog, ""},
		{&k.Mouse, m.toggleMouse, ""}, {&k.Repaint, m.repaint, ""},

		{&k.Pause, m.pause, ""}, {&k.Slower, by(m.faster, -1), ""}, {&k.Faster, by(m.faster, 1), ""},
		{&k.StepBack, by(m.step, -1), ""}, {&k.StepOn, by(m.step, 1), ""},
		{&k.SeekBack, leap(-time.Second), ""}, {&k.SeekOn, leap(time.Second), ""},
		{&k.LeapBack, leap(-10 * time.Second), ""}, {&k.LeapOn, leap(10 * time.Second), ""},
		{&k.PrevSignal, by(m.toSignal, -1), ""}, {&k.NextSignal, by(m.toSignal, 1), ""},
		{&k.Start, m.toStart, later}, {&k.End, m.toEnd, ""}, {&k.Replay, m.again, ""},
		{&k.GoTo, m.askGoTo, ""}, {&k.Jump, m.jumpThere, ""},
		{&k.Mark, m.toggleMark, dead},

		{&k.Help, func() tea.Cmd { return m.open(dialogHelp) }, ""},
		{&k.About, func() tea.Cmd { return m.open(dialogAbout) }, untold},
		{&k.Suspend, func() tea.Cmd { return tea.Suspend }, ""},
		{&k.Quit, m.quit, ""},
	}
}

// act does what a key means on the bare screen. An impossible key says why.
func (m *Model) act(k string) tea.Cmd {
	why := ""
	for i := range m.acts {
		a := &m.acts[i]
		if !slices.Contains(a.key.Keys(), k) || !m.means(a.key) {
			continue
		}
		if a.key.Enabled() {
			return a.do()
		}
		why = a.why
		break
	}
	m.notice = why
	return nil
}

// means says that a key that does several things does this one now.
func (m *Model) means(b *key.Binding) bool {
	switch k := &m.keys; b {
	case &k.Step, &k.StepTree:
		return m.stepping()
	case &k.Attach:
		return m.outputVisible() && m.terminal() != nil
	case &k.Hold:
		return m.live() // in a recording it is the key that plays
	}
	return true
}

// onKey takes a key to whatever listens: the open dialog, the filter, the screen.
func (m *Model) onKey(msg tea.KeyMsg) tea.Cmd {
	m.notice = ""
	m.dirty = true
	lost := m.desk.lost
	m.desk.lost = false
	switch {
	case m.desk.attached:
		return m.attachedKey(msg)
	case torn(msg):
		return nil
	case msg.Type == tea.KeyRunes && len(msg.Runes) > 1 && !msg.Paste:
		return m.onRun(msg)
	case msg.Type == tea.KeyCtrlC && lost:
		m.notice = "the program has ended; ctrl+c once more " + m.interrupts()
		return nil
	case msg.Type == tea.KeyCtrlC:
		return m.interrupt()
	case m.dialog.kind != dialogNone:
		return m.dialogKey(msg)
	case m.filter.editing:
		return m.filterKey(msg)
	case m.goTo.editing:
		return m.goToKey(msg)
	case m.output.prompt.kind != promptNone:
		return m.promptKey(msg)
	case msg.Paste:
		return nil // text is not a row of commands
	}
	if cmd, known := m.outputKey(msg); known {
		return cmd
	}
	return m.act(msg.String())
}

// onRun takes keys apart that came in one read: a held key over a slow line.
func (m *Model) onRun(msg tea.KeyMsg) tea.Cmd {
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		one := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}
		if r == ' ' {
			one.Type = tea.KeySpace
		}
		cmds = append(cmds, m.onKey(one))
		m.refresh() // the next key may mean what this one has changed
	}
	return tea.Batch(cmds...)
}

// torn recognises the rest of an escape sequence that was cut by a read: digits
// and semicolons with one last letter, "<65;10;5M". It is no typing of anybody.
func torn(msg tea.KeyMsg) bool {
	r := msg.Runes
	if msg.Type != tea.KeyRunes || msg.Paste || len(r) < 3 {
		return false
	}
	semicolon := false
	for i, c := range r {
		switch {
		case c >= '0' && c <= '9':
		case c == ';':
			semicolon = true
		case i == 0 && (c == '<' || c == '[' || c == ']' || c == '?'):
		case i == 1 && c == '<':
		case i == len(r)-1:
		default:
			return false
		}
	}
	return semicolon
}
