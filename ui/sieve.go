package ui

import (
	"strconv"
	"time"

	"multiexit/tree"
)

// How much output the screen takes: a burst, then so many lines a second of the
// stream's own time, and so many in all. Nobody reads more, and a program that
// never stops printing must not fill the memory; a recording has every line.
const (
	outBurst  = 5_000
	outSecond = 200
	outMost   = 200_000
)

// sieve lets output through as far as the screen takes it, and everything else.
type sieve struct {
	room    int           // lines that may pass now
	filled  time.Duration // when room was last added
	passed  int           // lines in all
	dropped int           // lines since the last one that passed
}

// pass appends to dst what the screen takes of events. Lines that were left out
// are told of in front of the next thing that is shown.
func (s *sieve) pass(dst, events []tree.Event) []tree.Event {
	for i := range events {
		e := &events[i]
		if e.Kind == "out" && !s.takes(e.T) {
			s.dropped++
			continue
		}
		if s.dropped > 0 {
			dst = append(dst, tree.Event{T: e.T, Kind: "note", Text: strconv.Itoa(s.dropped) + " lines of output are not shown (--record keeps them)"})
			s.dropped = 0
		}
		dst = append(dst, *e)
	}
	return dst
}

func (s *sieve) takes(at time.Duration) bool {
	if s.passed == 0 {
		s.room, s.filled = outBurst, at
	}
	if more := int((at - s.filled) * outSecond / time.Second); more > 0 {
		s.room, s.filled = min(outBurst, s.room+more), at
	}
	if s.room == 0 || s.passed >= outMost {
		return false
	}
	s.room--
	s.passed++
	return true
}
