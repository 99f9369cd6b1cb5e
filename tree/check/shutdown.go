package check

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"multiexit/tree"
)

// shutdown is what the last shutdown of a tree was made of, as intervals.
type shutdown struct {
	tree       *tree.Tree
	start, end time.Duration
	now        time.Duration // the last moment of it that is known
	over       bool
	stays      []*stay                        // in order of birth
	of         map[string]*stay               // by the id of the node
	gone       []*stay                        // those that are gone, in the order of their going
	stood      []hold                         // when anybody was held, in order
	lost       map[*tree.Node][]time.Duration // when those for whom a mute process waits were killed, in order; see lose
}

// stay is the part that one process has in it: from when it was asked until it
// was gone.
type stay struct {
	node     *tree.Node
	by       string // who asked
	from, to time.Duration
	unasked  bool    // that is: nobody was seen to do so
	turns    []*turn // its handlers, one after another
	holds    []hold  // when it was held, between them
	kin      []wait  // of a mute process: for whom, in the order in which they went
	waiter   *stay   // the mute process that waits for this one; nil: none

	killer   *stay         // who waited for it and had it killed when its patience was over; nil: nobody
	patience time.Duration // since when that one waited
	seen     int           // of a walk
}

// lives says that its end is only that of what is known.
func (st *stay) lives() bool { return st.node.Alive() }

// turn is one handler that runs.
type turn struct {
	stay     *stay
	handler  *tree.Handler
	from, to time.Duration
	open     bool   // it has not ended, as far as is known
	waits    []wait // in the order in which those that it waits for went
}

// wait is the wait of a handler for a process, whether that was gone in time or not.
type wait struct {
	on     *stay
	from   time.Duration
	kills  bool  // it has it killed rather than give up
	oldest *wait // of this one and those after it
}

// survey finds the intervals of the last shutdown; nil if there was none.
func survey(t *tree.Tree, now time.Duration) *shutdown {
	if t.Shut == nil {
		return nil
	}
	if now = max(now, t.Last); t.Done {
		now = t.Last
	}
	s := &shutdown{tree: t, start: t.Shut.T, now: now, of: map[string]*stay{}}
	s.lose()
	for _, n := range t.Nodes {
		at, by, asked := n.Asked()
		switch {
		case n.State == tree.Live || n.State == tree.Unborn || n.Ended() && n.Gone < s.start:
		case asked:
			s.enter(&stay{node: n, by: by, from: max(at, s.start)})
		default:
			s.linger(n)
		}
	}
	s.close()
	s.awaitKin()
	s.stands()
	for _, st := range s.stays {
		s.fill(st)
	}
	return s
}

func (s *shutdown) enter(st *stay) { s.stays, s.of[st.node.ID] = append(s.stays, st), st }

// close finds when each process was gone, and when the shutdown was over. A
// process that lives has no end but the present.
func (s *shutdown) close() {
	s.end, s.over = s.start, true
	for _, st := range s.stays {
		st.to = s.now
		if st.node.Ended() {
			st.to = max(st.node.Gone, s.start)
			s.gone = append(s.gone, st)
		} else {
			s.over = false
		}
		st.from = min(st.from, st.to)
		s.end = max(s.end, st.to)
	}
	if !s.over {
		s.end = max(s.end, s.now)
	}
	slices.SortStableFunc(s.gone, func(a, b *stay) int { return cmp.Compare(a.to, b.to) })
}

// fill finds when the handlers of a process ran and for whom they waited, and when
// it was held. They run one at a time: what says otherwise is cut at
// the beginning of the next.
func (s *shutdown) fill(st *stay) {
	for _, h := range st.node.Ran() {
		u := &turn{stay: st, handler: h, from: max(h.Begin, st.from), to: st.to, open: true}
		if h.State == tree.Done || h.State == tree.Broken {
			u.to, u.open = min(h.End, st.to), false
		}
		if u.from <= u.to {
			st.turns = append(st.turns, u)
		}
	}
	slices.SortStableFunc(st.turns, func(a, b *turn) int { return cmp.Compare(a.from, b.from) })
	for i, u := range st.turns {
		if i+1 < len(st.turns) {
			u.to, u.open = min(u.to, st.turns[i+1].from), false
		}
		s.await(u)
	}
	s.hold(st)
}

// await finds for whom a handler waits.
func (s *shutdown) await(u *turn) {
	for k, n := range u.handler.Waits {
		on, from := s.of[n.ID], u.handler.Since[k]
		if on == nil || from > u.to {
			continue
		}
		u.waits = append(u.waits, wait{on: on, from: max(from, u.from), kills: u.handler.Patience[k].Then == "SIGKILL"})
		if s.killed(u, k) && (on.killer == nil || from < on.patience) {
			on.killer, on.patience = u.stay, max(from, on.from)
		}
	}
	slices.SortStableFunc(u.waits, func(a, b wait) int { return cmp.Compare(a.on.to, b.on.to) })
	for i := len(u.waits) - 1; i >= 0; i-- {
		p := &u.waits[i]
		if p.oldest = p; i+1 < len(u.waits) && u.waits[i+1].oldest.from <= p.from {
			p.oldest = u.waits[i+1].oldest
		}
	}
}

// killed says that the process of its k-th wait was killed because the handler
// had waited for it as long as it would.
func (s *shutdown) killed(u *turn, k int) bool {
	h := u.handler
	n, limit := h.Waits[k], h.Patience[k]
	by := min(n.Gone, u.to)
	return n.EndSig == "SIGKILL" && limit.Then == "SIGKILL" && limit.At+s.standing(h.Since[k], by) <= by &&
		(n.SigName != "SIGKILL" || n.Sender == u.stay.node.ID) // else another had it killed
}

// goneBy is the index of the first wait for a process that was not gone before t.
func (u *turn) goneBy(t time.Duration) int {
	return sort.Search(len(u.waits), func(i int) bool { return u.waits[i].on.to >= t })
}

// idle is since when, at t, the handler waits for nobody.
func (u *turn) idle(t time.Duration) time.Duration {
	for i := u.goneBy(t) - 1; i >= 0; i-- {
		if p := &u.waits[i]; p.from < p.on.to {
			return max(u.from, p.on.to)
		}
	}
	return u.from
}

// timedOut says that the handler ended because its own time was up. It has a moment
// to react to that, and may say then that all is well.
func (s *shutdown) timedOut(u *turn) bool {
	const react = 150 * time.Millisecond
	h := u.handler
	over := h.End - h.Begin - h.Timeout - s.standing(h.Begin, h.End)
	return !u.open && h.Timeout > 0 && u.to == h.End && (strings.HasPrefix(h.Err, outOfTime) || h.State == tree.Done && 0 <= over && over < react)
}

// cutOff says that the handler did not come to its own end.
func (u *turn) cutOff() bool {
	return strings.HasPrefix(u.handler.Err, "timeout: ") || strings.HasPrefix(u.handler.Err, "forced: ")
}

// outOfTime is how exitreg begins the error of a handler whose own time was up.
const outOfTime = "timeout: ran longer than "

// waited is the time of a turn in which it waited for any process.
func (u *turn) waited() time.Duration {
	var spans []span
	for _, w := range u.waits {
		spans = append(spans, span{w.from, w.on.to})
	}
	return covered(spans, u.from, u.to)
}
