package check

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"time"

	"multiexit/tree"
)

// hold is a time for which the observer held a process, which ran nothing then.
type hold struct {
	from, to time.Duration
	where    string // "before flush"
}

// stands finds when anybody was held, so that the time of all handlers stood.
func (s *shutdown) stands() {
	for _, n := range s.tree.Nodes {
		for _, h := range s.holdsOf(n) {
			s.stood = append(s.stood, hold{from: h.Since, to: h.Until})
		}
	}
	slices.SortFunc(s.stood, func(a, b hold) int { return cmp.Compare(a.from, b.from) })
	all := s.stood[:0]
	for _, h := range s.stood {
		if i := len(all) - 1; i >= 0 && h.from <= all[i].to {
			all[i].to = max(all[i].to, h.to)
		} else {
			all = append(all, h)
		}
	}
	s.stood = all
}

// holdsOf are the times for which a process was held; of one that is, until now.
func (s *shutdown) holdsOf(n *tree.Node) []tree.Holding {
	list := n.Holdings()
	if n.Held {
		list[len(list)-1].Until = s.now
	}
	return list
}

// standing is for how long of a time anybody was held.
func (s *shutdown) standing(from, to time.Duration) (total time.Duration) {
	i := sort.Search(len(s.stood), func(i int) bool { return s.stood[i].to > from })
	for ; i < len(s.stood) && s.stood[i].from < to; i++ {
		total += min(s.stood[i].to, to) - max(s.stood[i].from, from)
	}
	return total
}

// hold finds when a process was held, beside its handlers.
func (s *shutdown) hold(st *stay) {
	i, last := 0, st.from
	for _, h := range s.holdsOf(st.node) {
		from, to := max(h.Since, last), min(h.Until, st.to)
		for ; i < len(st.turns) && st.turns[i].from < to; i++ { // only in a stream that is no process's
			if u := st.turns[i]; from < u.from {
				st.holds = append(st.holds, hold{from, u.from, h.Hold.String()})
			}
			from = max(from, st.turns[i].to)
		}
		if from < to {
			st.holds = append(st.holds, hold{from, to, h.Hold.String()})
		}
		last = max(from, to)
	}
}

// holdBy is the last hold that began before a moment; nil if there is none.
func (st *stay) holdBy(t time.Duration) *hold {
	if i := sort.Search(len(st.holds), func(i int) bool { return st.holds[i].from >= t }); i > 0 {
		return &st.holds[i-1]
	}
	return nil
}

// held is for how long a process was held.
func (st *stay) held() (total time.Duration) {
	for _, h := range st.holds {
		total += h.to - h.from
	}
	return total
}

// Holding is the time for which the observer held a process. It is nobody's to
// blame.
type Holding struct {
	Node  string        `json:"node"`
	PID   int           `json:"pid,omitzero"`
	Name  string        `json:"name"`  // of the process
	At    time.Duration `json:"at"`    // when it was held first
	For   time.Duration `json:"for"`   // in all
	Times int           `json:"times"` // how often
	Where string        `json:"where"` // the longest time: "before flush", "at SIGTERM"
}

// String is "4.20s db-writer 4719: held by you before flush-wal".
func (h Holding) String() string { return tree.Took(h.For) + " " + h.What() }

// What is who was held, and where: "db-writer 4719: held by you before flush-wal",
// "db-writer 4719: held by you 3 times, the longest before flush-wal".
func (h Holding) What() string { return title(h.Name, h.PID) + ": held by you " + h.Spots() }

// Spots is how often, and where: "before flush-wal", "3 times, the longest before
// flush-wal".
func (h Holding) Spots() string {
	if h.Times == 1 {
		return h.Where
	}
	return strconv.Itoa(h.Times) + " times, the longest " + h.Where
}

// holdings lists who was held, the longest first.
func (s *shutdown) holdings() (list []Holding) {
	for _, st := range s.stays {
		if len(st.holds) == 0 {
			continue
		}
		longest := slices.MaxFunc(st.holds, func(a, b hold) int { return cmp.Compare(a.to-a.from, b.to-b.from) })
		n := st.node
		list = append(list, Holding{Node: n.ID, PID: n.PID, Name: n.Title(), At: st.holds[0].from, For: st.held(), Times: len(st.holds), Where: longest.where})
	}
	slices.SortStableFunc(list, func(a, b Holding) int { return cmp.Compare(b.For, a.For) })
	return list
}
