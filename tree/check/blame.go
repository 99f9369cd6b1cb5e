package check

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"multiexit/tree"
)

// Blame is the time that a handler, or a process beside its handlers, took by
// itself.
type Blame struct {
	Node    string        `json:"node"`
	PID     int           `json:"pid,omitzero"`
	Name    string        `json:"name"`             // of the process
	ID      string        `json:"id,omitzero"`      // of the handler; empty for a process
	Handler string        `json:"handler,omitzero"` // its name
	At      time.Duration `json:"at"`               // when it began, or was asked to end
	Own     time.Duration `json:"own"`              // without its waiting for processes; of a process without its handlers, and without what it was held for
	Took    time.Duration `json:"took"`             // with all

	Injected string `json:"injected,omitzero"` // as in Step
}

// String is "4.20s db-writer 4719: flush-wal (of 5.00s)".
func (b Blame) String() string { return tree.Took(b.Own) + " " + b.What() }

// What is whose it is, and what, and how long that took with its waiting:
// "db-writer 4719: flush-wal (of 5.00s)".
func (b Blame) What() string {
	s := title(b.Name, b.PID)
	if b.ID != "" {
		s += ": " + tree.Clean(b.Handler)
	} else {
		s += " itself"
	}
	if b.Took > b.Own {
		s += " (of " + tree.Took(b.Took) + ")"
	}
	return s + injection(b.Injected)
}

// blame lists who took any time, the slowest first, then in order of birth and run.
func (s *shutdown) blame() []Blame {
	list := []Blame{}
	for _, st := range s.stays {
		all := st.to - st.from
		own := all - st.idle()
		for _, u := range st.turns {
			own -= u.to - u.from
		}
		list = add(list, Blame{Node: st.node.ID, PID: st.node.PID, Name: st.node.Title(), At: st.from, Own: own, Took: all, Injected: s.injectedBeside(st)})
		for _, u := range st.turns {
			h := u.handler
			list = add(list, Blame{Node: st.node.ID, PID: st.node.PID, Name: st.node.Title(), ID: h.ID, Handler: h.Name,
				At: u.from, Own: u.to - u.from - u.waited(), Took: u.to - u.from, Injected: h.Fault})
		}
	}
	slices.SortStableFunc(list, func(a, b Blame) int { return cmp.Compare(b.Own, a.Own) })
	return list
}

// idle is the time in which a process, beside its handlers, was held or waited for its
// children.
func (st *stay) idle() time.Duration {
	var spans []span
	for _, h := range st.holds {
		spans = append(spans, span{h.from, h.to})
	}
	for _, k := range st.kin {
		spans = append(spans, span{k.from, k.on.to})
	}
	return covered(spans, st.from, st.to)
}

// injectedBeside is what was put into a process beside its handlers.
func (s *shutdown) injectedBeside(st *stay) string {
	if st.node.Fault == "" && len(st.turns) > 0 && paced(s.tree, st.node) {
		return "pace"
	}
	return st.node.Fault
}

func add(list []Blame, b Blame) []Blame {
	if b.Own > 0 {
		list = append(list, b)
	}
	return list
}

// title is what a process is called in a sentence: its name and pid.
func title(name string, pid int) string {
	if pid == 0 {
		return tree.Clean(name)
	}
	return tree.Clean(name) + " " + strconv.Itoa(pid)
}

func called(n *tree.Node) string { return title(n.Title(), n.PID) }
