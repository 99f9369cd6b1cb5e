package live

import (
	"time"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// turn handles what has happened. What processes told comes before what was
// born, and that before what died: so a process is known before it speaks, and
// has spoken before it is gone.
func (s *Session) turn(events []unix.EpollEvent) {
	sys := &s.system
	s.at = s.now()
	var dead []*proc
	listen := false
	for _, ev := range events {
		w := sys.watches[ev.Fd]
		if w == nil || w.gen != ev.Pad {
			continue
		}
		switch w.kind {
		case watchDeath:
			dead = append(dead, w.p)
		case watchListener:
			listen = true
		case watchWake:
			unix.Read(w.fd, sys.buf[:8])
		case watchKeeper:
			s.keeperGone()
		}
	}
	if sys.deaf && len(events) == 0 {
		sys.deaf = false
		sys.interest(sys.watches[int32(sys.listener)], unix.EPOLLIN)
	}
	if listen {
		s.accept()
	}
	for _, ev := range events {
		if w := sys.watches[ev.Fd]; w != nil && w.gen == ev.Pad {
			switch w.kind {
			case watchConn:
				s.readConn(w)
			case watchPipe:
				s.readPipe(w)
			}
		}
	}
	s.passOn()
	sys.busy = s.digestRest()
	s.resume()
	if sys.observer.births(false) > 0 {
		sys.quicken()
	}
	if len(dead) > 0 {
		s.drainPipes() // last words come before the exit
	}
	for _, p := range dead {
		s.die(p)
	}
	s.retry()
	if now := time.Now(); now.After(sys.nextAround) { // not for each of a flood of events
		sys.nextAround = now.Add(lookFast / 2)
		s.lookAround(now)
	}
	sys.keeper.flush()
	s.climb()
}

// lookAround refreshes the processes whose time has come.
func (s *Session) lookAround(now time.Time) {
	slow := max(250*time.Millisecond, time.Duration(len(s.live))*lookEach)
	due := s.system.due[:0]
	for _, p := range s.live {
		if !now.Before(p.handle.next) {
			due = append(due, p)
		}
	}
	s.system.due = due
	for _, p := range due {
		h := &p.handle
		gap := h.gap
		s.system.observer.refresh(p)
		if h.gap == gap {
			h.gap = min(gap*3/2, slow)
		}
		h.next = now.Add(h.gap)
	}
}

// retry asks again for what was not to be had: statuses of the dying, and
// zombies that their parents may have reaped or left to us.
func (s *Session) retry() {
	sys := &s.system
	dying := sys.dying
	sys.dying = nil
	for _, p := range dying {
		if s.die(p); !p.dead {
			sys.dying = append(sys.dying, p)
			sys.quicken()
		}
	}
	rest := sys.zombies[:0]
	for _, p := range sys.zombies {
		if s.reap(p); !p.reaped {
			rest = append(rest, p)
		}
	}
	sys.zombies = rest
}

// over says whether all is done: nobody lives, nobody carries our mark, or what
// lives cannot be ended.
func (s *Session) over() bool {
	if len(s.live) > 0 {
		if !s.ladder.kill {
			return false
		}
		for _, p := range s.live {
			if !p.lost() {
				return false
			}
		}
		return true
	}
	if s.system.observer.births(true) > 0 || s.system.observer.escaped() > 0 {
		s.system.quicken()
		return false
	}
	return true
}

// finish ends the stream and gives everything back.
func (s *Session) finish() {
	sys := &s.system
	s.drainPipes()
	for _, w := range sys.pipes {
		w.l.digest(s)
		w.l.flush(s)
		sys.unwatch(w.fd)
	}
	s.ended = true
	s.conclude()
	started.Lock()
	delete(started.pids, s.root.pid)
	started.Unlock()
	s.tellRest()
	s.queue.push(&tree.Event{Kind: exitreg.KindEOF, T: s.now()})
	s.queue.close()
	for _, p := range s.byID {
		s.closeConns(p)
		s.letGo(p)
	}
	sys.observer.close()
	sys.keeper.end()
	sys.closeSocket(s.sock)
	unix.Close(sys.wake)
	sys.file.Close() // epoll
	sys.wake = -1
}

// locate finds a process of the tree by its pid, looking for it if need be.
func (s *Session) locate(pid int) *proc { return s.system.observer.locate(pid) }
