package ui

import (
	"slices"

	"multiexit/tree"
)

// turnOf is whose turn it is when a tree is stepped, one handler after the other.
// It goes from the bottom of the tree up: children before their parents, the
// youngest first, and each process to its end, as a stack comes down. busy is a
// process that was let go and has not come to its next handler; then it is
// nobody's turn. One that runs a handler while somebody below it waits is not
// busy: that is what it waits for. Where a process was stepped that is not the
// youngest, from a breakpoint say, it goes to its end, too, before another's turn, unless
// somebody else lets it go.
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
		case waits(n), works(n) && willWait(t, n, last):
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

// willWait says that a process that was let go for one handler, or has to stop before
// each of them, stops before its next one.
func willWait(t *tree.Tree, n *tree.Node, last stepped) bool {
	return (last.node == n.ID && n.Reports || n.Began && holdStands(t, n)) && !loose(t, n)
}

// loose says that a process was held, and has begun a handler since before which it would
// have stopped again: somebody, on another screen perhaps, has let it go.
func loose(t *tree.Tree, n *tree.Node) bool {
	ran, since := n.Ran(), n.Hold.Since
	if waits(n) || since == 0 || len(ran) == 0 {
		return false
	}
	newest := ran[len(ran)-1]
	return newest.Begin > since && newest != n.Hold.Handler &&
		!slices.ContainsFunc(t.Orders, func(o tree.Order) bool { return isHold(o) && o.Since > since && o.Means(n) })
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
