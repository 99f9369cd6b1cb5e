package check

import (
	"cmp"
	"slices"
	"time"

	"multiexit/tree"
)

// shutdown is what the last shutdown of a tree was made of, as intervals.
type shutdown struct {
	tree       *tree.Tree
	start, end time.Duration
	over       bool
	stays      []*stay           // in order of birth
	of         map[string]*stay  // by the id of the node
	gone       []*stay           // those that are gone, in the order of their going
	waiters    map[*stay][]*turn // the handlers that wait for a process
}

// stay is the part that one process has in it: from when it was asked until it
// was gone.
type stay struct {
	node     *tree.Node
	by       string // who asked
	from, to time.Duration
	turns    []*turn // its handlers, one after another
}

// turn is one handler that runs.
type turn struct {
	stay     *stay
	handler  *tree.Handler
	from, to time.Duration
	waits    []wait
}

// wait is the wait of a handler for a process, whether that was gone in time or not.
type wait struct {
	on   *stay
	from time.Duration
}

// survey finds the intervals of the last shutdown; nil if there was none.
func survey(t *tree.Tree) *shutdown {
	if t.Shut == nil {
		return nil
	}
	s := &shutdown{tree: t, start: t.Shut.T, of: map[string]*stay{}, waiters: map[*stay][]*turn{}}
	for _, n := range t.Nodes {
		at, by, asked := n.Asked()
		if !asked || n.State == tree.Live || n.State == tree.Unborn || n.Ended() && n.Gone < s.start {
			continue
		}
		st := &stay{node: n, by: by, from: max(at, s.start)}
		s.stays, s.of[n.ID] = append(s.stays, st), st
	}
	s.close()
	for _, st := range s.stays {
		s.fill(st)
	}
	return s
}

// close finds when each process was gone, and when the shutdown was over. A
// process that lives has no end but the present.
func (s *shutdown) close() {
	s.end, s.over = s.start, true
	for _, st := range s.stays {
		st.to = s.tree.Last
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
		s.end = max(s.end, s.tree.Last)
	}
	slices.SortStableFunc(s.gone, func(a, b *stay) int { return cmp.Compare(a.to, b.to) })
}

// fill finds when the handlers of a process ran and for whom they waited. They
// run one at a time: what says otherwise is cut at the beginning of the next.
func (s *shutdown) fill(st *stay) {
	for _, h := range st.node.Ran {
		to := st.to
		if h.State == tree.Done || h.State == tree.Broken {
			to = min(h.End, to)
		}
		if from := max(h.Begin, st.from); from < to {
			st.turns = append(st.turns, &turn{stay: st, handler: h, from: from, to: to})
		}
	}
	slices.SortStableFunc(st.turns, func(a, b *turn) int { return cmp.Compare(a.from, b.from) })
	for i, u := range st.turns {
		if i+1 < len(st.turns) {
			u.to = min(u.to, st.turns[i+1].from)
		}
		for k, n := range u.handler.Waits {
			if on := s.of[n.ID]; on != nil && u.handler.Since[k] < u.to {
				u.waits = append(u.waits, wait{on, max(u.handler.Since[k], u.from)})
				s.waiters[on] = append(s.waiters[on], u)
			}
		}
	}
}

// waited is the time of a turn in which it waited for any process.
func (u *turn) waited() (total time.Duration) {
	spans := slices.SortedFunc(slices.Values(u.waits), func(a, b wait) int { return cmp.Compare(a.from, b.from) })
	upto := u.from
	for _, w := range spans {
		from, to := max(w.from, upto), min(w.on.to, u.to)
		if to > from {
			total += to - from
			upto = to
		}
	}
	return total
}
