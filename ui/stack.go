package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintStack draws the pane of the selected process: its handlers as a deck of
// cards, the next one on top, and a ledger of those that had their turn.
func (m *Model) paintStack(r rect) {
	in, x := m.frame(r, "Stack", m.focus == paneStack)
	n := m.selected()
	if n == nil {
		return
	}
	m.brush.text = m.appendRungIn(appendKinds(m.brush.text[:0], n), n)
	if m.brush.geo.tier == tierSmall {
		m.brush.text = append(append(m.brush.text[:0], m.glyphs.Tab...), " timeline"...)
	}
	free := m.edgeRight(r, r.y, x+6, m.brush.text)
	x = m.edgeLeft(x, r.y, n.Title(), free-x-1)
	if n.PID > 0 {
		m.brush.text = appendInt(m.brush.text[:0], n.PID)
		if x+len(m.brush.text) < free-1 {
			m.edgeLeft(x, r.y, string(m.brush.text), free-x)
		}
	}
	m.paintUsage(r, n)
	in = rect{in.x + 1, in.y, in.w - 2, in.h}
	if in.h >= 20 { // room to breathe
		in.y, in.h = in.y+1, in.h-1
	}
	if in.w < 12 || in.h < 1 {
		return
	}
	if n.State == tree.Unborn {
		text, s := m.unborn(n)
		m.center(in, in.y+in.h/2, text, s)
		return
	}
	m.paintDeck(in, n)
}

// appendKinds: "4 local · 1 shared · 3 inherited", without those of which there
// are none.
func appendKinds(b []byte, n *tree.Node) []byte {
	local, shared, inherited := n.Kinds()
	for _, k := range [...]struct {
		n    int
		word string
	}{{local, " local"}, {shared, " shared"}, {inherited, " inherited"}} {
		if k.n == 0 {
			continue
		}
		if len(b) > 0 {
			b = append(b, " · "...)
		}
		b = append(appendCount(b, k.n), k.word...)
	}
	return b
}

// paintUsage writes what the process consumes, and its command line, into the
// lower edge.
func (m *Model) paintUsage(r rect, n *tree.Node) {
	u, ok := m.usage[n.ID]
	if !ok || u == (Usage{}) || !n.Alive() || r.w < 30 {
		return
	}
	b := append(m.brush.text[:0], "cpu "...)
	b = tree.AppendFixed(b, time.Duration(u.CPU*1000), 1000, 1)
	b = appendBytes(append(b, " % · "...), u.RSS)
	if u.User != "" {
		b = append(append(b, " · "...), u.User...)
	}
	m.brush.text = b
	y := r.y + r.h - 1
	m.canvas.Set(r.x+2, y, ' ', canvas.Style{})
	x := r.x + 3 + m.canvas.Bytes(r.x+3, y, b, m.theme.Label, r.w-6)
	m.canvas.Set(x, y, ' ', canvas.Style{})
	if room := r.x + r.w - 4 - x; u.Cmdline != "" && room > 6 {
		x += m.canvas.Text(x, y, " · ", m.theme.Label, 3)
		x += m.canvas.Text(x, y, u.Cmdline, m.theme.Hint, room-2)
		m.canvas.Set(x, y, ' ', canvas.Style{})
	}
}

// paintEmpty: all of them had their turn.
func (m *Model) paintEmpty(r rect, n *tree.Node) {
	if r.h < 1 {
		return
	}
	t := &m.theme
	s, glyph := fg(t.OK.Base).With(canvas.Bold), m.glyphs.OK
	b := append(m.brush.text[:0], "stack empty"...)
	if len(m.brush.ledger) == 0 {
		b = append(b[:0], "no handlers"...)
	}
	switch {
	case n.Alive():
		s, glyph = t.Calm, m.glyphs.Exiting
	case n.Sabotaged():
		s, glyph = fg(t.Signal.Base).With(canvas.Bold), m.glyphs.Flag
	case n.State == tree.Failed:
		s, glyph = fg(t.Fail.Base).With(canvas.Bold), m.glyphs.No
		if n.Lost() > 0 {
			b = append(b[:0], "ended with handlers on its stack"...)
		}
	}
	if !n.Alive() {
		b = appendOutcome(append(b, " · "...), n)
		if n.SigName != "" && n.Gone >= n.Signalled {
			b = tree.AppendTook(append(b, " · "...), n.Gone-n.Signalled)
		}
	}
	m.brush.text = b
	w := canvas.BytesWidth(b)
	x := r.x + max(0, (r.w-w-2)/2)
	y := r.y + max(0, (r.h-1)/2)
	m.canvas.Set(x, y, glyph, s)
	m.canvas.Bytes(x+2, y, b, s, r.x+r.w-x-2)
}

// paintNoHandlers says what a signal does instead.
func (m *Model) paintNoHandlers(r rect, n *tree.Node) {
	t := &m.theme
	y := r.y + max(0, r.h/2-1)
	if !n.Alive() {
		m.paintEmpty(r, n)
		return
	}
	m.center(r, y, m.instead(n), t.Label)
	second := ""
	switch d := disposition(n); {
	case waits(n): // that is said above
	case n.Stopped:
		second = "stopped: a signal waits until SIGCONT"
	case d == tree.Caught && !n.Reports:
		second = "programs that import exitreg show their handlers here"
	case (d == tree.Ignored || d == tree.Blocked) && m.keys.Kill.Enabled():
		second = "only SIGKILL ends it"
	}
	if r.h > 1 {
		m.center(r, y+1, second, t.Hint)
	}
}

func (m *Model) center(r rect, y int, s string, st canvas.Style) {
	x := r.x + max(0, (r.w-canvas.Width(s))/2)
	m.canvas.Text(x, y, s, st, r.x+r.w-x)
}
