package live

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What peers and processes say about themselves is cut to these sizes.
const (
	maxName = 256     // names of processes, handlers, sources
	maxText = 4 << 10 // errors and reasons
	maxArgs = 64      // arguments of a command line
)

// clean makes text from outside fit for any screen: at most limit bytes, valid
// UTF-8, tabs and line ends as spaces, and no other control or formatting
// character (ESC, C1, bidirectional overrides).
func clean(s string, limit int) string {
	if len(s) <= limit && plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
			r = ' '
		case r == utf8.RuneError, unicode.Is(unicode.C, r):
			r = utf8.RuneError
		}
		if b.Len()+utf8.RuneLen(r) > limit-len("...") {
			b.WriteString("...")
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain says that s is printable ASCII, as nearly all of it is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cleanArgs is clean for a command line, with at most maxText bytes in all.
func cleanArgs(argv []string) []string {
	size := 0
	for i, a := range argv {
		if i == maxArgs || size >= maxText {
			return append(argv[:i:i], "...")
		}
		argv[i] = clean(a, max(maxText-size, 16))
		size += len(argv[i])
	}
	return argv
}
