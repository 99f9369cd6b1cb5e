package ui

import (
	"slices"
	"time"

	"multiexit/tree"
)

// What stands is read from the stream, so that all screens say the same.

// isHold says that an order stops processes before every handler.
func isHold(o tree.Order) bool { return o.Word == "hold" && !o.Break() }

// holdsAll says that the clock is held: all processes, those to come included.
func holdsAll(t *tree.Tree) bool {
	return slices.ContainsFunc(t.Orders, func(o tree.Order) bool { return isHold(o) && o.Pattern == everybody })
}

// holdStands says that a process stops before its next handler, whatever that is.
func holdStands(t *tree.Tree, n *tree.Node) bool {
	return slices.ContainsFunc(t.Orders, func(o tree.Order) bool { return isHold(o) && o.Means(n) })
}

// paceOf is how long processes rest before each handler: the longest that stands.
func paceOf(t *tree.Tree) (d time.Duration) {
	for i := range t.Orders {
		if o := &t.Orders[i]; o.Word == "pace" {
			d = max(d, o.Time)
		}
	}
	return d
}

// plot is what stands for one handler.
type plot struct {
	fault *tree.Order // that will be put into it
	stop  bool        // it is a breakpoint
}

// cells is how many marks it has.
func (p plot) cells() (n int) {
	if p.stop {
		n++
	}
	if p.fault != nil {
		n++
	}
	if n > 0 {
		n++ // some fonts have wide flags
	}
	return n
}

// plots remembers what stands for which handler: to find that is a comparison of
// patterns, and painting asks for every handler on the screen in every frame.
type plots struct {
	of      *tree.Tree
	ordered int
	shape   int
	known   map[*tree.Handler]plot
}

// plotOf is what stands for a handler that has not begun.
func (m *Model) plotOf(h *tree.Handler) plot {
	t, p := m.tree, &m.brush.plots
	if len(t.Orders) == 0 || h.Began {
		return plot{}
	}
	if p.of != t || p.ordered != t.Ordered || p.shape != t.Shape {
		*p = plots{t, t.Ordered, t.Shape, map[*tree.Handler]plot{}}
	}
	found, known := p.known[h]
	if !known {
		found = plotIn(t, h)
		p.known[h] = found
	}
	return found
}

func plotIn(t *tree.Tree, h *tree.Handler) (found plot) {
	for i := range t.Orders {
		switch o := &t.Orders[i]; {
		case !o.Aims(h) || !o.Means(h.Node):
		case o.Break():
			found.stop = true
		case o.Fault():
			found.fault = o
		}
	}
	return found
}
