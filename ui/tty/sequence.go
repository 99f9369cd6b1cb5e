package tty

import (
	"bytes"
	"unicode/utf8"
)

// sequence is the length of the key, mouse event or reply at the start of what a
// terminal sent, and whether it is whole. If not, its length is all of b: more
// may come, or it was a key that begins like a sequence (ESC, alt+[).
//
// The forms are those of ECMA-48: ESC with intermediates and a final byte, CSI
// (ESC [), SS3 (ESC O), and strings (OSC, DCS, APC, PM, SOS), which end with ST
// or, as OSC of xterm, with BEL.
func sequence(b []byte) (n int, whole bool) {
	if b[0] != 0x1b {
		if !utf8.FullRune(b) {
			return len(b), false
		}
		_, n := utf8.DecodeRune(b)
		return n, true
	}
	if len(b) == 1 {
		return 1, false
	}
	switch b[1] {
	case '[':
		return control(b)
	case 'O', 'N':
		return min(3, len(b)), len(b) >= 3
	case ']', 'P', '_', '^', 'X':
		return text(b)
	case 0x1b: // escape twice, or alt and a sequence
		if len(b) > 2 && b[2] == 0x1b {
			return 1, true
		}
		n, whole := sequence(b[1:])
		return n + 1, whole
	}
	if !utf8.FullRune(b[1:]) {
		return len(b), false
	}
	_, n = utf8.DecodeRune(b[1:])
	return n + 1, true
}

// control is sequence for CSI: parameters and intermediates (0x20 to 0x3f), then
// a final byte (0x40 to 0x7e). The mouse report of X10 has three bytes behind its
// M that may be anything.
func control(b []byte) (n int, whole bool) {
	i := 2
	if i < len(b) && b[i] == '[' {
		i++ // ESC [ [ A: a function key of the Linux console
	}
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == 'M' && i == 2:
			return min(6, len(b)), len(b) >= 6
		case c >= 0x40 && c <= 0x7e:
			return i + 1, true
		case c < 0x20 || c > 0x7e:
			return i, true // broken off by something else: that is a key of its own
		}
	}
	return len(b), false
}

// text is sequence for the strings.
func text(b []byte) (n int, whole bool) {
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == 0x07:
			return i + 1, true
		case b[i] == 0x1b && i+1 == len(b):
			return len(b), false
		case b[i] == 0x1b && b[i+1] == '\\':
			return i + 2, true
		case b[i] == 0x1b, b[i] == 0x18, b[i] == 0x1a:
			return i, true // cancelled
		}
	}
	return len(b), false
}

// isReply says that a whole sequence is an answer of the terminal to a query,
// not something that the user did: a string, or the device attributes.
func isReply(seq []byte) bool {
	if len(seq) < 4 || seq[0] != 0x1b {
		return false
	}
	switch seq[1] {
	case ']', 'P', '_', '^', 'X':
		return true
	}
	return bytes.HasPrefix(seq, []byte("\x1b[?")) && seq[len(seq)-1] == 'c'
}

var (
	pasteBegin = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)
