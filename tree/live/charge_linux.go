package live

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// charge is what the keeper has to take down.
type charge struct {
	mark  string
	known map[int]*kept
}

type kept struct {
	start uint64
	pidfd int // -1: none; then pid and start time are compared
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

// end kills until nobody is left, or the time is over: a process in state D
// ends when its system call does.
func (c *charge) end(limit time.Duration) {
	quiet := 0
	for stop := time.Now().Add(limit); quiet < 2 && time.Now().Before(stop); time.Sleep(5 * time.Millisecond) {
		c.search()
		if c.kill() == 0 {
			quiet++ // once more: one that was just being born
		} else {
			quiet = 0
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

// search finds what carries the mark, and what descends from those that are
// known or shares a session with them.
func (c *charge) search() {
	pids, _ := readDir("/proc", make([]byte, 32<<10), nil)
	self := os.Getpid()
	for _, pid := range pids {
		if pid <= 1 || pid == self || c.known[pid] != nil {
			continue
		}
		st, err := readStat(pid)
		if err != nil || st.state == 'Z' {
			continue
		}
		mark, _ := environMark(pid)
		if mark == c.mark && mark != "" || c.has(st.ppid) || c.has(st.sid) {
			c.add(pid, st.start)
		}
	}
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
