package spec

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// reader makes a File of what it reads and gathers what is wrong with it.
type reader struct {
	path string // as errors name it
	dir  string // of the file; what is relative in it is relative to this
	env  *scope
	file *File
	errs []Error

	groups map[string]*node // by path, where they stand
	made   map[string]int   // commands by name: their index in the file
	waits  []wait
	dumps  []latest
	order  *node // stop_order
	visits int   // of groups and commands
}

// add notes an error; its path, if it has none, is that of the file.
func (r *reader) add(e Error) {
	if e.Path == "" {
		e.Path = r.path
	}
	if len(r.errs) < 10*maxErrors { // a file can be all errors
		r.errs = append(r.errs, e)
	}
}

// refuse notes that a value is wrong, unless something was told of it already.
func (r *reader) refuse(n *node, why, advice string) {
	if n.broken {
		return
	}
	r.add(Error{Line: n.line, Column: n.col, Text: n.label(), Why: why, Advice: advice})
}

// field is a key that a mapping may have, and what reads its value.
type field struct {
	key  string
	read func(*node)
}

// keep notes a value for later.
func keep(to **node) func(*node) { return func(n *node) { *to = n } }

// fields reads a mapping. like is an example of it for one who wrote something else.
func (r *reader) fields(n *node, like string, fields ...field) {
	if n.kind != mapping {
		r.refuse(n, "not a mapping", "such as "+like)
		return
	}
	var known []string
	for _, f := range fields {
		known = append(known, f.key)
	}
next:
	for _, e := range n.entries {
		for _, f := range fields {
			if f.key != e.key.text {
				continue
			}
			if r.given(e.value) {
				f.read(e.value)
			}
			continue next
		}
		r.refuse(&node{text: e.key.text, line: e.key.line, col: e.key.col}, "unknown key", DidYouMean(e.key.text, known))
	}
}

// given reports whether a key has a value at all.
func (r *reader) given(n *node) bool {
	if n.kind == null {
		r.refuse(n, "no value", "give one, or take the key out")
		return false
	}
	return true
}

func (r *reader) flag(to *bool) func(*node) {
	return func(n *node) {
		if n.kind != boolean {
			advice := "true or false"
			switch strings.ToLower(n.text) {
			case "yes", "on", "y", "1":
				advice = "did you mean true?"
			case "no", "off", "n", "0":
				advice = "did you mean false?"
			}
			r.refuse(n, "neither true nor false", advice)
			return
		}
		*to = strings.EqualFold(n.text, "true")
	}
}

// text reads a text that is not empty; like is an example.
func (r *reader) text(n *node, like string) (string, bool) {
	switch {
	case n.kind == number || n.kind == boolean:
		r.refuse(n, "not a text", fmt.Sprintf("in quotes it is one: %q", n.text))
	case n.kind != text:
		r.refuse(n, "not a text", "such as "+like)
	case strings.TrimSpace(n.text) == "":
		r.refuse(n, "empty", "such as "+like)
	case strings.ContainsRune(n.text, 0):
		r.refuse(n, "holds a zero byte", "no program can be given one")
	default:
		return n.text, true
	}
	return "", false
}

func (r *reader) count(to *int) func(*node) {
	return func(n *node) {
		i, err := strconv.Atoi(n.text)
		switch {
		case n.kind != number || err != nil:
			r.refuse(n, "not a whole number", "such as 5")
		case i < 0:
			r.refuse(n, "negative", "0 is no limit")
		default:
			*to = i
		}
	}
}

func (r *reader) duration(to *time.Duration) func(*node) {
	return func(n *node) {
		d, why, advice := duration(n)
		if why != "" {
			r.refuse(n, why, advice)
			return
		}
		*to = d
	}
}

// units are how people write the units of time, longest first.
var units = strings.NewReplacer(" ", "", "seconds", "s", "second", "s", "secs", "s", "sec", "s",
	"minutes", "m", "minute", "m", "mins", "m", "min", "m", "hours", "h", "hour", "h", "hrs", "h", "hr", "h",
	"milliseconds", "ms", "millis", "ms", "msecs", "ms", "msec", "ms")

func duration(n *node) (d time.Duration, why, advice string) {
	if !n.scalar() {
		return 0, "not a duration", "such as 10s, 1m30s or 500ms"
	}
	d, err := time.ParseDuration(n.text)
	_, bare := strconv.ParseFloat(n.text, 64)
	switch meant := units.Replace(strings.ToLower(n.text)); {
	case bare == nil && !strings.HasPrefix(n.text, "-"):
		return 0, "a duration without a unit", "did you mean " + n.text + "s?"
	case err == nil && d < 0 || bare == nil:
		return 0, "negative", "such as 10s, 1m30s or 500ms"
	case err == nil && d == 0:
		return 0, "no time at all", "such as 10s, 1m30s or 500ms"
	case err == nil:
		return d, "", ""
	default:
		if d, err := time.ParseDuration(meant); err == nil && d > 0 {
			return 0, "not a duration", "did you mean " + meant + "?"
		}
		return 0, "not a duration", "such as 10s, 1m30s or 500ms"
	}
}
