package ui

import (
	"strings"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintLog draws the newest lines of the log, or those the user went back to;
// while nothing has happened yet, what the scenario is about.
func (m *Model) paintLog(r rect) {
	x := m.paintTabs(r, paneLog)
	in := inside(r)
	in = rect{in.x + 1, in.y, in.w - 2, in.h}
	if in.h < 1 || in.w < 8 {
		return
	}
	if m.back > 0 {
		m.brush.text = append(appendCount(m.brush.text[:0], m.back), " newer below"...)
		m.edgeRight(r, r.y, x, m.brush.text)
	}
	log := m.index.log[:m.logged()]
	if len(log) == 0 {
		m.paintQuiet(in)
		return
	}
	end := max(1, len(log)-m.back)
	start := max(0, end-in.h)
	nameW := 14
	if in.w < 50 {
		nameW = 11
	}
	for i, at := range log[start:end] {
		if start+i == m.picked-1 && m.focus == paneLog {
			m.paintPicked(rect{in.x, in.y + i, in.w, 1})
		}
		m.paintLogLine(in.x, in.y+i, in.w, nameW, m.event(int(at)))
	}
	if m.back > 0 || m.focus == paneLog {
		m.paintThumb(r.x+r.w-1, in.y, in.h, start, len(log))
	}
}

// paintTabs draws the frame that log, output and analysis share, with all names
// in it, and returns the first free column after them. A small screen has room
// for one.
func (m *Model) paintTabs(r rect, shown pane) int {
	other := "Output"
	if m.terminal() != nil {
		other = "Terminal"
	}
	_, x := m.frame(r, "", m.focus == shown)
	x-- // there is no name yet
	for i, tab := range [...]struct {
		pane pane
		name string
	}{{paneLog, "Log"}, {paneOutput, other}, {paneWhy, "Why"}} {
		style := m.theme.Label
		switch {
		case tab.pane == shown && m.focus == shown:
			style = m.theme.Focused
		case tab.pane == shown:
			style = m.theme.Title
		case m.brush.geo.tier == tierSmall:
			continue
		}
		if i > 0 && m.brush.geo.tier != tierSmall { // of the edge between the names
			m.canvas.Set(x+1, r.y, ' ', canvas.Style{})
			x += 2
		}
		n := m.canvas.Text(x, r.y, tab.name, style, r.x+r.w-x-4)
		m.canvas.Set(x+n, r.y, ' ', canvas.Style{})
		x += n + 1
		if tab.pane == paneLog && shown == paneLog {
			x = m.paintLogAll(r, x)
		}
	}
	return x
}

// paintLogAll says behind the name of the log that it shows all there is.
func (m *Model) paintLogAll(r rect, x int) int {
	if !m.logAll {
		return x
	}
	return m.edgeLeft(x, r.y, "everything", r.x+r.w-x-3)
}

// paintQuiet is the log before its first line.
func (m *Model) paintQuiet(r rect) {
	about := m.opts.About
	if about[0] == "" && about[1] == "" {
		m.center(rect{r.x, r.y, r.w, r.h}, r.y+r.h/2, "quiet", m.theme.Words)
		return
	}
	y := r.y
	for i, s := range about {
		if s == "" || y >= r.y+r.h {
			continue
		}
		style := m.theme.Calm
		if i > 0 {
			style = m.theme.Label
		}
		y += m.paintWrapped(r.x, y, r.w, r.y+r.h-y, s, style)
		if r.h > 8 {
			y++
		}
	}
}

// paintWrapped breaks a text between words and returns the lines it took.
func (m *Model) paintWrapped(x, y, w, h int, s string, st canvas.Style) int {
	lines := 0
	for s = strings.TrimSpace(s); s != "" && lines < h; lines++ {
		cut := wrap(s, w)
		if lines == h-1 {
			cut = len(s) // the last line says by … that there is more
		}
		m.canvas.Text(x, y+lines, s[:cut], st, w)
		s = strings.TrimLeft(s[cut:], " ")
	}
	return lines
}

// wrap is how many bytes of s make a line of w cells.
func wrap(s string, w int) int {
	cells, space := 0, 0
	for i, r := range s {
		if r == ' ' {
			space = i
		}
		if cells += canvas.RuneWidth(r); cells > w {
			if space > 0 {
				return space
			}
			return max(1, i)
		}
	}
	return len(s)
}

func (m *Model) paintLogLine(x, y, w, nameW int, e *tree.Event) {
	c, t := m.canvas, &m.theme
	b := m.brush.text[:0]
	if shut := m.tree.Shut; shut != nil {
		b = m.brush.win.appendTime(b, e.T-shut.T)
	} else {
		b = appendClock(b, e.T)[1:]
	}
	m.brush.text = b
	c.BytesR(x+6, y, b, t.Label)
	n := m.tree.Node(e.Node)
	l := m.logWords(n, e)
	c.Set(x+8, y, l.glyph, fg(l.color))
	switch {
	case n == nil && e.Scope != "":
		c.Text(x+10, y, m.patternName(e.Scope), t.Calm, nameW)
	case n == nil:
		c.Text(x+10, y, "multiexit", t.Words, nameW)
	default:
		c.Text(x+10, y, n.Title(), t.Calm, nameW)
	}
	px, end := x+11+nameW, x+w
	s := t.Label
	if l.bad {
		s = fg(t.Fail.Base)
	}
	for _, part := range [...]string{l.text, l.more, l.rest} {
		px += c.Text(px, y, part, s, end-px)
	}
	if l.elapsed > 0 {
		m.brush.text = tree.AppendTook(append(m.brush.text[:0], ' '), l.elapsed)
		px += c.Bytes(px, y, m.brush.text, s, end-px)
	}
	if l.number >= 0 {
		m.brush.text = appendInt(append(m.brush.text[:0], ' '), l.number)
		c.Bytes(px, y, m.brush.text, s, end-px)
	}
}
