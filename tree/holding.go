package tree

import (
	"slices"
	"time"
)

// Holding is a time for which a process was held.
type Holding struct {
	Hold
	Until time.Duration // when it was let go or gone; of one that is held, the present
}

// holding is a Holding that is over. It is never written to, for a Past may have it;
// therefore it has the handler by its place.
type holding struct {
	before  *holding // the one before; nil: it was the first
	handler int32    // in Node.Handlers; -1: none
	foreign bool
	sig     string
	since   time.Duration
	until   time.Duration
}

// letGo notes that a process is held no more. What was late to say so may have been
// earlier than its end, which was seen from outside.
func (n *Node) letGo(at time.Duration) {
	last := n.holdings
	if !n.Held {
		if last != nil && last.since <= at && at < last.until && !n.Alive() && last.until == n.Gone {
			is := *last
			is.until = at
			n.holdings = &is
		}
		return
	}
	n.Held = false
	is := &holding{before: last, handler: -1, foreign: n.Hold.Foreign, sig: n.Hold.Sig, since: n.Hold.Since, until: max(at, n.Hold.Since)}
	if h := n.Hold.Handler; h != nil {
		is.handler = h.index
	}
	n.holdings = is
}

// Holdings are the times for which the observer held the process, in order.
func (n *Node) Holdings() []Holding {
	var list []Holding
	if n.Held {
		list = append(list, Holding{n.Hold, max(n.tree.Last, n.Hold.Since)})
	}
	for is := n.holdings; is != nil; is = is.before {
		h := Holding{Hold{Sig: is.sig, Foreign: is.foreign, Since: is.since}, is.until}
		if is.handler >= 0 {
			h.Handler = n.Handlers()[is.handler]
		}
		list = append(list, h)
	}
	slices.Reverse(list)
	return list
}
