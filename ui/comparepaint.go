package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// layout puts everything in its place: the processes above the list, or left of it
// where there is room.
func (c *Comparison) layout() (g struct{ body, tree, lanes, list rect }) {
	w, h := c.width, c.height
	high := h - 2
	body := rect{0, 1, w, high}
	if w >= 160 {
		side := w * 2 / 5
		body.w -= side
		g.list = rect{w - side, 1, side, high}
	} else {
		low := min(max(6, high*2/5), len(c.items)+4)
		body.h -= low
		g.list = rect{0, 1 + body.h, w, low}
	}
	split := 26
	switch {
	case w >= 160:
		split = 38
	case w >= 100:
		split = 34
	}
	g.body = body
	g.tree = rect{1, 3, split - 1, body.h - 3}
	g.lanes = rect{split + 4, 3, body.w - split - 6, body.h - 3}
	return g
}

func (c *Comparison) draw() {
	m, g := c.paint[0], c.layout()
	if m.canvas.W != c.width || m.canvas.H != c.height {
		m.canvas.Resize(c.width, c.height)
	}
	m.canvas.Paper, m.canvas.Ink = m.theme.Back, m.theme.Text
	m.canvas.Clear()
	if c.width < 60 || c.height < 16 {
		m.paintWrapped(0, 0, c.width, c.height, "the window is too small for two runs: 60x16 is the least", m.theme.Label)
		return
	}
	c.paintHeader()
	c.paintPairs(g.body, g.tree, g.lanes)
	c.paintList(g.list)
	c.paintFooter()
	if c.help {
		help := c.keys.group()
		in := m.modal(52, len(help.Keys)+5, "keys", m.theme.Muted)
		m.paintHelpGroup(in.x, in.y, in.h, 0, in.w, help)
	}
}

// paintHeader: the two runs, how long each shutdown took, and the difference.
func (c *Comparison) paintHeader() {
	m := c.paint[0]
	const name = "multiexit"
	x := 2
	for i, r := range name {
		m.canvas.Set(x+i, 0, r, fg(m.theme.brand(float64(i)/float64(len(name)-1))).With(canvas.Bold))
	}
	x += len(name) + 2
	end := c.width - 2
	if by := c.diff.After.Total - c.diff.Before.Total; by != 0 {
		b, hue := append(m.brush.text[:0], '+'), &m.theme.Signal
		if by < 0 {
			b, hue = append(b[:0], '-'), &m.theme.OK
		}
		m.brush.text = tree.AppendTook(b, by.Abs())
		end -= m.canvas.BytesR(end, 0, m.brush.text, fg(hue.Base).With(canvas.Bold)) + 2
	}
	each := max(0, (end-x)/2)
	c.paintRun(x, each, 0)
	c.paintRun(x+each, each, 1)
}

// paintRun writes which run it is in w cells: its letter, what the user calls it,
// how long its shutdown took.
func (c *Comparison) paintRun(x, w, side int) {
	m, s := c.paint[0], &c.runs[side]
	style := m.theme.Label
	if c.run() == side {
		style = fg(m.theme.Focus).With(canvas.Bold | canvas.Reverse)
	}
	m.canvas.Text(x, 0, " "+sideNames[side]+" ", style, 3)
	x, w = x+4, w-4
	run := c.figures(side)
	b := append(m.brush.text[:0], "no shutdown"...)
	if run.Signal != "" {
		b = tree.AppendTook(m.brush.text[:0], run.Total)
	}
	m.brush.text = b
	c.heads[side] = rect{x - 4, 0, w + 4, 1}
	need := canvas.BytesWidth(b) + 2
	x += m.canvas.Text(x, 0, s.Name, m.theme.Calm, w-need)
	if title := s.Show.Title; title != "" && title != s.Name && c.width >= 100 {
		x += 1 + m.canvas.Text(x+1, 0, title, m.theme.Label, w-need-canvas.Width(s.Name)-1)
	}
	m.canvas.Bytes(x+1, 0, b, m.theme.Strong, need)
}

func (c *Comparison) paintFooter() {
	m, y := c.paint[0], c.height-1
	s := canvas.Style{FG: m.theme.Back, BG: m.theme.Local.Base, A: canvas.Bold}
	if m.theme.Flat {
		s = canvas.Style{FG: m.theme.Local.Base, A: canvas.Bold | canvas.Reverse}
	}
	x := 3 + m.canvas.Text(1, y, " COMPARE ", s, 12)
	if c.notice != "" {
		m.canvas.Text(x, y, fitting(c.notice, c.width-2-x), m.theme.Normal, c.width-2-x)
		return
	}
	m.paintFitting(x, y, c.width-2, c.hints(), 2)
}
