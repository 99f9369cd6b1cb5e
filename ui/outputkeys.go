package ui

import (
	"encoding/base64"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// paneKeys are the keys that outputKey and terminalKey know, for the help.
var paneKeys = []key.Binding{
	bind("F end", "follow, at the end", "F"),
	bind("/ ctrl+f", "search; n N on, back", "/"),
	bind("& &!", "only lines with; without", "&"),
	bind("w", "wrap, cut long lines", "w"),
	bind("@", "times, the next kind", "@"),
	bind("y Y", "copy; Y all shown", "y"),
	bind("⇧⇞ ⇧⇟", "scroll the terminal", "shift+pgup"),
}

// outputHints are the keys of the footer while the output pane has the focus.
func (m *Model) outputHints(dst []key.Binding) []key.Binding {
	k := &m.keys
	switch {
	case m.desk.attached:
		return append(dst, k.Leave, bind("", "all other keys go to the program", ""))
	case m.output.prompt.kind != promptNone:
		return append(dst, bind("⏎", "done", "enter"), bind("esc", "cancel", "esc"))
	case m.terminal() != nil:
		dst = append(appendUsable(dst, k.Attach, paneKeys[6]), m.zoomHint())
		return appendUsable(dst, k.OutputAll, k.NextPane, k.Escape, k.Help, k.Quit)
	}
	dst = appendUsable(dst, k.Up)
	dst = append(dst, paneKeys[:6]...)
	dst = append(appendUsable(dst, k.OutputAll, k.Stdin), m.zoomHint())
	return appendUsable(dst, k.NextPane, k.Escape, k.Help, k.Quit)
}

// outputKey is a key while the output pane has the focus. What it does not know
// is a key like everywhere.
func (m *Model) outputKey(msg tea.KeyMsg) (tea.Cmd, bool) {
	if m.focus != paneOutput || msg.Paste {
		return nil, false
	}
	if t := m.terminal(); t != nil {
		if cmd, typed := m.backKey(msg); typed {
			return cmd, true
		}
		return m.terminalKey(t, msg.String())
	}
	o := &m.output
	switch msg.String() {
	case "F", "end", "G":
		m.toEndOfOutput()
	case "home", "g":
		m.moveOutput(-len(o.lines))
	case "ctrl+f", "/":
		return m.openPrompt(promptSearch), true
	case "&":
		return m.openPrompt(promptFilter), true
	case "n", "N":
		m.nextHit(msg.String() == "N")
	case "w":
		o.wrap = !o.wrap
		m.notice = "long lines are cut"
		if o.wrap {
			m.notice = "long lines are wrapped"
		}
	case "@":
		o.stamps = (o.stamps + 1) % stampsAll
		m.notice = "lines: " + o.stamps.String()
	case "y", "Y":
		return m.yank(msg.String() == "Y"), true
	case "O":
		return m.toggleAll(), true
	default:
		return nil, false
	}
	return nil, true
}

// terminalKey is a key on a terminal that does not have the keyboard.
func (m *Model) terminalKey(t *terminal, key string) (tea.Cmd, bool) {
	page := max(1, m.consoleRect().h-1)
	switch key {
	case "enter":
		return m.attach(), true
	case "pgup", "ctrl+pgup", "shift+up":
		m.scrollConsole(t, -page)
	case "pgdown", "ctrl+pgdown", "shift+down":
		m.scrollConsole(t, page)
	case "up", "k":
		m.scrollConsole(t, -1)
	case "down", "j":
		m.scrollConsole(t, 1)
	case "end", "G", "F":
		m.scrollConsole(t, t.back)
	case "home", "g":
		m.scrollConsole(t, -scrollback)
	default:
		return nil, false
	}
	return nil, true
}

// moveOutput goes by n lines; up leaves the end.
func (m *Model) moveOutput(n int) {
	if t := m.terminal(); t != nil {
		m.scrollConsole(t, n)
		return
	}
	o := &m.output
	if len(o.lines) == 0 {
		return
	}
	if n < 0 && o.follow {
		o.follow = false
		if o.gap && m.opts.Lines != nil { // what was left out can be read now
			m.reread(false)
			return
		}
	}
	o.cur = max(0, min(o.cur+n, len(o.lines)-1))
	if o.cur == len(o.lines)-1 && n > 0 && !o.newer {
		o.follow = true
	}
	m.dirty = true
}

// toEndOfOutput follows what is printed from now on.
func (m *Model) toEndOfOutput() {
	o := &m.output
	if o.newer {
		m.reread(true)
		return
	}
	o.follow = true
	o.cur, o.end = max(0, len(o.lines)-1), len(o.lines)
}

// toggleAll shows the lines of all commands, or of the one that is selected.
func (m *Model) toggleAll() tea.Cmd {
	m.output.all = !m.output.all
	m.output.forget()
	m.notice = "output of the selected command"
	if m.output.all {
		m.notice = "output of all commands"
	}
	return m.turnTo(paneOutput)
}

// nextHit goes to the next line that is found, or the one before: here, or
// wherever the lines are kept.
func (m *Model) nextHit(back bool) {
	o := &m.output
	if o.search == nil {
		m.notice = "nothing is searched for: / searches"
		return
	}
	step := 1
	if back {
		step = -1
	}
	for i := o.cur + step; i >= 0 && i < len(o.lines); i += step {
		if o.hit(i) {
			o.cur, o.follow, m.dirty = i, false, true
			return
		}
	}
	switch {
	case back && o.older && len(o.lines) > 0:
		o.wish = wish{open: true, search: true, back: true, before: o.lines[0].Seq}
	case !back && o.newer:
		o.wish = wish{open: true, search: true, after: o.lines[len(o.lines)-1].Seq}
	default:
		m.notice = "no further line with " + o.prompt.last[promptSearch]
	}
}

// hit says that the search finds something in a line.
func (o *output) hit(i int) bool {
	l := &o.lines[i]
	return l.Stream != "note" && o.search.MatchString(plainText(l.Text))
}

// yank gives the selected line, or all that are shown, to the clipboard.
func (m *Model) yank(all bool) tea.Cmd {
	o := &m.output
	if len(o.lines) == 0 {
		return nil
	}
	from, to := o.cur, o.cur+1
	m.notice = "the line was copied"
	if all {
		from, to = m.shownLines()
		m.notice = "the lines that are shown were copied"
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString(plainText(o.lines[i].Text))
		if all {
			b.WriteByte('\n')
		}
	}
	text, put := b.String(), m.opts.Clipboard
	if put == nil {
		m.notice = "nothing to copy with"
		return nil
	}
	return func() tea.Msg { put(text); return nil }
}

func (m *Model) shownLines() (from, to int) {
	in := inside(m.outputRect())
	in = rect{in.x + 1, in.y, in.w - 2, in.h}
	first, _ := m.outputTop(in.h, m.outputColumns(in))
	return first, m.output.end
}

// ClipboardSequence makes a terminal put a text into the clipboard: OSC 52.
func ClipboardSequence(text string) string {
	return "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(text)) + "\a"
}
