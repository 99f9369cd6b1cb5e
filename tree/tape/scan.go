package tape

import (
	"time"
	"unicode/utf8"
	"unsafe"

	"multiexit/exitreg"
	"multiexit/tree"
)

// names keeps one copy of each string that recordings are full of: kinds, nodes,
// handlers. It is bounded, for a recording may also be full of others.
type names struct {
	known   map[string]string
	scratch []byte // for texts with escapes
	lend    bool   // all strings are those of the line, valid until the next: who takes them has names of its own
	args    []string
}

// text is a string that is hardly ever the same twice.
func (n *names) text(c *cursor, b []byte) string {
	if n.lend && !c.resolved {
		return unsafe.String(unsafe.SliceData(b), len(b))
	}
	return string(b)
}

const (
	maxName  = 64      // longer ones are not kept
	maxNames = 1 << 16 // more are not
)

func (n *names) keep(c *cursor, b []byte) string {
	if n.lend {
		return n.text(c, b)
	}
	if s, ok := n.known[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(s) <= maxName && len(n.known) < maxNames {
		if n.known == nil {
			n.known = map[string]string{}
		}
		n.known[s] = s
	}
	return s
}

// scan reads a line of the form in which events are written: known keys, no
// spaces. It reports false for any other, then e is spoilt, and encoding/json has
// to read it; where it reports true the result is the same.
func (n *names) scan(line []byte, e *tree.Event) bool {
	c := cursor{rest: line, scratch: &n.scratch}
	if !c.skip('{') {
		return false
	}
	for {
		key, ok := c.text()
		if !ok || !c.skip(':') || !n.value(&c, string(key), e) {
			return false
		}
		if c.skip('}') {
			return len(c.rest) == 0
		}
		if !c.skip(',') {
			return false
		}
	}
}

func (n *names) value(c *cursor, key string, e *tree.Event) bool {
	if s := field(e, key); s != nil {
		text, ok := c.text()
		if key == "text" || key == "err" {
			*s = n.text(c, text)
		} else {
			*s = n.keep(c, text)
		}
		return ok
	}
	switch key {
	case "kind":
		text, ok := c.text()
		e.Kind = exitreg.Kind(n.keep(c, text))
		return ok
	case "prov":
		text, ok := c.text()
		e.Prov = exitreg.Prov(n.keep(c, text))
		return ok
	case "argv":
		return n.strings(c, &e.Argv)
	case "needs":
		return n.strings(c, &e.Needs)
	case "shared":
		e.Shared = true
		return c.yes()
	case "core":
		e.Core = true
		return c.yes()
	}
	return number(c, key, e)
}

// field is the string of an event that has a key of its own.
func field(e *tree.Event, key string) *string {
	switch key {
	case "node":
		return &e.Node
	case "name":
		return &e.Name
	case "id":
		return &e.ID
	case "handler":
		return &e.Handler
	case "from":
		return &e.From
	case "src":
		return &e.Src
	case "sig":
		return &e.Sig
	case "err":
		return &e.Err
	case "text":
		return &e.Text
	case "stream":
		return &e.Stream
	case "sender":
		return &e.Sender
	case "scope":
		return &e.Scope
	}
	return nil
}

func number(c *cursor, key string, e *tree.Event) bool {
	v, ok := c.number()
	switch key {
	case "seq":
		e.Seq = uint64(v)
		return ok && v >= 0
	case "n":
		e.N = uint64(v)
		return ok && v >= 0
	case "t":
		e.T = time.Duration(v)
	case "at":
		e.At = v
	case "pid":
		e.PID = int(v)
	case "code":
		code := int(v)
		e.Code = &code
	case "elapsed":
		e.Elapsed = time.Duration(v)
	case "timeout":
		e.Timeout = time.Duration(v)
	default:
		return false
	}
	return ok && int64(int(v)) == v
}

// cursor is what is left of a line.
type cursor struct {
	rest    []byte
	scratch *[]byte // where escapes are resolved; nil: they are refused

	resolved bool // the text that was taken last lies there
}

func (c *cursor) skip(b byte) bool {
	if len(c.rest) == 0 || c.rest[0] != b {
		return false
	}
	c.rest = c.rest[1:]
	return true
}

// text takes a string. It is valid until the next one is taken.
func (c *cursor) text() ([]byte, bool) {
	if !c.skip('"') {
		return nil, false
	}
	ascii := true
	c.resolved = false
	for i, b := range c.rest {
		switch {
		case b == '"':
			text := c.rest[:i]
			c.rest = c.rest[i+1:]
			return text, ascii || utf8.Valid(text)
		case b == '\\':
			return c.escaped(i)
		case b < ' ':
			return nil, false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false
}

func (n *names) strings(c *cursor, list *[]string) bool {
	*list = n.args[:0]
	if n.args == nil || !n.lend {
		*list = []string{}
	}
	if !c.skip('[') {
		return false
	}
	if c.skip(']') {
		return true
	}
	for {
		text, ok := c.text()
		if !ok {
			return false
		}
		*list = append(*list, n.text(c, text))
		if c.skip(']') {
			if n.lend {
				n.args = *list
			}
			return true
		}
		if !c.skip(',') {
			return false
		}
	}
}

func (c *cursor) yes() bool {
	const yes = "true"
	if len(c.rest) < len(yes) || string(c.rest[:len(yes)]) != yes {
		return false
	}
	c.rest = c.rest[len(yes):]
	return true
}

// number takes an integer of at most 18 digits, which no int64 overflows at.
func (c *cursor) number() (int64, bool) {
	minus := c.skip('-')
	var v int64
	i := 0
	for ; i < len(c.rest) && c.rest[i] >= '0' && c.rest[i] <= '9'; i++ {
		if i == 18 {
			return 0, false
		}
		v = v*10 + int64(c.rest[i]-'0')
	}
	if i == 0 || i > 1 && c.rest[0] == '0' {
		return 0, false
	}
	c.rest = c.rest[i:]
	if minus {
		v = -v
	}
	return v, true
}
