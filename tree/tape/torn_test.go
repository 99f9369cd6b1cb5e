package tape_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"multiexit/tree/tape"
)

// A recording that ends anywhere at all: what is whole of it is there, and where
// it broke is said.
func TestTornAnywhere(t *testing.T) {
	text := head + spawn + begin + exit + eof
	for k := range len(text) + 1 {
		torn := text[:k]
		for name, read := range readers {
			tp, n, err := read(torn)
			if k < len(head)-1 { // without its line end the header is one all the same
				var foreign *tape.FormatError
				if tp != nil || !errors.As(err, &foreign) || foreign.Line != 1 || foreign.Offset > int64(k) {
					t.Fatalf("%s of %d bytes: %v, %v", name, k, tp, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s of %d bytes: %v", name, k, err)
			}
			lines := strings.SplitAfter(torn, "\n")
			last := lines[len(lines)-1]
			whole := len(lines) - 2 // without the header and what follows the last line end
			at := int64(k - len(last))
			switch {
			case strings.HasSuffix(last, "}") && len(lines) > 1: // all but its line end
				whole++
				at = int64(k)
			case last == "" || len(lines) == 1:
				at = int64(k)
			}
			if whole = max(0, whole); n != whole {
				t.Fatalf("%s of %d bytes: %d events, want %d", name, k, n, whole)
			}
			switch d := tp.Damage; {
			case whole == 4:
				if d != nil {
					t.Fatalf("%s of %d bytes: %v", name, k, d)
				}
			case d == nil || d.Offset != at || d.More != 0:
				t.Fatalf("%s of %d bytes: %v, want it at %d", name, k, d, at)
			case last == "" && d.Line != len(lines), last != "" && d.Offset < int64(k) && d.Line != len(lines):
				t.Fatalf("%s of %d bytes: %v, want line %d", name, k, d, len(lines))
			}
		}
	}
}

// A byte that was changed anywhere spoils its own line at most.
func TestSpoiltAnywhere(t *testing.T) {
	text := []byte(head + spawn + begin + exit + eof)
	for k := len(head); k < len(text); k++ {
		for _, c := range []byte{0, '\n', '"', '}', '\\', 0xff, 'x'} {
			spoilt := bytes.Clone(text)
			spoilt[k] = c
			line := 1 + bytes.Count(text[:k], []byte{'\n'})
			for name, read := range readers {
				tp, n, err := read(string(spoilt))
				if err != nil {
					t.Fatal(err)
				}
				least := 3
				if text[k] == '\n' {
					least = 2 // two lines are one now
				}
				if n < least {
					t.Fatalf("%s with %q at %d: %d events", name, c, k, n)
				}
				if d := tp.Damage; d != nil && d.Line != line && d.Line != line+1 && n < 4 {
					t.Fatalf("%s with %q at %d: %v, want line %d", name, c, k, d, line)
				}
			}
		}
	}
}

// readers are the ways to read a recording; each tells the number of events.
var readers = map[string]func(string) (*tape.Tape, int, error){
	"Read": func(s string) (*tape.Tape, int, error) {
		tp, err := tape.Read(strings.NewReader(s))
		if tp == nil {
			return nil, 0, err
		}
		return tp, len(tp.Events), err
	},
	"Load": func(s string) (*tape.Tape, int, error) {
		tp, err := tape.Load(strings.NewReader(s))
		if tp == nil {
			return nil, 0, err
		}
		return tp, tp.Reel().Len(), err
	},
}
