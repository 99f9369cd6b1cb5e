package tape

import "unicode/utf8"

// escaped takes a string whose first escape is at i. Surrogates are left to
// encoding/json: they are never written here.
func (c *cursor) escaped(i int) ([]byte, bool) {
	if c.scratch == nil {
		return nil, false
	}
	text := append((*c.scratch)[:0], c.rest[:i]...)
	for i < len(c.rest) {
		switch b := c.rest[i]; {
		case b == '"':
			c.rest, *c.scratch, c.resolved = c.rest[i+1:], text, true
			return text, utf8.Valid(text)
		case b < ' ':
			return nil, false
		case b != '\\':
			from := i
			for i++; i < len(c.rest) && c.rest[i] != '"' && c.rest[i] != '\\' && c.rest[i] >= ' '; {
				i++
			}
			text = append(text, c.rest[from:i]...)
		default:
			r, size := escape(c.rest[i+1:])
			if size == 0 {
				return nil, false
			}
			text = utf8.AppendRune(text, r)
			i += 1 + size
		}
	}
	return nil, false
}

// escape is the character that b stands for behind a backslash, and how many
// bytes it takes; 0 if it stands for none.
func escape(b []byte) (r rune, size int) {
	if len(b) == 0 {
		return 0, 0
	}
	switch b[0] {
	case '"', '\\', '/':
		return rune(b[0]), 1
	case 'b':
		return '\b', 1
	case 'f':
		return '\f', 1
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'u':
		r, ok := hex4(b[1:])
		if !ok || r >= 0xd800 && r < 0xe000 {
			return 0, 0
		}
		return r, 5
	}
	return 0, 0
}

// hex4 reads four digits.
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, d := range b[:4] {
		switch {
		case d >= '0' && d <= '9':
			d -= '0'
		case d >= 'a' && d <= 'f':
			d -= 'a' - 10
		case d >= 'A' && d <= 'F':
			d -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}
