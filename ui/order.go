package ui

import (
	"cmp"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// order is how siblings are sorted on the screen. Nothing else knows of it.
type order uint8

const (
	orderBirth order = iota
	orderName
	orderState
	orderHandlers // the most on the stack first
	orderTime     // the longest time to exit first
	orders
)

func (o order) String() string {
	return [...]string{"birth", "name", "state", "handlers", "time"}[o]
}

// volatile says that any event may change the order, not only a birth.
func (o order) volatile() bool { return o >= orderState }

// sort goes to the next order, or by -1 the previous one.
func (m *Model) sort(step int) tea.Cmd {
	return m.sortBy(order((int(m.order) + step + int(orders)) % int(orders)))
}

func (m *Model) sortBy(o order) tea.Cmd {
	m.order, m.stale = o, true
	m.notice = "sorted by " + o.String()
	return nil
}

// sorted are the siblings in the order of the screen; equal ones stay in the
// order of birth. The slice of the tree is not touched.
func (m *Model) sorted(siblings []*tree.Node) []*tree.Node {
	if m.order == orderBirth || len(siblings) < 2 {
		return siblings
	}
	all := slices.Clone(siblings)
	slices.SortStableFunc(all, func(a, b *tree.Node) int { return m.order.compare(a, b, m.now) })
	return all
}

func (o order) compare(a, b *tree.Node, now time.Duration) int {
	switch o {
	case orderName:
		return cmp.Compare(a.Title(), b.Title())
	case orderState:
		return cmp.Compare(rank(a), rank(b))
	case orderHandlers:
		return cmp.Compare(b.Pending(), a.Pending())
	case orderTime:
		return cmp.Compare(lasting(b, now), lasting(a, now))
	}
	return 0
}

// rank puts what needs attention first.
func rank(n *tree.Node) int {
	switch n.State {
	case tree.Stuck:
		return 0
	case tree.Exiting:
		return 1
	case tree.Failed:
		return 2
	case tree.Live:
		return 3
	case tree.Unborn:
		return 4
	}
	return 5
}

// lasting is how long a process has been exiting, or took to.
func lasting(n *tree.Node, now time.Duration) time.Duration {
	from := n.Signalled
	switch {
	case n.SigName == "" && !n.Began:
		return -1
	case n.SigName == "":
		from = n.Delivered
	}
	if n.Ended() {
		now = n.Gone
	}
	return now - from
}
