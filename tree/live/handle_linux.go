package live

import (
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// handle is what is held of a process while it lives: a pidfd, through which it
// is signalled and its death is learned, and its stat file. Both belong to this
// one process even when its pid is used again. Beyond the budget of descriptors
// there is neither, and pid and start time are compared before each use.
type handle struct {
	pidfd, stat int // -1: none
	comm        [16]byte
	mm          [2]uint64
	ppid        int
	threads     int
	state       byte
	hold        time.Time // it may be about to exec: not announced before
	next        time.Time // when to look again
	gap         time.Duration
	looks       int
	titles      int // how often it was seen to change its title
	inner       int // its pid in its own pid namespace, and which that is; 0: not looked at, or not to be known
	space       uint64
	blocked     bool      // SIGTERM was blocked at the last look
	dying       time.Time // when its death was noticed though its status was not to be had
}

// busy says that it ran, or would have, when it was looked at last; a disk counts.
func (h *handle) busy() bool { return h.state == 'R' || h.state == 'D' }

// ticks is how many clock ticks a second /proc counts in (USER_HZ): the same on
// every architecture that Go runs on.
const ticks = 100

// forkHold is how long a process that is still the image of its parent is held
// back: in nearly every case it is about to become another program.
const forkHold = 30 * time.Millisecond

// found enters a process that was seen for the first time.
func (s *Session) found(st *stat, parent *proc, orphan bool) *proc {
	p := s.enter(st.pid, st.start, parent)
	s.meet(p, st)
	h, now := &p.handle, time.Now()
	s.system.keeper.add(p)
	switch elder := p.elder(); {
	case st.mm == parent.handle.mm && st.mm != [2]uint64{} && st.comm == parent.handle.comm:
		h.hold = now.Add(forkHold)
	case elder != nil && !elder.announced:
		// Its turn comes with its elder's.
	default:
		s.announce(p)
	}
	if orphan {
		s.adopted(p)
		s.note(p, "orphan", "the parent of %s (pid %d) was gone before it was seen; shown below %s", p.name, p.pid, parent.id)
	}
	if s.left(p) {
		s.system.keeper.release(p)
	}
	s.doom(p)
	s.system.quicken()
	return p
}

// foundRoot enters the process of a command.
func (s *Session) foundRoot(st *stat, c *command) *proc {
	p := s.enterRoot(c.Node, st.pid, st.start)
	p.command, c.root = c, p
	s.system.spaces = s.system.spaces || c.PIDNamespace
	s.meet(p, st)
	p.born = max(p.born, c.asked) // the kernel's start time is that of its last tick
	return p
}

// meet takes down what is to be known of a process at first sight.
func (s *Session) meet(p *proc, st *stat) {
	p.pgid, p.sid = st.pgid, st.sid
	p.born = s.system.bornAt(s, st.start)
	h := &p.handle
	*h = handle{pidfd: -1, stat: -1, comm: st.comm, mm: st.mm, ppid: st.ppid, threads: st.threads,
		state: st.state, next: time.Now(), gap: lookFast}
	argv := readArgv(p.pid)
	p.argv, p.name = argv, programName(argv, st.name())
	if s.system.spaces {
		p.settle()
	}
	s.hold(p, st)
}

// hold opens the descriptors of p, if the budget has room. The stat file is
// opened first and read once more behind the pidfd: if that works the pid was
// not used again in between, and both are the process that was found.
func (s *Session) hold(p *proc, st *stat) {
	h, sys := &p.handle, &s.system
	why := unix.EMFILE
	if sys.fds < sys.fdBudget {
		fd, err := unix.Open("/proc/"+strconv.Itoa(p.pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return // gone, or there is no /proc
		}
		pidfd, err := unix.PidfdOpen(p.pid, 0)
		var buf [1024]byte
		switch again, lost := preadStat(fd, buf[:]); {
		case err != nil:
			why, _ = err.(unix.Errno)
		case lost != nil || again.start != st.start:
			unix.Close(pidfd)
			why = unix.ESRCH
		default:
			h.pidfd = pidfd
		}
		unix.Close(fd)
	}
	switch {
	case h.pidfd >= 0:
	case why == unix.ESRCH:
		return
	default:
		s.note(p, "fds", "%s (pid %d) is watched by its pid, not by a descriptor: %v", p.name, p.pid, why)
		return
	}
	sys.fds++
	sys.watch(&watch{kind: watchDeath, fd: h.pidfd, p: p}, unix.EPOLLIN|unix.EPOLLET)
	if sys.fds < sys.fdBudget/2 {
		if fd, err := unix.Open("/proc/"+strconv.Itoa(p.pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
			h.stat = fd
			sys.fds++
		}
	}
}

// letGo closes the descriptors of a process that is gone for good.
func (s *Session) letGo(p *proc) {
	h, sys := &p.handle, &s.system
	if h.pidfd >= 0 {
		sys.unwatch(h.pidfd)
		sys.fds--
	}
	if h.stat >= 0 {
		unix.Close(h.stat)
		sys.fds--
	}
	h.pidfd, h.stat = -1, -1
}

// look reads the stat of p, if it is still p.
func (p *proc) look() (stat, error) {
	var buf [1024]byte
	if p.handle.stat >= 0 {
		return preadStat(p.handle.stat, buf[:])
	}
	st, err := readStat(p.pid)
	if err == nil && st.start != p.start {
		err = unix.ESRCH
	}
	return st, err
}

// bornAt is the time in the stream of a start time in clock ticks since boot.
func (sys *system) bornAt(s *Session, start uint64) time.Duration {
	t := time.Duration(start)*(time.Second/ticks) - sys.boot
	return min(max(t, 0), s.now())
}
