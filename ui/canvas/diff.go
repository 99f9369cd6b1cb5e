package canvas

import (
	"slices"
	"strconv"
)

// Copy makes c show what from shows.
func (c *Canvas) Copy(from *Canvas) {
	c.Profile, c.ASCII = from.Profile, from.ASCII
	if c.W != from.W || c.H != from.H {
		c.Resize(from.W, from.H)
	}
	copy(c.cells, from.cells)
}

// Same says that two canvases show the same.
func (c *Canvas) Same(d *Canvas) bool {
	return c.W == d.W && c.H == d.H && slices.Equal(c.cells, d.cells)
}

// Forget says that nobody knows what a terminal shows where it should show c.
func (c *Canvas) Forget() {
	for i := range c.cells {
		c.cells[i] = unknown
	}
}

// AppendDiff appends to dst what makes a terminal of this size that shows old show
// c, and makes old a Copy of c. It counts on no position of the cursor and no style,
// and leaves the terminal without a style. Nothing is appended if they are the same.
func (c *Canvas) AppendDiff(dst []byte, old *Canvas) []byte {
	if old.W != c.W || old.H != c.H {
		old.Resize(c.W, c.H)
		old.Forget()
	}
	m := mover{pen: pen{c: c, b: dst}, y: -1}
	for y := range c.H {
		row, was := c.cells[y*c.W:(y+1)*c.W], old.cells[y*c.W:(y+1)*c.W]
		switch {
		case slices.Equal(row, was):
			continue
		case uneven(row) || uneven(was):
			m.whole(row, y)
		default:
			m.spans(row, was, y)
		}
		copy(was, row)
	}
	return m.lift()
}

// mover is a pen that knows where the cursor is.
type mover struct {
	pen
	x, y int
}

// uneven says that a glyph of the row may take more or fewer cells in a terminal
// than here: then the row is better drawn anew than repaired.
func uneven(row []Cell) bool {
	return slices.ContainsFunc(row, func(c Cell) bool { return c.R == 0 || doubtful(c.R) })
}

func (m *mover) whole(row []Cell, y int) {
	m.to(0, y)
	m.lift()
	m.b = m.c.serialise(m.b, row)
	if inked(row) < len(row) {
		m.b = append(m.b, "\x1b[K"...)
	}
	m.y = -1 // wherever the cursor is
}

// spans draws the cells that have changed.
func (m *mover) spans(row, was []Cell, y int) {
	end := inked(row)
	for x := range end {
		if row[x] == was[x] {
			continue
		}
		m.to(x, y)
		r, w := glyph(row, x)
		m.put(r, w, row[x].S)
		m.x++
	}
	if !slices.Equal(row[end:], was[end:]) {
		m.to(end, y)
		m.lift()
		m.b = append(m.b, "\x1b[K"...) // erases in the style that is set
	}
}

// to moves the cursor. At the end of a row nobody knows where it is.
func (m *mover) to(x, y int) {
	switch {
	case m.y == y && m.x == x && x < m.c.W:
		return
	case m.y == y && m.x < x:
		m.b = append(m.b, "\x1b["...)
		if n := x - m.x; n > 1 {
			m.b = strconv.AppendInt(m.b, int64(n), 10)
		}
		m.b = append(m.b, 'C')
	default:
		m.b = append(m.b, "\x1b["...)
		m.b = strconv.AppendInt(m.b, int64(y)+1, 10)
		m.b = append(m.b, ';')
		m.b = strconv.AppendInt(m.b, int64(x)+1, 10)
		m.b = append(m.b, 'H')
	}
	m.x, m.y = x, y
}
