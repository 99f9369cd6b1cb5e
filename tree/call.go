package tree

import (
	"slices"
	"time"
)

// call is how a process was first asked to end.
type call struct {
	at  time.Duration
	by  string
	was bool
}

// called notes that n was asked to end. What arrives late may have been earlier.
func (n *Node) called(at time.Duration, by string) {
	if !n.call.was || at < n.call.at || at == n.call.at && n.call.by == "" {
		n.call = call{at, by, true}
	}
}

// Asked says when a process was first asked to end, by a signal, by a handler
// that waits for it or by what began its run, and by whom: "multiexit", a node,
// "pid:N"; "" if nobody saw that. It is false for one that nobody asked.
func (n *Node) Asked() (at time.Duration, by string, asked bool) {
	return n.call.at, n.call.by, n.call.was
}

// Got says whether a signal was sent to the process or delivered.
func (n *Node) Got(sig string) bool { return slices.Contains(n.asked, sig) }
