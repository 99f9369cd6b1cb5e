package check

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"multiexit/tree"
)

// A process that runs no handlers tells nobody what it waits for. Nearly all that have
// children see them off before they go themselves, and what is seen is read like that:
// on its way out it waits for those of its children that are gone before it is, and for
// those that these left behind, which hold its pipes. Who nobody was seen to ask was asked
// when it was, as far as anybody can know.

// mute says that nobody knows what a process does on its way out.
func mute(n *tree.Node) bool { return !n.Began && !n.Reports && len(n.Handlers()) == 0 }

// patient says that a mute process may have waited for its children: what ends by a
// signal that it does not take does not, nor what takes none.
func patient(n *tree.Node) bool {
	switch {
	case !mute(n):
		return false
	case n.Ended():
		return n.EndSig == "" || n.Disposition(n.EndSig) == tree.Caught
	}
	return listens(n) && !dead(n) && n.Disposition(cmp.Or(n.SigName, "SIGTERM")) != tree.Default
}

// sponsor is who waits for a process that is gone, if it tells nothing itself: the
// nearest above that was there longer, since those between are gone; nil if that does not
// wait.
func sponsor(n *tree.Node) (p *tree.Node, since time.Duration) {
	if !n.Ended() {
		return nil, 0
	}
	p = n.Parent
	for p != nil && p.Ended() && p.Gone < n.Gone {
		p, since = p.Parent, max(since, p.Gone)
	}
	if p == nil || !patient(p) {
		return nil, 0
	}
	return p, max(since, n.Born)
}

// lose finds when one for whom a mute process waits was killed by somebody unseen: by that
// process, in all likelihood, out of patience. Whom it had asked at the same time it would
// have killed then, too; who outlived that had its turn only then.
func (s *shutdown) lose() {
	s.lost = map[*tree.Node][]time.Duration{}
	for _, n := range s.tree.Nodes {
		if n.EndSig != "SIGKILL" || wasAsked(n) {
			continue
		}
		if by, _ := sponsor(n); by != nil {
			s.lost[by] = append(s.lost[by], n.Gone)
		}
	}
	for _, list := range s.lost {
		slices.Sort(list)
	}
}

// linger enters a process that nobody was seen to ask, if another waits for it. One that
// ended by the default action of a signal took no time: it was asked right then.
func (s *shutdown) linger(n *tree.Node) {
	if n.EndSig != "" && n.EndSig != "SIGKILL" && n.Disposition(n.EndSig) != tree.Caught {
		return
	}
	p, since := sponsor(n)
	if p == nil || s.of[p.ID] == nil || s.of[p.ID].from >= n.Gone {
		return
	}
	const once = 100 * time.Millisecond // who are killed at once are so one after another
	until := n.Gone
	if n.EndSig == "SIGKILL" {
		until -= once
	}
	if i := sort.Search(len(s.lost[p]), func(i int) bool { return s.lost[p][i] >= until }); i > 0 {
		since = max(since, s.lost[p][i-1])
	}
	s.enter(&stay{node: n, unasked: true, from: max(since, s.of[p.ID].from)})
}

// awaitKin finds for whom mute processes wait.
func (s *shutdown) awaitKin() {
	for _, st := range s.gone { // in the order of their going
		p, _ := sponsor(st.node)
		if p == nil || s.of[p.ID] == nil || s.of[p.ID].from >= st.to {
			continue
		}
		st.waiter = s.of[p.ID]
		st.waiter.kin = append(st.waiter.kin, wait{on: st, from: max(st.waiter.from, st.from)})
	}
}

// freed is what a mute process came of at a moment: of who was gone right then, of several
// the one it had waited for longest; and since when it waited for nobody.
func (w *walk) freed() (on *stay, idle time.Duration) {
	kin, since := w.at.kin, w.t
	i := sort.Search(len(kin), func(i int) bool { return kin[i].on.to >= w.t })
	if i > 0 {
		idle = kin[i-1].on.to
	}
	for ; i < len(kin) && kin[i].on.to == w.t; i++ {
		if k := kin[i]; !w.met(k.on) && k.from < since {
			on, since = k.on, k.from
		}
	}
	return on, idle
}

// span is a stretch of time.
type span struct{ from, to time.Duration }

// covered is how much of the time between two moments the spans cover together.
func covered(spans []span, from, to time.Duration) (total time.Duration) {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	upto := from
	for _, s := range spans {
		if s.from, s.to = max(s.from, upto), min(s.to, to); s.to > s.from {
			total += s.to - s.from
			upto = s.to
		}
	}
	return total
}
