package spec

import "strings"

// kind is what a YAML value is.
type kind int

const (
	text kind = iota
	number
	boolean
	null
	list
	mapping
)

// node is a YAML value and where it stands; aliases and merge keys are resolved.
// A value that is used in several places stands where it was written.
type node struct {
	kind      kind
	text      string // of a scalar; numbers and booleans as they were written
	line, col int
	key       string // whose value it is; "" in a list and at the top
	broken    bool   // it could not be made out, which was told
	items     []*node
	entries   []entry
}

// entry is a key of a mapping, with its value.
type entry struct{ key, value *node }

func (n *node) scalar() bool { return n.kind <= boolean }

// get finds the value of a key; nil if there is none.
func (n *node) get(key string) *node {
	for _, e := range n.entries {
		if e.key.text == key {
			return e.value
		}
	}
	return nil
}

// label is how an error names the value: with its key, and without its contents
// if it has parts.
func (n *node) label() string {
	first, _, _ := strings.Cut(strings.TrimSpace(n.text), "\n")
	switch {
	case n.kind == null || !n.scalar() || first == "" && n.key != "":
		return n.key
	case first == "":
		return `""`
	case n.key == "":
		return first
	}
	return n.key + ": " + first
}
