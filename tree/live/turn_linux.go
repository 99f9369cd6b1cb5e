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
	dead, listen := s.sort(events)
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
			case watchTerminal:
				w.term.ready = true
			}
		}
	}
	s.passOn()
	sys.busy = s.digestRest()
	s.readTerminals()
	s.writeInputs()
	s.resume()
	if sys.bred = sys.observer.births(false) > 0; sys.bred {
		sys.quicken()
	}
	if len(dead) > 0 {
		s.drainPipes() // last words come before the exit
		s.drainTerminals()
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
	s.settleTerminals()
	s.settleEmptied()
}

// sort takes out who has died and whether somebody knocks, and does what is done at
// once.
func (s *Session) sort(events []unix.EpollEvent) (dead []*proc, listen bool) {
	sys := &s.system
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
	return dead, listen
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

// finish ends the stream and gives everything back.
func (s *Session) finish() {
	sys := &s.system
	s.drainPipes()
	for _, w := range sys.pipes {
		w.l.digest(s)
		w.l.flush(s)
		sys.unwatch(w.fd)
	}
	s.closeAll()
	s.resumeLeft()
	s.ended = true
	s.conclude()
	s.farewell()
	s.push(&tree.Event{Kind: exitreg.KindEOF, T: s.now()})
	s.queue.close()
	for _, p := range s.byID {
		if !p.reaped {
			s.forget(p)
		}
		s.closeConns(p)
		s.letGo(p)
	}
	sys.observer.close()
	if s.config.Keep && len(s.live) > 0 {
		sys.keeper.release(nil)
		sys.cgroup.release()
	}
	sys.cgroup.remove()
	sys.closeSocket(s.sock)
	sys.keeper.end() // last: it removes these if we are killed before we have
	unix.Close(sys.wake)
	sys.file.Close() // epoll
	sys.wake = -1
}

// locate finds a process of the tree by its pid, looking for it if need be.
func (s *Session) locate(pid int) *proc { return s.system.observer.locate(pid) }

// forget takes a process off the list of commands that were started.
func (s *Session) forget(p *proc) {
	if p.parent == nil {
		started.Lock()
		delete(started.pids, p.pid)
		started.Unlock()
	}
}
