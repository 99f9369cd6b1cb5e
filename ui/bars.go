package ui

import (
	"math"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintBars draws what ran, each handler at its true time. What failed is drawn
// last: many short handlers can share a cell, and a failure must not hide under
// a success.
func (m *Model) paintBars(x, y, w int, n *tree.Node) {
	if !n.Began && n.Alive() || len(n.Ran()) == 0 && !n.Reports {
		m.paintSilence(x, y, w, n)
	}
	for i, h := range n.Ran() {
		m.paintBar(x, y, w, h, i)
	}
	if n.Failures()+n.Lost() == 0 {
		return
	}
	for i, h := range n.Ran() {
		if a, b := m.span(h); bad(h) && b == a+1 {
			m.paintBar(x, y, w, h, i)
		}
	}
}

// bad says that a handler did not do what it should.
func bad(h *tree.Handler) bool {
	return (h.State == tree.Broken || h.State == tree.Lost) && !h.Injected()
}

// paintSilence: it handles the signal itself and tells nothing. While it was held that
// had not reached it. Of one that is gone and got none that anybody saw, no more is known
// than that it was there.
func (m *Model) paintSilence(x, y, w int, n *tree.Node) {
	if n.SigName == "" && !n.Alive() && len(n.Ran()) == 0 {
		win := &m.brush.win
		a, b := max(1, int(win.col(max(n.Born, win.t0)))), min(w, int(math.Ceil(win.col(n.Gone))))
		m.canvas.HLine(x+a, y, b-a, m.glyphs.Dash, fg(m.theme.Faint).On(m.laneBack(n)))
		return
	}
	if disposition(n) != tree.Caught || n.Reports || n.State == tree.Stuck || n.SigName == "" || waits(n) {
		return
	}
	from, end := n.Signalled, m.now
	if !n.Alive() {
		end = n.Gone
	}
	for _, h := range n.Holdings() {
		from = max(from, h.Until)
	}
	if from == end && from > n.Signalled {
		return // it was killed then
	}
	m.paintDashes(x, y, w, from, end, "its own handling, unseen", &m.theme.Local, m.laneBack(n), n.Alive())
}

// span is the cells of a handler: from a on, up to but without b. The first cell
// of a lane is left to the mark of the signal.
func (m *Model) span(h *tree.Handler) (a, b int) {
	win := &m.brush.win
	a = max(1, int(win.col(h.Begin)))
	b = int(math.Ceil(win.col(m.ends(h))))
	return a, max(a+1, b)
}

// ends is when a handler that began ended, or how far it has come.
func (m *Model) ends(h *tree.Handler) time.Duration {
	switch {
	case h.State == tree.Running:
		return m.now
	case h.State == tree.Lost && !h.Node.Alive():
		return h.Node.Gone
	case h.State == tree.Lost:
		return m.tree.Last
	}
	return h.End
}

func (m *Model) paintBar(x, y, w int, h *tree.Handler, i int) {
	win := &m.brush.win
	if m.ends(h) < win.t0 && h.State != tree.Running {
		return // of an earlier shutdown
	}
	a, b := m.span(h)
	switch {
	case len(h.Waits) > 0 && !bad(h):
		m.paintDashes(x, y, w, h.Begin, m.ends(h), m.waitsFor(h), m.hue(h), m.laneBack(h.Node), h.State == tree.Running)
	case m.theme.Flat:
		m.paintFlatBar(x, y, a, min(b, w), h)
	default:
		m.paintFullBar(x, y, a, min(b, w), b, h, i)
	}
}

// waitsFor is what a handler that waits for processes is called in its bar.
func (m *Model) waitsFor(h *tree.Handler) string {
	for _, w := range h.Waits {
		if w.Parent != h.Node {
			return "waits for processes"
		}
	}
	if len(h.Waits) == 1 {
		return "waits for a child"
	}
	return "waits for children"
}

// paintFullBar fills cells a to end. tip is where the bar would end without the
// edge of the lane.
func (m *Model) paintFullBar(x, y, a, end, tip int, h *tree.Handler, i int) {
	c, t, hue := m.canvas, &m.theme, m.hue(h)
	fill, edge, text := hue.Fill.at(.27), hue.Base, fg(hue.Hi)
	if i%2 == 1 {
		fill = hue.Fill.at(.19)
	}
	if !t.Flat {
		text = fg(canvas.Mix(t.Back, hue.Hi, .92))
	}
	switch {
	case h.State == tree.Running:
		edge, text = hue.Hi, fg(t.White)
	case bad(h):
		fill, edge, text = t.Fail.Fill.at(.38), t.Fail.Base, fg(t.FailHi)
	case h.Injected():
		fill, edge, text = t.Signal.Fill.at(.25), t.Signal.Base, fg(t.Signal.Hi)
	}
	tail := m.comet(hue)
	for q := a; q < end; q++ {
		f := fill
		if h.State == tree.Running {
			f = tail.at(tip - 1 - q)
		}
		c.Set(x+q, y, ' ', canvas.Style{BG: f})
	}
	if a < end {
		c.Set(x+a, y, m.startMark(h), fg(edge))
	}
	if tip-a >= 5 {
		m.paintBarName(x+a+1, y, end-a-2, h, text)
	}
}

func (m *Model) paintBarName(x, y, limit int, h *tree.Handler, s canvas.Style) {
	if (bad(h) || h.Fault != "") && limit > 2 {
		glyph := m.glyphs.No
		if !bad(h) {
			glyph = m.glyphs.Flag
		}
		m.canvas.Set(x, y, glyph, s)
		x, limit = x+2, limit-2
	}
	u := m.canvas.Text(x, y, h.Name, s, limit)
	if bad(h) && h.Err != "" && limit-u > 8 {
		if !m.theme.Flat {
			s.FG = canvas.Mix(m.theme.Fail.Base, m.theme.FailHi, .4)
		}
		m.canvas.Text(x+u+1, y, h.Err, s, limit-u-1)
	}
}

// startMark is the first cell of a handler's bar or chip. Where there are too few
// colours to tell a shared one from the process's own, its shape does.
func (m *Model) startMark(h *tree.Handler) rune {
	switch {
	case !m.theme.Flat || h.From == nil && !h.Shared:
		return m.glyphs.Start
	case h.From != nil:
		return m.glyphs.Up
	}
	return m.glyphs.Down
}

// paintFlatBar is a bar without fills: its name, then a line.
func (m *Model) paintFlatBar(x, y, a, end int, h *tree.Handler) {
	c, s := m.canvas, fg(m.hue(h).Base)
	if bad(h) {
		s.FG = m.theme.Fail.Base
	}
	c.HLine(x+a, y, end-a, m.glyphs.Thick, s)
	if a < end {
		c.Set(x+a, y, m.startMark(h), s)
	}
	if h.State == tree.Running {
		s.A |= canvas.Bold
	}
	limit := end - a - 2
	if (bad(h) || h.Fault != "") && limit > 3 {
		glyph := m.glyphs.No
		if !bad(h) {
			glyph = m.glyphs.Flag
		}
		c.Set(x+a+1, y, glyph, s)
		c.Set(x+a+2, y, ' ', s)
		a, limit = a+2, limit-2
	}
	if limit >= 3 {
		c.Text(x+a+1, y, h.Name, s, limit)
	}
}

// laneBack is what is behind the bars of a lane.
func (m *Model) laneBack(n *tree.Node) canvas.Color {
	if n.ID == m.cursor && !m.theme.Flat {
		return m.selection()
	}
	return 0
}

// paintDashes is a stretch in which a process does nothing itself.
func (m *Model) paintDashes(x, y, w int, from, to time.Duration, text string, hue *Hue, back canvas.Color, open bool) {
	c, win := m.canvas, &m.brush.win
	a := max(1, int(win.col(from)))
	b := max(a+1, int(math.Ceil(win.col(to))))
	c.HLine(x+a, y, min(b, w)-a, m.glyphs.Dash, fg(hue.Tone.at(.55)).On(back))
	if room := min(b, w) - a - 5; room >= 8 {
		c.Set(x+a+2, y, ' ', fg(0))
		n := c.Text(x+a+3, y, text, fg(hue.Tone.at(.7)), room)
		c.Set(x+a+3+n, y, ' ', fg(0))
	}
	if open && b-1 < w {
		c.Set(x+b-1, y, m.glyphs.DashEnd, fg(hue.Hi))
	}
}

// comet is the fill of a running bar: brightest at now, with a tail. It is the
// same for all bars of a hue in a frame.
type comet [40]canvas.Color

func (c *comet) at(behind int) canvas.Color { return c[max(0, min(len(c)-1, behind))] }

func (m *Model) comet(h *Hue) *comet {
	if h == &m.theme.Shared {
		return &m.brush.comets[1]
	}
	return &m.brush.comets[0]
}

// mixComets makes the comets of this frame. Few steps look the same as many and
// cost the terminal a third less.
func (m *Model) mixComets() {
	const steps = 12
	glow := .75 + .25*m.breath(0)
	for i := range m.brush.comets[0] {
		z := float64(i) / 14
		k := math.Round(math.Exp(-2*z*z)*steps) / steps
		k = .24 + .5*k*glow
		m.brush.comets[0][i] = m.theme.Local.Fill.at(k)
		m.brush.comets[1][i] = m.theme.Shared.Fill.at(k)
	}
}
