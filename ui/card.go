package ui

import (
	"math"
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
	"multiexit/ui/canvas"
)

// paintRunning is the card of the handler that runs: five rows, filled, with
// soft edges along which a light goes.
func (m *Model) paintRunning(x, y, w int, h *tree.Handler) {
	c, t, hue := m.canvas, &m.theme, m.hue(h)
	if t.Flat {
		m.paintRunningSmall(x, y+1, w, h)
		return
	}
	k := m.breath(0)
	fill := hue.Fill.at(.15 + .05*k)
	rim := canvas.Mix(fill, hue.Glow.at(.7*k), .30+.15*k)
	for q := range w {
		upper, lower := rim, rim
		if m.motion {
			sweep := math.Mod(m.now.Seconds()*.9, 1.7) - .35
			upper = canvas.Mix(rim, hue.Hi, bell(float64(q)/float64(w)-sweep))
			lower = canvas.Mix(rim, hue.Hi, bell(float64(w-q)/float64(w)-sweep))
		}
		c.Set(x+q, y, m.glyphs.Lower, fg(upper))
		c.Set(x+q, y+4, m.glyphs.Upper, fg(lower))
	}
	m.paintRunningSmall(x, y+1, w, h)
}

// bell is 1 at 0 and falls off quickly at both sides.
func bell(d float64) float64 { return math.Exp(-d * d * 50) }

// paintRunningSmall is the same card in three rows, without the soft edges.
func (m *Model) paintRunningSmall(x, y, w int, h *tree.Handler) {
	c, t, hue := m.canvas, &m.theme, m.hue(h)
	k := m.breath(0)
	if !t.Flat {
		c.Fill(x, y, w, 3, ' ', canvas.Style{BG: hue.Fill.at(.15 + .05*k)})
	}
	c.VLine(x, y, 3, m.glyphs.Bar, fg(hue.Glow.at(.7*k)))

	bright := fg(hue.Hi).With(canvas.Bold)
	c.Set(x+2, y, m.spinner(), bright)
	d := m.duration(x+w-2, y, m.now-h.Begin, bright)
	c.Text(x+4, y, h.Name, fg(t.White).With(canvas.Bold), w-8-d)

	label, done := m.limit(h)
	l := c.BytesR(x+w-2, y+1, label, t.Calm)
	room := w - 8 - l
	u := m.paintFault(x+4, y+1, room, h)
	u += m.paintWhere(x+4+u, y+1, room-u, h, fg(hue.Base))
	if h.Src != "" && room-u > 6 {
		u += c.Text(x+4+u, y+1, " · ", t.Calm, room-u)
		c.Text(x+4+u, y+1, h.Src, t.Calm, room-u)
	}
	m.paintProgressLine(x+4, y+2, w-6, done, hue)
}

// paintFault says that what a handler does now was put into it.
func (m *Model) paintFault(x, y, w int, h *tree.Handler) int {
	if h.Fault == "" {
		return 0
	}
	c, s := m.canvas, fg(m.theme.Signal.Base)
	c.Set(x, y, m.glyphs.Flag, s)
	u := 1 + c.Text(x+1, y, " injected ", s, w-1)
	u += c.Text(x+u, y, h.Fault, s, w-u)
	return u + c.Text(x+u, y, " · ", m.theme.Calm, w-u)
}

// paintFaultWord says what will be put into a handler.
func (m *Model) paintFaultWord(x, y, w int, o *tree.Order) int {
	if o == nil || w < 2 {
		return 0
	}
	s := fg(m.theme.Signal.Base)
	m.canvas.Set(x, y, m.glyphs.Flag, s.With(canvas.Bold))
	u := 2 + m.canvas.Text(x+2, y, o.Word, s, w-2)
	switch o.Word {
	case "delay":
		m.brush.text = tree.AppendTook(append(m.brush.text[:0], ' '), o.Time)
	case "exit":
		m.brush.text = appendInt(append(m.brush.text[:0], ' '), o.Code)
	default:
		return u
	}
	return u + m.canvas.Bytes(x+u, y, m.brush.text, s, w-u)
}

// limit is what the running handler is measured against, as a label and as the
// part that is used up: the processes it waits for, else its own limit, else the
// grace period of its process. Without any of them the part is negative.
func (m *Model) limit(h *tree.Handler) (label []byte, done float64) {
	b := m.brush.text[:0]
	switch {
	case len(h.Waits) > 0:
		gone := 0
		for _, n := range h.Waits {
			if !n.Alive() {
				gone++
			}
		}
		b = appendCount(b, gone)
		b = appendCount(append(b, " of "...), len(h.Waits))
		b = append(b, " gone"...)
		done = float64(gone) / float64(len(h.Waits))
	case h.Timeout > 0:
		b = m.appendLimit(b, "limit ", h.Timeout)
		left, _ := m.tree.Remains(h, m.now)
		done = 1 - float64(left)/float64(h.Timeout)
	case h.Node.Grace > 0:
		b = m.appendLimit(b, "grace ", h.Node.Grace)
		left, _ := m.tree.GraceLeft(h.Node, m.now)
		done = 1 - float64(left)/float64(h.Node.Grace)
	default:
		b = append(b, "no limit"...)
		done = -1
	}
	m.brush.text = b
	return b, done
}

// appendLimit is a time that may be taken; it stands while anybody is held.
func (m *Model) appendLimit(b []byte, what string, d time.Duration) []byte {
	b = tree.AppendTook(append(b, what...), d)
	if m.tree.Counts.Held > 0 {
		b = append(b, " frozen"...)
	}
	return b
}

// paintWhere says whose handler it is.
func (m *Model) paintWhere(x, y, w int, h *tree.Handler, s canvas.Style) int {
	c := m.canvas
	switch {
	case h.From != nil:
		c.Set(x, y, m.glyphs.Up, s)
		u := 1 + c.Text(x+1, y, " shared by ", s, w-1)
		return u + c.Text(x+u, y, h.From.Name, s, w-u)
	case h.Shared:
		c.Set(x, y, m.glyphs.Down, s)
		u := 1 + c.Text(x+1, y, " shared", s, w-1)
		return u + m.paintHeirs(x+u, y, w-u, " with ", h, s)
	}
	return c.Text(x, y, "local", s, w)
}

// paintHeirs: " 6 below", how many processes inherited a shared handler.
func (m *Model) paintHeirs(x, y, w int, before string, h *tree.Handler, s canvas.Style) int {
	n := m.heirs(h)
	if n < 0 {
		return 0
	}
	b := append(m.brush.text[:0], before...)
	m.brush.text = append(appendCount(b, n), " below"...)
	return m.canvas.Bytes(x, y, m.brush.text, s, w)
}

func (m *Model) paintProgressLine(x, y, w int, done float64, hue *Hue) {
	c, t, g := m.canvas, &m.theme, &m.glyphs
	rest := fg(t.Ink.at(.3))
	if t.Flat {
		rest = fg(t.Faint)
	}
	full := max(1, min(w, int(done*float64(w)+.5)))
	if done < 0 {
		full = 0
	}
	for q := range w {
		switch {
		case q < full:
			c.Set(x+q, y, g.Thick, fg(hue.Glow.at(float64(q)/float64(max(1, full)))))
		default:
			c.Set(x+q, y, g.Line, rest)
		}
	}
}

// paintCard is a card of the deck. The deeper it lies the darker it is, and
// where there is room, the narrower.
func (m *Model) paintCard(x, y, w int, h *tree.Handler, number, depth, step int) {
	c, t, hue := m.canvas, &m.theme, m.hue(h)
	k := 1 - min(float64(depth), 7)/9
	in := 0
	if step == 2 {
		in = min(depth, 3)
	}
	fill := hue.Fill.at(.12*k + .02)
	if !t.Flat {
		c.Fill(x+in, y, w-2*in, 1, ' ', canvas.Style{BG: fill})
	}
	c.Set(x+in, y, m.glyphs.Bar, fg(hue.Tone.at(.3+.5*k)))
	m.countR(x+6, y, number, fg(hue.Tone.at(.45+.4*k)))
	end := x + w - 6
	u := m.paintSource(x+8, end, y, h, k)
	s := fg(t.Ink.at(.5 + .45*k))
	if h.Unbound {
		s = fg(t.Muted).With(canvas.Italic)
	}
	p := m.plotOf(h)
	if p.stop {
		c.Set(x+in+2, y, m.glyphs.Halt, fg(t.Signal.Base).With(canvas.Bold))
	}
	used := c.Text(x+8, y, h.Name, s, end-u-2-x-8)
	m.paintFaultWord(x+9+used, y, end-u-2-x-9-used, p.fault)
	if step == 2 && !t.Flat { // a soft lower edge: half a line
		c.HLine(x+in, y+1, w-2*in, m.glyphs.Upper, fg(canvas.Mix(fill, t.Back, .25)))
	}
}

// paintSource writes, right-aligned, where a handler was registered, or how many
// inherited it, and returns the cells used.
func (m *Model) paintSource(x, end, y int, h *tree.Handler, k float64) int {
	c, t := m.canvas, &m.theme
	early := check.TooEarly(h)
	switch {
	case h.Unbound:
		c.TextR(end, y, "unbound: will be skipped", t.Words)
		return len("unbound: will be skipped")
	case early != nil:
		m.brush.text = append(append(m.brush.text[:0], "needs what closes in "...), early.Name...)
		w := min(canvas.BytesWidth(m.brush.text), max(0, end-x-canvas.Width(h.Name)-4))
		c.Bytes(end-w, y, m.brush.text, fg(t.Signal.Base), w)
		c.Set(end-w-2, y, m.glyphs.Stuck, fg(t.Signal.Base).With(canvas.Bold))
		return w + 2
	case h.Shared && h.From == nil:
		s := fg(t.Shared.Tone.at(.35 + .4*k))
		n := m.heirs(h)
		b := append(m.brush.text[:0], "shared"...)
		if n >= 0 {
			b = append(appendCount(b[:0], n), " below"...)
		}
		m.brush.text = b
		u := c.BytesR(end, y, b, s)
		c.Set(end-u-2, y, m.glyphs.Down, s)
		return u + 2
	}
	w := min(canvas.Width(h.Src), max((end-x)/3, end-x-canvas.Width(h.Name)-2))
	c.Text(end-w, y, h.Src, fg(t.Grey.at(.3+.35*k)), w)
	return w
}

// paintLeaving is the card that has just been popped, off cells on its way to
// the right and alpha of its strength.
func (m *Model) paintLeaving(x, y, w int, h *tree.Handler, off int, alpha float64) {
	c, t, g := m.canvas, &m.theme, &m.glyphs
	if w-off < 2 {
		return
	}
	hue, glyph := &t.OK, g.OK
	if bad(h) {
		hue, glyph = &t.Fail, g.No
	}
	x, w = x+off, w-off
	fill := hue.Fill.at(.06 + .28*alpha)
	if !t.Flat {
		c.HLine(x, y, w, g.Lower, fg(fill))
		c.Fill(x, y+1, w, 1, ' ', canvas.Style{BG: fill})
		c.HLine(x, y+2, w, g.Upper, fg(fill))
	}
	s := fg(t.Ink.at(.35 + .65*alpha))
	c.Set(x, y+1, g.Bar, fg(hue.Tone.at(.3+.7*alpha)))
	if w > 3 {
		c.Set(x+2, y+1, glyph, s)
	}
	u := c.Text(x+4, y+1, h.Name, s, w-5)
	if d := h.End - h.Begin; w-u > 16 {
		m.duration(x+w-2, y+1, max(0, d), s)
	}
}
