package live

import (
	"maps"
	"strconv"
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
// can join a session but by birth), or the root that its marks name.
func (sc *scan) parentOf(c *stat) (parent *proc, orphan, ok bool) {
	if p := sc.s.byPID[c.ppid]; p != nil && p.start <= c.start && p.present() {
		return p, false, true
	}
	if c.ppid != sc.self || sc.s.root == nil {
		return nil, false, false
	}
	leader := sc.s.byPID[c.sid]
	if leader != nil && (leader.pid == c.pid || leader.start > c.start) {
		leader = nil // the number was given out again
	}
	switch {
	case leader != nil && (leader.present() || sc.ours(c)):
		return leader, true, true
	case sc.ours(c):
		return sc.rootOf(c.pid), true, true
	}
	return nil, false, false
}

// present says that p has not been reaped, not even a moment ago, so that nobody
// else can have its pid.
func (p *proc) present() bool {
	if p.dead {
		return false
	}
	_, err := p.look()
	return err == nil
}

// rootOf is the root of the command that an orphan comes from, by its marks; the
// first one if it has got rid of them.
func (sc *scan) rootOf(pid int) *proc {
	mark, node, _ := environMarks(pid)
	if mark != sc.s.sock {
		n, _ := sc.s.system.birthmark.on(pid)
		node = strconv.Itoa(n)
	}
	if p := sc.s.byID[node]; p != nil && p.parent == nil {
		return p
	}
	return sc.s.root
}

// ours decides about a child of ours of unknown birth: is it an orphan of the
// tree, or did another part of this program start it?
func (sc *scan) ours(c *stat) bool {
	mark, readable := environMark(c.pid)
	switch {
	case mark == sc.s.sock, sc.s.system.cgroup.has(c.pid):
		return true
	case c.sid != ownSession && !startedHere(c.pid) && sc.branded(c.pid):
		return true
	case mark == "" && sc.doubt(c):
		return false
	case mark != "" || !readable || c.state == 'Z':
		// Of another session, or not ours to know. A zombie's status belongs to
		// whoever started it.
	case c.sid == ownSession || sameProgram(c.pid) || startedHere(c.pid):
		// Like all that is started by os/exec, and by other sessions.
	case sc.s.system.cgroup != nil || sc.s.system.birthmark != 0:
		// It would have one of them.
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
		maps.DeleteFunc(sc.doubts, func(_ int, d doubt) bool { return time.Since(d.since) > 20*doubtFor }) // those that were never seen again
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

// search looks everywhere for those that were not seen so far, and returns how
// many there are, or may be.
func (s *Session) search() int {
	if n := s.system.observer.births(true); n > 0 || s.root == nil {
		return n
	}
	if n := s.system.observer.escaped(); n > 0 {
		return n
	}
	return s.linger()
}

// linger returns 1 while the control group has members though nobody is known to
// live: one that dies is counted out late. Those that do not go are told of.
func (s *Session) linger() int {
	sys := &s.system
	switch {
	case len(s.live) > 0 || !sys.cgroup.populated():
		sys.lingering = time.Time{}
		return 0
	case sys.lingering.IsZero():
		sys.lingering = time.Now()
	case time.Since(sys.lingering) > killPatience:
		s.note(nil, "cgroup", "the control group %s still has members that cannot be seen", sys.cgroup.path)
		return 0
	}
	return 1
}

// branded says whether pid carries our birthmark.
func (sc *scan) branded(pid int) bool {
	_, ok := sc.s.system.birthmark.on(pid)
	return ok
}

// escaped looks at every process of the machine for one of ours that has left the
// tree. It is the last thing done before the tree is said to be gone.
func (sc *scan) escaped() int {
	inside := map[int]bool{}
	for _, pid := range sc.s.system.cgroup.members(nil) {
		inside[pid] = true
	}
	pids, _ := readDir("/proc", sc.buf, nil)
	n := 0
	for _, pid := range pids {
		if p := sc.s.byPID[pid]; p != nil && !p.dead {
			continue
		}
		by := sc.betrayed(pid, inside)
		if by == "" {
			continue
		}
		st, err := readStat(pid)
		if err != nil || !sc.candidate(&st) || st.state == 'Z' {
			continue
		}
		if p := sc.locate(pid); p == nil {
			p = sc.s.found(&st, sc.rootOf(pid), true)
			sc.s.note(p, "escaped", "%s (pid %d) had left the tree; found by %s", p.name, p.pid, by)
		}
		n++
	}
	return n
}

// betrayed says by what pid, which has left the tree, is known to be of it; "": it
// is not. Whoever is our child was judged before: others of this program may have
// been born while we wore the birthmark.
func (sc *scan) betrayed(pid int, inside map[int]bool) string {
	if inside[pid] {
		return "the control group that it is in"
	}
	if mark, _ := environMark(pid); mark == sc.s.sock {
		return "the mark in its environment"
	}
	if sc.s.system.cgroup == nil && sc.branded(pid) {
		if st, err := readStat(pid); err == nil && st.ppid != sc.self {
			return "the limit that it has inherited"
		}
	}
	return ""
}
