package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintDialog draws the open dialog over a dimmed screen.
func (m *Model) paintDialog() {
	m.brush.spots = m.brush.spots[:0]
	switch m.dialog.kind {
	case dialogTerm:
		m.paintTermDialog()
	case dialogMenu:
		m.paintMenu()
	case dialogKill:
		m.paintKillDialog()
	case dialogQuit:
		m.paintQuitDialog()
	case dialogHelp:
		m.paintHelp()
	case dialogAbout:
		m.paintAbout()
	case dialogNext:
		m.paintNextDialog()
	case dialogVerb:
		m.paintVerbDialog()
	case dialogAdd:
		m.paintAddDialog()
	case dialogPalette:
		m.paintPalette()
	case dialogDetails:
		m.paintDetails()
	case dialogBreak:
		m.paintBreaks()
	case dialogFault:
		m.paintFaults()
	case dialogPace:
		m.paintPaceDialog()
	}
}

// dim takes the strength out of everything, so that what is painted next is in
// front.
func (m *Model) dim() {
	t := &m.theme
	m.canvas.Map(0, 0, m.width, m.height, func(_, _ int, cell *canvas.Cell) {
		if t.Flat {
			cell.S = canvas.Style{FG: t.Faint, A: canvas.Dim}
			return
		}
		cell.S.FG = canvas.Mix(t.Back, cell.S.FG, .35)
		if cell.S.BG != 0 {
			cell.S.BG = canvas.Mix(t.Back, cell.S.BG, .35)
		}
	})
}

// modal draws an empty dialog of at most w by h cells in the middle and returns
// what is inside its frame, without a margin. The edge has the colour of a hue
// only for what ends processes.
func (m *Model) modal(w, h int, title string, edge canvas.Color) rect {
	m.dim()
	w, h = min(w, m.width), min(h, m.height)
	r := rect{(m.width - w) / 2, (m.height - h) / 2, w, h}
	m.brush.box = r
	c, back := m.canvas, canvas.Style{BG: m.theme.Surface}
	c.Fill(r.x, r.y, r.w, r.h, ' ', back)
	c.Box(r.x, r.y, r.w, r.h, m.glyphs.Border, fg(edge))
	c.Set(r.x+2, r.y, ' ', back)
	n := c.Text(r.x+3, r.y, title, m.theme.Strong, r.w-6)
	c.Set(r.x+3+n, r.y, ' ', back)
	return rect{r.x + 3, r.y + 2, r.w - 6, r.h - 3}
}

// rim is the colour of a dialog's frame for a hue.
func (m *Model) rim(h *Hue) canvas.Color {
	if m.theme.Flat {
		return h.Base
	}
	return canvas.Mix(m.theme.Faint, h.Base, .8)
}

// paintButtons writes the answers; the chosen one is filled and carries the key
// that gives it.
func (m *Model) paintButtons(x, y, w int, hue *Hue, buttons []button) {
	c, t := m.canvas, &m.theme
	end := x + w
	for i, b := range buttons {
		s, key := t.Key, b.key
		if key == m.glyphs.Return || key == "⏎" {
			key = ""
		}
		if i == m.dialog.choice {
			key = m.glyphs.Return
			color := hue.Base
			if b.key == "esc" { // going back is no danger
				color = t.Text
			}
			s = canvas.Style{FG: t.Back, BG: color, A: canvas.Bold}
			if t.Flat {
				s = canvas.Style{FG: color, A: canvas.Bold | canvas.Reverse}
			}
		}
		if key != "" {
			key += " "
		}
		label := " " + key + b.label + " "
		n := canvas.Width(label)
		if x+n > end {
			return
		}
		m.brush.spots = append(m.brush.spots, spot{rect{x, y, n, 1}, i})
		x += c.Text(x, y, label, s, end-x) + 1
	}
}

// paintWhom writes the process a dialog is about, and that it has exited if so.
func (m *Model) paintWhom(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	u := m.paintTitle(x, y, w-10, n, t.Strong)
	if n.PID > 0 {
		m.brush.text = appendInt(append(m.brush.text[:0], ' '), n.PID)
		u += c.Bytes(x+u, y, m.brush.text, t.Label, w-u)
	}
	if !n.Alive() {
		c.Text(x+u+2, y, absent(n)[1:], fg(t.Signal.Base), w-u-2)
	}
}

// paintKillDialog: what SIGKILL would rob of its turn.
func (m *Model) paintKillDialog() {
	c, t := m.canvas, &m.theme
	ns := m.targets()
	var robbed []*tree.Handler
	for _, n := range ns {
		robbed = n.AppendPlan(robbed)
	}
	rows := max(1, min(len(robbed), m.height-12))
	in := m.modal(64, 8+rows, string(m.glyphs.No)+" send SIGKILL", m.rim(&t.Fail))
	switch len(ns) {
	case 1:
		m.paintWhom(in.x, in.y, in.w, ns[0])
	default:
		c.Text(in.x, in.y, processes(len(ns)), t.Strong, in.w)
	}
	c.Text(in.x, in.y+1, robs(len(ns), len(robbed)), t.Calm, in.w)
	first := min(m.dialog.scroll, max(0, len(robbed)-rows))
	for i := range min(rows, len(robbed)) {
		h := robbed[first+i]
		c.Set(in.x+1, in.y+3+i, m.glyphs.No, fg(t.Fail.Base))
		c.Text(in.x+3, in.y+3+i, h.Name, t.Calm, in.w/2)
		if len(ns) > 1 {
			c.Text(in.x+4+in.w/2, in.y+3+i, h.Node.Name, t.Label, in.w/2-4)
		}
	}
	m.paintThumb(in.x+in.w+2, in.y+3, rows, first, len(robbed))
	m.paintButtons(in.x, in.y+in.h-1, in.w, &t.Fail, m.buttons())
}

// robs is one line on what SIGKILL does to processes with so many handlers.
func robs(procs, handlers int) string {
	it, its := "it", "its"
	if procs != 1 {
		it, its = "them", "their"
	}
	switch handlers {
	case 0:
		return "ends " + it + " at once; nothing of " + its + " own runs"
	case 1:
		return "ends " + it + " at once; 1 handler never runs:"
	}
	return "ends " + it + " at once; " + plural(handlers, "handler") + " never run:"
}

// paintQuitDialog: what still lives.
func (m *Model) paintQuitDialog() {
	c, t := m.canvas, &m.theme
	tr := m.truth()
	var living []*tree.Node
	for _, n := range tr.Nodes {
		if n.Alive() {
			living = append(living, n)
		}
	}
	rows := max(1, min(len(living), 10, m.height-12))
	head := "quit"
	if m.guest() {
		head = "stop everything"
	}
	in := m.modal(62, 8+rows, head, m.rim(&t.Signal))
	b := append(appendCount(nil, len(living)), " processes still live"...)
	if len(living) == 1 {
		b = append(b[:0], "1 process still lives"...)
	}
	c.Bytes(in.x, in.y, b, t.Strong, in.w)
	text := "none is left behind: stop signal, grace period, SIGKILL"
	switch {
	case len(m.holds()) > 0 && !m.ending:
		text = "what is held is let go, and breakpoints are taken back"
	case m.guest():
		text = "ends it for every screen; q leaves and stops nothing"
	case m.ending:
		text = "being stopped; the screen leaves when all are gone"
	}
	c.Text(in.x, in.y+1, text, t.Calm, in.w)
	for i := range min(rows, len(living)) {
		y := in.y + 3 + i
		if i == rows-1 && i < len(living)-1 {
			b := append([]byte(nil), "… "...)
			c.Bytes(in.x+2, y, append(appendCount(b, len(living)-i), " more"...), t.Label, in.w-2)
			break
		}
		n := living[i]
		glyph, color := m.mark(n, 0)
		c.Set(in.x, y, glyph, fg(color))
		c.Text(in.x+2, y, n.Title(), t.Normal, 28)
		m.paintStanding(in.x+32, y, 12, n)
	}
	m.paintButtons(in.x, in.y+in.h-1, in.w, &t.Signal, m.buttons())
}
