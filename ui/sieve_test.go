package ui

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
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
	if l, n, o := flood(0, 3*outBurst); l != outBurst+tailMost || n != 1 || o != 1 {
		t.Errorf("a flood: %d lines, %d notes, %d others", l, n, o)
	}
	if l, n, o := flood(time.Second, 3*outBurst); l != outSecond+tailMost || n != 1 || o != 1 {
		t.Errorf("a second later: %d lines, %d notes, %d others", l, n, o)
	}
	if l, n, _ := flood(time.Hour, 10); l != 10 || n != 0 {
		t.Errorf("after a silence: %d lines, %d notes", l, n)
	}
	for at := 2 * time.Hour; at < 200*time.Hour; at += time.Hour {
		if l, _, _ := flood(at, 2*outBurst); l != outBurst+tailMost {
			t.Fatalf("%d lines after %v", l, at)
		}
	}
}

// The last lines are shown: before an exit at once, else when nothing more comes.
func TestSieveKeepsLastWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // no silence is one of a machine that stands still
		for _, exit := range []bool{true, false} {
			f := NewFeed()
			var events []tree.Event
			for i := range 3*outBurst + 7 {
				events = append(events, tree.Event{Kind: "out", Text: strconv.Itoa(i)})
			}
			if exit {
				events = append(events, tree.Event{Kind: "exit"})
			} else {
				events = append(events, tree.Event{Kind: "disposition"})
			}
			f.Add(events)
			got := f.wait(time.Time{}, 0, nil, time.Now)().(feedMsg).events
			if !exit {
				got = append(got, f.wait(time.Time{}, 0, nil, time.Now)().(feedMsg).events...)
			}
			var last []string
			for _, e := range got {
				if e.Kind == "out" {
					last = append(last, e.Text)
				}
			}
			for i := range tailMost {
				if want := strconv.Itoa(3*outBurst + 6 - i); last[len(last)-1-i] != want {
					t.Fatalf("exit %v: %d before the end is %s, not %s", exit, i, last[len(last)-1-i], want)
				}
			}
		}
	})
}

// What is written to terminals passes whole. Only when nobody takes it for long,
// its older half goes, and the terminal begins anew.
func TestSieveOfTerminals(t *testing.T) {
	var s sieve
	chunk := strings.Repeat("x", 4096)
	var queue []tree.Event
	for i := range 2 * ptyWaiting / len(chunk) {
		queue = s.pass(queue, []tree.Event{{Kind: "out", Stream: ptyStream, Node: "0", T: time.Duration(i), Text: chunk}, {Kind: "stop", Node: "0"}})
	}
	size, anews, others := 0, 0, 0
	for i := range queue {
		e := &queue[i]
		if e.Kind != "out" {
			others++
			continue
		}
		size += cost(e)
		if strings.HasPrefix(e.Text, anew) {
			anews++
			if i > 0 && size > cost(e) {
				t.Errorf("a terminal begins anew after %d bytes", size)
			}
		}
	}
	if size > ptyWaiting || size < ptyWaiting/4 || anews != 1 {
		t.Errorf("%d bytes wait, %d terminals begin anew", size, anews)
	}
	if want := 2 * ptyWaiting / len(chunk); others != want {
		t.Errorf("%d of %d other events", others, want)
	}
}
