package ui

import (
	"slices"
)

// outputRoots are the processes whose output is asked for: the one that is typed
// into; those of the marked nodes; else of the selected one, with earlier runs of
// the same command.
func (m *Model) outputRoots() []string {
	b := m.brush.roots[:0]
	add := func(id string) {
		root := m.tree.Node(rootOf(id))
		if root == nil {
			return
		}
		if root.Command == nil || root.Past {
			if !slices.Contains(b, root.ID) {
				b = append(b, root.ID)
			}
			return
		}
		for _, r := range m.tree.Roots {
			if r.Command == root.Command && !slices.Contains(b, r.ID) && (r == root || m.terminals[root.ID] == nil) {
				b = append(b, r.ID)
			}
		}
	}
	switch {
	case m.desk.attached:
		b = append(b, m.desk.root)
	case m.output.all:
		for _, r := range m.tree.Roots {
			b = append(b, r.ID)
		}
	case len(m.marked) > 0:
		for _, r := range m.tree.Roots { // in the order of the rows
			for id := range m.marked {
				if rootOf(id) == r.ID {
					add(r.ID)
				}
			}
		}
	case m.cursor != "":
		add(m.cursor)
	}
	m.brush.roots = b
	return b
}

func (m *Model) rootName(id string) string {
	if n := m.tree.Node(id); n != nil {
		return n.Title()
	}
	return id
}

// merged says that lines of more than one command are shown, and so whose each is.
func (m *Model) merged() bool {
	for _, n := range m.output.names {
		if n != m.output.names[0] {
			return true
		}
	}
	return false
}
