package canvas

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String is the whole frame: one line a row, without cursor movements between
// them, as a Bubble Tea View has to be. While no cell changes it is the same
// string; a changed frame costs one allocation, the string itself. Append costs
// none.
func (c *Canvas) String() string {
	if c.refresh() || c.stale {
		var b strings.Builder
		b.Grow(c.size)
		for y, r := range c.rows {
			if y > 0 {
				b.WriteByte('\n')
			}
			b.Write(r)
		}
		c.frame, c.stale = b.String(), false
	}
	return c.frame
}

// Append appends the frame to dst.
func (c *Canvas) Append(dst []byte) []byte {
	if c.refresh() {
		c.stale = true
	}
	for y, r := range c.rows {
		if y > 0 {
			dst = append(dst, '\n')
		}
		dst = append(dst, r...)
	}
	return dst
}

// refresh serialises the rows that changed and says whether any did.
func (c *Canvas) refresh() bool {
	changed := false
	c.size = c.H
	for y := range c.rows {
		row, shown := c.cells[y*c.W:(y+1)*c.W], c.shown[y*c.W:(y+1)*c.W]
		if !slices.Equal(row, shown) {
			c.rows[y] = c.serialise(c.rows[y][:0], row)
			copy(shown, row)
			changed = true
		}
		c.size += len(c.rows[y])
	}
	return changed
}

// visible are the attributes that show on a blank.
const visible = Underline | Reverse | Strike

// serialise appends a whole row, up to the blanks at its end.
func (c *Canvas) serialise(b []byte, row []Cell) []byte {
	p := pen{c: c, b: b}
	for i, end := 0, inked(row); i < end; {
		r, w := glyph(row, i)
		p.put(r, w, row[i].S)
		i += w
		if w > 1 || doubtful(r) {
			// A terminal that sees another width in it is put right at once.
			p.b = append(p.b, "\x1b["...)
			p.b = strconv.AppendInt(p.b, int64(i)+1, 10)
			p.b = append(p.b, 'G')
		}
	}
	return p.lift()
}

// inked is where the blanks at the end of a row begin.
func inked(row []Cell) int {
	end := len(row)
	for end > 0 && row[end-1].R == ' ' && row[end-1].S.BG == 0 && row[end-1].S.A&visible == 0 {
		end--
	}
	return end
}

// doubtful says that terminals may differ about the width of a rune: all but the
// alphabets of Europe, and the marks and frames that the screen itself is made of.
func doubtful(r rune) bool { return r >= 0x590 && (r < 0x2000 || r >= 0x2c00) }

// pen appends glyphs to b, in a style that it keeps from one to the next.
type pen struct {
	c   *Canvas
	b   []byte
	cur Style
}

func (p *pen) put(r rune, w int, s Style) {
	s = p.c.reduce(s)
	if r == ' ' { // what does not show on a blank does not change for it
		if s.A&Reverse == 0 {
			s.FG = p.cur.FG
		}
		s.A = s.A&visible | p.cur.A&^visible
	}
	if s != p.cur {
		p.b = p.c.change(p.b, p.cur, s)
		p.cur = s
	}
	p.b = p.c.appendRune(p.b, r, w)
}

// lift leaves the terminal without a style.
func (p *pen) lift() []byte {
	if p.cur != (Style{}) {
		p.b = append(p.b, "\x1b[m"...)
		p.cur = Style{}
	}
	return p.b
}

// reduce drops the colours that the profile does not have, so that going to one
// of them is going to none.
func (c *Canvas) reduce(s Style) Style {
	switch c.Profile {
	case Mono:
		s.FG, s.BG = 0, 0
	case ANSI16:
		if s.BG != 0 && !s.BG.indexed() {
			if n := nearest16(s.BG.Parts()); n == 0 || n == 8 {
				s.BG = 0 // a faint surface is none at all
			}
		}
	}
	return s
}

func (c *Canvas) appendRune(b []byte, r rune, w int) []byte {
	if r < utf8.RuneSelf {
		return append(b, byte(r))
	}
	if !c.ASCII {
		return utf8.AppendRune(b, r)
	}
	for range w {
		b = append(b, fold(r))
	}
	return b
}

// change goes from one style to another: by what differs if only a colour does,
// else from scratch.
func (c *Canvas) change(b []byte, from, to Style) []byte {
	b = append(b, "\x1b["...)
	short := from.A == to.A && (to.FG != 0 || from.FG == 0) && (to.BG != 0 || from.BG == 0)
	if short {
		if from.FG != to.FG {
			b = c.color(b, to.FG, 30)
		}
		if from.BG != to.BG {
			b = c.color(b, to.BG, 40)
		}
	} else {
		b = append(b, "0;"...)
		for i, code := range [...]byte{'1', '2', '3', '4', '7', '9'} {
			if to.A&(1<<i) != 0 {
				b = append(b, code, ';')
			}
		}
		b = c.color(b, to.FG, 30)
		b = c.color(b, to.BG, 40)
	}
	b[len(b)-1] = 'm' // instead of the last ;
	return b
}

// color appends a colour and a ; or nothing. base is 30 or 40.
func (c *Canvas) color(b []byte, col Color, base int) []byte {
	if col == 0 {
		return b
	}
	r, g, bl := col.Parts()
	n := int(col & 0xff)
	switch {
	case c.Profile == ANSI16 && (!col.indexed() || n >= 16):
		n = nearest16(r, g, bl)
	case col.indexed():
	case c.Profile == ANSI256:
		n = nearest256(r, g, bl)
	default:
		b = strconv.AppendInt(b, int64(base)+8, 10)
		b = append(b, ";2;"...)
		b = appendPart(b, r)
		b = appendPart(b, g)
		return appendPart(b, bl)
	}
	switch {
	case n < 8:
		n += base
	case n < 16:
		n += base + 60 - 8
	default:
		b = strconv.AppendInt(b, int64(base)+8, 10)
		b = append(b, ";5;"...)
	}
	b = strconv.AppendInt(b, int64(n), 10)
	return append(b, ';')
}

func appendPart(b []byte, v uint8) []byte {
	b = strconv.AppendUint(b, uint64(v), 10)
	return append(b, ';')
}
