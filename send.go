package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// send is one --send: a signal to the processes a pattern selects, when it is due.
type send struct {
	arg     string // as it was written
	pattern string // for tree.Select
	sig     string // "SIGTERM"
	when    moment
	after   time.Duration // atTime: since the start; afterLast: since the previous send
}

type moment uint8

const (
	atSettled moment = iota // the tree has been at rest for restful
	atTime
	afterLast
)

// sends is the repeatable flag --send.
type sends []send

func (s *sends) String() string { return "" }
func (s *sends) Type() string   { return "NODE=SIGNAL[@WHEN]" }

func (s *sends) Set(arg string) error {
	one, err := parseSend(arg)
	if err != nil {
		return err
	}
	*s = append(*s, one)
	return nil
}

const sendForm = "write NODE=SIGNAL[@WHEN], as in main=TERM or 'worker-*=HUP@2s'"

// parseSend reads NODE=SIGNAL[@WHEN]. A name may hold = and @; a signal and a
// time may not.
func parseSend(arg string) (send, error) {
	s := send{arg: arg}
	eq := strings.LastIndexByte(arg, '=')
	if eq < 0 {
		return s, &badValue{"no signal", sendForm}
	}
	s.pattern = arg[:eq]
	sig, when, timed := strings.Cut(arg[eq+1:], "@")
	if err := checkPattern(s.pattern); err != nil {
		return s, err
	}
	number, err := live.ParseSignal(sig)
	if err != nil || sig == "" {
		return s, &badValue{"no such signal", spec.DidYouMean(trimSIG(sig), signalWords())}
	}
	s.sig = live.SignalName(number)
	if timed {
		err = s.parseWhen(when)
	}
	return s, err
}

// checkPattern finds what can be known to be wrong before there are processes.
func checkPattern(p string) error {
	if p == "" {
		return &badValue{"no process", sendForm}
	}
	if pid, ok := strings.CutPrefix(p, "pid:"); ok {
		if n, err := strconv.Atoi(pid); err != nil || n <= 0 {
			return &badValue{"not a pid", "write pid:1234=TERM"}
		}
		return nil
	}
	return nil
}

func (s *send) parseWhen(when string) (err error) {
	if when == "settled" {
		return nil
	}
	s.when = atTime
	if rest, ok := strings.CutPrefix(when, "+"); ok {
		s.when, when = afterLast, rest
	}
	if s.after, err = parseDuration(when); err != nil {
		return &badValue{"no such time: @" + when, "write @settled, @2s or @+500ms"}
	}
	return nil
}

// signalWords are the names of signals as people type them.
func signalWords() []string {
	words := live.SignalNames()
	short := make([]string, len(words))
	for i, w := range words {
		short[i] = trimSIG(w)
	}
	return short
}

func trimSIG(s string) string {
	return strings.TrimPrefix(strings.ToUpper(s), "SIG")
}

// restful is how long no process must have been born and no handler registered
// for a tree to count as settled.
const restful = 300 * time.Millisecond

// sender decides when each --send is due and whom it reaches. It starts nothing
// and reads no clock: its owner tells it the time and calls it when due.
type sender struct {
	sends   []send
	started time.Time
	quiet   time.Time   // of the last birth or registration; zero before the first
	resting bool        // it is that long ago, as far as we have been told: see confirm
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
			s.quiet, s.resting = now, false
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
		return s.started.Add(one.after), !s.quiet.IsZero() // there is nobody before the first birth
	case one.when == afterLast:
		return s.sent[i-1].Add(one.after), !s.sent[i-1].IsZero()
	case !s.settled.IsZero():
		return s.settled, true
	}
	return s.quiet.Add(restful), !s.quiet.IsZero() && !s.resting
}

// confirm says that nothing has happened that was not told yet.
func (s *sender) confirm(now time.Time) {
	if s.resting {
		s.settled = now
	}
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
			s.resting = true // a machine that has no time for us may have had some for the others
			continue
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
