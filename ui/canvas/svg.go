package canvas

import (
	"fmt"
	"strings"
)

// The measures of a picture: a cell of a font of 14 pixels, and the window
// around the grid.
const (
	cellW, cellH = 8.4, 18.0
	marginX      = 12.0
	marginTop    = 10.0
	titleBar     = 30.0
	baseline     = 13.0
	fonts        = "'JetBrains Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
)

// palette is how the first 16 colours look in a picture: there is no terminal to
// ask.
var palette = [16]Color{
	RGB(0x45, 0x47, 0x5a), RGB(0xf3, 0x8b, 0xa8), RGB(0xa6, 0xe3, 0xa1), RGB(0xf9, 0xe2, 0xaf),
	RGB(0x89, 0xb4, 0xfa), RGB(0xcb, 0xa6, 0xf7), RGB(0x94, 0xe2, 0xd5), RGB(0xba, 0xc2, 0xde),
	RGB(0x6c, 0x70, 0x86), RGB(0xff, 0x9b, 0xb5), RGB(0xb8, 0xf0, 0xb3), RGB(0xff, 0xed, 0xc0),
	RGB(0xa3, 0xc5, 0xff), RGB(0xdc, 0xc0, 0xff), RGB(0xae, 0xf0, 0xe4), RGB(0xe6, 0xe9, 0xf5),
}

// SVG is the frame as a picture. With a title it stands in a window that bears
// it. Frames and blocks are drawn, not written, so that they meet whatever font
// the viewer has; the length of each run of text is fixed for the same reason.
func (c *Canvas) SVG(title string) string {
	p := picture{paper: c.Paper, ink: c.Ink}
	if p.paper == 0 {
		p.paper = RGB(0x11, 0x14, 0x1b)
	}
	if p.ink == 0 {
		p.ink = RGB(0xd6, 0xda, 0xe3)
	}
	top := marginTop
	if title != "" {
		top += titleBar
	}
	w, h := float64(c.W)*cellW+2*marginX, float64(c.H)*cellH+top+marginTop
	p.f(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" font-family="%s" font-size="14">`+"\n", w, h, fonts)
	p.f(`<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", hex(p.paper))
	if title != "" {
		p.window(w, title)
	}
	for y := range c.H {
		p.row(c, y, top+float64(y)*cellH)
	}
	p.WriteString("</svg>\n")
	return p.String()
}

// picture writes an SVG.
type picture struct {
	strings.Builder
	paper, ink Color
}

func (p *picture) f(format string, args ...any) { fmt.Fprintf(&p.Builder, format, args...) }

func (p *picture) window(w float64, title string) {
	for i, color := range [...]string{"#ff5f57", "#febc2e", "#28c840"} {
		p.f(`<circle cx="%d" cy="18" r="6" fill="%s"/>`, 20+20*i, color)
	}
	p.f(`<text x="%.1f" y="23" text-anchor="middle" fill="%s">%s</text>`+"\n", w/2, hex(Mix(p.ink, p.paper, .4)), escape(title))
}

// look is a style with everything resolved.
type look struct {
	fg, bg Color
	a      Attr
}

func (p *picture) look(s Style) look {
	solid := func(c, none Color) Color {
		switch {
		case c == 0:
			return none
		case c.indexed() && c&0xff < 16:
			return palette[c&0xff]
		}
		return RGB(c.Parts())
	}
	l := look{solid(s.FG, p.ink), solid(s.BG, p.paper), s.A &^ (Reverse | Dim)}
	if s.A&Reverse != 0 {
		l.fg, l.bg = l.bg, l.fg
	}
	if s.A&Dim != 0 {
		l.fg = Mix(l.fg, l.bg, .45)
	}
	return l
}

func (p *picture) row(c *Canvas, y int, top float64) {
	row := c.cells[y*c.W : (y+1)*c.W]
	for x := 0; x < len(row); {
		end := x + 1
		bg := p.look(row[x].S).bg
		for end < len(row) && p.look(row[end].S).bg == bg {
			end++
		}
		if bg != p.paper { // a little larger than the cells, or hairlines show between them
			p.rect(float64(x), 0, float64(end-x)+.04, 1.02, top, bg)
		}
		x = end
	}
	for x := 0; x < len(row); {
		x = p.run(c, row, x, top)
	}
	p.WriteByte('\n')
}

// run writes the cells from x on that look the same, and returns where the next
// run begins.
func (p *picture) run(c *Canvas, row []Cell, x int, top float64) int {
	r, _ := glyph(row, x)
	l := p.look(row[x].S)
	if b, ok := blocks[r]; ok && !c.ASCII {
		end := x + 1
		for b.joins() && end < len(row) && row[end].R == r && p.look(row[end].S) == l {
			end++
		}
		p.block(b, x, end, top, l.fg)
		return end
	}
	if s, ok := strokes[r]; ok && !c.ASCII {
		p.f(`<path transform="translate(%.1f %.1f)" d="%s" fill="none" stroke="%s"/>`, marginX+float64(x)*cellW, top, s, hex(l.fg))
		return x + 1
	}
	var text []byte
	end := x
	for end < len(row) && p.look(row[end].S) == l {
		r, w := glyph(row, end)
		if drawn(r) && !c.ASCII {
			break
		}
		text = c.appendRune(text, r, w)
		end += w
	}
	p.text(string(text), x, end, top, l)
	return end
}

func drawn(r rune) bool {
	_, block := blocks[r]
	_, stroke := strokes[r]
	return block || stroke
}

func (p *picture) text(s string, x, end int, top float64, l look) {
	lead := len(s) - len(strings.TrimLeft(s, " "))
	x += lead
	s = s[lead:]
	if trimmed := strings.TrimRight(s, " "); len(trimmed) < len(s) {
		end -= len(s) - len(trimmed)
		s = trimmed
	}
	if s == "" {
		return
	}
	p.f(`<text x="%.1f" y="%.1f" textLength="%.1f" fill="%s" xml:space="preserve"`,
		marginX+float64(x)*cellW, top+baseline, float64(end-x)*cellW, hex(l.fg))
	if l.a&Bold != 0 {
		p.WriteString(` font-weight="bold"`)
	}
	if l.a&Italic != 0 {
		p.WriteString(` font-style="italic"`)
	}
	switch {
	case l.a&Underline != 0:
		p.WriteString(` text-decoration="underline"`)
	case l.a&Strike != 0:
		p.WriteString(` text-decoration="line-through"`)
	}
	p.f(`>%s</text>`, escape(s))
}

// rect draws an area that is given in cells, relative to the top of a row.
func (p *picture) rect(x, y, w, h, top float64, color Color) {
	p.f(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`,
		marginX+x*cellW, top+y*cellH, w*cellW, h*cellH, hex(color))
}

func hex(c Color) string {
	r, g, b := c.Parts()
	return fmt.Sprintf("#%02x%02x%02x", r, g, b)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return escaper.Replace(strings.ToValidUTF8(s, "·")) }
