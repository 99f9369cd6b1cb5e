package diff

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"multiexit/tree"
)

// forest compares the children of two processes that are one another's match, or
// the roots; parent is the one of run b.
func (c *comparison) forest(parent *tree.Node, as, bs []*tree.Node) {
	as, bs = born(as), born(bs)
	c.label(as)
	c.label(bs)
	match := map[*tree.Node]*tree.Node{} // from b to a
	left, right := as, bs
	for _, key := range []func(string) string{whole, role} {
		for _, g := range groups(left, right, key) {
			c.pair(g, match)
		}
		left, right = unmatched(left, right, match)
	}
	for _, b := range bs {
		a := match[b]
		c.couple(a, b)
		switch {
		case a != nil:
			c.processes(a, b)
		default:
			if c.b.counts(b) && c.matters(c.b, b) {
				c.gained(b)
			}
			c.alone(nil, b.Kids)
		}
	}
	for _, a := range left {
		c.couple(a, nil)
		if c.a.counts(a) && c.matters(c.a, a) {
			c.lost(parent, a)
		}
		c.alone(a.Kids, nil)
	}
}

// couple notes a pair, if it had a part in the shutdown of either run.
func (c *comparison) couple(a, b *tree.Node) {
	if a != nil && c.a.counts(a) || b != nil && c.b.counts(b) {
		c.pairs = append(c.pairs, Pair{a, b})
	}
}

// alone notes all below a process that only one run has.
func (c *comparison) alone(as, bs []*tree.Node) {
	for _, a := range born(as) {
		c.couple(a, nil)
		c.alone(a.Kids, nil)
	}
	for _, b := range born(bs) {
		c.couple(nil, b)
		c.alone(nil, b.Kids)
	}
}

// born leaves out the places of commands that were never started.
func born(ns []*tree.Node) []*tree.Node {
	return slices.DeleteFunc(slices.Clone(ns), func(n *tree.Node) bool { return n.State == tree.Unborn })
}

// group is the siblings of one name, of both runs.
type group struct{ as, bs []*tree.Node }

func groups(as, bs []*tree.Node, sort func(name string) string) map[string]*group {
	all := map[string]*group{}
	of := func(n *tree.Node) *group {
		key := sort(n.Title())
		if n.Past {
			key += "\x00past"
		}
		if all[key] == nil {
			all[key] = new(group)
		}
		return all[key]
	}
	for _, n := range as {
		g := of(n)
		g.as = append(g.as, n)
	}
	for _, n := range bs {
		g := of(n)
		g.bs = append(g.bs, n)
	}
	return all
}

// unmatched are those that have no match yet.
func unmatched(as, bs []*tree.Node, match map[*tree.Node]*tree.Node) (left, right []*tree.Node) {
	taken := map[*tree.Node]bool{}
	for b, a := range match {
		taken[a], taken[b] = true, true
	}
	is := func(n *tree.Node) bool { return taken[n] }
	return slices.DeleteFunc(slices.Clone(as), is), slices.DeleteFunc(slices.Clone(bs), is)
}

// pair matches siblings of one name: first those that fared alike and were born in
// the same place, then those that fared alike, for the order of birth may be
// chance; then those with the same handlers; then in order of birth. Those that had a part in the shutdown come before those that
// had not.
func (c *comparison) pair(g *group, matched map[*tree.Node]*tree.Node) {
	if len(g.as) == 1 && len(g.bs) == 1 {
		matched[g.bs[0]] = g.as[0]
		return
	}
	place := map[*tree.Node]uint64{}
	for _, all := range [][]*tree.Node{g.as, g.bs} {
		for i, n := range all {
			place[n] = uint64(i)
		}
	}
	for _, by := range []func(run, *tree.Node) uint64{
		func(r run, n *tree.Node) uint64 { return mark(r.counts(n), c.fared(n), place[n]) },
		func(r run, n *tree.Node) uint64 { return mark(r.counts(n), c.fared(n)) },
		func(r run, n *tree.Node) uint64 { return mark(r.counts(n), plan(n)) },
		func(r run, n *tree.Node) uint64 { return mark(r.counts(n)) },
		func(run, *tree.Node) uint64 { return 0 },
	} {
		waiting := map[uint64][]*tree.Node{}
		for _, a := range g.as {
			k := by(c.a, a)
			waiting[k] = append(waiting[k], a)
		}
		used := map[*tree.Node]bool{}
		g.bs = slices.DeleteFunc(g.bs, func(b *tree.Node) bool {
			k := by(c.b, b)
			if len(waiting[k]) == 0 {
				return false
			}
			matched[b], used[waiting[k][0]] = waiting[k][0], true
			waiting[k] = waiting[k][1:]
			return true
		})
		g.as = slices.DeleteFunc(g.as, func(a *tree.Node) bool { return used[a] })
	}
}

// mark is a hash of facts.
func mark(facts ...any) uint64 {
	h := fnv.New64a()
	for _, f := range facts {
		switch f := f.(type) {
		case string:
			h.Write([]byte(f))
		case uint64:
			h.Write(strconv.AppendUint(nil, f, 16))
		case bool:
			h.Write(strconv.AppendBool(nil, f))
		}
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// fared marks what became of a process and all below it, times apart.
func (c *comparison) fared(n *tree.Node) uint64 {
	if m, ok := c.marks[n]; ok {
		return m
	}
	facts := []any{outcome(n), n.Fault}
	for _, h := range present(n) {
		facts = append(facts, h.Name, fate(h), h.Fault)
	}
	var kids uint64 // in whatever order
	for _, kid := range n.Kids {
		kids += mark(role(kid.Title()), c.fared(kid))
	}
	c.marks[n] = mark(append(facts, kids)...)
	return c.marks[n]
}

// plan marks the handlers of a process.
func plan(n *tree.Node) uint64 {
	var facts []any
	for _, h := range present(n) {
		facts = append(facts, h.Name)
	}
	return mark(facts...)
}

// label gives siblings names of their own.
func (c *comparison) label(siblings []*tree.Node) {
	total, seen := map[string]int{}, map[string]int{}
	for _, n := range siblings {
		total[n.Title()]++
	}
	for _, n := range siblings {
		s := n.Title()
		seen[s]++
		c.labels[n] = s
		if total[s] > 1 {
			c.labels[n] += "#" + strconv.Itoa(seen[s])
		}
	}
}

// path is the labels from the root down. A very long one is cut at the front.
func (c *comparison) path(n *tree.Node) string {
	const most = 20
	var names []string
	for ; n != nil; n = n.Parent {
		if len(names) == most {
			names = append(names, "...")
			break
		}
		label := c.labels[n]
		if label == "" {
			label = n.Title()
		}
		names = append(names, label)
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}
