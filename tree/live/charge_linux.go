package live

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// charge is what the keeper has to take down.
type charge struct {
	mark      string
	birthmark birthmark
	cgroup    *cgroup // nil: there is none
	known     map[int]*kept
	free      map[int]uint64 // let go, by start time
	freeAll   bool
	halted    map[int]uint64 // stopped by the session, by start time
}

type kept struct {
	start uint64
	pidfd int // -1: none; then pid and start time are compared
}

func newCharge() *charge {
	return &charge{known: map[int]*kept{}, free: map[int]uint64{}, halted: map[int]uint64{}}
}

func (c *charge) add(pid int, start uint64) {
	c.drop(pid)
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		fd = -1
	}
	if startOf(pid) != start { // gone since, and its pid perhaps another's
		unix.Close(fd)
		return
	}
	c.known[pid] = &kept{start, fd}
}

func (c *charge) drop(pid int) {
	if k := c.known[pid]; k != nil {
		unix.Close(k.pidfd)
		delete(c.known, pid)
	}
}

// release lets a process go, or everything if pid is 0.
func (c *charge) release(pid int, start uint64) {
	if pid == 0 {
		c.freeAll = true
		return
	}
	c.drop(pid)
	c.free[pid] = start
}

// end kills until nobody is left, or the time is over: a process in state D
// ends when its system call does.
func (c *charge) end(limit time.Duration) {
	defer c.resume()
	if c.freeAll {
		c.cgroup.release()
		c.cgroup.remove()
		return
	}
	quiet := 0
	for stop := time.Now().Add(limit); quiet < 2 && time.Now().Before(stop); time.Sleep(5 * time.Millisecond) {
		if len(c.free) == 0 {
			c.cgroup.kill()
		}
		c.search()
		if c.kill() == 0 && (len(c.free) > 0 || !c.cgroup.populated()) {
			quiet++ // once more: one that was just being born
		} else {
			quiet = 0
		}
	}
	if len(c.free) > 0 {
		c.cgroup.release()
	}
	c.cgroup.remove()
}

// resume continues what lives on and was stopped by the session.
func (c *charge) resume() {
	for pid, start := range c.halted {
		if startOf(pid) == start {
			unix.Kill(pid, unix.SIGCONT)
		}
	}
}

// kill sends SIGKILL to all that are known and returns how many still live.
func (c *charge) kill() (alive int) {
	for pid, k := range c.known {
		st, err := readStat(pid)
		if err != nil || st.start != k.start || st.state == 'Z' && st.threads <= 1 {
			c.drop(pid)
			continue
		}
		alive++
		if k.pidfd >= 0 {
			unix.PidfdSendSignal(k.pidfd, unix.SIGKILL, nil, 0)
		} else {
			unix.Kill(pid, unix.SIGKILL)
		}
	}
	return alive
}

// search finds what carries a mark or is in the control group, and what descends
// from those that are known or shares a session with them. What descends from
// one that was let go is free too.
func (c *charge) search() {
	pids, _ := readDir("/proc", make([]byte, 32<<10), nil)
	inside := map[int]bool{}
	for _, pid := range c.cgroup.members(nil) {
		inside[pid] = true
	}
	self := os.Getpid()
	for _, pid := range pids {
		if pid <= 1 || pid == self || c.known[pid] != nil {
			continue
		}
		st, err := readStat(pid)
		if err != nil || st.state == 'Z' || c.isFree(&st) {
			continue
		}
		if c.has(st.ppid) || c.has(st.sid) || inside[pid] || c.marked(pid) {
			c.add(pid, st.start)
		}
	}
}

func (c *charge) marked(pid int) bool {
	if mark, _ := environMark(pid); mark == c.mark && mark != "" {
		return true
	}
	_, ok := c.birthmark.on(pid)
	return ok
}

// isFree says whether a process was let go, or is the child of one that was.
func (c *charge) isFree(st *stat) bool {
	if start, ok := c.free[st.pid]; ok && start == st.start {
		return true
	}
	if start, ok := c.free[st.ppid]; ok && startOf(st.ppid) == start {
		c.free[st.pid] = st.start
		return true
	}
	return false
}

// has says whether pid is known, and not given to a stranger since. One that is
// gone is still known as what its children and its session came from.
func (c *charge) has(pid int) bool {
	k := c.known[pid]
	if k == nil {
		return false
	}
	st, err := readStat(pid)
	return err != nil || st.start == k.start
}
