package live

import (
	"slices"
	"strings"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// haltPatience is how long a process may take to stop. One in a system call that no
// signal interrupts takes longer, and is not held. One that lacks a processor to stop on
// has turnPatience.
const (
	haltPatience = 100 * time.Millisecond
	turnPatience = 2 * time.Second
)

// halts says that p, which takes no orders itself, is to be stopped before a signal
// of ours.
func (s *Session) halts(p *proc, sig syscall.Signal) bool {
	name := SignalName(sig)
	if p.obeys() || p.dead || p.halted || sig == syscall.SIGKILL || !tree.Ends(name) {
		return false
	}
	return slices.ContainsFunc(s.orders, func(o *standingOrder) bool {
		return o.Do == "hold" && (o.whole() || o.On == "signal" && o.meansSignal(name)) && o.means(p)
	})
}

// haltEach stops those that are to be held before a signal, all at once, so that they
// need not be waited for one after another.
func (s *Session) haltEach(to []*proc, sig syscall.Signal) {
	for _, p := range to {
		if s.halts(p, sig) {
			_ = s.deliver(p, syscall.SIGSTOP) // again in halt, which says what went wrong
		}
	}
}

// haltGroup stops those of the process group of p that are to be held before a signal.
func (s *Session) haltGroup(p *proc, sig syscall.Signal) (halted []*proc) {
	if !slices.ContainsFunc(s.live, func(q *proc) bool { return s.halts(q, sig) }) {
		return nil
	}
	s.renewGroups()
	for _, q := range slices.Clone(s.live) {
		if q.pgid == p.pgid && s.halt(q, sig) {
			halted = append(halted, q)
		}
	}
	return halted
}

// halt stops p before a signal of ours if it is to be held there, and says that it
// has. It waits until p really stands: of two signals that are pending the one that
// ends it would win.
func (s *Session) halt(p *proc, sig syscall.Signal) bool {
	if !s.halts(p, sig) {
		return false
	}
	if !p.stopped {
		at := s.now()
		if s.deliver(p, syscall.SIGSTOP) != nil {
			return false // the signal will fail, too, and say why
		}
		s.signalled(p, at, syscall.SIGSTOP, "process")
		if !s.stands(p) {
			_ = s.deliver(p, syscall.SIGCONT)
			s.note(p, "unhalted", "%s (pid %d) did not stop in time and is not held before %s", p.name, p.pid, SignalName(sig))
			return false
		}
		s.setStopped(p, true)
	}
	p.halted, p.haltedAt = true, SignalName(sig)
	s.setHeld(p, true)
	s.haltKept(p, true)
	return true
}

// tellHalted tells that a signal, which was sent, waits for p to be let go.
func (s *Session) tellHalted(p *proc) {
	s.emit(p, tree.Event{Kind: exitreg.KindHold, T: s.now(), Sig: p.haltedAt, Text: "stopped before " + p.haltedAt, Prov: exitreg.ProvScan})
	s.tellForeign(p)
}

// tellForeign says, once, what a hold cannot do.
func (s *Session) tellForeign(p *proc) {
	if !s.toldForeign {
		s.toldForeign = true
		s.note(p, "foreign", "%s (pid %d) does not import exitreg: it is stopped before a signal of multiexit; those of others are not seen before they act (nobody is traced)", p.name, p.pid)
	}
}

// freed notes that p is continued, by whomever.
func (s *Session) freed(p *proc) {
	held := p.halted
	if !p.halted && !p.jammed {
		return
	}
	p.halted, p.jammed = false, false
	s.haltKept(p, false)
	if held {
		s.setHeld(p, false)
		s.emit(p, tree.Event{Kind: exitreg.KindRelease, T: s.now(), Prov: exitreg.ProvScan})
	}
}

// lets says that a release or a step lets go of p, which was stopped before a signal.
func (o *standingOrder) lets(s *Session, p *proc) bool {
	switch o.Do {
	case "step":
		return true
	case "release":
		return o.whole() || o.On == "signal" && o.meansSignal(p.haltedAt)
	}
	return false
}

// jam stops p as a fault, once for each order.
func (s *Session) jam(p *proc, one *standingOrder) {
	if p.dead || slices.Contains(p.jams, one) {
		return
	}
	p.jams = append(p.jams, one)
	s.emit(p, tree.Event{Kind: exitreg.KindFault, T: s.now(), Text: one.Fault})
	p.jammed = s.send(p, syscall.SIGSTOP, "process") == nil
	s.haltKept(p, p.jammed)
}

// jamBorn does to a process that was just announced what stands.
func (s *Session) jamBorn(p *proc) {
	for _, one := range s.orders {
		if one.ofProcess() && one.means(p) {
			s.jam(p, one)
		}
	}
}

// cannot tells, once for each order, what cannot be done to a process that does not
// report.
func (s *Session) cannot(p *proc, is func(*standingOrder) bool, what string) {
	if p.reports {
		return
	}
	for _, one := range s.orders {
		if !one.told && is(one) && one.means(p) {
			one.told = true
			s.note(p, "cannot", "%s (pid %d) %s: it does not import exitreg, and nobody is traced (ptrace)", p.name, p.pid, what)
		}
	}
}

func (s *Session) cannotIgnore(p *proc, sig string) {
	s.cannot(p, func(o *standingOrder) bool { return o.Fault == "ignore" && o.meansSignal(sig) }, "cannot be made to ignore "+sig)
}

func (s *Session) cannotLinger(p *proc) {
	s.cannot(p, func(o *standingOrder) bool {
		return o.Do == "hold" && o.On == "exit" && strings.Trim(o.pattern, "*") != ""
	}, "could not be held at its exit")
}

// resumeLeft continues those that live on when the session is over.
func (s *Session) resumeLeft() {
	for _, p := range slices.Clone(s.live) {
		if p.halted || p.jammed {
			_ = s.send(p, syscall.SIGCONT, "process")
		}
	}
}
