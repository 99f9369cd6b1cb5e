package live

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// MaxExtend is the most that a step can be put off at a time. Without a bound the
// sum would turn negative, and SIGKILL come at once.
const MaxExtend = 24 * time.Hour

const (
	defaultGrace = 10 * time.Second
	stopSignal   = syscall.SIGTERM
	killPatience = 5 * time.Second // a killed process that still lives then is given up
)

// ladder is how a set of processes is ended: the stop signal to the topmost
// living ones, which are given the chance to end their own children in their own
// order; to all that remain after half the grace; SIGKILL after all of it. Whoever
// is born meanwhile is in the set too.
type ladder struct {
	node *proc // it and all below it; nil: everything
	sig  syscall.Signal
	rest bool // also what was left alone by Config.Keep: it was asked for by name
	due  []rung

	begun    bool // the first rung was told
	everyone bool // not only the topmost
	killing  bool
	absorbed bool // one of everything has taken over
	conted   bool // the rung "cont" was told

	hurried bool          // nothing is waited for any more
	frozen  bool          // its time stands
	since   time.Duration // when that began, or was last reckoned with
}

// rung is a step of a ladder that is still to come.
type rung struct {
	text string
	at   time.Duration // since the ladder began; once it has, in the time of the stream
}

// newLadder makes a ladder that begins when there is somebody to end.
func (s *Session) newLadder(node *proc, o StopOptions) *ladder {
	l := &ladder{node: node, sig: stopSignal}
	if sig, err := ParseSignal(o.Signal); err == nil {
		l.sig = sig
	}
	if node != nil {
		l.rest = node.top.dead
	}
	if o.Kill {
		l.due, l.hurried = []rung{{"kill", 0}}, true
		return l
	}
	if o.Grace <= 0 {
		o.Grace = s.config.Grace
	}
	if o.Dump == 0 {
		o.Dump = s.config.Dump
	}
	dump := min(o.Dump, o.Grace/2)
	l.due = []rung{{"stop", 0}, {"all", (o.Grace - dump) / 2}}
	if dump > 0 {
		l.due = append(l.due, rung{"dump", o.Grace - dump})
	}
	l.due = append(l.due, rung{"kill", o.Grace})
	return l
}

// Stop ends everything, in the background. Twice changes nothing.
//
// SIGTERM goes to the topmost living processes and, as they go, to those that
// become topmost by it: whoever passes the signal on keeps its order, and
// children of those who do not are not forgotten. A process that already has a
// SIGTERM of ours, or said that its run began, gets no second one: it would
// force its exit. Stopped processes with a SIGTERM pending are continued.
func (s *Session) Stop() { s.endAll(false) }

// Kill sends SIGKILL to everything that lives, until nobody is left.
func (s *Session) Kill() { s.endAll(true) }

func (s *Session) endAll(kill bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.held = false
	switch {
	case s.whole == nil:
		s.whole = s.newLadder(nil, StopOptions{Kill: kill})
		s.absorb()
		s.ladders = append(s.ladders, s.whole)
	case kill:
		s.whole.hurry()
	default:
		return
	}
	s.climb()
	s.poke()
}

// absorb makes the ladders of single nodes give way to that of everything. They
// go on only to be told done.
func (s *Session) absorb() {
	for _, l := range s.ladders {
		if !l.killing {
			l.absorbed, l.due, l.frozen = true, nil, false
			if l.begun {
				s.tellRung(l, "absorbed", "")
			}
		}
	}
}

// StopNode ends a node and all that descends from it by birth, orphans included,
// in the background, as Stop ends everything. Twice changes nothing, except that
// Kill does not wait any longer. A node that does not live, and has nobody below
// it, is left as it is. An unknown signal is SIGTERM.
func (s *Session) StopNode(node string, o StopOptions) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byID[node]
	if p == nil || s.ended {
		return
	}
	l := s.ladderOf(p)
	switch {
	case l != nil && o.Kill:
		l.absorbed = false
		l.hurry()
	case l != nil, s.whole != nil && !o.Kill:
		return
	default:
		l = s.newLadder(p, o)
		s.ladders = append(s.ladders, l)
		s.changed = true
	}
	s.climb()
	s.poke()
}

// ladderOf is the ladder of exactly this node; of everything if it is nil.
func (s *Session) ladderOf(p *proc) *ladder {
	for _, l := range s.ladders {
		if l.node == p {
			return l
		}
	}
	return nil
}

// ladderFor is the ladder that ends a node: its own, or that of an ancestor, or
// that of everything.
func (s *Session) ladderFor(node string) (*ladder, error) {
	l := s.whole
	if node != "" {
		p := s.byID[node]
		if p == nil {
			return nil, s.unknown(node)
		}
		for ; p != nil; p = p.parent {
			if own := s.ladderOf(p); own != nil && !own.absorbed {
				l = own
				break
			}
		}
	}
	switch {
	case l == nil && node == "":
		return nil, errors.New("nothing is being stopped")
	case l == nil:
		return nil, fmt.Errorf("%s is not being stopped", node)
	case len(l.due) == 0:
		return nil, errors.New("SIGKILL has been sent: there is no further step")
	}
	return l, nil
}

// Extend gives more time before the next step of the ladder that ends a node, or
// everything ("").
func (s *Session) Extend(node string, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.ladderFor(node)
	switch {
	case err != nil:
		return fmt.Errorf("more time: %w", err)
	case d <= 0 || d > MaxExtend:
		return fmt.Errorf("more time: not %v, but up to %v", d, MaxExtend)
	}
	l.shift(d)
	if l.begun {
		s.tellRung(l, "extend", "")
	}
	s.poke()
	return nil
}

// Next takes the next step of the ladder that ends a node, or everything (""),
// now, though somebody may be held. The steps after it keep their distance.
func (s *Session) Next(node string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.ladderFor(node)
	if err != nil {
		return fmt.Errorf("next step: %w", err)
	}
	if l.begun {
		now := s.now()
		l.rebase(now)
		l.shift(now - l.due[0].at)
		s.next(l) // though its time may stand
		s.climb()
	}
	s.poke()
	return nil
}

// shift moves all steps that are still to come.
func (l *ladder) shift(d time.Duration) {
	for i := range l.due {
		l.due[i].at += d
	}
}

// hurry leaves nothing to be done but to kill.
func (l *ladder) hurry() {
	if !l.killing {
		l.due, l.hurried, l.frozen = []rung{{"kill", 0}}, true, false
	}
}

// tellRung tells a step of a ladder.
func (s *Session) tellRung(l *ladder, text, sig string) {
	e := tree.Event{Kind: exitreg.KindRung, T: s.now(), Text: text, Sig: sig, Timeout: l.wait(s.now())}
	if l.node != nil {
		s.emit(l.node, e)
		return
	}
	s.push(&e)
}

// wait is the time until the next step; 0: there is none.
func (l *ladder) wait(now time.Duration) time.Duration {
	if len(l.due) == 0 {
		return 0
	}
	if l.frozen {
		now = l.since
	}
	return max(l.due[0].at-now, 1)
}
