package canvas

import (
	"strings"
	"unicode/utf8"
)

// Plain is the text alone, without colours and without blanks at the ends of
// lines.
func (c *Canvas) Plain() string {
	var b []byte
	for y := range c.H {
		row := c.cells[y*c.W : (y+1)*c.W]
		start := len(b)
		for i := 0; i < len(row); {
			r, w := glyph(row, i)
			if r < utf8.RuneSelf {
				b = append(b, byte(r))
			} else {
				b = c.appendRune(b, r, w)
			}
			i += w
		}
		line := strings.TrimRight(string(b[start:]), " ")
		b = append(b[:start+len(line)], '\n')
	}
	return string(b)
}
