package live

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// How often to look around: at once again while something changes, and ever more
// seldom when nothing does. A look that finds nothing new costs one read.
const (
	lookFast = 10 * time.Millisecond
	lookSlow = 250 * time.Millisecond
	hotFor   = 300 * time.Millisecond
	// lookEach is how long a process is left unlooked at, times the number of
	// processes: looking at 1,000 of them every 5 s costs 0.1 % of a core.
	lookEach = 5 * time.Millisecond
)

type watchKind uint8

const (
	watchDeath watchKind = iota
	watchConn
	watchListener
	watchPipe
	watchWake
	watchKeeper
	watchObserver
	watchTerminal
	watchInput
)

// watch is one descriptor that the loop waits for.
type watch struct {
	kind watchKind
	fd   int
	gen  int32 // tells a late wake-up of a closed descriptor from one of its successor
	p    *proc
	c    *conn
	l    *lines
	term *terminal

	paced, closed bool // of a pipe: read every millisecond; at its end
}

// system is the Linux side of a session. It is used by the loop, and by calls
// from outside that hold the session's lock.
type system struct {
	epoll, wake, listener int
	file                  *os.File // of epoll, for Go's poller
	raw                   syscall.RawConn
	watches               map[int32]*watch
	gen                   int32
	observer              observer
	scan                  *scan
	keeper                *keeper
	cgroup                *cgroup   // nil: there is none to be had
	birthmark             birthmark // zero: none
	spaces                bool      // some process lives in another pid namespace than we
	lingering             time.Time // since when the control group has members though nobody is known to live
	dir                   string    // of the socket
	boot                  time.Duration
	fds, fdBudget         int
	pipes                 []*watch
	spare                 []byte // a block to read a pipe to; nil: it is in use
	terminals             []*terminal
	inputs                []*input
	termWait              time.Duration // until terminals are to be read; 0: when they say so
	held                  bool          // terminals are not read: the stream is full
	zombies               []*proc       // dead, but not reaped by their parents
	dying                 []*proc       // dead, but their status is not to be had yet
	paused                []*watch
	hotUntil              time.Time
	gap                   time.Duration
	nextAround            time.Time
	due                   []*proc // to be looked at; kept for its memory
	smallPipes            bool
	bred                  bool // somebody was born in this turn
	busy                  bool // more output is coming than is being looked at
	deaf                  bool // out of descriptors: the listener is left alone for a while
	buf                   []byte
}

func (sys *system) watch(w *watch, events uint32) error {
	sys.gen++
	w.gen = sys.gen
	ev := unix.EpollEvent{Events: events, Fd: int32(w.fd), Pad: w.gen}
	if err := unix.EpollCtl(sys.epoll, unix.EPOLL_CTL_ADD, w.fd, &ev); err != nil {
		return err
	}
	sys.watches[int32(w.fd)] = w
	return nil
}

// unwatch closes the descriptor too.
func (sys *system) unwatch(fd int) {
	delete(sys.watches, int32(fd))
	unix.EpollCtl(sys.epoll, unix.EPOLL_CTL_DEL, fd, nil)
	unix.Close(fd)
}

// quicken makes the loop look closely for a while: something has changed.
func (sys *system) quicken() {
	sys.hotUntil = time.Now().Add(hotFor)
	sys.gap = lookFast
}

// stir makes p be looked at closely for a while.
func (s *Session) stir(p *proc) {
	p.handle.gap, p.handle.next = lookFast, time.Time{}
	s.system.quicken()
}

// poke wakes the loop.
func (s *Session) poke() {
	var one = [8]byte{1}
	if s.system.wake >= 0 {
		unix.Write(s.system.wake, one[:])
	}
}

// loop watches until the session is over. It is the only goroutine of the session
// but for the queue's.
func (s *Session) loop() {
	events := make([]unix.EpollEvent, 512)
	wait := time.Duration(0)
	for {
		n := s.system.wait(events, wait)
		s.mu.Lock()
		s.turn(events[:n])
		over := s.over()
		if over {
			s.finish()
		}
		s.answerLooks()
		wait = s.nextLook()
		s.mu.Unlock()
		if over {
			close(s.done)
			return
		}
	}
}

// wait waits for events, for a limited time; without a limit if it is negative. It waits in Go's own poller, which
// watches our epoll as it would watch a socket: a thread that blocks in a system
// call by itself makes the runtime look after it, and an idle session must cost
// nothing.
func (sys *system) wait(events []unix.EpollEvent, limit time.Duration) (n int) {
	until := time.Time{} // for ever
	if limit >= 0 {
		until = time.Now().Add(limit)
	}
	sys.file.SetReadDeadline(until)
	sys.raw.Read(func(fd uintptr) bool {
		n, _ = unix.EpollWait(int(fd), events, 0)
		return n > 0
	})
	return max(n, 0)
}

// nextLook says how long to wait for something to happen.
func (s *Session) nextLook() time.Duration {
	sys := &s.system
	if len(s.looks) > 0 || sys.busy || sys.bred && s.killing() {
		return time.Millisecond // who is to be killed must not bear faster than we look
	}
	if sys.termWait > 0 {
		return sys.termWait
	}
	if s.idle() && len(sys.zombies) == 0 && len(sys.dying) == 0 && !sys.deaf && len(sys.paused) == 0 {
		return -1 // somebody who wants something will wake us
	}
	if time.Now().Before(sys.hotUntil) {
		sys.gap = lookFast
	} else {
		sys.gap = min(sys.gap*5/4, lookSlow)
	}
	if next, ok := s.nextRung(); ok && next < sys.gap {
		return next
	}
	return sys.gap
}
