package ui

import "multiexit/tree"

// turnOf is whose turn it is when a tree is stepped, one handler after the other.
// It goes from the bottom of the tree up: children before their parents, the
// youngest first, and each process to its end, as a stack comes down. busy is a
// process that was let go and has not come to its next handler; then it is
// nobody's turn. One that runs a handler while somebody below it waits is not
// busy: that is what it waits for. Where a process was stepped that is not the
// youngest, from a breakpoint say, it goes to its end, too, before another's turn.
func turnOf(t *tree.Tree, last stepped) (next, busy *tree.Node) {
	var visit func(n *tree.Node) (below bool)
	visit = func(n *tree.Node) (below bool) {
		for i := len(n.Kids) - 1; i >= 0; i-- {
			if visit(n.Kids[i]) {
				below = true
			}
		}
		switch {
		case waits(n) && !last.onItsWay(n):
			if next == nil || n.ID == last.node && !below {
				next = n
			}
			return true
		case below || busy != nil:
		case waits(n), works(n) && (last.node == n.ID && n.Reports || n.Began && holdStands(t, n)):
			busy = n
		}
		return below
	}
	for i := len(t.Roots) - 1; i >= 0; i-- {
		visit(t.Roots[i])
	}
	if busy != nil {
		return nil, busy
	}
	return next, nil
}

// works says that a process comes to where it is held, or is gone, by itself: it
// runs a handler that is not there to hang or to wait for others, or is between two,
// or behind the last one.
func works(n *tree.Node) bool {
	if !n.Alive() || n.Stopped {
		return false
	}
	h := n.Running()
	if h == nil {
		return true
	}
	left, _ := h.Waiting()
	return left == 0 && h.Fault != "hang"
}
