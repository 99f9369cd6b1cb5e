package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// columns are where the parts of a tree row stand.
type columns struct {
	name    int // limit of the name: first column that is not its own
	pid     int // end of the pid; 0: not shown
	state   int
	stateW  int
	stack   int // of the small stack; 0: not shown
	stackW  int
	deepest int // levels that are drawn with guides
}

// columnsOf fits the parts into w cells from x on, the least important goes
// first: the small stack, then the pid.
func columnsOf(x, w int, lanes bool) columns {
	right := x + w - 1
	c := columns{stateW: 10}
	switch {
	case !lanes && w >= 62:
		c.stackW, c.stateW = 8, 12
	case !lanes && w >= 50:
		c.stackW = 7
	}
	if c.stackW > 0 {
		c.stack = right - c.stackW
		right = c.stack - 1
	}
	c.state = right - c.stateW
	c.name = c.state - 1
	if w >= 40 {
		c.pid = c.state - 2
		c.name = c.pid - 7
	}
	c.deepest = max(1, min(20, (c.name-x-12)/2))
	return c
}

// paintTree draws the frame and the visible rows of the tree.
func (m *Model) paintTree() {
	g := &m.brush.geo
	_, x := m.frame(g.body, "Processes", m.focus == paneTree)
	limit := g.body.x + g.body.w - 2
	if g.lanes.w > 0 {
		limit = g.divider()
	}
	if m.filter.active() {
		b := appendCount(m.brush.text[:0], m.filter.hits)
		b = append(b, " of "...)
		m.brush.text = appendCount(b, m.tree.Counts.Total())
	} else {
		m.brush.text = appendCount(m.brush.text[:0], m.tree.Counts.Total())
	}
	if m.order != orderBirth {
		m.brush.text = append(append(m.brush.text, " · by "...), m.order.String()...)
	}
	if n := canvas.BytesWidth(m.brush.text); x+n+1 < limit {
		m.canvas.Bytes(x, g.body.y, m.brush.text, m.theme.Label, n)
		m.canvas.Set(x+n, g.body.y, ' ', canvas.Style{})
	}
	r := g.tree
	cols := columnsOf(r.x, r.w, g.lanes.w > 0)
	if g.lanes.w > 0 {
		m.paintHeadings(r, &cols)
	}
	for i := range min(r.h, len(m.rows)-m.offset) {
		m.paintRow(r.x, r.y+i, r.w, m.offset+i, &cols)
	}
	m.paintPulses(r, &cols)
	m.paintThumb(r.x+r.w, r.y, r.h, m.offset, len(m.rows))
	if len(m.rows) == 0 {
		m.paintNoRows(r)
	}
}

func (m *Model) paintNoRows(r rect) {
	text := "no processes yet"
	if m.filter.active() {
		text = "nothing matches the filter"
	}
	m.canvas.Text(r.x+1, r.y, text, m.theme.Words, r.w-2)
}

func (m *Model) paintHeadings(r rect, cols *columns) {
	c, s, y := m.canvas, m.theme.Hint, r.y-1
	c.Text(r.x+1, y, "name", s, 8)
	if cols.pid > 0 {
		c.TextR(cols.pid, y, "pid", s)
	}
	c.Text(cols.state, y, "SIGTERM", s, cols.stateW)
}

// paintThumb shows on a frame's edge which part of a list is visible.
func (m *Model) paintThumb(x, y, h, offset, n int) {
	if n <= h || h < 2 {
		return
	}
	size := max(1, h*h/n)
	at := (h - size) * min(offset, n-h) / (n - h)
	m.canvas.VLine(x, y+at, size, m.glyphs.Thumb, fg(m.theme.Muted))
}

func (m *Model) paintRow(x, y, w, at int, cols *columns) {
	c, t, g := m.canvas, &m.theme, &m.glyphs
	r := &m.rows[at]
	n := r.node
	selected := n.ID == m.cursor
	m.paintRowBack(x, y, w, n, selected)
	m.paintGuides(x+1, y, r, cols.deepest)

	px := x + 1 + 2*min(n.Depth, cols.deepest)
	glyph, color := m.mark(n, at)
	c.Set(px, y, glyph, fg(color))
	if m.marked[n.ID] {
		c.Set(px+1, y, g.Mark, fg(t.Focus).With(canvas.Bold))
	}
	used := m.paintName(px+2, y, cols.name-px-2, cols.deepest, r)
	if cols.pid > 0 && n.PID > 0 && n.State != tree.Unborn {
		m.brush.text = appendInt(m.brush.text[:0], n.PID)
		c.BytesR(cols.pid, y, m.brush.text, t.Label)
	}
	m.paintStanding(cols.state, y, cols.stateW, n)
	if cols.stack > 0 {
		m.paintSmallStack(cols.stack, y, cols.stackW, n)
	}
	if selected {
		bar := t.Focus
		if m.focus != paneTree {
			bar = t.Muted
		}
		c.Set(x, y, g.Bar, fg(bar))
		if t.Flat {
			c.Map(px+2, y, used, 1, func(_, _ int, cell *canvas.Cell) { cell.S.A |= canvas.Reverse | canvas.Bold })
		}
	}
}

// paintName writes the name, and how many are below if they are folded away.
func (m *Model) paintName(x, y, limit, deepest int, r *row) int {
	c, t, n := m.canvas, &m.theme, r.node
	s := t.Normal
	switch {
	case n.State == tree.Exiting:
		s.A |= canvas.Bold
	case n.State == tree.Exited:
		s.FG = t.Muted
	case n.State == tree.Unborn:
		s.FG = t.Gone
	case n.Sabotaged():
		s.FG = t.Signal.Tone.at(.75)
	case n.State == tree.Failed:
		s.FG = t.Fail.Tone.at(.75)
	}
	if r.via {
		s = fg(t.Gone)
	}
	used := m.paintTitle(x, y, limit, n, s)
	rest := used
	if len(n.Kids) > 0 && m.folded[n.ID] && !m.filter.active() && limit-rest > 3 {
		m.brush.text = appendCount(append(m.brush.text[:0], '+'), m.below(n))
		rest += 1 + c.Bytes(x+rest+1, y, m.brush.text, t.Label, limit-rest-1)
	}
	if ended := m.weededBelow(n); ended > 0 && limit-rest > 8 {
		m.brush.text = append(appendCount(append(m.brush.text[:0], '+'), ended), " ended"...)
		rest += 1 + c.Bytes(x+rest+1, y, m.brush.text, t.Label, limit-rest-1)
	}
	if n.Ladder.On() && n.Alive() && limit-rest > 5 {
		rest += 1 + c.Text(x+rest+1, y, "stop", fg(t.Signal.Base), limit-rest-1)
	}
	if n.Twice != "" && n.Alive() && limit-rest > 6 {
		rest += 1 + c.Text(x+rest+1, y, "twice", fg(t.Signal.Tone.at(.7)), limit-rest-1)
	}
	if n.Past && limit-rest > 7 {
		rest += 1 + c.Text(x+rest+1, y, "before", t.Words, limit-rest-1)
	}
	if n.Orphan && n.Alive() && limit-rest > 7 {
		rest += 1 + c.Text(x+rest+1, y, "orphan", t.Words, limit-rest-1)
	}
	if n.Depth > deepest && limit-rest > 10 {
		m.brush.text = appendCount(append(m.brush.text[:0], "level "...), n.Depth)
		c.Bytes(x+rest+1, y, m.brush.text, t.Words, limit-rest-1)
	}
	return used
}

// paintRowBack: the selected row is lit, one that was just signalled flashes.
func (m *Model) paintRowBack(x, y, w int, n *tree.Node, selected bool) {
	t := &m.theme
	if t.Flat {
		return
	}
	var back canvas.Color
	if k := m.flash(n, 450*time.Millisecond); k > 0 {
		back = t.Signal.Fill.at(.45 * k)
	}
	if selected {
		back = m.selection()
	}
	if back != 0 {
		m.canvas.Fill(x, y, w, 1, ' ', canvas.Style{BG: back})
	}
}

// selection is the background of the selected row.
func (m *Model) selection() canvas.Color {
	if m.focus == paneTree {
		return m.theme.Select
	}
	return m.theme.Surface
}
