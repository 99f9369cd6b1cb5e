// Package canvas is a grid of character cells with colours that a screen is
// painted on. It is fast because it knows nothing: styles are plain values,
// painting is writing into a slice, and rows that did not change are not
// serialised again. Text from outside is made harmless on its way in.
//
// A Canvas belongs to one goroutine.
package canvas

// Cell is one character on the screen. R is 0 in the right half of a wide one.
type Cell struct {
	R rune
	S Style
}

// Canvas is the grid. The fields say how it is serialised and may be set until
// the first frame; change them later only together with Resize.
type Canvas struct {
	W, H    int
	Profile Profile
	ASCII   bool // every glyph is folded to 7 bits; the layout stays
	// What stands for the terminal's own background and foreground in a picture;
	// 0 is dark and light.
	Paper, Ink Color

	cells []Cell
	shown []Cell   // what rows were made from
	rows  [][]byte // serialised
	size  int      // of all rows, with their line ends
	frame string   // the last frame; valid while stale is false
	stale bool

	outside Cell // see At
}

var blank = Cell{R: ' '}

// unknown is equal to nothing that can be painted.
var unknown = Cell{R: -1}

// New makes a blank canvas of w by h cells.
func New(w, h int, p Profile) *Canvas {
	c := &Canvas{Profile: p}
	c.Resize(w, h)
	return c
}

// Resize makes it blank and of another size; negative sizes are 0.
func (c *Canvas) Resize(w, h int) {
	c.W, c.H = max(w, 0), max(h, 0)
	c.cells = make([]Cell, c.W*c.H)
	c.shown = make([]Cell, c.W*c.H)
	c.rows = make([][]byte, c.H)
	c.size, c.stale = 0, true
	for i := range c.shown {
		c.shown[i] = unknown
	}
	c.Clear()
}

// Clear makes every cell blank.
func (c *Canvas) Clear() {
	if len(c.cells) == 0 {
		return
	}
	c.cells[0] = blank
	for n := 1; n < len(c.cells); n *= 2 {
		copy(c.cells[n:], c.cells[:n])
	}
}

// At is the cell at x, y. Outside of the canvas it is a blank that is thrown away.
func (c *Canvas) At(x, y int) *Cell {
	if x < 0 || y < 0 || x >= c.W || y >= c.H {
		c.outside = blank
		return &c.outside
	}
	return &c.cells[y*c.W+x]
}

// Set writes one glyph, which must be one cell wide.
func (c *Canvas) Set(x, y int, r rune, s Style) {
	if x < 0 || y < 0 || x >= c.W || y >= c.H {
		return
	}
	cell := &c.cells[y*c.W+x]
	if s.BG == Keep {
		s.BG = cell.S.BG
	}
	*cell = Cell{r, s}
}

// HLine draws n cells to the right.
func (c *Canvas) HLine(x, y, n int, r rune, s Style) {
	for i := max(0, -x); i < min(n, c.W-x); i++ {
		c.Set(x+i, y, r, s)
	}
}

// VLine draws n cells down.
func (c *Canvas) VLine(x, y, n int, r rune, s Style) {
	for i := max(0, -y); i < min(n, c.H-y); i++ {
		c.Set(x, y+i, r, s)
	}
}

// Fill covers an area with one glyph.
func (c *Canvas) Fill(x, y, w, h int, r rune, s Style) {
	for j := max(0, -y); j < min(h, c.H-y); j++ {
		c.HLine(x, y+j, w, r, s)
	}
}

// Shade sets the background of an area and leaves what is written on it.
func (c *Canvas) Shade(x, y, w, h int, bg Color) {
	c.each(x, y, w, h, func(_, _ int, cell *Cell) { cell.S.BG = bg })
}

// Map changes the cells of an area one by one: a glow, a dimmed background.
func (c *Canvas) Map(x, y, w, h int, f func(x, y int, cell *Cell)) { c.each(x, y, w, h, f) }

func (c *Canvas) each(x, y, w, h int, f func(x, y int, cell *Cell)) {
	x1, y1 := min(x+w, c.W), min(y+h, c.H)
	for j := max(y, 0); j < y1; j++ {
		for i := max(x, 0); i < x1; i++ {
			f(i, j, &c.cells[j*c.W+i])
		}
	}
}

// Border is the glyphs of a frame.
type Border struct {
	Top, Bottom, Left, Right                         rune
	TopLeft, TopRight, BottomLeft, BottomRight       rune
	MiddleTop, MiddleBottom, MiddleLeft, MiddleRight rune // where a divider meets the frame
}

// Box draws a frame; it leaves the inside alone.
func (c *Canvas) Box(x, y, w, h int, b Border, s Style) {
	if w < 2 || h < 2 {
		return
	}
	c.HLine(x+1, y, w-2, b.Top, s)
	c.HLine(x+1, y+h-1, w-2, b.Bottom, s)
	c.VLine(x, y+1, h-2, b.Left, s)
	c.VLine(x+w-1, y+1, h-2, b.Right, s)
	c.Set(x, y, b.TopLeft, s)
	c.Set(x+w-1, y, b.TopRight, s)
	c.Set(x, y+h-1, b.BottomLeft, s)
	c.Set(x+w-1, y+h-1, b.BottomRight, s)
}
