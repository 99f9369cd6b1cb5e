package live

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxChunk is how much of a terminal's output one event holds. It is also the most
// that is kept back because its end has not come.
const maxChunk = 4 << 10

// chunks cuts the output of a terminal into texts. Characters and escape sequences
// are kept whole: one whose end has not come waits for it, unless it is longer than
// a chunk.
type chunks struct {
	rest []byte // begins with what is incomplete
}

// add takes what was read and gives out what is complete.
func (c *chunks) add(data []byte, out func(text string)) {
	if len(c.rest) > 0 {
		data = append(c.rest, data...)
	}
	for len(data) > 0 {
		piece := data[:min(len(data), maxChunk)]
		n := whole(piece)
		if n == 0 && len(piece) < maxChunk {
			break
		}
		if n == 0 {
			n = wholeRunes(piece)
		}
		out(strings.ToValidUTF8(string(data[:n]), "\uFFFD"))
		data = data[n:]
	}
	c.rest = append(c.rest[:0:0], data...)
}

// flush gives out what no end will come for any more.
func (c *chunks) flush(out func(text string)) {
	if len(c.rest) > 0 {
		out(strings.ToValidUTF8(string(c.rest), "\uFFFD"))
		c.rest = nil
	}
}

// whole is how much of b can be given out: up to an escape sequence or a character
// at its end that is not complete. It is 0 if all of b is one.
func whole(b []byte) int {
	if i := bytes.LastIndexByte(b, 0x1b); i >= 0 {
		if begin := stringStart(b, i); begin >= 0 {
			i = begin
		}
		if !sequence(b[i:]) {
			return i
		}
	}
	return wholeRunes(b)
}

// stringStart finds the beginning of the control string that the ESC at i is about
// to end, if what comes after it has not been read: -1 if there is none.
func stringStart(b []byte, i int) int {
	if i != len(b)-1 {
		return -1
	}
	j := bytes.LastIndexByte(b[:i], 0x1b)
	if j < 0 || sequence(b[j:i]) {
		return -1
	}
	return j
}

// sequence says whether the escape sequence that b begins with ends in it
// (ECMA-48; ST and BEL end a string).
func sequence(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	switch c := b[1]; {
	case c == '[':
		for _, c := range b[2:] {
			if c < 0x20 || c > 0x3f { // not a parameter
				return true
			}
		}
		return false
	case c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_':
		// An ESC \ would have been found first.
		return bytes.IndexByte(b, 0x07) >= 0
	case c == 'O':
		return len(b) > 2
	case c >= 0x20 && c <= 0x2f:
		for _, c := range b[2:] {
			if c < 0x20 || c > 0x2f {
				return true
			}
		}
		return false
	}
	return true
}

// wholeRunes is how much of b comes before a character that is cut at its end.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return i
			}
			break
		}
	}
	return len(b)
}
