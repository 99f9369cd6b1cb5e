package ui

import (
	"testing"
	"time"

	"multiexit/tree"
)

// A flood of output is cut, and told of; nothing else is.
func TestSieve(t *testing.T) {
	var s sieve
	flood := func(from time.Duration, n int) (lines, notes, others int) {
		events := make([]tree.Event, n, n+1)
		for i := range events {
			events[i] = tree.Event{T: from + time.Duration(i), Kind: "out", Text: "y"}
		}
		for _, e := range s.pass(nil, append(events, tree.Event{T: from, Kind: "exit"})) {
			switch e.Kind {
			case "out":
				lines++
			case "note":
				notes++
			default:
				others++
			}
		}
		return lines, notes, others
	}
	if l, n, o := flood(0, 3*outBurst); l != outBurst || n != 1 || o != 1 {
		t.Errorf("a flood: %d lines, %d notes, %d others", l, n, o)
	}
	if l, n, o := flood(time.Second, 3*outBurst); l != outSecond || n != 1 || o != 1 {
		t.Errorf("a second later: %d lines, %d notes, %d others", l, n, o)
	}
	if l, n, _ := flood(time.Hour, 10); l != 10 || n != 0 {
		t.Errorf("after a silence: %d lines, %d notes", l, n)
	}
	total := 0
	for at := 2 * time.Hour; at < 200*time.Hour; at += time.Hour {
		l, _, _ := flood(at, 2*outBurst)
		total += l
	}
	if total > outMost {
		t.Errorf("%d lines in all", total)
	}
}
