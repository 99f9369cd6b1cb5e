package check

import (
	"slices"
	"time"

	"multiexit/tree"
)

// BlockedBy says what n waits for on its way out, at a moment that is not before
// t.Last. It follows its running handler to the processes that this one waits
// for and that live, their running handlers, and so on to the ends of the
// chains. Of several ends it is one that will not go by itself (stopped, held,
// ignoring or blocking the signal), else the first. A process that nobody asked
// to end, and one that is gone, waits for nothing.
//
// Without an n it is what the shutdown as a whole waits for.
func BlockedBy(t *tree.Tree, n *tree.Node, now time.Duration) Blocked {
	return new(Finder).BlockedBy(t, n, now)
}

// Finder is BlockedBy for who asks at every frame: it keeps its memory. What it
// returned is valid until it is asked again. The zero value works.
type Finder struct {
	mark  uint32
	from  []link // how each was reached first, by Node.Index
	todo  []visit
	chain []*tree.Node

	end    *tree.Node // that is chosen
	isDead bool       // it will not go by itself
	ends   int
}

// link is a wait: by whom, by which of its waits, and since when.
type link struct {
	by    *tree.Node
	wait  int // index in Handler.Waits
	since time.Duration
	mark  uint32 // of the search that it belongs to
}

type visit struct {
	n *tree.Node
	link
}

// BlockedBy is the function of that name.
func (f *Finder) BlockedBy(t *tree.Tree, n *tree.Node, now time.Duration) Blocked {
	f.mark++
	f.end, f.isDead, f.ends = nil, false, 0
	f.from = slices.Grow(f.from[:0], len(t.Nodes))[:len(t.Nodes)]
	switch {
	case n == nil && t.Shut != nil:
		for _, n := range t.Nodes {
			if leaving(n) && !f.been(n) {
				f.visit(t, n, link{since: t.Shut.T})
			}
		}
	case n != nil && leaving(n):
		f.visit(t, n, link{})
	}
	if f.end == nil {
		return Blocked{}
	}
	b := Blocked{Node: f.end, Handler: working(t, f.end), Others: f.ends - 1}
	b.Why = why(b.Node, b.Handler)
	b.Since = f.back(b.Node, b.Handler)
	b.Chain, b.For = f.chain, max(now-b.Since, 0)
	f.deadline(t, now, &b)
	return b
}

// leaving says that a process was asked to end and has not.
func leaving(n *tree.Node) bool { return n.State == tree.Exiting || n.State == tree.Stuck }

// listens says that it would go on if what it waits for were gone.
func listens(n *tree.Node) bool { return !n.Stopped && n.SigName != "SIGKILL" }

// dead says that a process will not go on by itself.
func dead(n *tree.Node) bool {
	return n.SigName != "SIGKILL" && (n.Held || n.Stopped || n.State == tree.Stuck)
}

func (f *Finder) been(n *tree.Node) bool { return f.from[n.Index].mark == f.mark }

// visit goes depth first, without recursion: a chain may be of 10,000. Those that
// wait in a circle are ends, one of them is.
func (f *Finder) visit(t *tree.Tree, n *tree.Node, l link) {
	f.todo = append(f.todo[:0], visit{n, l})
	for len(f.todo) > 0 {
		v := f.todo[len(f.todo)-1]
		f.todo = f.todo[:len(f.todo)-1]
		if f.been(v.n) {
			continue
		}
		v.mark = f.mark
		f.from[v.n.Index] = v.link
		h := working(t, v.n)
		if h == nil || !listens(v.n) {
			if on := v.n.Asleep.On; on != nil && on.Alive() && !f.been(on) && h == nil && listens(v.n) && !dead(v.n) {
				f.todo = append(f.todo, visit{on, link{by: v.n, wait: -1, since: v.n.Asleep.Since}})
				continue
			}
			f.endAt(v.n)
			continue
		}
		fresh, alive := len(f.todo), false
		for i, on := range slices.Backward(h.Waits) { // so that the first is the next
			switch {
			case !on.Alive():
				continue
			case !f.been(on):
				f.todo = append(f.todo, visit{on, link{by: v.n, wait: i, since: h.Since[i]}})
			}
			alive = true
		}
		if !alive || fresh == len(f.todo) && f.circle(v.n, h) {
			f.endAt(v.n)
		}
	}
}

func (f *Finder) endAt(n *tree.Node) {
	f.ends++
	if isDead := dead(n); f.end == nil || isDead && !f.isDead {
		f.end, f.isDead = n, isDead
	}
}

// circle says that n waits, by its handler h, for one that waits for n.
func (f *Finder) circle(n *tree.Node, h *tree.Handler) bool {
	for p := f.from[n.Index].by; p != nil; p = f.from[p.Index].by {
		if slices.Contains(h.Waits, p) {
			return true
		}
	}
	return false
}

// working is the handler that runs. At the end of a recording it is the one that
// ran to the last.
func working(t *tree.Tree, n *tree.Node) *tree.Handler {
	h := n.Running()
	if h != nil || !t.Done || !n.Alive() || n.Lost() == 0 {
		return h
	}
	ran := n.Ran()
	if i := len(ran) - 1; i >= 0 && ran[i].State == tree.Lost && n.Handler(ran[i].ID) == ran[i] {
		return ran[i]
	}
	return nil
}

// back makes the chain that leads to its end, and finds since when all of it
// holds: since the youngest of its waits. A chain of one is as old as what the
// process does, or as the hold.
func (f *Finder) back(end *tree.Node, h *tree.Handler) (since time.Duration) {
	f.chain = f.chain[:0]
	for n := end; n != nil; n = f.from[n.Index].by {
		f.chain = append(f.chain, n)
		since = max(since, f.from[n.Index].since)
	}
	slices.Reverse(f.chain)
	if len(f.chain) > 1 {
		return since
	}
	switch since, _, _ = end.Asked(); {
	case end.Held:
		since = end.Hold.Since
	case h != nil:
		since = h.Begin
	}
	return since
}
