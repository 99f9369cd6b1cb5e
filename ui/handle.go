package ui

import (
	"strings"

	"multiexit/tree"
)

// handle is the pattern that means a process and nobody else now: its name, which
// means its next run too, or its id if others have that name.
func (m *Model) handle(n *tree.Node) string {
	name := n.Title()
	if name == "" || strings.HasPrefix(name, "pid:") {
		return n.ID
	}
	o := tree.Order{Pattern: name}
	for _, other := range m.truth().Nodes {
		if other != n && !other.Past && other.Alive() && o.Means(other) {
			return n.ID
		}
	}
	if !o.Means(n) {
		return n.ID
	}
	return name
}

// patternName is how a pattern is shown: a process by its name.
func (m *Model) patternName(pattern string) string {
	if n := m.truth().Node(pattern); n != nil {
		return n.Title()
	}
	if pattern == everybody {
		return "every process"
	}
	return pattern
}

// meantBy are the processes that a pattern means now.
func (m *Model) meantBy(pattern string) (ns []*tree.Node) {
	o := tree.Order{Pattern: pattern}
	for _, n := range m.truth().Nodes {
		if n.Alive() && o.Means(n) {
			ns = append(ns, n)
		}
	}
	return ns
}

// meantByAny are the processes that any of the patterns means now, each once.
func (m *Model) meantByAny(patterns []string) (ns []*tree.Node) {
	seen := map[*tree.Node]bool{}
	for _, p := range patterns {
		for _, n := range m.meantBy(p) {
			if !seen[n] {
				seen[n] = true
				ns = append(ns, n)
			}
		}
	}
	return ns
}

// globs says that a pattern may mean more than one, and some that are not there yet.
func globs(pattern string) bool { return strings.ContainsAny(pattern, "*?") }
