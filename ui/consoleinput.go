package ui

import (
	"slices"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// resizeAfter is how long a size must have stood before a terminal gets it: who
// drags a window would have programs draw for each column.
const resizeAfter = 100 * time.Millisecond

// leaveKey gives the keyboard back; twice, it is typed.
const leaveKey = tea.KeyCtrlA

// desk says who has the keyboard.
type desk struct {
	attached bool   // the program in a terminal
	root     string // its command: wherever the cursor goes, this one is shown and typed into
	left     bool   // the key before was the one that leaves
	lost     bool   // the program ended under the keys: the next may still be meant for it
}

// terminal is the one that the output pane shows; nil if it shows lines.
func (m *Model) terminal() *terminal {
	if m.output.all || len(m.output.roots) != 1 {
		return nil
	}
	return m.terminals[m.output.roots[0]]
}

// attach gives the keyboard to the program in the terminal that is shown.
func (m *Model) attach() tea.Cmd {
	t := m.terminal()
	if !m.outputVisible() {
		m.turnTo(paneOutput)
		m.attend()
		t = m.terminal()
	}
	switch {
	case t == nil:
		m.notice = "this command has no terminal: --pty or pty: true gives it one"
	case m.opts.Driver == nil:
		m.notice = "this is a recording: nobody reads what is typed"
	case m.opts.ReadOnly:
		m.notice = onlyWatches
	case t.live == nil, !m.rootLives(t.root):
		m.notice = "its program has ended"
	default:
		if !m.play.level {
			m.catchUp()
		}
		m.turnTo(paneOutput)
		m.desk, t.back = desk{attached: true, root: t.root}, 0
	}
	return nil
}

// rootLives says that the process of a command, or any below it, lives.
func (m *Model) rootLives(root string) bool {
	n := m.truth().Node(root)
	return n != nil && alive(n) > 0
}

// detach takes the keyboard back.
func (m *Model) detach() { m.desk.attached = false }

// dismiss is detach when the user did not ask for it: a ctrl+c that is on its way
// to the program must not stop everything.
func (m *Model) dismiss(why string) {
	m.desk.attached, m.desk.lost = false, true
	m.say(why + ": the keyboard is yours again")
}

// attachedKey is a key while the program has the keyboard: all are its own but
// the one that leaves.
func (m *Model) attachedKey(msg tea.KeyMsg) tea.Cmd {
	t := m.terminal()
	if t == nil || t.live == nil || !m.outputVisible() {
		m.detach()
		return nil
	}
	if msg.Type == leaveKey && !msg.Paste {
		m.detach()
		m.desk.left = true
		return nil
	}
	t.back = 0
	return m.typed(t, t.live.appendKey(nil, msg))
}

// backKey is a key right after the one that left: the same once more is typed.
func (m *Model) backKey(msg tea.KeyMsg) (tea.Cmd, bool) {
	left := m.desk.left
	m.desk.left = false
	if !left || msg.Type != leaveKey {
		return nil, false
	}
	t := m.terminal()
	if t == nil || t.live == nil {
		return nil, false
	}
	m.desk = desk{attached: true, root: t.root}
	return m.typed(t, []byte{byte(leaveKey)}), true
}

// typed queues what goes to a program. Commands run side by side, so that only
// one is on its way at a time: what is typed arrives in its order.
func (m *Model) typed(t *terminal, data []byte) tea.Cmd {
	t.typed = append(t.typed, data...)
	return m.sendTyped(t)
}

// sentMsg says that input has been taken, or why not.
type sentMsg struct {
	root string
	err  error
}

func (m *Model) sendTyped(t *terminal) tea.Cmd {
	if t.sending || len(t.typed) == 0 || m.opts.Driver == nil {
		return nil
	}
	d, root, data := m.opts.Driver, t.root, slices.Clone(t.typed)
	t.typed, t.sending = t.typed[:0], true
	return func() tea.Msg { return sentMsg{root, d.Input(root, data)} }
}

func (m *Model) onSent(msg sentMsg) tea.Cmd {
	if msg.err != nil {
		m.say(msg.err.Error())
	}
	t := m.terminals[msg.root]
	if t == nil {
		return nil
	}
	t.sending = false
	return m.sendTyped(t)
}

// replies sends what programs have asked their terminals. Only the screen that has
// started them answers, and only what is asked now.
func (m *Model) replies() tea.Cmd {
	if m.opts.Driver == nil || m.opts.ReadOnly || m.opts.Attached {
		return nil
	}
	var all []tea.Cmd
	for _, t := range m.terminals {
		if t.live != nil && len(t.live.replies) > 0 {
			all = append(all, m.typed(t, t.live.replies))
			t.live.replies = t.live.replies[:0]
		}
	}
	return tea.Batch(all...)
}

// resizeMsg is a wish to resize whose time has come.
type resizeMsg struct {
	root       string
	tag        int
	cols, rows int
}

// fit asks for the size of the pane for the terminal in it, when that has stood
// for a moment. A second screen takes the size as it is.
func (m *Model) fit() tea.Cmd {
	t, in := m.terminal(), m.consoleRect()
	if t == nil || t.live == nil || m.opts.Driver == nil || m.opts.ReadOnly || m.opts.Attached || in.w < 2 || in.h < 1 || !m.rootLives(t.root) {
		return nil
	}
	if t.asked == [2]int{in.w, in.h} {
		return nil
	}
	t.asked = [2]int{in.w, in.h}
	t.resizes++
	msg := resizeMsg{t.root, t.resizes, in.w, in.h}
	return func() tea.Msg {
		time.Sleep(resizeAfter)
		return msg
	}
}

func (m *Model) onResizeTerminal(msg resizeMsg) tea.Cmd {
	t := m.terminals[msg.root]
	if t == nil || t.live == nil || t.resizes != msg.tag {
		return nil
	}
	t.live.resize(msg.cols, msg.rows)
	m.dirty = true
	d := m.opts.Driver
	return func() tea.Msg {
		if err := d.Resize(msg.root, msg.cols, msg.rows); err != nil {
			return NoticeMsg("the terminal keeps its size: " + err.Error())
		}
		return nil
	}
}

// scrollConsole goes by n lines through what left the terminal at the top.
func (m *Model) scrollConsole(t *terminal, n int) {
	if c := m.pictured(t); c != nil {
		t.back = min(max(0, t.back-n), c.em.ScrollbackLen())
		m.dirty = true
	}
}

// consoleMouse takes the mouse to the program that has asked for it, while it has
// the keyboard too.
func (m *Model) consoleMouse(msg tea.MouseMsg) (tea.Cmd, bool) {
	t, in := m.terminal(), m.consoleRect()
	if !m.desk.attached || t == nil || t.live == nil || !in.contains(msg.X, msg.Y) || !t.live.wantsMouse() {
		return nil, false
	}
	return m.typed(t, t.live.appendMouse(nil, msg, msg.X-in.x, msg.Y-in.y)), true
}

// Bubble Tea knows no shift with the page keys and passes on what came.
const (
	shiftPageUp   = "\x1b[5;2~"
	shiftPageDown = "\x1b[6;2~"
)

// onSequence is a key that has no name.
func (m *Model) onSequence(s string) {
	t := m.terminal()
	if t == nil || !m.outputVisible() {
		return
	}
	page := max(1, m.consoleRect().h-1)
	switch s {
	case printed(shiftPageUp):
		m.scrollConsole(t, -page)
	case printed(shiftPageDown):
		m.scrollConsole(t, page)
	}
}

// printed is how such a message prints itself: "?CSI[53 59 50 126]?".
func printed(seq string) string {
	b := []byte("?CSI[")
	for i, c := range []byte(seq[2:]) {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(c), 10)
	}
	return string(append(b, "]?"...))
}
