package main

import (
	"strconv"
	"strings"
	"time"

	"multiexit/tree/live"
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
		return s, &badValue{"no such signal", didYouMean(trimSIG(sig), signalWords())}
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
