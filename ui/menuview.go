package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintMenu: any signal, found by typing.
func (m *Model) paintMenu() {
	c, t, d := m.canvas, &m.theme, &m.dialog
	rows := max(1, min(12, m.height-12))
	in := m.modal(52, 8+rows, string(m.glyphs.Bolt)+" send a signal", m.rim(&t.Signal))
	ns := m.targets()
	if len(ns) == 1 {
		m.paintWhom(in.x, in.y, in.w, ns[0])
	} else {
		c.Bytes(in.x, in.y, append(appendCount(nil, len(ns)), " marked processes"...), t.Strong, in.w)
	}
	u := c.Text(in.x, in.y+1, "find: ", t.Label, in.w)
	u += c.Text(in.x+u, in.y+1, d.input, t.Strong, in.w-u)
	c.Set(in.x+u, in.y+1, m.glyphs.Caret, fg(t.Focus))
	if len(d.items) == 0 {
		c.Text(in.x+2, in.y+3, "no signal matches", t.Words, in.w-2)
	}
	first := max(0, min(d.choice-rows/2, len(d.items)-rows))
	for i := range min(rows, len(d.items)) {
		m.paintMenuItem(in.x, in.y+3+i, in.w, first+i, ns)
	}
	m.paintThumb(in.x+in.w+2, in.y+3, rows, first, len(d.items))
	y := in.y + in.h - 1
	u = c.Text(in.x, y, m.glyphs.Return, t.Strong, 6)
	u += c.Text(in.x+u, y, " send   ", t.Label, 10)
	u += c.Text(in.x+u, y, "esc", t.Strong, 4)
	c.Text(in.x+u, y, " cancel", t.Label, 10)
}

func (m *Model) paintMenuItem(x, y, w, at int, ns []*tree.Node) {
	c, t, sig := m.canvas, &m.theme, m.dialog.items[at]
	s := t.Normal
	if at == m.dialog.choice {
		if !t.Flat {
			c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
		}
		c.Set(x, y, m.glyphs.Bar, fg(t.Signal.Base))
		s = t.Strong
	}
	c.Text(x+2, y, sig, s, 14)
	m.brush.spots = append(m.brush.spots, spot{rect{x, y, w, 1}, at})
	if len(ns) == 1 {
		d := ns[0].Disposition(sig)
		if sig == "SIGTERM" {
			d = disposition(ns[0])
		}
		c.Text(x+18, y, string(d), t.Label, w-18)
	}
}
