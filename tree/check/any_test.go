package check_test

import (
	"fmt"
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
		"unregister", "deliver", "begin", "begin", "wait", "wait", "end", "skip", "hold", "release", "leave"}
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

// many are 10,000 processes and 100,000 handlers; one of modulo
// is gone, the others exit.
func many(modulo int) *tree.Tree {
	s := new(story).spawn("0", "main").send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1")
	for i := range 10000 {
		id := fmt.Sprintf("0.%d", i)
		s.spawn(id, "w").send(id, "SIGTERM").wait("0", "h1", id).run(id, "SIGTERM")
		for h := range 9 {
			s.does(id, fmt.Sprintf("h%d", h), time.Microsecond, "")
		}
		s.begin(id, "h9")
		if i%modulo == 0 {
			s.end(id, "h9", "").leave(id).died(id, "SIGTERM")
		}
	}
	return s.tree()
}

// Of 10,000 processes and 100,000 handlers.
func BenchmarkAnalyze(b *testing.B) {
	tr := many(2)
	for b.Loop() {
		check.Analyze(tr)
	}
}

// BenchmarkBlockedBy is what a frame of the screen asks of 10,000 processes, all
// of which exit. The floor beside it only looks at each of them.
func BenchmarkBlockedBy(b *testing.B) {
	tr := many(10000)
	for name, n := range map[string]*tree.Node{"shutdown": nil, "process": tr.Node("0")} {
		b.Run(name, func(b *testing.B) {
			var f check.Finder
			f.BlockedBy(tr, n, tr.Last)
			b.ReportAllocs()
			for b.Loop() {
				f.BlockedBy(tr, n, tr.Last)
			}
		})
	}
	b.Run("floor", func(b *testing.B) {
		alive := 0
		for b.Loop() {
			for _, n := range tr.Nodes {
				if n.Alive() && n.Running != nil {
					alive++
				}
			}
		}
		if alive == 0 {
			b.Error("nobody lives")
		}
	})
}
