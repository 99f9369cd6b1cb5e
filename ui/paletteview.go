package ui

import (
	"slices"

	"multiexit/ui/canvas"
)

// paintPalette: what was typed, and what it may mean.
func (m *Model) paintPalette() {
	c, t, d := m.canvas, &m.theme, &m.dialog
	rows := max(1, min(16, m.height-11))
	head, does := "palette", "do it"
	if d.runs {
		head, does = "compare this run with", "compare"
	}
	in := m.modal(76, rows+7, head, m.rim(&m.theme.Local))
	m.paintInput(in.x, in.y, in.w, ": ")
	if len(d.found) == 0 {
		c.Text(in.x+2, in.y+2, "nothing matches", t.Words, in.w-2)
	}
	first := max(0, min(d.choice-rows/2, len(d.found)-rows))
	for i := range min(rows, len(d.found)) {
		m.paintFound(in.x, in.y+2+i, in.w, first+i)
	}
	m.paintThumb(in.x+in.w+2, in.y+2, rows, first, len(d.found))
	m.paintKeys(in, m.glyphs.Return, does, "↑↓", "choose", "esc", "close")
}

func (m *Model) paintFound(x, y, w, at int) {
	c, t, e := m.canvas, &m.theme, &m.dialog.found[at]
	s := t.Normal
	if e.why != "" {
		s = t.Hint
	}
	if at == m.dialog.choice {
		if !t.Flat {
			c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
		}
		c.Set(x, y, m.glyphs.Bar, fg(t.Local.Base))
		s.A |= canvas.Bold
	}
	m.brush.spots = append(m.brush.spots, spot{rect{x, y, w, 1}, at})
	u := 2
	for i, r := range e.name {
		style := s
		if slices.Contains(e.lit, i) {
			style = fg(t.Local.Base).With(canvas.Bold)
			if t.Flat {
				style.A |= canvas.Underline
			}
		}
		u += c.Text(x+u, y, string(r), style, w-u-10)
	}
	if e.of != "" {
		u += c.Text(x+u, y, " · ", t.Hint, w-u-10)
		u += c.Text(x+u, y, e.of, t.Label, w-u-10)
	}
	switch {
	case e.why != "":
		c.Text(x+u+2, y, e.why, t.Words, w-u-3)
	case e.key != "":
		c.TextR(x+w-1, y, m.spelt(e.key), t.Label)
	}
}
