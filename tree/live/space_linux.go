package live

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// ownSpace is the pid namespace that our pids and those in /proc belong to.
var ownSpace = spaceOf("self")

// spaceOf tells the pid namespace of a process; 0 if we may not know.
func spaceOf(pid string) uint64 {
	var st unix.Stat_t
	if unix.Stat("/proc/"+pid+"/ns/pid", &st) != nil {
		return 0
	}
	return st.Ino
}

// settle learns which pid namespace p is in, and the pid it has there. It is done
// at birth, as the dead cannot be asked: one that stops a child tells its pid, and
// may be heard after the child's end.
func (p *proc) settle() {
	h := &p.handle
	if h.space != 0 {
		return
	}
	pid := strconv.Itoa(p.pid)
	m, err := readMasks("/proc/" + pid + "/status")
	if err != nil {
		return
	}
	if h.inner = m.inner; m.inner == p.pid {
		h.space = ownSpace
		return
	}
	h.space = spaceOf(pid)
}

// settleAll makes pid namespaces be looked at: some process lives in another.
func (s *Session) settleAll() {
	s.system.spaces = true
	for _, p := range s.live {
		p.settle()
	}
}

// byInner finds the process that the peer at c calls by the pid n, which counts in
// the peer's pid namespace.
func (s *Session) byInner(c *conn, n int) *proc {
	if c.inner == 0 || c.inner == c.p.pid {
		return s.byOuter(n)
	}
	s.settleAll()
	if q := s.neighbour(c.p, n); q != nil {
		return q
	}
	s.system.observer.births(true)
	return s.neighbour(c.p, n)
}

// neighbour is the youngest process with the pid n in the namespace of p.
func (s *Session) neighbour(p *proc, n int) (found *proc) {
	for _, q := range s.byPID {
		if q.handle.inner == n && q.handle.space == p.handle.space && q.handle.space != 0 &&
			(found == nil || !q.dead && found.dead || q.dead == found.dead && q.start > found.start) {
			found = q
		}
	}
	return found
}
