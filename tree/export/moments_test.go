package export_test

import (
	"encoding/json"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/export"
	"multiexit/tree/tape"
)

// What a tree forgets is told: when a process stood still, what was done to a
// handler on purpose, and until when one ran that an exec ended.
func TestMomentsThatATreeForgets(t *testing.T) {
	tp := &tape.Tape{}
	add := func(at int, e tree.Event) {
		e.T, e.Seq, e.Node = time.Duration(at)*time.Second, uint64(len(tp.Events)+1), "0"
		tp.Events = append(tp.Events, e)
	}
	add(0, tree.Event{Kind: exitreg.KindSpawn, PID: 7, Name: "main"})
	add(1, tree.Event{Kind: exitreg.KindSignal, Sig: "SIGTERM"})
	add(2, tree.Event{Kind: exitreg.KindStop})
	add(3, tree.Event{Kind: exitreg.KindCont})
	add(4, tree.Event{Kind: exitreg.KindHold, ID: "h1"})
	add(6, tree.Event{Kind: exitreg.KindFault, ID: "h1", Handler: "flush", Text: "delay", Timeout: 2 * time.Second})
	add(6, tree.Event{Kind: exitreg.KindBegin, ID: "h1", Handler: "flush"})
	add(7, tree.Event{Kind: exitreg.KindEnd, ID: "h1", Elapsed: time.Second})
	add(8, tree.Event{Kind: exitreg.KindBegin, ID: "h2", Handler: "close", Text: "by itself"})
	add(9, tree.Event{Kind: exitreg.KindExec, Name: "other"})
	add(12, tree.Event{Kind: exitreg.KindStop})
	add(20, tree.Event{Kind: exitreg.KindExit, Sig: "SIGKILL"})

	type turn struct {
		Name, State, Injected string
		From, To              time.Duration
	}
	type pause struct {
		From, To time.Duration
		Held     bool
	}
	var sheet struct {
		Rows []struct {
			Turns  []turn
			Pauses []pause
		}
	}
	if err := json.Unmarshal([]byte(dataOf(t, written(t, "html", tp, export.Options{}))), &sheet); err != nil || len(sheet.Rows) != 1 {
		t.Fatal(err, sheet)
	}
	const s = time.Second
	wantTurns := []turn{{"flush", "done", "delay 2.00s", 6 * s, 7 * s}, {"close", "lost", "", 8 * s, 9 * s}}
	wantPauses := []pause{{2 * s, 3 * s, false}, {4 * s, 6 * s, true}, {12 * s, 20 * s, false}}
	same(t, sheet.Rows[0].Turns, wantTurns)
	same(t, sheet.Rows[0].Pauses, wantPauses)
}

func same[T comparable](t *testing.T, got, want []T) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

// A process that is stopped and continued for ever, and one that makes up causes,
// take no longer to tell than their events do.
func TestEndlessMoments(t *testing.T) {
	tp := &tape.Tape{}
	for i := range 20_000 {
		for _, kind := range []exitreg.Kind{exitreg.KindStop, exitreg.KindCont, exitreg.KindDeliver} {
			tp.Events = append(tp.Events, tree.Event{Seq: uint64(len(tp.Events) + 1), T: time.Duration(i), Kind: kind, Node: "0", Text: time.Duration(i).String()})
		}
	}
	if text := written(t, "svg", tp, export.Options{}); len(text) > 1<<20 {
		t.Errorf("a picture of %d bytes", len(text))
	}
}
