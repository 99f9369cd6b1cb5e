package ui

import "multiexit/tree"

// refresh makes the rows again if what they were made from has changed, and
// puts the cursor and the window back where the user had them.
func (m *Model) refresh() {
	m.remark()
	m.renotice()
	if m.stale || m.shape != m.tree.Shape {
		m.flatten()
		m.dirty = true
	}
	m.find()
	if m.follow {
		m.chase()
	}
	m.scroll()
	m.digest()
	m.attend()
	m.reason()
}

// flatten lists the visible nodes in tree order: O(n), and without allocation
// once the slices have grown. A filter shows what matches and the way to it,
// whatever is folded.
func (m *Model) flatten() {
	m.shape, m.stale = m.tree.Shape, false
	m.rows = m.rows[:0]
	m.pos = resize(m.pos, len(m.tree.Nodes))
	for i := range m.pos {
		m.pos[i] = -1
	}
	m.filter.hits, m.past = 0, false
	if m.filter.active() {
		m.sift()
	}
	m.weed()
	m.list(m.tree.Roots, 0)
}

// sift marks in keep what a filter shows. Parents come before their children
// in Nodes, so one pass from the end takes every match up to its root.
func (m *Model) sift() {
	m.keep = resize(m.keep, len(m.tree.Nodes))
	clear(m.keep)
	for i := len(m.tree.Nodes) - 1; i >= 0; i-- {
		n := m.tree.Nodes[i]
		if m.filter.match(n) {
			m.filter.hits++
			m.keep[i] = match
		}
		if m.keep[i] != hidden && n.Parent != nil && m.keep[n.Parent.Index] == hidden {
			m.keep[n.Parent.Index] = via
		}
	}
}

// keeps is why a filter shows a node.
type keeps uint8

const (
	hidden keeps = iota
	via          // something below it matches
	match
)

// list appends the siblings and what is below them. The mask has a bit for each
// ancestor that is the last of its siblings; a level deeper than 63 has none.
func (m *Model) list(siblings []*tree.Node, mask uint64) {
	m.thin(siblings)
	siblings = m.sorted(siblings)
	end := len(siblings) - 1
	for end >= 0 && !m.shows(siblings[end]) {
		end--
	}
	for i, n := range siblings[:end+1] {
		if !m.shows(n) {
			continue
		}
		last := mask
		if i == end {
			last |= 1 << n.Depth
		}
		m.pos[n.Index] = int32(len(m.rows))
		m.rows = append(m.rows, row{node: n, last: last, via: m.filter.active() && m.keep[n.Index] == via})
		if len(n.Kids) > 0 && (m.filter.active() || !m.folded[n.ID]) {
			m.list(n.Kids, last)
		}
	}
}

func (m *Model) shows(n *tree.Node) bool {
	if n.Parent == nil && (n.Past || n.Command != nil) {
		if tucked(n) && !m.filter.past() {
			return false
		}
		m.past = m.past || n.Past || n.Command != nil && n.Command.State == tree.CommandRemoved
	}
	if m.isWeeded(n) {
		return false
	}
	return !m.filter.active() || m.keep[n.Index] != hidden
}

// resize gives s the length n and keeps its memory.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// line is the row of a node; -1 while it is hidden or unknown.
func (m *Model) line(id string) int {
	n := m.tree.Node(id)
	if n == nil || n.Index >= len(m.pos) {
		return -1
	}
	return int(m.pos[n.Index])
}
