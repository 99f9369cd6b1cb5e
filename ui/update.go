package ui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/ui/canvas"
)

// New makes the model. It shows nothing before the first WindowSizeMsg.
func New(o Options) *Model {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &Model{
		opts: o, theme: newTheme(o.Theme, o.Profile), glyphs: newGlyphs(o.ASCII), motion: o.Motion, logAll: o.LogAll,
		keys: newKeys(), folded: map[string]bool{}, marked: map[string]bool{}, usage: map[string]Usage{},
		tab: paneStack, low: paneLog, canvas: canvas.New(0, 0, o.Profile), mouse: true,
	}
	m.canvas.ASCII = o.ASCII
	m.opts.Signals = withRealTime(o.Signals)
	m.company.follows = o.Follow
	m.acts = m.actions()
	m.allow()
	m.load()
	return m
}

// Init subscribes to the feed, or lets a recording play.
func (m *Model) Init() tea.Cmd {
	if m.live() {
		return m.opts.Feed.wait(time.Time{}, m.slot(), nil, m.opts.Now)
	}
	return tea.Batch(m.animate(), m.learnMore())
}

// Update is the only writer of the model. It does no I/O and reads no clock:
// both are done by what it returns.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var over tea.Cmd
	if m.over != nil {
		taken := false
		if over, taken = m.overlaid(msg); taken {
			return m, over
		}
	}
	cmd, known := m.receive(msg)
	if !known {
		return m, nil
	}
	m.refresh()
	return m, tea.Batch(cmd, over, m.animate(), m.poll(), m.inquire(), m.examine(), m.stray(), m.tell(), m.serve(), m.ponder())
}

// receive takes in a message of a kind that it knows.
func (m *Model) receive(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.onResize(msg)
	case tea.KeyMsg:
		cmd = m.onKey(msg)
	case tea.MouseMsg:
		cmd = m.onMouse(msg)
	case feedMsg:
		cmd = m.onFeed(msg)
	case tickMsg:
		cmd = m.onTick(msg)
	case usageMsg:
		m.onUsage(msg)
	case previewMsg:
		m.onPreview(msg)
	case detailsMsg:
		m.onDetails(msg)
	case FollowMsg:
		m.onFollow(msg)
	case homeMsg:
		m.onHome(msg)
	case toldMsg:
		cmd = m.onTold(msg)
	case steppedMsg:
		m.onStepped(msg)
	case digestMsg: // refresh does it
	case reportMsg:
		msg.of.onReport(msg.report)
	case learnMsg:
		cmd = msg.of.onLearn()
	case pageMsg:
		m.onPage(msg)
	case pastMsg:
		m.onPast(msg)
	case sentMsg:
		cmd = m.onSent(msg)
	case resizeMsg:
		cmd = m.onResizeTerminal(msg)
	case othersMsg:
		m.onOthers(msg)
	case comparisonMsg:
		cmd = m.onComparison(msg)
	case NoticeMsg:
		m.say(string(msg))
	case StopMsg:
		cmd = m.onStop()
	case tea.ResumeMsg:
		cmd = m.repaint()
	case fmt.Stringer:
		m.onSequence(msg.String())
	default:
		return nil, false
	}
	return cmd, true
}

// View is the frame.
func (m *Model) View() string { return m.picture().String() }

// picture is painted when something has changed; else it is the last one.
func (m *Model) picture() *canvas.Canvas {
	if m.over != nil {
		return m.over.picture()
	}
	if m.dirty {
		m.paint()
		m.dirty = false
	}
	return m.canvas
}

func (m *Model) onResize(msg tea.WindowSizeMsg) {
	m.width, m.height = max(0, msg.Width), max(0, msg.Height)
	m.canvas.Resize(m.width, m.height)
	m.dirty = true
}

// say puts a line into the footer.
func (m *Model) say(notice string) {
	m.notice = notice
	m.dirty = true
}

// repaint draws the whole screen anew, over whatever else wrote on it.
func (m *Model) repaint() tea.Cmd {
	m.dirty = true
	return tea.ClearScreen
}

// onStop is being ended from outside; when all is over already, it leaves.
func (m *Model) onStop() tea.Cmd {
	m.end()
	if m.play.growing {
		return nil
	}
	return tea.Quit
}

// end shows that everything is being ended. The picture is level from now on, so
// that nobody waits for the past.
func (m *Model) end() {
	m.ending, m.dialog, m.dirty = true, dialog{}, true
	m.rung = max(m.rung, 1)
	if m.live() && !m.play.level {
		m.catchUp()
	}
}
