package check

import (
	"slices"
	"sort"
	"time"

	"multiexit/tree"
)

// Step is one piece of the critical path: what the shutdown was waiting for in
// that time. The steps follow each other without a gap, and their durations add
// up to the whole.
type Step struct {
	At      time.Duration `json:"at"`     // in the stream
	Offset  time.Duration `json:"offset"` // since the shutdown began
	For     time.Duration `json:"for"`
	Kind    Kind          `json:"kind"`
	Node    string        `json:"node"`
	PID     int           `json:"pid,omitzero"`
	Name    string        `json:"name"`             // of the process
	ID      string        `json:"id,omitzero"`      // of the handler, if it is one's
	Handler string        `json:"handler,omitzero"` // its name
	On      string        `json:"on,omitzero"`      // of a KindWait: the node
}

// Kind is what a step was spent on.
type Kind string

const (
	KindHandler Kind = "handler" // a handler at its own work
	KindWait    Kind = "wait"    // a handler waited for a process in vain: something else ended its wait
	KindProcess Kind = "process" // a process that runs no handlers that we know: its own code, or it would not go
	KindDeliver Kind = "deliver" // between the signal and the beginning of the run
	KindBetween Kind = "between" // between two handlers
	KindExit    Kind = "exit"    // after the last handler
	KindOrder   Kind = "order"   // between the end of a process and the asking of the one after it
	KindAsk     Kind = "ask"     // until it was asked to end, by something outside of the shutdown
)

// String is "@1.20s +350ms main 4711: flush".
func (s Step) String() string {
	return "@" + tree.Took(s.Offset) + " +" + tree.Took(s.For) + " " + title(s.Name, s.PID) + ": " + s.What()
}

// What says in words what it was spent on.
func (s Step) What() string {
	switch s.Kind {
	case KindHandler:
		return tree.Clean(s.Handler)
	case KindWait:
		return tree.Clean(s.Handler) + ", which waits for " + s.On
	case KindDeliver:
		return "until its run began"
	case KindBetween:
		return "between its handlers"
	case KindExit:
		return "after its handlers"
	case KindOrder, KindAsk:
		return "until it was asked to end"
	}
	return "until it was gone"
}

// Main are the steps of a path that took a part of it that counts: 1 % or more.
func Main(path []Step) []Step {
	var total time.Duration
	for _, s := range path {
		total += s.For
	}
	var list []Step
	for _, s := range path {
		if s.For >= total/100 {
			list = append(list, s)
		}
	}
	return list
}

// walk goes back from the end of a shutdown to its beginning.
type walk struct {
	*shutdown
	at    *stay
	t     time.Duration
	asks  bool           // at it because it asked another right then
	seen  map[*stay]bool // at this very moment: processes may claim to wait in a circle
	steps []Step         // the last one first
}

// path is the chain that made the whole take as long as it did: from the end of
// the last process back through what it was doing, to the process that it waited
// for longest, and from the moment that one was asked to whoever asked it.
func (s *shutdown) path() []Step {
	w := &walk{shutdown: s, at: s.last(), t: s.end, seen: map[*stay]bool{}}
	for w.at != nil && w.t > s.start {
		switch u := w.at.turnAt(w.t); {
		case w.t <= w.at.from:
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
		case !s.over && st.node.Alive() && (last == nil || st.from < last.from):
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

// back adds the step from a moment to where the walk is, and goes there.
func (w *walk) back(from time.Duration, s Step) {
	n := w.at.node
	s.Node, s.PID, s.Name = n.ID, n.PID, n.Name
	if s.Kind == KindHandler || s.Kind == KindWait {
		h := w.at.turnAt(w.t).handler
		s.ID, s.Handler = h.ID, h.Name
	}
	s.At, s.Offset, s.For = from, from-w.start, w.t-from
	w.steps = append(w.steps, s)
	w.t, w.asks = from, false
	clear(w.seen)
}

// to goes to another process at the same moment.
func (w *walk) to(st *stay) {
	w.seen[w.at] = true
	w.at, w.asks = st, false
}

// during is a moment within a handler. It was at its own work if it waited for
// nobody; else the one that was gone right then let it go on. A process that
// was still there did not: the handler gave it up, or, when what it did then was
// to ask another, did not depend on it.
func (w *walk) during(u *turn) {
	var in, vain, freed *wait
	own := u.from // since when it waits for nobody
	for i := range u.waits {
		p := &u.waits[i]
		switch {
		case p.on.to <= p.from || p.from >= w.t: // gone before, or not yet
		case p.on.to < w.t:
			own = max(own, p.on.to)
		case p.on.to > w.t && w.late(u, p):
			if freed == nil || p.on.to > freed.on.to {
				freed = p
			}
		case p.on.to > w.t && w.asks && w.t < u.to:
		case p.on.to > w.t || w.seen[p.on] || p.on == w.at:
			if vain == nil || p.from < vain.from {
				vain = p
			}
		case freed == nil:
			freed = p
		}
	}
	if in = vain; in == nil && freed != nil {
		w.to(freed.on)
		return
	}
	if in != nil {
		w.back(in.from, Step{Kind: KindWait, On: in.on.node.ID})
		return
	}
	w.back(own, Step{Kind: KindHandler})
}

// late says that the end of a handler's wait was seen a little after the handler
// itself told that it was done: the exit of a process is noticed from outside.
func (w *walk) late(u *turn, p *wait) bool {
	const lag = 5 * time.Millisecond
	return w.t == u.to && u.handler.State == tree.Done && p.on.to-u.to <= lag && !w.seen[p.on] && p.on != w.at
}

// beside is a moment in which a process runs no handler.
func (w *walk) beside() {
	st, n := w.at, w.at.node
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
	case len(st.turns) == 0 && !n.Began:
		kind = KindProcess
	case len(st.turns) == 0:
		kind = KindExit
	}
	w.back(from, Step{Kind: kind})
}
