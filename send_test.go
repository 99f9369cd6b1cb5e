package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

func TestParseSend(t *testing.T) {
	for arg, want := range map[string]send{
		"main=TERM":           {pattern: "main", sig: "SIGTERM"},
		"0.1=sigkill@settled": {pattern: "0.1", sig: "SIGKILL"},
		"worker-*=HUP@2s":     {pattern: "worker-*", sig: "SIGHUP", when: atTime, after: 2 * time.Second},
		"pid:7=10@+500ms":     {pattern: "pid:7", sig: "SIGUSR1", when: afterLast, after: 500 * time.Millisecond},
		"a=b@c=INT":           {pattern: "a=b@c", sig: "SIGINT"},
	} {
		want.arg = arg
		got, err := parseSend(arg)
		if got != want || err != nil {
			t.Errorf("%s: %+v, %v", arg, got, err)
		}
	}
}

// A tree is settled when it is confirmed that nobody was born whom we were not told
// of yet; somebody who was begins the wait anew.
func TestSettledIsConfirmed(t *testing.T) {
	start := time.Unix(1000, 0)
	sender := newSender(sends{{arg: "main=TERM", pattern: "main", sig: "SIGTERM"}}, start)
	born := []tree.Event{{Kind: exitreg.KindSpawn, Node: "0", Name: "main", PID: 1}}
	state := tree.Fold(born)
	sent := 0
	fire := func(at time.Duration) {
		sender.fire(state, start.Add(at), func(string, string, string) error { sent++; return nil })
	}
	sender.observe(born, start)
	fire(restful)
	if _, ok := sender.next(); ok || sent > 0 || !sender.resting {
		t.Fatal("it does not wait until it is confirmed")
	}
	sender.observe(born, start.Add(restful)) // told late
	if at, _ := sender.next(); sender.resting || at != start.Add(2*restful) {
		t.Fatal("a birth came to light, and the next is at", at.Sub(start))
	}
	sender.confirm(start.Add(restful)) // that was of before
	fire(restful)
	fire(2 * restful)
	if sent > 0 {
		t.Fatal("it was sent at a time that was confirmed before the last birth")
	}
	sender.confirm(start.Add(2 * restful))
	if fire(2 * restful); sent != 1 {
		t.Error(sent, "were sent")
	}
}

// TestSender plays a session by the clock: what goes out when.
func TestSender(t *testing.T) {
	const ms = time.Millisecond
	start := time.Unix(1000, 0)
	spawn := func(node, name string) tree.Event {
		return tree.Event{Kind: exitreg.KindSpawn, Node: node, Name: name, PID: 1}
	}
	var s sends
	for _, arg := range []string{"main=TERM", "w*=INT@+100ms", "0=USR1@250ms", "gone=HUP@+50ms"} {
		if err := s.Set(arg); err != nil {
			t.Fatal(err)
		}
	}
	sender := newSender(s, start)
	var state tree.Tree
	var sent []string
	signal := func(node, sig, scope string) error {
		if node == "0.2" {
			return errors.New("it is gone")
		}
		sent = append(sent, fmt.Sprintf("%s %s %s", node, sig, scope))
		return nil
	}
	see := func(at time.Duration, events ...tree.Event) {
		for i := range events {
			state.Apply(&events[i])
		}
		sender.observe(events, start.Add(at))
	}
	next := func() time.Duration {
		at, ok := sender.next()
		if !ok {
			return -1
		}
		if sender.fire(&state, at, signal); sender.resting && sender.settled.IsZero() {
			sender.confirm(at)
			sender.fire(&state, at, signal)
		}
		return at.Sub(start)
	}
	see(0, spawn("0", "main"))
	see(200*ms, spawn("0.0", "w1"), spawn("0.1", "w2"), spawn("0.2", "w3"))
	if at := next(); at != 250*ms {
		t.Errorf("the first at %s", at)
	}
	see(400*ms, tree.Event{Kind: exitreg.KindRegister, Node: "0.0", ID: "h1", Handler: "x"})
	see(600*ms, tree.Event{Kind: exitreg.KindOut, Node: "0", Text: "output does not matter"})
	for i, want := range []time.Duration{300 * ms, 700 * ms, 800 * ms, -1} {
		if at := next(); at != want {
			t.Errorf("number %d at %s, want %s", i, at, want)
		}
	}
	if want := []string{"0 SIGUSR1 process", "0 SIGTERM process", "0.0 SIGINT process", "0.1 SIGINT process"}; !slices.Equal(sent, want) {
		t.Errorf("sent %q", sent)
	}
	if len(sender.errs) != 1 || sender.errs[0].Error() == "" {
		t.Errorf("errors %v", sender.errs)
	}
}
