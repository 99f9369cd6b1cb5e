package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// appendLedger appends what will not run any more: those that had their turn,
// the last one first, then those that were left out.
func appendLedger(dst []*tree.Handler, n *tree.Node) []*tree.Handler {
	for i := len(n.Ran()) - 1; i >= 0; i-- {
		if h := n.Ran()[i]; h.State != tree.Running {
			dst = append(dst, h)
		}
	}
	for _, h := range n.Handlers() {
		if !h.Began && (h.State == tree.Skipped || h.State == tree.Lost) {
			dst = append(dst, h)
		}
	}
	return dst
}

func (m *Model) paintLedger(r rect, d *deck) {
	entries := m.brush.ledger
	switch {
	case r.h == 0:
		return
	case r.h == 1:
		m.paintLedgerLine(r)
		return
	}
	c, t := m.canvas, &m.theme
	c.HLine(r.x, r.y, r.w, m.glyphs.Border.Top, fg(t.Faint))
	popped := 0
	for _, h := range entries {
		if h.Began {
			popped++
		}
	}
	b := append(m.brush.text[:0], "popped "...)
	b = appendCount(b, popped)
	b = appendCount(append(b, " of "...), d.total)
	m.brush.text = append(b, ' ')
	c.Bytes(r.x, r.y, m.brush.text, t.Calm, r.w)
	if last := entries[0]; last.Began {
		m.brush.text = tree.AppendTook(append(m.brush.text[:0], ' '), m.ends(last)-last.Node.Ran()[0].Begin)
		c.BytesR(r.x+r.w, r.y, m.brush.text, t.Calm)
	}
	for i := range min(r.h-1, len(entries)) {
		if i == r.h-2 && i < len(entries)-1 {
			b := append(m.brush.text[:0], "… "...)
			m.brush.text = append(appendCount(b, len(entries)-i), " more"...)
			c.Bytes(r.x+3, r.y+1+i, m.brush.text, t.Label, r.w-3)
			return
		}
		m.paintEntry(r.x, r.y+1+i, r.w, entries[i])
	}
}

// paintEntry: mark, name, what went wrong, and how long it took.
func (m *Model) paintEntry(x, y, w int, h *tree.Handler) {
	c, t := m.canvas, &m.theme
	glyph, color, name, why := m.glyphs.OK, t.OK.Base, t.Calm, h.Err
	switch {
	case bad(h):
		glyph, color, name = m.glyphs.No, t.Fail.Base, t.Normal
		if h.State == tree.Lost && why == "" {
			why = "never ended"
			if !h.Began {
				why = "never ran"
			}
		}
	case h.State == tree.Skipped:
		glyph, color = m.glyphs.Skip, t.Muted
	}
	if k := m.glint(h.End, entryTime); k > 0 && !t.Flat && (h.State == tree.Done || h.State == tree.Broken) {
		hue := &t.OK
		if bad(h) {
			hue = &t.Fail
		}
		c.Fill(x, y, w, 1, ' ', canvas.Style{BG: hue.Fill.at(.26 * k)})
	}
	if h.Fault != "" && !bad(h) {
		glyph, color, name = m.glyphs.Flag, t.Signal.Base, t.Normal
	}
	c.Set(x+1, y, glyph, fg(color).With(canvas.Bold))
	end := x + w - 1
	if h.Began {
		end -= 2 + m.duration(end, y, m.ends(h)-h.Begin, t.Label)
	}
	px := x + 3
	px += c.Text(px, y, h.Name, name, end-px)
	if h.Fault != "" {
		px += c.Text(px+1, y, "injected ", fg(t.Signal.Base), end-px-1) + 1
		px += c.Text(px, y, h.Fault, fg(t.Signal.Base), end-px)
	}
	switch {
	case h.State == tree.Skipped:
		px += c.Text(px+1, y, "skipped: ", t.Label, end-px-1)
		c.Text(px+1, y, why, t.Label, end-px-1)
	case why != "" && bad(h):
		c.Text(px+2, y, why, fg(t.Fail.Tone.at(.8)), end-px-2)
	case h.From != nil && px+1 < end:
		c.Set(px+1, y, m.glyphs.Up, fg(t.Shared.Tone.at(.6)))
	}
}

// paintLedgerLine is the ledger of a low pane: the numbers, and the last one.
func (m *Model) paintLedgerLine(r rect) {
	c, t := m.canvas, &m.theme
	good, failed, skipped := 0, 0, 0
	for _, h := range m.brush.ledger {
		switch {
		case bad(h):
			failed++
		case h.State == tree.Skipped:
			skipped++
		default:
			good++
		}
	}
	x := r.x
	put := func(n int, glyph rune, word string, s canvas.Style) {
		if n == 0 {
			return
		}
		c.Set(x, r.y, glyph, s)
		x += 2 + m.count(x+2, r.y, n, s)
		x += c.Text(x, r.y, word, s, r.x+r.w-x) + 2
	}
	put(good, m.glyphs.OK, " popped", fg(t.OK.Tone.at(.8)))
	put(failed, m.glyphs.No, " failed", fg(t.Fail.Base))
	put(skipped, m.glyphs.Skip, " skipped", t.Label)
	last := m.brush.ledger[0]
	if !last.Began {
		return
	}
	b := append(append(m.brush.text[:0], "last "...), last.Name...)
	m.brush.text = tree.AppendTook(append(b, ' '), m.ends(last)-last.Begin)
	if w := canvas.BytesWidth(m.brush.text); x+w <= r.x+r.w {
		c.BytesR(r.x+r.w, r.y, m.brush.text, t.Label)
	}
}
