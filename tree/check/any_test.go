package check_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// A report can be had at any moment of a shutdown.
func TestAtAnyMoment(t *testing.T) {
	for seed := range uint64(300) {
		s := newWorld(seed).play().run()
		tr := new(tree.Tree)
		for i := range s.events {
			tr.Apply(&s.events[i])
			if i%7 == int(seed%7) {
				everything(t, tr)
			}
		}
	}
}

// Whatever a stream says, there is a report on it, and its parts add up.
func TestAnyStream(t *testing.T) {
	kinds := []exitreg.Kind{"spawn", "exec", "orphan", "stop", "cont", "disposition", "exit", "signal", "note", "command", "rung", "hello", "register",
		"unregister", "deliver", "begin", "begin", "wait", "wait", "end", "skip", "hold", "release", "leave", "asleep"}
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		pick := func(s ...string) string { return s[rnd.IntN(len(s))] }
		node := func() string { return pick("0", "0.0", "0.1", "0.0.0", "1", "0.0.1", "") }
		tr := new(tree.Tree)
		for range 120 {
			code := rnd.IntN(3)
			e := tree.Event{Kind: kinds[rnd.IntN(len(kinds))], T: time.Duration(rnd.IntN(2000)), Node: node(), ID: pick("h1", "h2", "h3"), Name: pick("a", "b"),
				Sig: pick("SIGTERM", "SIGINT", "SIGKILL", "SIGHUP", "SIGSEGV", ""), Sender: pick(node(), "multiexit"), Text: pick(node(), node(), "stop", "all", "kill", "ignored", "blocked", "unbound"),
				Err: pick("", "", "no"), Timeout: time.Duration(rnd.IntN(500)), Elapsed: time.Duration(rnd.IntN(500)), N: uint64(rnd.IntN(9))}
			if rnd.IntN(2) == 0 {
				e.Code = &code
			}
			tr.Apply(&e)
			everything(t, tr)
		}
		tr.Apply(&tree.Event{Kind: exitreg.KindEOF})
		everything(t, tr)
	}
}

func everything(t *testing.T, tr *tree.Tree) {
	t.Helper()
	r := check.Analyze(tr)
	contiguous(t, r)
	for _, b := range r.Blame {
		if n := tr.Node(b.Node); n.Ended() && b.At+b.Took > max(n.Gone, r.Start) {
			t.Errorf("%v goes on after its process", b)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	check.BlockedBy(tr, nil, tr.Last)
	for _, n := range tr.Nodes {
		b := check.BlockedBy(tr, n, tr.Last)
		leaving := n.State == tree.Exiting || n.State == tree.Stuck
		if leaving != (b.Node != nil) || leaving != (b.String() != "") {
			t.Fatalf("%s is %v and blocked by %q", n.ID, n.State, b)
		}
		if leaving && (b.Chain[0] != n || b.Chain[len(b.Chain)-1] != b.Node || b.Left < 0 || b.For < 0) {
			t.Fatalf("%s: %+v", n.ID, b)
		}
	}
}
