package live

import (
	"fmt"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const (
	defaultGrace = 10 * time.Second
	killPatience = 5 * time.Second // a killed process that still lives then is given up
)

// ladder is how everything is ended: SIGTERM to the topmost living processes,
// which are given the chance to end their own children in their own order; to
// all that remain after half the grace; SIGKILL after all of it.
type ladder struct {
	on, all, kill bool
	began         time.Time
}

// Stop ends everything, in the background. Twice changes nothing.
//
// SIGTERM goes to the topmost living processes and, as they go, to those that
// become topmost by it: whoever passes the signal on keeps its order, and
// children of those who do not are not forgotten. A process that already has a
// SIGTERM of ours, or said that its run began, gets no second one: it would
// force its exit. Stopped processes with a SIGTERM pending are continued.
func (s *Session) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ladder.on || s.ended {
		return
	}
	s.ladder.on, s.ladder.began = true, time.Now()
	s.climb()
	s.poke()
}

// Kill sends SIGKILL to everything that lives, until nobody is left.
func (s *Session) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	if !s.ladder.on {
		s.ladder.on, s.ladder.began = true, time.Now()
	}
	s.ladder.kill = true
	s.climb()
	s.poke()
}

// climb does what the ladder asks for at this moment. It is called whenever
// something has changed and every few milliseconds while the ladder is on.
func (s *Session) climb() {
	l := &s.ladder
	if !l.on {
		return
	}
	up := time.Since(l.began)
	if !l.all && !l.kill && up >= s.grace/2 {
		l.all = true
		if n := s.unsignalled(); n > 0 {
			s.note(nil, "stop", "stop: half the grace period is over: SIGTERM to the %d processes that had none", n)
		}
	}
	if !l.kill && up >= s.grace {
		l.kill = true
		s.note(nil, "stop", "stop: the grace period of %v is over: SIGKILL to the %d processes left", s.grace, len(s.live))
	}
	for i := 0; i < len(s.live); i++ { // sends may find a process dead and shorten the list
		p := s.live[i]
		switch {
		case l.kill:
			s.killOne(p)
		case l.all || p.parent.alive() == nil:
			s.termOne(p)
		}
		if !l.kill && p.stopped && !p.conted && (p.termed || s.pendingTerm(p)) {
			p.conted = true
			s.send(p, syscall.SIGCONT, "process")
		}
	}
}

// unsignalled counts the living that Stop has not reached yet.
func (s *Session) unsignalled() int {
	n := 0
	for _, p := range s.live {
		if !p.termed && !p.running {
			n++
		}
	}
	return n
}

func (s *Session) termOne(p *proc) {
	if p.termed || p.running {
		return
	}
	p.termed = true
	s.send(p, syscall.SIGTERM, "process")
}

func (s *Session) killOne(p *proc) {
	if p.killed {
		return
	}
	p.killed, p.killedAt = true, time.Now()
	s.send(p, syscall.SIGKILL, "process")
}

// lost says that p cannot be ended.
func (p *proc) lost() bool {
	return p.refused || p.killed && time.Since(p.killedAt) > killPatience
}

// send signals one process and tells so. Failures other than its death are noted.
func (s *Session) send(p *proc, sig syscall.Signal, scope string) error {
	at := s.now()
	if err := s.deliver(p, sig); err != nil {
		switch err {
		case syscall.ESRCH:
			return fmt.Errorf("signal %s: process %d is gone", p.id, p.pid)
		case syscall.EPERM:
			p.refused = true
			s.note(p, "eperm", "%s to %s (pid %d): not permitted", SignalName(sig), p.name, p.pid)
			return fmt.Errorf("signal %s: not permitted for pid %d (it belongs to another user)", p.id, p.pid)
		}
		return fmt.Errorf("signal %s: %w", p.id, err)
	}
	p.refused = false // it has another user now
	s.signalled(p, at, sig, scope)
	return nil
}

// signalled tells that p was sent sig by us, and looks at it closely from now on.
func (s *Session) signalled(p *proc, at time.Duration, sig syscall.Signal, scope string) {
	if sig == syscall.SIGTERM {
		p.termed = true
	}
	s.emit(p, tree.Event{Kind: exitreg.KindSignal, T: at, Sig: SignalName(sig), Sender: "multiexit",
		Scope: scope, Prov: exitreg.ProvSelf})
	s.stir(p)
}
