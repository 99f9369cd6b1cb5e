package canvas

import (
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/mattn/go-runewidth"
)

// widths is a condition of our own: the package's default follows the
// environment, and a picture must not.
var widths = &runewidth.Condition{}

// RuneWidth is the number of cells of a rune: 0, 1 or 2. It does not depend on
// the locale.
func RuneWidth(r rune) int {
	if r < 0x300 || r >= 0x2500 && r < 0x25fd || r >= 0x2800 && r < 0x2900 {
		return 1 // Latin, frames, blocks, shapes, braille
	}
	return widths.RuneWidth(r)
}

// substitute stands for what must not reach a terminal.
const substitute = '·'

// clean is what is shown for a rune: control characters (C0, C1, DEL),
// invisible ones (bidi overrides and isolates, joiners, line separators),
// private and unassigned ones and broken UTF-8 show as a dot.
func clean(r rune) rune {
	switch {
	case r >= ' ' && r < 0x7f:
		return r
	case r == '\u00a0' || r == '\u3000':
		return ' '
	case r == utf8.RuneError || !unicode.IsPrint(r):
		return substitute
	}
	return r
}

// next is the first rune of s as it is shown, its width, and what it took of s.
func next(s string) (r rune, width, size int) {
	if b := s[0]; b < utf8.RuneSelf {
		return clean(rune(b)), 1, 1
	}
	r, size = utf8.DecodeRuneInString(s)
	r = clean(r)
	return r, RuneWidth(r), size
}

// widest is where Width stops counting: no screen is wider, and a name of 60 kB
// must not slow a frame.
const widest = 1000

// Width is the number of cells that Text needs for s, or 1000 if it needs more.
func Width(s string) int {
	n := 0
	for len(s) > 0 && n < widest {
		_, w, size := next(s)
		n += w
		s = s[size:]
	}
	return min(n, widest)
}

// Text writes s from x on, in at most limit cells, with … at the end if it had
// to be cut. It never writes outside of the canvas or half a wide character, and
// leaves combining marks away. It returns the cells used.
func (c *Canvas) Text(x, y int, s string, st Style, limit int) int {
	limit = min(limit, c.W-x)
	if limit <= 0 || y < 0 || y >= c.H {
		return 0
	}
	n, last := 0, 0 // last: where the last character starts
	for len(s) > 0 {
		r, w, size := next(s)
		s = s[size:]
		if w == 0 {
			continue
		}
		if n+w > limit {
			if n == limit { // the last one gives way
				n = last
			}
			c.Set(x+n, y, '…', st)
			return n + 1
		}
		last = n
		c.put(x+n, y, r, w, st)
		n += w
	}
	return n
}

func (c *Canvas) put(x, y int, r rune, w int, st Style) {
	if w == 1 {
		c.Set(x, y, r, st)
		return
	}
	if x < 0 { // its left half is outside
		c.Set(x+1, y, ' ', st)
		return
	}
	c.Set(x, y, r, st)
	c.Set(x+1, y, 0, st)
}

// TextR writes s so that it ends before column end, and returns its width.
func (c *Canvas) TextR(end, y int, s string, st Style) int {
	w := Width(s)
	c.Text(end-w, y, s, st, w)
	return w
}

// glyph is what stands at a position of a row, after everything was painted: a
// wide character that lost a half to another is a blank.
func glyph(row []Cell, i int) (r rune, width int) {
	r = row[i].R
	if r < 0x1100 {
		if r == 0 {
			r = ' '
		}
		return r, 1
	}
	if RuneWidth(r) < 2 {
		return r, 1
	}
	if i+1 < len(row) && row[i+1].R == 0 {
		return r, 2
	}
	return ' ', 1
}

// Bytes is Text for a buffer that is used again.
func (c *Canvas) Bytes(x, y int, b []byte, st Style, limit int) int {
	return c.Text(x, y, view(b), st, limit)
}

// BytesR is TextR for a buffer that is used again.
func (c *Canvas) BytesR(end, y int, b []byte, st Style) int {
	return c.TextR(end, y, view(b), st)
}

// BytesWidth is Width for a buffer that is used again.
func BytesWidth(b []byte) int { return Width(view(b)) }

// view is b as a string without a copy. Text reads it and keeps nothing of it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
