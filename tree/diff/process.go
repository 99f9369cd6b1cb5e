package diff

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"multiexit/tree"
)

// processes compares two that match, and all below them.
func (c *comparison) processes(a, b *tree.Node) {
	switch {
	case !c.a.counts(a) && !c.b.counts(b):
	case early(a, b) || early(b, a):
		c.early(a, b)
	default:
		c.handlers(a, b)
		c.ends(a, b)
		c.dispositions(a, b)
	}
	c.forest(b, a.Kids, b.Kids)
}

// change is the beginning of one about a process of both runs.
func (c *comparison) change(k Kind, a, b *tree.Node) Change {
	ch := Change{Kind: k}
	if a != nil {
		ch.NodeA, ch.Path = a.ID, c.path(a)
	}
	if b != nil {
		ch.NodeB, ch.Path = b.ID, c.path(b)
	}
	return ch
}

// ends compares how two processes ended, and how long that took them.
func (c *comparison) ends(a, b *tree.Node) {
	from := b.Born
	if asked, _, ok := b.Asked(); ok {
		from = asked
	}
	if was, is := outcome(a), outcome(b); was != is && !a.Unseen && !b.Unseen {
		f := &finding{Change: c.change(Exit, a, b), node: b, from: from, to: c.b.end(b), passive: true}
		f.Before, f.After = was, is
		f.done(a, b)
		c.add(f)
	} else if _, ta, ok := linger(a); ok && !early(a, b) && !early(b, a) {
		if fb, tb, ok := linger(b); ok && c.sluggish().exceeds(ta, tb) {
			f := &finding{Change: c.change(Slower, a, b), node: b, from: fb, to: b.Gone}
			f.took(ta, tb)
			f.done(a, b)
			c.add(f)
		}
	}
	if was, is := c.outlives(a), c.outlives(b); was != is {
		f := &finding{Change: c.change(Orphaned, a, b), node: b, from: from, to: c.b.end(b), passive: true}
		f.Before, f.After = parentage(was), parentage(is)
		c.add(f)
	}
}

// done notes what was done to a process on purpose in one of the runs: that needs no
// other cause.
func (f *finding) done(a, b *tree.Node) {
	if a.Fault != b.Fault {
		f.Injected = cmp.Or(b.Fault, a.Fault)
	}
}

// The times of a busy machine have long tails: of 26 processes with 117 handlers on
// 2 processors that 5 to 17 wanted, one handler or two were late by up to 20 times
// what unrest says, and one process by up to 50 times. So that is what a threshold
// grows to, but not beyond what even there nobody would call chance.

// steady is the threshold for handlers.
func (c *comparison) steady() Threshold {
	return Threshold{c.Relative, min(max(c.Absolute, 20*c.unrest), 5*c.Absolute)}
}

// sluggish is the threshold for processes. Others have a part in how long they
// take: who wakes them up, who looks whether they are gone.
func (c *comparison) sluggish() Threshold {
	return Threshold{c.Relative, min(max(3*c.Absolute, 50*c.unrest), 10*c.Absolute)}
}

// took makes a change of one of time.
func (f *finding) took(a, b time.Duration) {
	f.Kind, f.By, f.Before, f.After = Slower, (b - a).Abs(), tree.Took(a), tree.Took(b)
	if b < a {
		f.Kind = Faster
	}
}

// outcome is how a process ended, in words.
func outcome(n *tree.Node) string {
	if n.Alive() {
		return "still alive"
	}
	return n.Outcome()
}

// outlives says that a process was left behind by its parent. That one of two
// which end at the same time is the last is chance.
func (c *comparison) outlives(n *tree.Node) bool {
	return n.Orphan && n.Parent != nil && n.Parent.Ended() && (n.Alive() || n.Gone-n.Parent.Gone > c.steady().Absolute)
}

func parentage(orphan bool) string {
	if orphan {
		return "orphaned"
	}
	return "gone before its parent"
}

// dispositions compares what SIGTERM does. Between caught and default it may
// depend on when somebody looked.
func (c *comparison) dispositions(a, b *tree.Node) {
	deaf := func(d tree.Disposition) bool { return d == tree.Ignored || d == tree.Blocked }
	if a.Term == b.Term || !deaf(a.Term) && !deaf(b.Term) || a.Term == tree.Unknown || b.Term == tree.Unknown {
		return
	}
	f := &finding{Change: c.change(Disposition, a, b), node: b, from: b.Born, to: c.b.end(b)}
	f.Before, f.After = string(a.Term), string(b.Term)
	c.add(f)
}

// matters says that a process which only one run has is a difference. A short one
// may just not have been seen in the other.
func (c *comparison) matters(r run, n *tree.Node) bool {
	return n.Reports || len(n.Handlers()) > 0 || r.lived(n) > c.Absolute
}

func (c *comparison) gained(b *tree.Node) {
	f := &finding{Change: c.change(ProcessGained, nil, b), node: b, from: b.Born, to: b.Born, passive: true}
	f.After = outcome(b) + below(b)
	c.add(f)
}

func (c *comparison) lost(parent, a *tree.Node) {
	at := a.Born - c.a.began + c.b.began
	f := &finding{Change: c.change(ProcessLost, a, nil), node: parent, from: at, to: at, passive: true}
	f.Before = outcome(a) + below(a)
	c.add(f)
}

// below is what else comes and goes with a process.
func below(n *tree.Node) string {
	count := 0
	for left := slices.Clone(n.Kids); len(left) > 0; count++ {
		last := len(left) - 1
		left = append(left[:last], left[last].Kids...)
	}
	switch count {
	case 0:
		return ""
	case 1:
		return ", with 1 process below it"
	}
	return ", with " + strconv.Itoa(count) + " processes below it"
}
