package live

import (
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// setHeld notes that p is held, or not any more.
func (s *Session) setHeld(p *proc, on bool) {
	p.stepping = false
	if p.held == on {
		return
	}
	p.loosed = false
	if p.held = on; on {
		s.helds++
	} else {
		s.helds--
	}
}

// onItsOwn notes that p, which is not connected any more, is held by nobody.
func (s *Session) onItsOwn(p *proc) {
	if p.held && !p.halted {
		s.setHeld(p, false)
		s.emit(p, tree.Event{Kind: exitreg.KindRelease, T: s.now(), Prov: exitreg.ProvScan})
	}
}

// settleClock lets time stand while anybody is held: that of all who report, whose
// timeouts would run out and whose parents would lose their patience, and that of the
// ladders that are to end somebody who is held.
func (s *Session) settleClock() {
	held := s.helds > 0
	if held != s.frozen {
		s.frozen = held
		word := "thaw"
		if held {
			word = "freeze"
		}
		for _, p := range s.live {
			if p.obeys() {
				s.command(p.conns[len(p.conns)-1], word)
			}
		}
	}
	for _, l := range s.ladders {
		freeze := held && l.waits() && slices.ContainsFunc(s.live, func(p *proc) bool { return p.held && s.covers(l, p) })
		switch {
		case freeze == l.frozen:
		case freeze:
			l.frozen, l.since = true, s.now()
			s.tellRung(l, "freeze", "")
		default:
			l.thaw(s.now())
			if l.waits() {
				s.tellRung(l, "thaw", "")
			}
		}
	}
}

// waits says that a ladder has a step to come that it is not to hurry to.
func (l *ladder) waits() bool { return l.begun && !l.killing && !l.hurried && len(l.due) > 0 }

// thaw lets the time of a ladder go on.
func (l *ladder) thaw(now time.Duration) {
	if l.frozen {
		l.shift(now - l.since)
		l.frozen = false
	}
}

// rebase counts what is left of the time of a ladder, which may stand, from now.
func (l *ladder) rebase(now time.Duration) {
	if l.frozen {
		l.shift(now - l.since)
		l.since = now
	}
}
