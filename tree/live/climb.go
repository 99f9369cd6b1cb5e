package live

import (
	"slices"
	"syscall"
	"time"
)

// climb does what the ladders ask for at this moment. It is called whenever
// something has changed, and when a step is due.
func (s *Session) climb() {
	s.settleClock() // before a step is taken that must not be
	for _, l := range s.ladders {
		if !l.absorbed {
			s.ascend(l)
		}
	}
	s.settleClock() // of those that have begun, and of whom they have held
}

func (s *Session) ascend(l *ladder) {
	if !l.begun {
		if !slices.ContainsFunc(s.live, func(p *proc) bool { return s.covers(l, p) }) {
			return
		}
		l.begun = true
		l.shift(s.now())
	}
	for len(l.due) > 0 && !l.frozen && l.due[0].at <= s.now() {
		l.shift(s.now() - l.due[0].at) // who is asked by this step has all of the time to the next, though we are late
		s.next(l)
	}
	for i := 0; i < len(s.live); i++ { // what a signal brings about may change the list
		p := s.live[i]
		switch {
		case !s.covers(l, p):
			continue
		case l.killing:
			s.killOne(p)
			continue
		case l.everyone || s.topmost(l, p):
			s.stopOne(p, l.sig)
		}
		if p.stopped && !p.conted && !p.halted && !p.jammed && (p.termed || s.pending(p, l.sig)) {
			p.conted = true
			if !l.conted {
				l.conted = true
				s.tellRung(l, "cont", "SIGCONT")
			}
			s.send(p, syscall.SIGCONT, "process")
		}
	}
}

// next takes the next step.
func (s *Session) next(l *ladder) {
	r := l.due[0]
	l.due = l.due[1:]
	s.step(l, r.text)
}

// step takes one step and tells it.
func (s *Session) step(l *ladder, text string) {
	switch text {
	case "stop":
		s.tellRung(l, text, SignalName(l.sig))
	case "all":
		l.everyone = true
		s.tellRung(l, text, SignalName(l.sig))
	case "dump":
		s.tellRung(l, text, "SIGQUIT")
		for _, p := range slices.Clone(s.live) {
			if s.covers(l, p) && !p.dead {
				s.send(p, syscall.SIGQUIT, "process")
			}
		}
	case "kill":
		l.killing, l.frozen = true, false
		s.tellRung(l, text, "SIGKILL")
		for _, p := range slices.Clone(s.live) {
			if s.covers(l, p) {
				s.killOne(p) // one by one first: it is told of each
			}
		}
		if l.node == nil && !s.config.Keep {
			s.killAll()
		}
	}
}

// covers says that l is to end p.
func (s *Session) covers(l *ladder, p *proc) bool {
	return (l.node == nil || p.below(l.node)) && (l.rest || !s.left(p))
}

// topmost says that no ancestor of p lives that l covers.
func (s *Session) topmost(l *ladder, p *proc) bool {
	up := p.parent.alive()
	return up == nil || !s.covers(l, up)
}

// stopOne sends the stop signal to p, unless it was asked to end before. A SIGTERM
// that the user sent was in vain perhaps if the stop signal is another one; but a
// second signal of any kind would force the exit of one that reports.
func (s *Session) stopOne(p *proc, sig syscall.Signal) {
	if p.running || p.asked || p.termed && (sig == syscall.SIGTERM || p.reports) {
		return
	}
	p.asked, p.termed = true, true
	s.send(p, sig, "process")
}

func (s *Session) killOne(p *proc) {
	if p.killed {
		return
	}
	p.killed, p.killedAt = true, time.Now()
	s.send(p, syscall.SIGKILL, "process")
}

// doom kills a process that was just found if a ladder has come to that: it must
// not bear more than can be found.
func (s *Session) doom(p *proc) {
	for _, l := range s.ladders {
		if l.killing && s.covers(l, p) {
			s.killOne(p)
			return
		}
	}
}

// lost says that p cannot be ended.
func (p *proc) lost() bool {
	return p.refused || p.killed && time.Since(p.killedAt) > killPatience
}

// settleLadders ends those that have nobody left to end.
func (s *Session) settleLadders() {
	s.ladders = slices.DeleteFunc(s.ladders, func(l *ladder) bool {
		if l.node == nil || !s.spent(l) {
			return false // that of everything lasts until the session is over
		}
		s.tellDone(l)
		return true
	})
}

// spent says that l has nobody left to end.
func (s *Session) spent(l *ladder) bool {
	if s.empty(l.node) {
		return true
	}
	return !l.rest && s.left(l.node) // the rest is left alone
}

// tellDone tells that all whom l was to end are gone.
func (s *Session) tellDone(l *ladder) {
	l.due, l.frozen = nil, false
	if l.begun {
		s.tellRung(l, "done", "")
	}
}

// nextRung is the time until the next step of any ladder.
func (s *Session) nextRung() (wait time.Duration, ok bool) {
	now := s.now()
	for _, l := range s.ladders {
		if w := l.wait(now); l.begun && !l.frozen && w > 0 && (!ok || w < wait) {
			wait, ok = w, true
		}
	}
	return wait, ok
}

// killing says that a ladder has come to its last step.
func (s *Session) killing() bool {
	return slices.ContainsFunc(s.ladders, func(l *ladder) bool { return l.killing })
}
