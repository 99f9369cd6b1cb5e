package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
	"multiexit/ui/canvas"
)

// holdup remembers what the shutdown waits for: finding that is a walk over all
// processes, and between two events only its numbers change.
type holdup struct {
	of    *tree.Tree
	at    int
	shut  *tree.Signal
	till  time.Duration // from then on it may be another
	find  check.Finder
	check check.Blocked
	end   time.Duration // of the time that is left; 0: nothing ends it
}

// blockage is what the picture waits for now.
func (h *holdup) blockage(t *tree.Tree, at int, now time.Duration) *check.Blocked {
	if h.of == t && h.at == at && h.shut == t.Shut && now < h.till && now >= h.till-time.Second {
		return &h.check
	}
	b := h.find.BlockedBy(t, nil, max(now, t.Last))
	h.of, h.at, h.shut, h.check, h.end = t, at, t.Shut, b, 0
	h.till = (now/time.Second + 1) * time.Second
	if b.Left > 0 {
		h.end = max(now, t.Last) + b.Left
		h.till = min(h.till, h.end)
	}
	return &h.check
}

// paintBlocked says in the lower edge of the processes what the shutdown waits
// for: "waiting 4.2s on db-writer 4719: handler flush-wal 2/5, 5.8s left, then
// SIGKILL". A pane that fills the screen has it in its own edge.
func (m *Model) paintBlocked() {
	if n := &m.tree.Counts; m.tree.Shut == nil || m.tree.Done || n.Exiting+n.Stuck == 0 {
		return
	}
	h := &m.brush.holdup
	b := h.blockage(m.tree, m.at, m.now)
	r := m.blockedRect()
	if b.Node == nil || r.w < 30 {
		return
	}
	c, t := m.canvas, &m.theme
	x, y, end := r.x+2, r.y+r.h-1, r.x+r.w-3
	c.Set(x, y, ' ', canvas.Style{})
	glyph := m.glyphs.Exiting
	switch {
	case waits(b.Node):
		glyph = m.glyphs.Held
	case b.Node.State == tree.Stuck:
		glyph = m.glyphs.Stuck
	}
	c.Set(x+1, y, glyph, fg(t.Signal.Base).With(canvas.Bold))
	c.Set(x+2, y, ' ', canvas.Style{})
	x += 3
	put := func(s string, st canvas.Style) { x += c.Text(x, y, s, st, end-x) }
	put("waiting ", t.Label)
	if !m.brush.win.over { // else nothing counts any more
		m.brush.text = append(tree.AppendLeft(m.brush.text[:0], m.now-b.Since), ' ')
		x += c.Bytes(x, y, m.brush.text, t.Calm, end-x)
	}
	put("on ", t.Label)
	put(b.Node.Title(), fg(t.Signal.Base).With(canvas.Bold))
	if b.Node.PID > 0 {
		m.brush.text = appendInt(append(m.brush.text[:0], ' '), b.Node.PID)
		x += c.Bytes(x, y, m.brush.text, t.Label, end-x)
	}
	put(": ", t.Label)
	put(b.Why, t.Normal)
	x = m.paintDeadline(x, y, end, b, h.end)
	c.Set(x, y, ' ', canvas.Style{})
}

// paintDeadline: what is going to change it, and who else is waited for, if there
// is room for that.
func (m *Model) paintDeadline(x, y, end int, b *check.Blocked, at time.Duration) int {
	c, t := m.canvas, &m.theme
	if b.Then != "" && end-x > 12 {
		m.brush.text = append(tree.AppendLeft(append(m.brush.text[:0], ", "...), at-m.now), " left"...)
		x += c.Bytes(x, y, m.brush.text, t.Label, end-x)
		s := t.Calm
		if b.Then == "SIGKILL" {
			s = fg(t.Fail.Base).With(canvas.Bold)
		}
		const then = ", then "
		if len(then)+canvas.Width(b.Then) <= end-x {
			x += c.Text(x, y, then, t.Label, end-x)
			x += c.Text(x, y, b.Then, s, end-x)
		}
	}
	if b.Others > 0 {
		m.brush.text = appendCount(append(m.brush.text[:0], "; and on "...), b.Others)
		m.brush.text = append(m.brush.text, " more"...)
		if w := canvas.BytesWidth(m.brush.text); w <= end-x {
			x += c.Bytes(x, y, m.brush.text, t.Label, w)
		}
	}
	return x
}

// blockedRect is the frame whose lower edge has the line.
func (m *Model) blockedRect() rect {
	g := &m.brush.geo
	for _, r := range [...]rect{g.body, g.log, g.stack} {
		if r.h > 1 {
			return r
		}
	}
	return rect{}
}
