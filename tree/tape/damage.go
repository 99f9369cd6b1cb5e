package tape

import "fmt"

// Damage is where and how a recording is broken: a line that is no event, a
// line cut off, or an end without eof. It is an error, so that a Decoder can
// return it; it never means that the rest cannot be read.
type Damage struct {
	Line   int    // 1 is the header
	Offset int64  // of the line's first byte
	Reason string // one line, without the place
	More   int    // further broken lines behind this one; a Decoder leaves it 0
}

func (d *Damage) Error() string {
	s := fmt.Sprintf("line %d, byte %d: %s", d.Line, d.Offset, d.Reason)
	switch {
	case d.More == 1:
		s += " (and 1 more broken line)"
	case d.More > 1:
		s += fmt.Sprintf(" (and %d more broken lines)", d.More)
	}
	return s
}

// FormatError says that a file is no recording that this version can read.
type FormatError struct {
	Path   string // "" when a reader was given
	Line   int
	Offset int64 // of the first byte that is wrong
	Reason string
}

func (e *FormatError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("line %d, byte %d: %s", e.Line, e.Offset, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s (byte %d)", e.Path, e.Line, e.Reason, e.Offset)
}
