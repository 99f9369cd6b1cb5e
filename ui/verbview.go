package ui

import (
	"strings"
	"unicode/utf8"

	"multiexit/ui/canvas"
)

// foretold is what a verb will do, in one line.
func (m *Model) foretold(v verb, live int) string {
	switch v {
	case verbStart:
		return "starts it, as a new process"
	case verbStop:
		if live == 0 {
			return "nothing of it lives; it is not started any more"
		}
		return "its stop signal, the grace period, then SIGKILL to what is left"
	case verbPause:
		if live == 0 {
			return "nothing of it lives any more"
		}
		return "SIGSTOP: nothing of it runs until it is continued"
	case verbRestart:
		if live == 0 {
			return "starts it again, as a new process"
		}
		return "stops " + processes(live) + " by the ladder, then starts it again"
	case verbDuplicate:
		return "starts a second one with the same command line"
	case verbRemove:
		if live == 0 {
			return "forgets the command"
		}
		return "stops " + processes(live) + " by the ladder, then forgets the command"
	}
	return ""
}

// paintVerbDialog: what a verb will do, and to which processes.
func (m *Model) paintVerbDialog() {
	c, t, d := m.canvas, &m.theme, &m.dialog
	var list []termLine
	if d.verb != verbDuplicate && d.verb != verbStart {
		list = m.reached(m.targets())
	}
	rows := min(len(list), max(1, m.height-12))
	hue := m.verbHue(d.verb)
	head := string(d.verb) + " " + m.goalNames()
	in := m.modal(72, 6+rows+min(1, rows), head, m.rim(hue))
	c.Text(in.x, in.y, m.foretold(d.verb, len(list)), t.Calm, in.w)
	first := min(d.scroll, max(0, len(list)-rows))
	for i := range rows {
		m.paintVerbLine(in.x, in.y+2+i, in.w, list[first+i])
	}
	m.paintThumb(in.x+in.w+2, in.y+2, rows, first, len(list))
	m.paintButtons(in.x, in.y+in.h-1, in.w, hue, m.buttons())
}

func (m *Model) verbHue(v verb) *Hue {
	switch v {
	case verbStart, verbDuplicate, verbAdd:
		return &m.theme.OK
	case verbRemove:
		return &m.theme.Fail
	}
	return &m.theme.Signal
}

func (m *Model) goalNames() string {
	var names []string
	for _, g := range m.dialog.goals {
		name := g.target
		if n := m.truth().Node(g.target); n != nil {
			name = n.Name
		}
		names = append(names, name)
	}
	if len(names) > 3 {
		return strings.Join(names[:2], ", ") + " and " + plain(len(names)-2) + " more"
	}
	return strings.Join(names, ", ")
}

// paintVerbLine: one process that a verb reaches, and what it has on its stack.
func (m *Model) paintVerbLine(x, y, w int, l termLine) {
	if v := m.dialog.verb; v != verbPause {
		m.paintTermLine(x, y, w, l)
		return
	}
	in := 2 * min(l.depth, 8)
	glyph, color := m.mark(l.node, 0)
	m.canvas.Set(x+in, y, glyph, fg(color))
	m.canvas.Text(x+in+2, y, l.node.Title(), m.theme.Normal, w-in-2)
}

// paintAddDialog: one line of text.
func (m *Model) paintAddDialog() {
	in := m.modal(72, 8, "add a command", m.rim(&m.theme.OK))
	m.canvas.Text(in.x, in.y, "a command line for the shell, or NAME: COMMAND LINE", m.theme.Label, in.w)
	m.paintInput(in.x, in.y+2, in.w, "$ ")
	m.paintKeys(in, m.glyphs.Return, "add and start", "esc", "cancel")
}

// paintInput is the line that is typed in a dialog; its end is always seen.
func (m *Model) paintInput(x, y, w int, prompt string) {
	c, t := m.canvas, &m.theme
	if !t.Flat {
		c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
	}
	u := 1 + c.Text(x+1, y, prompt, t.Label, w-1)
	u += c.Text(x+u, y, tail(m.dialog.input, w-u-2), t.Strong, w-u-1)
	c.Set(x+u, y, m.glyphs.Caret, fg(t.Focus))
}

// tail is as much of the end of a text as fits into w cells.
func tail(s string, w int) string {
	i := len(s)
	for i > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if w -= canvas.RuneWidth(r); w < 0 {
			break
		}
		i -= size
	}
	return s[i:]
}
