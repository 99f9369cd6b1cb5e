package diff

import (
	"cmp"
	"slices"

	"multiexit/tree"
)

// explained are the changes in order of time, those that another one explains
// beneath it.
func (c *comparison) explained() []Change {
	slices.SortStableFunc(c.found, func(x, y *finding) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to))
	})
	c.findCauses()
	c.blameStart()
	effects := map[*finding][]Change{}
	for _, f := range slices.SortedStableFunc(slices.Values(c.found), func(x, y *finding) int { return cmp.Compare(x.to, y.to) }) {
		if f.cause != nil {
			first := f.first()
			effects[first] = append(effects[first], f.Change)
		}
	}
	changes := []Change{}
	for _, f := range c.found {
		if f.cause == nil {
			f.Effects = effects[f]
			changes = append(changes, f.Change)
		}
	}
	return changes
}

// first is the end of the chain of causes.
func (f *finding) first() *finding {
	for f.cause != nil {
		f = f.cause
	}
	return f
}

// findCauses blames changes on others, the surest ways first: what a handler
// waited for; what happened earlier in the same process; the processes that this
// one has started; the processes that it was started by.
func (c *comparison) findCauses() {
	here := map[*tree.Node][]*finding{}
	for _, f := range c.found {
		if f.node != nil && f.acts() {
			here[f.node] = append(here[f.node], f)
		}
	}
	below := c.foremost(here)
	for _, f := range c.found {
		if f.handler == nil || f.Kind == Order {
			continue
		}
		for _, on := range f.handler.Waits {
			if x := below[on]; x != nil && x.Injected != "" { // done on purpose: surer than any other
				f.blame(x)
			}
		}
		for _, on := range f.handler.Waits {
			f.blame(below[on])
		}
	}
	for _, f := range c.found {
		if f.passive {
			f.blame(first(here[f.node], func(x *finding) bool { return x.handler != nil && x.from <= f.to }))
		}
	}
	for _, f := range c.found {
		if f.Kind != Slower && f.Kind != Faster {
			continue
		}
		for _, kid := range f.node.Kids {
			if x := below[kid]; x != nil && x.sameWay(f) && x.to >= f.from {
				f.blame(x)
			}
		}
	}
	for _, f := range c.found {
		if !f.passive || f.node == nil {
			continue
		}
		for n := f.node.Parent; n != nil && f.cause == nil; n = n.Parent {
			f.blame(first(here[n], func(x *finding) bool { return x.from <= f.to }))
		}
	}
}

// acts says that a change can be the cause of others.
func (f *finding) acts() bool {
	switch f.Kind {
	case Signal, Order, Orphaned, Fault:
		return false
	}
	return true
}

// sameWay says that both made things longer, or both shorter.
func (f *finding) sameWay(of *finding) bool {
	if f.Kind == Slower || f.Kind == Faster {
		return f.Kind == of.Kind
	}
	return true
}

// blame says that x has led to f, unless it came later, f was done on purpose, or
// x itself is due to f.
func (f *finding) blame(x *finding) {
	if x == nil || x == f || f.cause != nil || f.Injected != "" || x.from > f.to || x.first() == f {
		return
	}
	f.cause = x
}

// foremost is of each process the change, in it or below it, that others are most
// likely due to: one made on purpose, or else the earliest.
func (c *comparison) foremost(here map[*tree.Node][]*finding) map[*tree.Node]*finding {
	best := map[*tree.Node]*finding{}
	for _, n := range slices.Backward(c.b.Nodes) { // children come after their parents
		x := first(here[n], func(*finding) bool { return true })
		for _, kid := range n.Kids {
			x = sooner(x, best[kid])
		}
		if x != nil {
			best[n] = x
		}
	}
	return best
}

func first(fs []*finding, is func(*finding) bool) (x *finding) {
	for _, f := range fs {
		if is(f) {
			x = sooner(x, f)
		}
	}
	return x
}

// began says that the change is one of a handler that had its turn.
func (f *finding) began() bool { return f.handler != nil && f.handler.Began }

func sooner(x, y *finding) *finding {
	switch {
	case x == nil:
		return y
	case y == nil:
		return x
	case (x.Injected != "") != (y.Injected != ""):
		if x.Injected != "" {
			return x
		}
		return y
	case y.from < x.from, y.from == x.from && y.began() && !x.began():
		return y
	}
	return x
}
