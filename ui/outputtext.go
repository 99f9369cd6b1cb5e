package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"multiexit/ui/canvas"
)

const (
	tabWidth = 8
	lineWide = 16 << 10 // cells of a line that are looked at
)

// tame appends to dst the cells of a line that a program printed: its colours are
// kept, a carriage return writes over what stands there, a backspace goes back, a
// tab goes on to the next stop. Every other sequence leaves nothing behind, and
// what is left of it cannot move a cursor, for it is cells.
func tame(dst []canvas.Cell, s string, base canvas.Style) []canvas.Cell {
	first, at, style := len(dst), 0, base
	for len(s) > 0 && at < lineWide {
		if c := s[0]; c >= ' ' && c < 0x7f {
			dst = put(dst, first+at, canvas.Cell{R: rune(c), S: style})
			s, at = s[1:], at+1
			continue
		}
		seq, width, n, _ := ansi.DecodeSequence(s, 0, nil)
		s = s[max(1, n):]
		switch {
		case seq == "\r":
			at = 0
		case seq == "\b":
			at = max(0, at-1)
		case seq == "\t":
			for stop := at + tabWidth - at%tabWidth; at < stop; at++ {
				dst = put(dst, first+at, canvas.Cell{R: ' ', S: style})
			}
		case strings.HasPrefix(seq, "\x1b[") && strings.HasSuffix(seq, "m"):
			style = sgr(style, base, seq[2:len(seq)-1])
		case width > 0:
			dst, at = putCluster(dst, first, at, seq, width, style)
		case len(seq) > 1 && seq[0] >= 0xc2 && seq[0] < 0xf5 && !isMark(seq): // a control character of C1, or nothing one can see
			dst = put(dst, first+at, canvas.Cell{R: '·', S: style})
			at++
		}
	}
	return dst
}

// isMark says that it belongs over the character before, as the canvas leaves away.
func isMark(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsMark(r)
}

// put writes a cell at a place that is at most one behind the last.
func put(dst []canvas.Cell, i int, c canvas.Cell) []canvas.Cell {
	if i < len(dst) {
		dst[i] = c
		return dst
	}
	return append(dst, c)
}

// putCluster writes the first character of a cluster in as many cells as the
// canvas gives it.
func putCluster(dst []canvas.Cell, first, at int, cluster string, width int, s canvas.Style) ([]canvas.Cell, int) {
	r, _ := utf8.DecodeRuneInString(cluster)
	w := canvas.RuneWidth(r)
	if w < 1 || w > width || !unicode.IsPrint(r) {
		r, w = '·', 1
	}
	dst = put(dst, first+at, canvas.Cell{R: r, S: s})
	if w == 2 {
		dst = put(dst, first+at+1, canvas.Cell{S: s})
	}
	return dst, at + w
}

// plainText is a line as it is searched: without its colours, as it is shown.
func plainText(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return s
	}
	var b strings.Builder
	for _, c := range tame(nil, s, canvas.Style{}) {
		if c.R != 0 {
			b.WriteRune(c.R)
		}
	}
	return b.String()
}

// sgr is a style after the parameters of a CSI m; 0 goes back to the base.
func sgr(s, base canvas.Style, params string) canvas.Style {
	for more := true; more; {
		var p string
		p, params, more = cutParam(params)
		n := sgrNumber(p)
		switch {
		case n == 38 || n == 48:
			var c canvas.Color
			var ok bool
			if c, params, ok = extended(p, params); ok && n == 38 {
				s.FG = c
			} else if ok {
				s.BG = c
			}
			more = params != ""
		case n == 0:
			s = base
		case n == 39:
			s.FG = base.FG
		case n == 49:
			s.BG = base.BG
		case n >= 30 && n < 38:
			s.FG = canvas.Index(n - 30)
		case n >= 40 && n < 48:
			s.BG = canvas.Index(n - 40)
		case n >= 90 && n < 98:
			s.FG = canvas.Index(n - 90 + 8)
		case n >= 100 && n < 108:
			s.BG = canvas.Index(n - 100 + 8)
		default:
			s.A = attribute(s.A, n)
		}
	}
	return s
}

func attribute(a canvas.Attr, n int) canvas.Attr {
	switch n {
	case 1:
		return a | canvas.Bold
	case 2:
		return a | canvas.Dim
	case 3:
		return a | canvas.Italic
	case 4, 21:
		return a | canvas.Underline
	case 7:
		return a | canvas.Reverse
	case 9:
		return a | canvas.Strike
	case 22:
		return a &^ (canvas.Bold | canvas.Dim)
	case 23:
		return a &^ canvas.Italic
	case 24:
		return a &^ canvas.Underline
	case 27:
		return a &^ canvas.Reverse
	case 29:
		return a &^ canvas.Strike
	}
	return a
}

// extended reads a colour of 256 or of red, green and blue: behind semicolons in
// the parameters that follow, or behind colons in its own.
func extended(own, params string) (c canvas.Color, rest string, ok bool) {
	var v [5]int // kind, then its numbers
	if strings.Contains(own, ":") {
		parts := strings.Split(own, ":")[1:]
		if len(parts) == 5 { // 2, the colour space, r, g, b
			parts = append(parts[:1], parts[2:]...)
		}
		for i := range min(len(parts), len(v)) {
			v[i] = sgrNumber(parts[i])
		}
		c, ok = colorOf(v)
		return c, params, ok
	}
	n := 1
	for i := 0; i < n && params != ""; i++ {
		var p string
		p, params, _ = cutParam(params)
		v[i] = sgrNumber(p)
		switch {
		case i == 0 && v[0] == 5:
			n = 2
		case i == 0 && v[0] == 2:
			n = 4
		}
	}
	c, ok = colorOf(v)
	return c, params, ok
}

func colorOf(v [5]int) (canvas.Color, bool) {
	switch v[0] {
	case 5:
		return canvas.Index(v[1]), true
	case 2:
		return canvas.RGB(uint8(v[1]), uint8(v[2]), uint8(v[3])), true
	}
	return 0, false
}

func cutParam(s string) (p, rest string, more bool) { return strings.Cut(s, ";") }

// sgrNumber reads the digits at the beginning; too large ones are none.
func sgrNumber(s string) int {
	n := 0
	for i := 0; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if n = n*10 + int(s[i]-'0'); n > 999 {
			return 999
		}
	}
	return n
}
