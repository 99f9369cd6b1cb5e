package ui

import "multiexit/ui/canvas"

// paintTimeline is the lanes as a pane of their own, for screens that have no
// room for them beside the tree: the rows around the selected one.
func (m *Model) paintTimeline(r rect) {
	w := &m.brush.win
	title := "Plan"
	if w.shut != nil {
		title = "Timeline"
	}
	in, x := m.frame(r, title, m.focus == paneTimeline)
	m.brush.text = append(append(m.brush.text[:0], m.glyphs.Tab...), " log"...)
	m.edgeRight(r, r.y, x, m.brush.text)
	in = rect{in.x + 1, in.y, in.w - 2, in.h}
	names := 14
	if in.w > 90 {
		names = 20
	}
	if in.h < 2 || in.w < names+20 {
		return
	}
	lx, lw := in.x+names, in.w-names
	w.cols = max(1, lw-queueWidth)
	rows := in.h
	if w.shut != nil {
		m.paintAxis(lx, in.y, w)
		in.y, rows = in.y+1, rows-1
	}
	m.mixComets()
	first := max(0, min(m.line(m.cursor)-rows/2, len(m.rows)-rows))
	for i := range min(rows, len(m.rows)-first) {
		m.paintTimelineRow(in.x, in.y+i, names, lx, lw, first+i)
	}
}

func (m *Model) paintTimelineRow(x, y, names, lx, lw, at int) {
	c, t, n := m.canvas, &m.theme, m.rows[at].node
	s := t.Calm
	switch {
	case n.ID == m.cursor:
		s = t.Strong
		c.Set(x-1, y, m.glyphs.Bar, fg(t.Focus))
		if !t.Flat {
			c.Fill(lx, y, lw, 1, ' ', canvas.Style{BG: m.selection()})
		}
	case !n.Alive():
		s = t.Label
	}
	c.Text(x, y, n.Title(), s, names-2)
	m.paintLane(lx, y, lw, n)
}
