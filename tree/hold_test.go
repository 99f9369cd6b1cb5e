package tree_test

import (
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Where a process is held, by each of the events that say so.
func TestWhereItIsHeld(t *testing.T) {
	for _, c := range []struct{ event, where, words string }{
		{`{"kind":"hold","id":"h1","handler":"flush","text":"fl*"}`, "before flush", "held before flush, a breakpoint: fl*"},
		{`{"kind":"hold","sig":"SIGTERM","text":"signal SIG*"}`, "at SIGTERM", "held at SIGTERM, a breakpoint: signal SIG*"},
		{`{"kind":"hold","text":"exit"}`, "before its exit", "held before its exit, a breakpoint: exit"},
		{`{"kind":"hold","sig":"SIGINT","text":"stopped before SIGINT","prov":"scan"}`, "before SIGINT reaches it", "held: stopped before SIGINT"},
	} {
		e := events(t, c.event)[0]
		e.Node, e.T = "0", 5
		tr := tree.Fold([]tree.Event{e})
		n := tr.Node("0")
		if !n.Held || n.Hold.String() != c.where || n.Hold.Since != 5 || tr.Counts.Held != 1 {
			t.Errorf("%s: %+v", c.event, n.Hold)
		}
		if got := tr.Describe(&e); got != c.words {
			t.Errorf("%s: %q", c.event, got)
		}
		if atExit := c.where == "before its exit"; n.Hold.AtExit() != atExit {
			t.Errorf("%s: at its exit: %v", c.event, !atExit)
		}
		e.T = 9 // the same again
		tr.Apply(&e)
		if n.Hold.Since != 5 {
			t.Errorf("%s: since %v", c.event, n.Hold.Since)
		}
		for _, end := range []exitreg.Kind{exitreg.KindRelease, exitreg.KindExit, exitreg.KindLeave, exitreg.KindExec} {
			tr := tree.Fold([]tree.Event{e, {Kind: end, Node: "0", T: 10}})
			if tr.Node("0").Held || tr.Counts.Held != 0 {
				t.Errorf("%s: held after %s", c.event, end)
			}
		}
	}
}

// The time of timeouts and graces stands while anybody is held.
func TestTimeStands(t *testing.T) {
	ev := func(at time.Duration, k exitreg.Kind, node, id string) tree.Event {
		return tree.Event{T: at, Kind: k, Node: node, ID: id}
	}
	list := []tree.Event{
		{Kind: exitreg.KindHello, Node: "0", Timeout: 100},
		{Kind: exitreg.KindRegister, Node: "0", ID: "h1", Timeout: 50},
		ev(5, exitreg.KindHold, "1", "h1"), ev(8, exitreg.KindRelease, "1", ""),
		ev(10, exitreg.KindDeliver, "0", ""), ev(20, exitreg.KindBegin, "0", "h1"),
		ev(30, exitreg.KindHold, "1", "h1"), ev(35, exitreg.KindHold, "2", "h1"), ev(40, exitreg.KindRelease, "1", ""),
	}
	tr := tree.Fold(list)
	n := tr.Node("0")
	if _, ok := tr.Expires(n.Running()); ok {
		t.Error("it expires while 2 is held")
	}
	if _, ok := tr.Overdue(n); ok {
		t.Error("it is overdue at some time while 2 is held")
	}
	if left, ok := tr.Remains(n.Running(), 44); left != 40 || !ok {
		t.Errorf("%v left while it stands, %v", left, ok)
	}
	exit := ev(45, exitreg.KindExit, "2", "")
	tr.Apply(&exit)
	if at, ok := tr.Expires(n.Running()); at != 20+50+15 || !ok {
		t.Errorf("expires at %v, %v", at, ok)
	}
	if at, ok := tr.Overdue(n); at != 10+100+15 || !ok {
		t.Errorf("overdue at %v, %v", at, ok)
	}
	if left, ok := tr.Remains(n.Running(), 60); left != 25 || !ok {
		t.Errorf("%v left, %v", left, ok)
	}
}

// A ladder whose time stands has no next step; when it goes on it has.
func TestLadderFreezes(t *testing.T) {
	rung := func(at time.Duration, text string, next time.Duration) tree.Event {
		return tree.Event{T: at, Kind: exitreg.KindRung, Text: text, Timeout: next}
	}
	tr := tree.Fold([]tree.Event{rung(10, "stop", 100), rung(20, "freeze", 90), rung(30, "freeze", 90)})
	if l := tr.Ladder; !l.Frozen || l.Froze != 20 || l.Left != 90 || l.Next != 0 || len(l.Steps) != 1 {
		t.Errorf("%+v", l)
	}
	for _, c := range []struct {
		event      tree.Event
		frozen     bool
		left, next time.Duration
		last       string
	}{
		{rung(40, "extend", 95), true, 95, 0, "stop"},
		{rung(50, "all", 60), true, 60, 0, "all"},
		{rung(70, "thaw", 60), false, 0, 130, "all"},
		{rung(80, "freeze", 50), true, 50, 0, "all"},
		{rung(90, "kill", 0), false, 0, 0, "kill"},
	} {
		tr.Apply(&c.event)
		if l := tr.Ladder; l.Frozen != c.frozen || l.Left != c.left || l.Next != c.next || l.Last().Text != c.last {
			t.Errorf("after %s: %+v", c.event.Text, l)
		}
	}
}

// A process that was made deaf ignores the signal, until it obeys one.
func TestMadeDeaf(t *testing.T) {
	list := events(t, `
		{"kind":"hello","node":"0"}
		{"kind":"disposition","node":"0","sig":"SIGTERM","text":"caught"}
		{"kind":"signal","node":"0","sig":"SIGTERM"}
		{"kind":"fault","node":"0","text":"ignore","sig":"SIGTERM","prov":"self"}`)
	tr := tree.Fold(list)
	n := tr.Node("0")
	if n.State != tree.Stuck || n.Fault != "ignore" || n.Disposition("SIGTERM") != tree.Ignored || tr.Unknown != 0 {
		t.Errorf("%v, fault %q, %s", n.State, n.Fault, n.Disposition("SIGTERM"))
	}
	if got := tr.Describe(&list[3]); got != "injected: makes nothing of SIGTERM" {
		t.Errorf("%q", got)
	}
	came := tree.Event{Kind: exitreg.KindDeliver, Node: "0", Sig: "SIGTERM"}
	tr.Apply(&came)
	if n.State != tree.Exiting || n.Disposition("SIGTERM") != tree.Caught {
		t.Errorf("%v, %s", n.State, n.Disposition("SIGTERM"))
	}
}

// What the observer itself has stopped is held, and not stuck.
func TestHeldIsNotStuck(t *testing.T) {
	tr := tree.Fold([]tree.Event{
		{Kind: exitreg.KindSpawn, Node: "0", PID: 4}, {Kind: exitreg.KindSpawn, Node: "1", PID: 5},
		{Kind: exitreg.KindHold, Node: "1", T: 1, Text: "exit"}, {Kind: exitreg.KindRelease, Node: "1", T: 5},
		{Kind: exitreg.KindStop, Node: "0", T: 10}, {Kind: exitreg.KindSignal, Node: "0", T: 10, Sig: "SIGTERM", Sender: "multiexit"},
		{Kind: exitreg.KindHold, Node: "0", T: 10, Sig: "SIGTERM", Text: "stopped before SIGTERM"},
	})
	if n := tr.Node("0"); n.State != tree.Exiting || tr.Counts.Exiting != 1 || tr.Counts.Stuck != 0 || tr.Counts.Held != 1 {
		t.Errorf("held: %v, %+v", n.State, tr.Counts)
	}
	tr.Apply(&tree.Event{Kind: exitreg.KindRelease, Node: "0", T: 30})
	if n := tr.Node("0"); n.State != tree.Stuck || n.Holdings()[0].Until != 30 {
		t.Errorf("let go, and stopped still: %v, held %+v", n.State, n.Holdings())
	}
	tr.Apply(&tree.Event{Kind: exitreg.KindCont, Node: "0", T: 31})
	if n := tr.Node("0"); n.State != tree.Exiting || n.Holdings()[0].Until != 30 {
		t.Errorf("continued: %v, held %+v", n.State, n.Holdings())
	}
}

// What a fault stands for is not what the signal would do: it makes nothing of it,
// until it is taken back or the process has begun its run.
func TestWillBeDeaf(t *testing.T) {
	tr := tree.Fold(events(t, `
		{"kind":"hello","node":"0","name":"db"}
		{"kind":"disposition","node":"0","sig":"SIGTERM","text":"caught"}
		{"kind":"spawn","node":"1","name":"db"}`))
	n, foreign := tr.Node("0"), tr.Node("1")
	order := func(kind exitreg.Kind, sig string) {
		tr.Apply(&tree.Event{Kind: kind, Scope: "db", Text: "ignore", Sig: sig})
	}
	for sig, want := range map[string]bool{"SIGTERM": true, "SIG*": true, "T*": true, "": true, "SIGINT": false} {
		order(exitreg.KindOrder, sig)
		if n.Deafened("SIGTERM") != want || foreign.Deafened("SIGTERM") {
			t.Errorf("ignore %q: %v, one that does not report: %v", sig, n.Deafened("SIGTERM"), foreign.Deafened("SIGTERM"))
		}
		order(exitreg.KindRevoke, sig)
	}
	if n.Deafened("SIGTERM") {
		t.Error("it was taken back")
	}
	order(exitreg.KindOrder, "SIGTERM")
	tr.Apply(&tree.Event{Kind: exitreg.KindDeliver, Node: "0", Sig: "SIGINT"})
	if n.Deafened("SIGTERM") {
		t.Error("its run has begun")
	}
}

// What the time until the next step is measured by is without the time for which it
// stood, and with what it was put off by. A ladder counts until it is done.
func TestWholeOfAStep(t *testing.T) {
	tr := &tree.Tree{}
	rung := func(at time.Duration, text string, left time.Duration) *tree.Ladder {
		tr.Apply(&tree.Event{Kind: exitreg.KindRung, Node: "0", T: at, Text: text, Timeout: left})
		return tr.Node("0").Ladder
	}
	const s = time.Second
	for _, c := range []struct {
		at          time.Duration
		text        string
		left, whole time.Duration
	}{
		{1 * s, "stop", 4 * s, 4 * s}, {2 * s, "freeze", 3 * s, 4 * s}, {50 * s, "thaw", 3 * s, 4 * s}, {51 * s, "extend", 7 * s, 9 * s},
		{52 * s, "freeze", 6 * s, 9 * s}, {60 * s, "extend", 11 * s, 14 * s}, {61 * s, "all", 5 * s, 5 * s}, {62 * s, "thaw", 5 * s, 5 * s},
	} {
		if l := rung(c.at, c.text, c.left); l.Whole != c.whole || l.Remains(c.at) != c.left || tr.Counts.Ladders != 1 {
			t.Errorf("%s at %v: %+v, left %v, %d ladders", c.text, c.at, l, l.Remains(c.at), tr.Counts.Ladders)
		}
	}
	rung(63*s, "done", 0)
	rung(64*s, "done", 0)
	if tr.Counts.Ladders != 0 {
		t.Errorf("%d ladders are on", tr.Counts.Ladders)
	}
}
