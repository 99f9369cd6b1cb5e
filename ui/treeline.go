package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintGuides draws the lines from the ancestors to a row. Below the deepest
// level that has room, rows stay where they are and say how deep they are.
func (m *Model) paintGuides(x, y int, r *row, deepest int) {
	c, g, depth := m.canvas, &m.glyphs, r.node.Depth
	s := fg(m.theme.Faint)
	shown := min(depth, deepest)
	for k := 1; k < shown; k++ {
		if r.last&(1<<k) == 0 {
			c.Set(x+2*(k-1), y, g.Guide, s)
		}
	}
	if depth == 0 {
		return
	}
	px := x + 2*(shown-1)
	join := g.Tee
	if r.last&(1<<min(depth, 63)) != 0 {
		join = g.Elbow
	}
	branch := g.Branch
	if depth > deepest {
		branch = '…'
	}
	c.Set(px, y, join, s)
	if len(r.node.Kids) > 0 && m.folded[r.node.ID] {
		branch, s = g.Folded, fg(m.theme.Muted)
	}
	c.Set(px+1, y, branch, s)
}

// paintSmallStack: one mark a handler, in the order in which they run.
func (m *Model) paintSmallStack(x, y, w int, n *tree.Node) {
	i := 0
	put := func(r rune, s canvas.Style) bool {
		if i >= w {
			m.canvas.Set(x+w-1, y, '+', m.theme.Label)
			return false
		}
		m.canvas.Set(x+i, y, r, s)
		i++
		return true
	}
	g, t := &m.glyphs, &m.theme
	for _, h := range n.Ran() {
		r, s := g.Popped, fg(t.Gone)
		if h.Fault != "" && !bad(h) && h.State != tree.Running {
			if !put(g.Flag, fg(t.Signal.Base)) {
				return
			}
			continue
		}
		switch h.State {
		case tree.Running:
			r, s = g.Pending, fg(m.hue(h).Glow.at(m.breath(0))).With(canvas.Bold)
		case tree.Broken, tree.Lost:
			r, s = g.No, fg(t.Fail.Base)
		}
		if !put(r, s) {
			return
		}
	}
	m.brush.plan = n.AppendPlan(m.brush.plan[:0])
	for _, h := range m.brush.plan {
		r, s := g.Pending, fg(m.hue(h).Tone.at(.58))
		switch p := m.plotOf(h); {
		case p.fault != nil:
			r, s = g.Flag, fg(t.Signal.Base)
		case p.stop:
			r, s = g.Halt, fg(t.Signal.Base)
		}
		if !put(r, s) {
			return
		}
	}
}
