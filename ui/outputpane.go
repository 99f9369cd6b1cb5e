package ui

import (
	"multiexit/ui/canvas"
)

// stamps is what stands before a line.
type stamps uint8

const (
	stampsOff    stamps = iota
	stampsClock         // 15:04:05.000
	stampsStart         // since the start of the session
	stampsSignal        // since the signal that began the shutdown, or before it
	stampsAll
)

func (s stamps) String() string {
	return [...]string{"no times", "time of day", "since the start", "since the signal"}[s]
}

func (s stamps) width() int { return [...]int{0, 13, 10, 10}[s] }

// outputRect is the frame that the output pane has; empty while it has none.
func (m *Model) outputRect() rect {
	g := m.geometry()
	switch {
	case g.tier == tierSmall && m.tab == paneOutput:
		return g.stack
	case g.tier > tierSmall && m.low == paneOutput:
		return g.log
	}
	return rect{}
}

// outputVisible says that somebody looks at it.
func (m *Model) outputVisible() bool { return m.outputRect().h > 2 }

// columns of a line: a mark of the handler, a mark of stderr, its time, whose it
// is, then the text.
type outputColumns struct {
	x, text, end int
	stamp, name  int // widths
}

func (m *Model) outputColumns(in rect) outputColumns {
	o := &m.output
	c := outputColumns{x: in.x, end: in.x + in.w, stamp: o.stamps.width()}
	if m.merged() {
		for _, n := range o.names {
			c.name = max(c.name, min(canvas.Width(n), in.w/4))
		}
		c.name++
	}
	c.text = in.x + 2 + c.stamp + c.name
	return c
}

// paintOutput draws the lines that commands print, or the terminal of the one
// that has one.
func (m *Model) paintOutput(r rect) {
	x := m.paintTabs(r, paneOutput)
	if t := m.terminal(); t != nil {
		m.paintConsole(r, t, x)
		m.paintPrompt(r)
		return
	}
	in := inside(r)
	in = rect{in.x + 1, in.y, in.w - 2, in.h}
	if in.h < 1 || in.w < 8 {
		return
	}
	m.outputTitle(r, x)
	o := &m.output
	if m.paintPrompt(r) {
		in.h--
	}
	if len(o.lines) == 0 {
		text := "nothing was printed"
		if o.busy || o.wish.open {
			text = "…"
		} else if o.match != nil {
			text = "no line matches"
		}
		m.center(in, in.y+in.h/2, text, m.theme.Words)
		return
	}
	cols := m.outputColumns(in)
	first, skip := m.outputTop(in.h, cols)
	m.brush.ran = nil
	y := -skip
	for i := first; i < len(o.lines) && y < in.h; i++ {
		y += m.paintOutputLine(cols, in.y, y, in.h, i)
	}
	if !o.follow || m.focus == paneOutput {
		m.paintThumb(r.x+r.w-1, in.y, in.h, first, len(o.lines))
	}
}

// outputTitle: whose lines, what is looked for, and how far from the end.
func (m *Model) outputTitle(r rect, x int) {
	o, b := &m.output, m.brush.text[:0]
	switch {
	case o.all:
		b = append(b, "all commands"...)
	case len(o.names) > 0:
		b = append(b, o.names[0]...)
		if m.merged() {
			b = append(appendInt(append(b, " and "...), len(o.names)-1), " more"...)
		}
	}
	if o.match != nil {
		b = append(b, " &"...)
		if o.invert {
			b = append(b, '!')
		}
		b = append(b, o.prompt.last[promptFilter]...)
	}
	m.brush.text = b
	room := r.x + r.w - x - 3
	if room > 2 {
		n := m.canvas.Bytes(x, r.y, b, m.theme.Label, room-1)
		m.canvas.Set(x+n, r.y, ' ', canvas.Style{})
		x += n + 1
	}
	switch {
	case o.follow:
		return
	case o.newer:
		m.brush.text = append(m.brush.text[:0], "newer below"...)
	case o.end == len(o.lines):
		return
	default:
		m.brush.text = append(appendCount(m.brush.text[:0], len(o.lines)-o.end), " newer below"...)
	}
	m.edgeRight(r, r.y, x, m.brush.text)
}

// outputTop is the first line on a screen of h rows whose last is the one before
// end, and how many of its own rows lie above.
func (m *Model) outputTop(h int, cols outputColumns) (first, skip int) {
	o := &m.output
	o.end = max(1, min(o.end, len(o.lines)))
	o.cur = max(0, min(o.cur, len(o.lines)-1))
	o.end = max(o.end, o.cur+1)
	for rows := 0; ; {
		first, rows = o.end, 0
		for first > 0 && rows < h {
			first--
			rows += m.rowsOf(first, cols)
		}
		switch {
		case o.cur < first:
			o.end--
		case rows < h && o.end < len(o.lines):
			o.end++
		default:
			return first, max(0, rows-h)
		}
		if o.cur < first && o.end <= o.cur+1 || rows >= h && o.cur >= first {
			return first, max(0, rows-h)
		}
	}
}
