package diff

import (
	"cmp"
	"slices"
	"time"

	"multiexit/tree"
)

// run is one side of a comparison.
type run struct {
	*tree.Tree
	began time.Duration // of the shutdown
}

func side(t *tree.Tree) run {
	r := run{Tree: t}
	if t.Shut != nil {
		r.began = beginning(t)
	}
	return r
}

// beginning is when the last shutdown began. What is done at its end about those
// that were left over may look like one of its own, so it goes back as long as
// there was hardly a moment in which nothing was on its way out.
func beginning(t *tree.Tree) time.Duration {
	const pause = time.Second
	asked := map[*tree.Node]time.Duration{}
	var leaving []*tree.Node
	for _, n := range t.Nodes {
		at, _, ok := n.Asked()
		if n.Began {
			at = n.Delivered
		}
		if ok && (n.Began || n.SigName != "SIGHUP") { // which asks many a program to read its files again
			asked[n] = at
			leaving = append(leaving, n)
		}
	}
	gone := func(n *tree.Node) time.Duration {
		if n.Ended() {
			return n.Gone
		}
		return t.Last
	}
	slices.SortFunc(leaving, func(x, y *tree.Node) int { return cmp.Compare(gone(y), gone(x)) })
	began := t.Shut.T
	for _, n := range leaving {
		if gone(n) < began-pause {
			break
		}
		began = min(began, asked[n])
	}
	return began
}

// signal is what began the shutdown.
func (r run) signal() string {
	if r.Shut == nil {
		return ""
	}
	first, at := r.Shut.Name, r.Shut.T
	for _, n := range r.Nodes {
		asked, _, ok := n.Asked()
		if !ok || asked < r.began || asked >= at {
			continue
		}
		if first, at = n.Cause, asked; first == "" {
			first = n.SigName
		}
	}
	return first
}

// counts says that a process had a part in the shutdown. What came and went
// before it is different each time.
func (r run) counts(n *tree.Node) bool {
	return n.State != tree.Unborn && (r.Shut == nil || !n.Ended() || n.Gone >= r.began || n.State == tree.Failed)
}

// lived is how long a process did, as far as the run goes.
func (r run) lived(n *tree.Node) time.Duration { return r.end(n) - n.Born }

// end is when a process was gone, or the run's last moment.
func (r run) end(n *tree.Node) time.Duration {
	if n.Ended() {
		return n.Gone
	}
	return r.Last
}

func (r run) figures() Run {
	f := Run{Signal: r.signal(), Began: r.began}
	for _, n := range r.Nodes {
		if !r.counts(n) {
			continue
		}
		f.Processes++
		for _, h := range n.Handlers() {
			if h.State != tree.Removed {
				f.Handlers++
			}
		}
		if n.Ended() && r.Shut != nil {
			f.Total = max(f.Total, n.Gone-r.began)
		}
	}
	return f
}

// own is how long a handler took, without the processes that it waited for.
func own(h *tree.Handler) time.Duration {
	took, upTo := h.Elapsed, h.Begin
	for i, n := range h.Waits {
		from, to := h.Begin, h.End
		if i < len(h.Since) {
			from = max(from, h.Since[i])
		}
		if n.Ended() {
			to = min(to, n.Gone)
		}
		// They are in the order in which the waits began, so what was waited up to
		// now is one stretch, or what lies between was the handler's own.
		if from = max(from, upTo); to > from {
			took -= to - from
			upTo = to
		}
	}
	return max(took, 0)
}

// linger is how long a process took that was asked to end, without its handlers:
// until the first began, and after the last one ended.
func linger(n *tree.Node) (from, took time.Duration, ok bool) {
	asked, _, ok := n.Asked()
	if !ok || !n.Ended() || n.Unseen {
		return 0, 0, false
	}
	if n.Began {
		took = max(n.Delivered-asked, 0)
		asked = max(asked, n.Delivered)
	}
	for _, h := range n.Ran() {
		asked = max(asked, h.End)
	}
	return asked, took + max(n.Gone-asked, 0), true
}

// unrest is how long the machine let wait what had nothing to do any more: a time
// that three quarters of all processes were faster than, from the end of their last
// handler until they were gone. In between is an exit, of a few milliseconds where
// nobody else wants the processor. Some processes that are slow by themselves do
// not move a quartile; of few processes it would say nothing, so it is 0.
func (r run) unrest() time.Duration {
	const few = 5
	var waits []time.Duration
	for _, n := range r.Nodes {
		if k := len(n.Ran()); k > 0 && n.Left && n.Ended() && r.counts(n) && timed(n.Ran()[k-1]) {
			waits = append(waits, max(n.Gone-n.Ran()[k-1].End, 0))
		}
	}
	if len(waits) < few {
		return 0
	}
	slices.Sort(waits)
	return waits[len(waits)*3/4]
}
