package diff

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"multiexit/tree"
)

// twin is a handler in both runs, or in one.
type twin struct{ a, b *tree.Handler }

// handlers compares those of two processes.
func (c *comparison) handlers(a, b *tree.Node) {
	both := twins(present(a), present(b))
	for _, t := range both {
		switch {
		case t.a == nil:
			c.add(c.about(HandlerGained, a, b, t))
		case t.b == nil:
			c.add(c.about(HandlerLost, a, b, t))
		default:
			c.handler(a, b, t)
		}
	}
	c.order(a, b, both)
}

// present leaves out the handlers that were taken back: they had no part in it.
func present(n *tree.Node) []*tree.Handler {
	return slices.DeleteFunc(slices.Clone(n.Handlers()), func(h *tree.Handler) bool { return h.State == tree.Removed })
}

// twins matches handlers by name, those of the same name in order of registration.
func twins(as, bs []*tree.Handler) []twin {
	type key struct {
		name      string
		inherited bool
	}
	waiting := map[key][]int{}
	var all []twin
	for _, h := range as {
		k := key{h.Name, h.From != nil}
		waiting[k] = append(waiting[k], len(all))
		all = append(all, twin{a: h})
	}
	for _, h := range bs {
		k := key{h.Name, h.From != nil}
		if w := waiting[k]; len(w) > 0 {
			all[w[0]].b, waiting[k] = h, w[1:]
		} else {
			all = append(all, twin{b: h})
		}
	}
	return all
}

// about is the beginning of a change of a handler.
func (c *comparison) about(k Kind, a, b *tree.Node, t twin) *finding {
	f := &finding{Change: c.change(k, a, b), node: b, handler: t.b, from: c.b.end(b), to: c.b.end(b)}
	if t.a != nil {
		f.Handler, f.Before, f.Injected = t.a.Name, fate(t.a), t.a.Fault
	}
	if h := t.b; h != nil {
		f.Handler, f.After = h.Name, fate(h)
		if h.Fault != "" {
			f.Injected = h.Fault
		}
		if h.Began {
			f.from = h.Begin
		}
		if h.State == tree.Done || h.State == tree.Broken {
			f.to = h.End
		}
	}
	return f
}

// handler compares what became of one.
func (c *comparison) handler(a, b *tree.Node, t twin) {
	f := c.about(FailureOther, a, b, t)
	switch was, is := good(t.a), good(t.b); {
	case was && !is:
		f.Kind = FailureGained
	case !was && is:
		f.Kind = FailureLost
	case masked(f.Before) != masked(f.After):
	case t.a.Fault != t.b.Fault && !c.steady().exceeds(own(t.a), own(t.b)):
		f.Kind, f.Before, f.After = Fault, t.a.Fault, t.b.Fault
	case timed(t.a) && timed(t.b) && c.steady().exceeds(own(t.a), own(t.b)):
		f.took(own(t.a), own(t.b))
	default:
		return
	}
	if t.a.Fault == t.b.Fault {
		f.Injected = ""
	}
	f.passive = robbed(t.a) || robbed(t.b)
	c.add(f)
}

// good says that nothing kept the handler from doing what it is for. One that the
// program does not define has nothing to do.
func good(h *tree.Handler) bool {
	return h.State == tree.Done || h.State == tree.Removed || h.Unbound
}

// timed says that it is known how long the handler took.
func timed(h *tree.Handler) bool { return h.State == tree.Done || h.State == tree.Broken }

// robbed says that what kept the handler from its end may have been another's doing.
func robbed(h *tree.Handler) bool {
	switch h.State {
	case tree.Broken:
		return strings.HasPrefix(h.Err, "timeout: the grace") || strings.HasPrefix(h.Err, "forced")
	case tree.Done, tree.Removed:
		return false
	}
	return !h.Unbound
}

// fate is what became of a handler, in words.
func fate(h *tree.Handler) string {
	switch {
	case h.Unbound:
		return "not defined"
	case h.State == tree.Done:
		return "ok"
	case h.State == tree.Broken:
		return "failed: " + h.Err
	case h.State == tree.Skipped:
		return "skipped: " + h.Err
	case h.State == tree.Lost && !h.Began:
		return "never ran"
	case h.State == tree.Lost:
		return "lost while it ran"
	}
	return h.State.String()
}

// masked is a text without its numbers: pids, ports and times are different in
// each run.
func masked(s string) string {
	var b strings.Builder
	digits := false
	for _, r := range s {
		if r >= '0' && r <= '9' {
			if !digits {
				b.WriteByte('0')
			}
			digits = true
			continue
		}
		digits = false
		b.WriteRune(r)
	}
	return b.String()
}

// order finds the handlers that have moved: those outside of the longest part that
// is in the same order in both runs.
func (c *comparison) order(a, b *tree.Node, both []twin) {
	byB := map[*tree.Handler]twin{}
	for _, t := range both {
		if t.a != nil && t.b != nil && t.a.Began && t.b.Began {
			byB[t.b] = t
		}
	}
	place := map[*tree.Handler]int{}
	for i, h := range a.Ran() {
		place[h] = i
	}
	var ran []twin
	var places []int
	for _, h := range b.Ran() {
		if t, ok := byB[h]; ok {
			ran, places = append(ran, t), append(places, place[t.a])
		}
	}
	stay := longestRise(places)
	for i, t := range ran {
		if !stay[i] {
			f := c.about(Order, a, b, t)
			f.Before, f.After = turn(a.Ran(), t.a), turn(b.Ran(), t.b)
			f.Injected = ""
			c.add(f)
		}
	}
}

// turn is when a handler had its: "after flush".
func turn(ran []*tree.Handler, h *tree.Handler) string {
	i := slices.Index(ran, h)
	if i <= 0 {
		return "the first"
	}
	return strconv.Itoa(i+1) + ", after " + ran[i-1].Name
}

// longestRise marks a longest part of the numbers, which are all different, that
// rises.
func longestRise(numbers []int) []bool {
	var ends []int // index of the least number that a rise of each length ends with
	before := make([]int, len(numbers))
	for i, n := range numbers {
		l := sort.Search(len(ends), func(j int) bool { return numbers[ends[j]] >= n })
		before[i] = -1
		if l > 0 {
			before[i] = ends[l-1]
		}
		if l == len(ends) {
			ends = append(ends, i)
		} else {
			ends[l] = i
		}
	}
	in := make([]bool, len(numbers))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			in[i] = true
		}
	}
	return in
}
