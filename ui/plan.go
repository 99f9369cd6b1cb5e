package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintPlan draws what SIGTERM would run as chips, the first to run first; or
// in words why it would run nothing.
func (m *Model) paintPlan(x, y, w int, n *tree.Node) {
	if !n.Alive() {
		m.brush.text = appendOutcome(m.brush.text[:0], n)
		m.canvas.Bytes(x, y, m.brush.text, m.theme.Words, w)
		return
	}
	m.brush.plan = n.AppendPlan(m.brush.plan[:0])
	plan := m.brush.plan
	if d := disposition(n); d != tree.Caught || len(plan) == 0 {
		text := "not known"
		if d != tree.Unknown {
			text = m.instead(n)
		}
		m.canvas.Text(x, y, text, m.theme.Words, w)
		return
	}
	selected := n.ID == m.cursor
	px := 0
	for i, h := range plan {
		width := canvas.Width(h.Name) + 3 + m.plotOf(h).cells()
		if px+width > w || px+width+4 > w && i < len(plan)-1 {
			if i == 0 {
				m.paintChip(x, y, w-4, h, selected)
				px, i = w-3, 1
			}
			m.brush.text = appendCount(append(m.brush.text[:0], '+'), len(plan)-i)
			m.canvas.Bytes(x+px, y, m.brush.text, m.theme.Label, w-px)
			return
		}
		m.paintChip(x+px, y, width-1, h, selected)
		px += width
	}
}

func (m *Model) paintChip(x, y, w int, h *tree.Handler, selected bool) {
	c, t, hue := m.canvas, &m.theme, m.hue(h)
	fill, ink := .085, .62
	if selected {
		fill, ink = .2, .95
	}
	if !t.Flat {
		c.Fill(x, y, w, 1, ' ', canvas.Style{BG: hue.Fill.at(fill)})
	}
	c.Set(x, y, m.startMark(h), fg(hue.Tone.at(.75)))
	p, mark := m.plotOf(h), fg(t.Signal.Base).With(canvas.Bold)
	if p.stop {
		c.Set(x+1, y, m.glyphs.Halt, mark)
	}
	if p.fault != nil {
		c.Set(x+p.cells()-1, y, m.glyphs.Flag, mark)
	}
	x, w = x+p.cells(), w-p.cells()
	s := fg(t.Ink.at(ink))
	if h.Unbound { // will be skipped: this program does not define it
		s = fg(t.Muted).With(canvas.Italic)
	}
	c.Text(x+1, y, h.Name, s, w-1)
}

// instead is what SIGTERM does to a process in which it would run no handler
// that can be seen.
func (m *Model) instead(n *tree.Node) string {
	lost := n.Pending() > 0
	switch disposition(n) {
	case tree.Default:
		if lost {
			return "default action: terminate, its handlers never run"
		}
		return "default action: terminate"
	case tree.Ignored:
		return "ignores SIGTERM" + injectedHere(n)
	case tree.Blocked:
		return "blocks SIGTERM"
	case tree.Caught:
		if n.Reports {
			return "catches SIGTERM, no handlers registered"
		}
		return "catches SIGTERM by itself, what it runs is unseen"
	}
	return "what SIGTERM does is not known"
}
