package live

import (
	"time"
)

// doubt is a process that may be an orphan of the tree.
type doubt struct {
	start uint64
	since time.Time
}

const doubtFor = 50 * time.Millisecond

// parentOf finds the node that a process was born below: its parent if that is
// known. If it has been adopted by us its parent is gone, and the nearest
// ancestor that can be proved takes the place: the leader of its session (nobody
// can join a session but by birth), or node 0 if it carries our mark.
func (sc *scan) parentOf(c *stat) (parent *proc, orphan, ok bool) {
	if p := sc.s.byPID[c.ppid]; p != nil && !p.dead && p.start <= c.start {
		return p, false, true
	}
	if c.ppid != sc.self || sc.s.root == nil {
		return nil, false, false
	}
	if p := sc.s.byPID[c.sid]; p != nil && p.start <= c.start {
		return p, true, true
	}
	if sc.ours(c) {
		return sc.s.root, true, true
	}
	return nil, false, false
}

// ours decides about a child of ours of unknown birth: is it an orphan of the
// tree, or did another part of this program start it?
func (sc *scan) ours(c *stat) bool {
	mark, readable := environMark(c.pid)
	switch {
	case mark == sc.s.sock:
		return true
	case mark == "" && sc.doubt(c):
		return false
	case mark != "" || !readable || c.state == 'Z':
		// Of another session, or not ours to know. A zombie's status belongs to
		// whoever started it.
	case c.sid == ownSession || sameProgram(c.pid) || startedHere(c.pid):
		// Like all that is started by os/exec, and by other sessions.
	default:
		return true // it has cleared its environment and left its session: a daemon
	}
	sc.strangers[c.pid] = c.start
	return false
}

// doubt says whether a process without a mark is to be looked at again: in the
// middle of an exec everybody is without.
func (sc *scan) doubt(c *stat) bool {
	d, known := sc.doubts[c.pid]
	if !known || d.start != c.start {
		sc.doubts[c.pid] = doubt{c.start, time.Now()}
		return true
	}
	if time.Since(d.since) < doubtFor {
		return true
	}
	delete(sc.doubts, c.pid)
	return false
}

// locate finds pid in the tree, if need be by way of its parents, which are
// entered too.
func (sc *scan) locate(pid int) *proc {
	if p := sc.s.byPID[pid]; p != nil && !p.dead {
		return p
	}
	// A process that speaks before it was seen may have older siblings that were
	// not seen either; they come first.
	sc.births(false)
	if p := sc.s.byPID[pid]; p != nil && !p.dead {
		return p
	}
	st, err := readStat(pid)
	if err != nil || st.pid != pid || st.exitSignal == -1 {
		return nil
	}
	if p := sc.s.byPID[pid]; p != nil && p.start == st.start {
		return p
	}
	if st.ppid > 1 && st.ppid != sc.self && sc.locate(st.ppid) == nil {
		return nil
	}
	parent, orphan, ok := sc.parentOf(&st)
	if !ok {
		return nil
	}
	return sc.s.found(&st, parent, orphan)
}

// escaped looks at the environment of every process of the machine. It is the
// last thing done before the tree is said to be gone.
func (sc *scan) escaped() int {
	pids, _ := readDir("/proc", sc.buf, nil)
	n := 0
	for _, pid := range pids {
		if p := sc.s.byPID[pid]; p != nil && !p.dead {
			continue
		}
		if mark, _ := environMark(pid); mark != sc.s.sock {
			continue
		}
		st, err := readStat(pid)
		if err != nil || !sc.candidate(&st) || st.state == 'Z' {
			continue
		}
		if p := sc.locate(pid); p == nil {
			p = sc.s.found(&st, sc.s.root, true)
			sc.s.note(p, "escaped", "%s (pid %d) had left the tree; found by the mark in its environment", p.name, p.pid)
		}
		n++
	}
	return n
}
