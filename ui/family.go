package ui

import "multiexit/tree"

// brood counts the descendants of every process, once per shape of the tree.
type brood struct {
	of    *tree.Tree
	shape int
	count []int32 // by Node.Index
}

// below is the number of processes below n, whether they live or not.
func (m *Model) below(n *tree.Node) int {
	b, t := &m.brush.brood, m.tree
	if b.of != t || b.shape != t.Shape || len(b.count) != len(t.Nodes) {
		b.of, b.shape = t, t.Shape
		b.count = resize(b.count, len(t.Nodes))
		clear(b.count)
		for i := len(t.Nodes) - 1; i >= 0; i-- {
			if p := t.Nodes[i].Parent; p != nil {
				b.count[p.Index] += 1 + b.count[i]
			}
		}
	}
	return int(b.count[n.Index])
}

// heirs remembers, until something happens, how many processes inherited the
// handlers of one process.
type heirs struct {
	of    *tree.Tree
	at    int
	node  *tree.Node
	count []int // by position in node.Handlers
}

// heirs is the number of processes below that inherited a shared handler of its
// own process; -1 if there are too many to ask in a frame.
func (m *Model) heirs(h *tree.Handler) int {
	const tooMany = 2000
	if m.below(h.Node) > tooMany {
		return -1
	}
	b := &m.brush.heirs
	if b.of != m.tree || b.at != m.at || b.node != h.Node {
		b.of, b.at, b.node = m.tree, m.at, h.Node
		b.count = resize(b.count, len(h.Node.Handlers()))
		clear(b.count)
		b.visit(h.Node)
	}
	for i, x := range h.Node.Handlers() {
		if x == h {
			return b.count[i]
		}
	}
	return 0
}

func (b *heirs) visit(n *tree.Node) {
	for _, kid := range n.Kids {
		for _, h := range kid.Handlers() {
			if h.From != b.node {
				continue
			}
			for i, x := range b.node.Handlers() {
				if x.Shared && x.Name == h.Name {
					b.count[i]++
				}
			}
		}
		b.visit(kid)
	}
}
