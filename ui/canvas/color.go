package canvas

import "strconv"

// Color is a colour of a cell. The zero value is the terminal's own.
type Color uint32

const (
	rgbKind   Color = 1 << 24
	indexKind Color = 2 << 24

	// Keep as a background leaves the one that is there.
	Keep Color = 1 << 31
)

// RGB is a colour by its parts.
func RGB(r, g, b uint8) Color { return rgbKind | Color(r)<<16 | Color(g)<<8 | Color(b) }

// Index is one of the terminal's 256 colours. How the first 16 look is the
// terminal's own business.
func Index(n int) Color { return indexKind | Color(n&0xff) }

// Parse reads "#rrggbb", a decimal index, or "" for the terminal's own colour.
// Anything else is the terminal's own colour too: a bad token must not stop a
// program.
func Parse(s string) Color {
	if len(s) == 7 && s[0] == '#' {
		if v, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return rgbKind | Color(v)
		}
		return 0
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < 256 {
		return Index(n)
	}
	return 0
}

// Parts are the red, green and blue of a colour; of an indexed one as xterm has
// them, of the terminal's own 0.
func (c Color) Parts() (r, g, b uint8) {
	if c.indexed() {
		return xterm(int(c & 0xff))
	}
	return uint8(c >> 16), uint8(c >> 8), uint8(c)
}

func (c Color) indexed() bool { return c&indexKind != 0 }

// Mix is the colour k of the way from a to b: 0 is a, 1 is b.
func Mix(a, b Color, k float64) Color {
	if k <= 0 {
		return a
	}
	if k >= 1 {
		return b
	}
	ar, ag, ab := a.Parts()
	br, bg, bb := b.Parts()
	part := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*k + .5) }
	return RGB(part(ar, br), part(ag, bg), part(ab, bb))
}

// Attr is a set of attributes. It is as wide as a Color, so that a Cell has no
// padding and two of them compare as memory.
type Attr uint32

const (
	Bold Attr = 1 << iota
	Dim
	Italic
	Underline
	Reverse
	Strike
)

// Style is how a cell looks.
type Style struct {
	FG, BG Color
	A      Attr
}

// With is the style with more attributes.
func (s Style) With(a Attr) Style { s.A |= a; return s }

// On is the style on another background.
func (s Style) On(bg Color) Style { s.BG = bg; return s }

// In is the style in another colour.
func (s Style) In(fg Color) Style { s.FG = fg; return s }
