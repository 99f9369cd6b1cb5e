package ui

import (
	"math"
	"time"

	"multiexit/tree"
	"multiexit/tree/diff"
	"multiexit/ui/canvas"
)

// paintPairs draws the processes and what ran in them, run A over run B.
func (c *Comparison) paintPairs(body, tr, lanes rect) {
	m := c.paint[0]
	_, x := m.frame(body, "Processes", false)
	m.brush.text = appendCount(m.brush.text[:0], len(c.rows))
	x += m.canvas.Bytes(x, body.y, m.brush.text, m.theme.Label, 8)
	m.canvas.Set(x, body.y, ' ', canvas.Style{})
	divider := lanes.x - 4
	m.canvas.VLine(divider, body.y+1, body.h-2, m.glyphs.Border.Left, fg(m.theme.Faint))
	m.canvas.Set(divider, body.y, m.glyphs.Border.MiddleTop, fg(m.theme.Faint))
	m.canvas.Set(divider, body.y+body.h-1, m.glyphs.Border.MiddleBottom, fg(m.theme.Faint))
	m.canvas.Text(divider+2, body.y, " Since the shutdown began ", m.theme.Title, lanes.w)
	cols := max(1, lanes.w-queueWidth)
	for side, p := range c.paint {
		p.brush.win = c.window(side, cols)
	}
	m.paintAxis(lanes.x, lanes.y-1, &m.brush.win)
	for i := range min(lanes.h, len(c.shown)-c.top) {
		l := c.shown[c.top+i]
		y := lanes.y + i
		selected := len(c.items) > 0 && c.items[c.cur].row == l.row
		if selected && !m.theme.Flat {
			m.canvas.Fill(body.x+1, y, body.w-2, 1, ' ', canvas.Style{BG: m.theme.Select})
			m.canvas.Set(divider, y, m.glyphs.Border.Left, fg(m.theme.Faint))
		}
		if selected {
			m.canvas.Set(tr.x, y, m.glyphs.Bar, fg(m.theme.Focus))
		}
		c.paintLabel(tr, y, l)
		c.paintPair(lanes.x, y, lanes.w, l, selected)
	}
	m.paintThumb(divider, lanes.y, lanes.h, c.top, len(c.shown))
}

// paintLabel is the left part of a line: the process in the first of a pair, what
// has changed in the second.
func (c *Comparison) paintLabel(r rect, y int, l pairLine) {
	m, pr := c.paint[0], &c.rows[l.row]
	n := pr.any()
	deepest := max(1, (r.w-14)/2)
	depth := min(n.Depth, deepest)
	if l.side == 1 {
		c.paintPassing(r.x+1, y, l.row, deepest)
		if len(pr.changes) > 0 {
			m.canvas.Text(r.x+4+2*depth, y, pr.more(), fg(c.hueOf(pr).Base), r.w-5-2*depth)
		}
		return
	}
	m.paintGuides(r.x+1, y, &row{node: n, last: pr.last}, deepest)
	x := r.x + 1 + 2*depth
	glyph, color := m.mark(n, 0)
	style := m.theme.Normal
	switch {
	case len(pr.changes) == 0:
		style = fg(m.theme.Muted)
	case pr.node[0] == nil:
		glyph, color = '+', m.theme.OK.Base
	case pr.node[1] == nil:
		glyph, color = '-', m.theme.Fail.Base
	default:
		style = m.theme.Strong
	}
	m.canvas.Set(x, y, glyph, fg(color))
	m.paintTitle(x+2, y, r.x+r.w-1-x-2, n, style)
}

// paintPassing draws the lines of the tree that go past the second line of a pair.
func (c *Comparison) paintPassing(x, y, at, deepest int) {
	m, pr := c.paint[0], &c.rows[at]
	depth := pr.any().Depth
	for k := 1; k <= min(depth, deepest); k++ {
		if pr.last&(1<<k) == 0 {
			m.canvas.Set(x+2*(k-1), y, m.glyphs.Guide, fg(m.theme.Faint))
		}
	}
	if at+1 < len(c.rows) && c.rows[at+1].any().Depth > depth && depth < deepest {
		m.canvas.Set(x+2*depth, y, m.glyphs.Guide, fg(m.theme.Faint))
	}
}

// hueOf is the colour of the first change of a row.
func (c *Comparison) hueOf(r *pairRow) *Hue {
	_, hue := c.signOf(r.changes[0])
	return hue
}

// paintPair is the right part of a line: the lane of one run. One that stands for
// both is faint: there is nothing to see.
func (c *Comparison) paintPair(x, y, w int, l pairLine, selected bool) {
	r := &c.rows[l.row]
	side := l.side
	if side == bothSides {
		if side = 1; r.node[1] == nil {
			side = 0
		}
	}
	m, n := c.paint[side], r.node[side]
	if l.side != bothSides {
		s := m.theme.Label
		if c.run() == side && selected {
			s = fg(m.theme.Focus).With(canvas.Bold)
		}
		m.canvas.Text(x-2, y, sideNames[side], s, 1)
	}
	if n == nil {
		m.canvas.Text(x+1, y, "not in run "+sideNames[side], m.theme.Words, w-1)
		return
	}
	m.cursor, m.focus = "", paneTree
	if selected {
		m.cursor = n.ID
	}
	m.paintLane(x, y, w, n)
	if l.side == bothSides {
		c.fade(x, y, w)
		return
	}
	for _, ch := range r.changes {
		c.paintChange(x, y, side, n, ch, selected && sameChange(ch, &c.items[c.cur].Change))
	}
}

func sameChange(a, b *diff.Change) bool {
	return a.Kind == b.Kind && a.NodeA == b.NodeA && a.NodeB == b.NodeB && a.Handler == b.Handler
}

// fade lets a lane step back.
func (c *Comparison) fade(x, y, w int) {
	t := &c.paint[0].theme
	c.paint[0].canvas.Map(x, y, w, 1, func(_, _ int, cell *canvas.Cell) {
		if t.Flat {
			cell.S.A |= canvas.Dim
			return
		}
		cell.S.FG = canvas.Mix(t.Back, cell.S.FG, .5)
		if cell.S.BG != 0 {
			cell.S.BG = canvas.Mix(t.Back, cell.S.BG, .5)
		}
	})
}

// paintChange marks in the lane of one run what is different in it.
func (c *Comparison) paintChange(x, y, side int, n *tree.Node, ch *diff.Change, selected bool) {
	m := c.paint[side]
	sign, hue := c.signOf(ch)
	h := handlerNamed(n, ch.Handler)
	if h == nil || !h.Began {
		if ch.Handler == "" {
			c.paintLinger(x, y, side, n, ch, hue)
		}
		return
	}
	a, b := m.span(h)
	b = min(b, m.brush.win.cols)
	switch {
	case ch.Kind == diff.HandlerGained && side == 1, ch.Kind == diff.HandlerLost && side == 0:
		c.tint(x+a, y, b-a, hue, .45)
		m.canvas.Set(x+a, y, sign, fg(hue.Hi).With(canvas.Bold))
	case ch.Kind == diff.Order:
		m.canvas.Set(x+a, y, sign, fg(hue.Hi).With(canvas.Bold))
	case ch.Kind == diff.Slower && side == 1, ch.Kind == diff.Faster && side == 0:
		c.paintExcess(x, y, b, h.End-ch.By, side, ch, hue)
	}
	if selected {
		for q := a; q < b; q++ {
			cell := m.canvas.At(x+q, y)
			if cell.S.A |= canvas.Underline; q == a {
				cell.S.A |= canvas.Bold
			}
			if cell.R == ' ' && !m.theme.Flat {
				cell.S.FG = m.theme.Focus
			}
		}
	}
}

// paintExcess lights the part of a bar that the other run has not, up to cell b,
// and says how long it is if there is room.
func (c *Comparison) paintExcess(x, y, b int, from time.Duration, side int, ch *diff.Change, hue *Hue) {
	m := c.paint[side]
	a := max(1, min(b-1, int(math.Floor(m.brush.win.col(from)))))
	c.tint(x+a, y, b-a, hue, .5)
	sign := byte('+')
	if ch.Kind == diff.Faster {
		sign = '-'
	}
	m.brush.text = tree.AppendTook(append(m.brush.text[:0], sign), ch.By)
	if need := canvas.BytesWidth(m.brush.text); b-a > need {
		m.canvas.Fill(x+a, y, b-a, 1, ' ', fg(hue.Hi)) // a name that reached into it would read on
		m.canvas.BytesR(x+b-1, y, m.brush.text, fg(hue.Hi).With(canvas.Bold))
	}
}

// paintLinger marks the time that a process took by itself in the slower run.
func (c *Comparison) paintLinger(x, y, side int, n *tree.Node, ch *diff.Change, hue *Hue) {
	if !(ch.Kind == diff.Slower && side == 1 || ch.Kind == diff.Faster && side == 0) || n.Alive() {
		return
	}
	m := c.paint[side]
	from, to := max(1, int(m.brush.win.col(n.Gone-ch.By))), min(int(m.brush.win.col(n.Gone)), m.brush.win.cols)
	for q := from; q < to; q++ {
		if cell := m.canvas.At(x+q, y); cell.R == ' ' {
			cell.R, cell.S.FG = m.glyphs.Dash, hue.Base
		}
	}
}

// tint gives a stretch of a lane another colour and leaves what is written on it.
func (c *Comparison) tint(x, y, w int, hue *Hue, k float64) {
	m := c.paint[0]
	m.canvas.Map(x, y, w, 1, func(_, _ int, cell *canvas.Cell) {
		if m.theme.Flat {
			cell.S.FG = hue.Base
			cell.S.A |= canvas.Bold
			return
		}
		cell.S.BG = hue.Fill.at(k)
		cell.S.FG = hue.Hi
	})
}
