package check

import (
	"slices"
	"sort"
	"time"

	"multiexit/tree"
)

// walk goes back from the end of a shutdown to its beginning.
type walk struct {
	*shutdown
	at    *stay
	t     time.Duration
	floor time.Duration // how far back at goes
	asks  bool          // at it because it asked another right then
	ended bool          // at its end because who waited for it had it killed
	round int           // of the moment: processes may claim to wait in a circle
	steps []Step        // the last one first
}

// path is the chain that made the whole take as long as it did: from the end of
// the last process back through what it was doing, to the process that it waited
// for longest, and from the moment that one was asked to whoever asked it. Of a
// shutdown that goes on it leads from the process that was asked first to what
// that waits for now.
func (s *shutdown) path() []Step {
	w := &walk{shutdown: s, t: s.end, round: 1}
	w.to(s.last())
	for w.presently() {
	}
	w.round++
	for w.at != nil && w.t > s.start {
		switch u := w.at.turnAt(w.t); {
		case w.t <= w.floor:
			w.asked()
		case u != nil:
			w.during(u)
		default:
			w.beside()
		}
	}
	if w.steps == nil {
		return []Step{}
	}
	slices.Reverse(w.steps)
	return w.steps
}

// last is where the path ends: the process that was gone last, or of those that
// live the one that was asked first.
func (s *shutdown) last() (last *stay) {
	for _, st := range s.stays {
		switch {
		case s.over && (last == nil || st.to > last.to):
			last = st
		case !s.over && st.lives() && (last == nil || st.from < last.from):
			last = st
		}
	}
	return last
}

// turnAt is the handler that ran right before a moment.
func (st *stay) turnAt(t time.Duration) *turn {
	i := sort.Search(len(st.turns), func(i int) bool { return st.turns[i].to >= t })
	if i < len(st.turns) && st.turns[i].from < t {
		return st.turns[i]
	}
	return nil
}

// presently goes on to a process that is waited for now.
func (w *walk) presently() bool {
	u := w.at.running()
	if u == nil || !listens(w.at.node) {
		return false
	}
	for i := range u.handler.Waits { // in the order in which it said so
		if on := w.of[u.handler.Waits[i].ID]; on != nil && on.lives() && !w.met(on) {
			w.to(on)
			return true
		}
	}
	return false
}

// running is the handler of a living process that runs now; nil if there is none.
func (st *stay) running() *turn {
	if st == nil {
		return nil
	}
	if i := len(st.turns) - 1; i >= 0 && st.turns[i].open && st.lives() {
		return st.turns[i]
	}
	return nil
}

// back adds the step from a moment to where the walk is, and goes there.
func (w *walk) back(from time.Duration, s Step) {
	n := w.at.node
	s.Node, s.PID, s.Name = n.ID, n.PID, n.Title()
	if s.Kind == KindHandler || s.Kind == KindWait {
		h := w.at.turnAt(w.t).handler
		s.ID, s.Handler, s.Injected = h.ID, h.Name, h.Fault
	}
	switch {
	case s.Kind == KindProcess || s.Kind == KindLinger:
		s.Injected = n.Fault
	case s.Kind == KindBetween && paced(w.tree, n):
		s.Injected = "pace"
	}
	if s.Kind != KindOrder && s.Kind != KindAsk {
		from = max(from, w.floor)
	}
	s.At, s.Offset, s.For = from, from-w.start, w.t-from
	w.steps = append(w.steps, s)
	w.t, w.asks = from, false
	w.round++
}

// to goes to another process at the same moment. At the end of one that was killed
// by who waited for it, nothing that it did before counts: only since when that
// one waited.
func (w *walk) to(st *stay) {
	if w.at != nil {
		w.at.seen = w.round
	}
	w.at, w.asks, w.ended = st, false, false
	if st == nil {
		return
	}
	w.floor = st.from
	if st.killer != nil && w.t == st.to && !st.lives() {
		w.floor, w.ended = st.patience, true
	}
}

// during is a moment within a handler. It was at its own work if it waited for
// nobody; else the one that was gone right then let it go on. A process that
// was still there did not: the handler gave it up, or, when what it did then was
// to ask another, did not depend on it. A handler whose time was up did not depend
// on anything.
func (w *walk) during(u *turn) {
	if w.ended {
		w.back(u.from, Step{Kind: KindHandler})
		return
	}
	vain, freed := w.pending(u)
	switch {
	case w.t == u.to && w.timedOut(u) && vain != nil:
		w.back(u.from, inVain(vain.on.node))
	case w.t == u.to && w.timedOut(u):
		w.back(u.from, Step{Kind: KindHandler})
	case vain != nil:
		w.back(vain.from, inVain(vain.on.node))
		w.asks = true // it began to wait for that one right then
	case freed != nil:
		w.to(freed.on)
		if on := freed.on; on.killer != nil && on.to > w.t { // noticed later
			w.floor, w.ended = on.patience, true
		}
	default:
		asks := w.asks
		w.back(u.idle(w.t), Step{Kind: KindHandler})
		w.asks = asks
	}
}

// inVain is a step that a handler spent waiting for a process that did not go.
func inVain(on *tree.Node) Step {
	return Step{Kind: KindWait, On: on.ID, OnPID: on.PID, OnName: on.Title()}
}

// pending finds, at a moment in a handler, for whom it waits in vain, and who lets
// it go on.
func (w *walk) pending(u *turn) (vain, freed *wait) {
	first := u.goneBy(w.t)
	i := first
	for ; i < len(u.waits) && u.waits[i].on.to == w.t; i++ {
		switch p := &u.waits[i]; {
		case p.from >= w.t:
		case p.on.lives(), w.met(p.on): // it did not go
			vain = older(vain, p)
		case freed == nil || p.from < freed.from:
			freed = p
		}
	}
	if w.asks && (w.t < u.to || u.open) || i == len(u.waits) {
		return vain, freed
	}
	if w.t == u.to && !u.open && !u.cutOff() {
		if p := w.noticed(u, i); p != nil {
			return nil, p
		}
	}
	if p := u.waits[i].oldest; p.from < w.t {
		vain = older(vain, p)
	}
	return vain, freed
}

func older(a, b *wait) *wait {
	if a == nil || b.from < a.from {
		return b
	}
	return a
}

// met says that the walk was at a process at this very moment already.
func (w *walk) met(st *stay) bool { return st.seen == w.round || st == w.at }

// noticed finds the last one, from the i-th on, whose end was seen a little after
// the handler itself told that it was through: the exit of a process is noticed from
// outside, and where processors are scarce not at once. One that fails may have given
// up; not so if it kills in the end.
func (w *walk) noticed(u *turn, i int) (last *wait) {
	const lag = 100 * time.Millisecond
	for ; i < len(u.waits) && u.waits[i].on.to-u.to <= lag; i++ {
		if p := &u.waits[i]; !w.met(p.on) && p.from < w.t && !p.on.lives() && (p.kills || u.handler.State == tree.Done) {
			last = p
		}
	}
	return last
}

// beside is a moment in which a process runs no handler.
func (w *walk) beside() {
	st, n := w.at, w.at.node
	hold := st.holdBy(w.t)
	if hold != nil && hold.to >= w.t {
		w.back(hold.from, Step{Kind: KindHeld, Where: hold.where})
		return
	}
	on, idle := w.freed()
	if on != nil {
		w.to(on)
		return
	}
	i := sort.Search(len(st.turns), func(i int) bool { return st.turns[i].to >= w.t }) // the one after
	from, kind := st.from, KindBetween
	if i > 0 {
		from = st.turns[i-1].to
	}
	switch run := n.Began && n.Delivered < w.t; {
	case i > 0 && i == len(st.turns) && n.Pending()+n.Lost() == 0:
		kind = KindExit
	case i > 0:
	case run && n.Delivered > from:
		from = n.Delivered
		if len(st.turns) == 0 && n.Pending()+n.Lost() == 0 {
			kind = KindExit
		}
	case n.Began && n.Delivered > from:
		kind = KindDeliver
	case st.unasked:
		from, kind = max(from, idle), KindLinger
	case len(st.turns) == 0 && !n.Began:
		from, kind = max(from, idle), KindProcess
	case len(st.turns) == 0 && n.Pending()+n.Lost() == 0:
		kind = KindExit
	}
	if hold != nil {
		from = max(from, hold.to)
	}
	w.back(from, Step{Kind: kind})
}
