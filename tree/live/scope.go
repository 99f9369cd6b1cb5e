package live

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Signal sends a signal to a node. Scope is "process" (the default), "group"
// (its process group), "session" (those of its session that are known),
// "subtree" (it and its living descendants by birth, parents first) or "leaves"
// (the same, children first). Every process that got it has its own signal event.
func (s *Session) Signal(node, sig, scope string) error {
	number, err := ParseSignal(sig)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byID[node]
	if p == nil {
		return fmt.Errorf("signal %w", s.unknown(node))
	}
	defer s.poke()
	switch scope {
	case "", "process":
		if p.dead {
			return fmt.Errorf("signal %s: process %d is gone", p.id, p.pid)
		}
		return s.send(p, number, "process")
	case "group":
		return s.sendGroup(p, number)
	case "session", "subtree", "leaves":
		to, err := s.reached(p, scope)
		if err != nil {
			return err
		}
		return s.sendEach(to, number, scope)
	}
	return fmt.Errorf("signal %s: unknown scope %q (process, group, session, subtree or leaves)", node, scope)
}

// Pause stops a node and what lives below it (SIGSTOP), or continues it (SIGCONT);
// everything if the node is "". Parents are stopped before their children, and
// continued after them: a shell must not find a job of its own stopped.
func (s *Session) Pause(node string, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := slices.Clone(s.live)
	if node != "" {
		p := s.byID[node]
		if p == nil {
			return fmt.Errorf("signal %w", s.unknown(node))
		}
		var err error
		if to, err = s.reached(p, "subtree"); err != nil {
			return err
		}
	}
	defer s.poke()
	if on {
		return s.sendEach(to, syscall.SIGSTOP, "subtree")
	}
	slices.Reverse(to)
	return s.sendEach(to, syscall.SIGCONT, "leaves")
}

// reached lists the living that a signal to p reaches in a scope, in the order in
// which they are to get it.
func (s *Session) reached(p *proc, scope string) (to []*proc, err error) {
	if scope == "session" {
		return s.session(p)
	}
	for _, q := range s.live {
		if q.below(p) {
			to = append(to, q)
		}
	}
	if len(to) == 0 {
		return nil, fmt.Errorf("signal %s: it and everything below it is gone", p.id)
	}
	if scope == "leaves" {
		slices.Reverse(to) // nobody is found before the one that bore it
	}
	return to, nil
}

// session lists the members of the session of p that are known.
func (s *Session) session(p *proc) (members []*proc, err error) {
	if p.dead {
		return nil, fmt.Errorf("signal %s: process %d is gone", p.id, p.pid)
	}
	s.renewGroups()
	if p.sid == 0 || p.sid == ownSession {
		return nil, fmt.Errorf("signal the session of %s: it is ours, or not known", p.id)
	}
	for _, q := range s.live {
		if q.sid == p.sid {
			members = append(members, q)
		}
	}
	return members, nil
}

// sendEach signals them one after another. One failure does not spare the others;
// an error is returned if nobody got it.
func (s *Session) sendEach(to []*proc, sig syscall.Signal, scope string) error {
	s.haltEach(to, sig)
	var first error
	sent := 0
	for _, q := range to {
		if err := s.send(q, sig, scope); err == nil {
			sent++
		} else if first == nil {
			first = err
		}
	}
	if sent > 0 {
		return nil
	}
	return first
}

// sendGroup signals the process group of p.
func (s *Session) sendGroup(p *proc, sig syscall.Signal) error {
	if p.dead {
		return fmt.Errorf("signal %s: process %d is gone", p.id, p.pid)
	}
	halted := s.haltGroup(p, sig)
	at := s.now()
	members, err := s.deliverGroup(p, sig)
	if err != nil {
		for _, q := range halted {
			s.send(q, syscall.SIGCONT, "process")
		}
		return fmt.Errorf("signal the group of %s: %w", p.id, err)
	}
	s.signalled(p, at, sig, "group")
	for _, q := range members {
		if q != p {
			s.signalled(q, at, sig, "group")
		}
	}
	for _, q := range halted {
		s.tellHalted(q)
	}
	return nil
}

// below says whether p is q or descends from it by birth.
func (p *proc) below(q *proc) bool {
	return p == q || strings.HasPrefix(p.id, q.id) && len(p.id) > len(q.id) && p.id[len(q.id)] == '.'
}

// send signals one process and tells so. Failures other than its death are noted.
func (s *Session) send(p *proc, sig syscall.Signal, scope string) error {
	halted := s.halt(p, sig)
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
	if halted {
		s.tellHalted(p)
	}
	return nil
}

// signalled tells that p was sent sig by us, and looks at it closely from now on.
func (s *Session) signalled(p *proc, at time.Duration, sig syscall.Signal, scope string) {
	if sig == syscall.SIGTERM {
		p.termed = true
	}
	if p.going == 0 && tree.Ends(SignalName(sig)) {
		p.going = max(at, 1)
	}
	s.emit(p, tree.Event{Kind: exitreg.KindSignal, T: at, Sig: SignalName(sig), Sender: "multiexit",
		Scope: scope, Prov: exitreg.ProvSelf})
	if sig == syscall.SIGCONT && (p.halted || p.jammed) {
		s.setStopped(p, false)
		s.freed(p)
	}
	s.cannotIgnore(p, SignalName(sig))
	s.stir(p)
}
