package check

import (
	"fmt"
	"time"

	"multiexit/tree"
)

// heldUp finds the one handler, or process, that made up half of the whole and
// more while others waited for it.
func (q *inquiry) heldUp() {
	const worth = time.Second
	if q.rep.Total < worth || q.rep.Held > q.rep.Total/2 { // the most of it is the observer's
		return
	}
	type owner struct{ node, id string }
	sum := map[owner]time.Duration{}
	for _, s := range q.rep.Path {
		if s.Kind != KindOrder && s.Kind != KindAsk && s.Kind != KindWait && s.Kind != KindHeld {
			sum[owner{s.Node, s.ID}] += s.For
		}
	}
	for _, s := range q.rep.Path {
		o := owner{s.Node, s.ID}
		n := q.tree.Node(s.Node)
		if s.Kind == KindHeld || sum[o] < (q.rep.Total+1)/2 || n == nil {
			continue
		}
		if w := waiter(q.tree, n); w != nil {
			h, what, advice := handlerOf(n, s.ID), called(n), "Make it faster, or ask it earlier, beside the others."
			if h != nil {
				what = tree.Clean(h.Name) + " of " + what
			} else if n.EndSig == "SIGKILL" && askedOtherwise(n) {
				advice = "See why it did not go by itself, or give it a shorter grace period."
			}
			q.about(n, h, s.At, "held-up", fmt.Sprintf("%s held up the shutdown: %s of its %s went there, while %s waited.", what, tree.Took(sum[o]), tree.Took(q.rep.Total), called(w)), advice)
		} else if s.Kind == KindLinger {
			q.about(n, nil, s.At, "held-up", fmt.Sprintf("%s held up the shutdown: it was there for %s of its %s, and %s.", called(n), tree.Took(sum[o]), tree.Took(q.rep.Total), outlasted(n)),
				"See what it does when it is asked, and whether its parent asks it at once.")
		}
		delete(sum, o)
	}
}

// outlasted says who was there longer than a process that lingered, and so may have waited
// for it: its parent, or one above that if it was left behind.
func outlasted(n *tree.Node) string {
	by, _ := sponsor(n)
	s := called(by) + ", which it came from,"
	if by == n.Parent {
		s = "its parent " + called(by)
	}
	if by.Alive() {
		return s + " lives on"
	}
	return s + " ended only after it"
}

// waiter is a process with a handler that waited for n.
func waiter(t *tree.Tree, n *tree.Node) *tree.Node {
	for _, p := range t.Nodes {
		for _, h := range p.Ran() {
			for _, on := range h.Waits {
				if on == n {
					return p
				}
			}
		}
	}
	return nil
}

func handlerOf(n *tree.Node, id string) *tree.Handler {
	for _, h := range n.Ran() {
		if h.ID == id {
			return h
		}
	}
	return nil
}
