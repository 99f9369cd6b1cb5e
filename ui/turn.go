package ui

import "multiexit/tree"

// turnOf is whose turn it is when a tree is stepped, one handler after the other.
// It goes from the bottom of the tree up: children before their parents, the
// youngest first, and each process to its end, as a stack comes down. busy is a
// process that was let go and has not come to its next handler; then it is
// nobody's turn. One that runs a handler while somebody below it waits is not
// busy: that is what it waits for.
func turnOf(t *tree.Tree, onItsWay func(*tree.Node) bool) (next, busy *tree.Node) {
	var visit func(n *tree.Node) (below bool)
	visit = func(n *tree.Node) (below bool) {
		for i := len(n.Kids) - 1; i >= 0; i-- {
			if visit(n.Kids[i]) {
				below = true
			}
		}
		switch {
		case waits(n) && !onItsWay(n):
			if next == nil {
				next = n
			}
			return true
		case below || busy != nil:
		case waits(n), works(t, n):
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

// works says that a process will be held again, or be gone, by itself: it runs a
// handler that is not there to hang or to wait for others, or is between two, or
// behind the last one.
func works(t *tree.Tree, n *tree.Node) bool {
	if !n.Alive() || !n.Began || n.Stopped || !holdStands(t, n) {
		return false
	}
	h := n.Running()
	if h == nil {
		return true
	}
	left, _ := h.Waiting()
	return left == 0 && h.Fault != "hang"
}
