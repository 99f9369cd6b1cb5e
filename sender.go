package main

import (
	"errors"
	"fmt"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// restful is how long no process must have been born and no handler registered
// for a tree to count as settled.
const restful = 300 * time.Millisecond

// sender decides when each --send is due and whom it reaches. It starts nothing
// and reads no clock: its owner tells it the time and calls it when due.
type sender struct {
	sends   []send
	started time.Time
	quiet   time.Time   // of the last birth or registration; zero before the first
	settled time.Time   // when the tree first came to rest; zero before
	sent    []time.Time // when each went out; zero: not yet
	errs    []error     // one for each that reached nobody
}

func newSender(s []send, start time.Time) *sender {
	return &sender{sends: s, started: start, sent: make([]time.Time, len(s))}
}

// observe is told the events as they come.
func (s *sender) observe(batch []tree.Event, now time.Time) {
	if !s.settled.IsZero() {
		return
	}
	for i := range batch {
		switch batch[i].Kind {
		case exitreg.KindSpawn, exitreg.KindExec, exitreg.KindHello, exitreg.KindRegister:
			s.quiet = now
			return
		}
	}
}

// due is when the i-th send goes out, as far as that is known yet.
func (s *sender) due(i int) (at time.Time, ok bool) {
	one := &s.sends[i]
	switch {
	case !s.sent[i].IsZero():
		return at, false
	case one.when == atTime, one.when == afterLast && i == 0:
		return s.started.Add(one.after), true
	case one.when == afterLast:
		return s.sent[i-1].Add(one.after), !s.sent[i-1].IsZero()
	case !s.settled.IsZero():
		return s.settled, true
	}
	return s.quiet.Add(restful), !s.quiet.IsZero()
}

// next is when fire wants to be called; ok is false while that is not known.
func (s *sender) next() (at time.Time, ok bool) {
	for i := range s.sends {
		if t, known := s.due(i); known && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	return at, ok
}

// fire sends all that is due at now, in the order of the command line.
func (s *sender) fire(t *tree.Tree, now time.Time, signal func(node, sig, scope string) error) {
	for i := range s.sends {
		at, ok := s.due(i)
		if !ok || at.After(now) {
			continue
		}
		if s.sends[i].when == atSettled && s.settled.IsZero() {
			s.settled = now
		}
		s.sent[i] = now
		if err := deliver(&s.sends[i], t, signal); err != nil {
			s.errs = append(s.errs, err)
		}
	}
}

// deliver sends one signal to every living process that its pattern selects. It
// fails if it reaches none.
func deliver(s *send, t *tree.Tree, signal func(node, sig, scope string) error) error {
	nodes, err := t.Select(s.pattern)
	if err != nil {
		return usage("--send "+s.arg, err.Error(), "")
	}
	var reached int
	err = errors.New("it has exited")
	if len(nodes) > 1 {
		err = fmt.Errorf("all %d have exited", len(nodes))
	}
	for _, n := range nodes {
		if !n.Alive() {
			continue
		}
		if e := signal(n.ID, s.sig, "process"); e != nil {
			err = e
			continue
		}
		reached++
	}
	if reached == 0 {
		return usage("--send "+s.arg, err.Error(), "send it sooner: @2s, @settled")
	}
	return nil
}
