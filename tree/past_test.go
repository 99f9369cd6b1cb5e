package tree_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/worlds"
)

// wild is a stream of n events of all kinds about a few processes, handlers,
// commands and signals, in an order that need not make sense.
func wild(rnd *rand.Rand, n int) []tree.Event {
	pick := func(all ...string) string { return all[rnd.IntN(len(all))] }
	node := func() string {
		id := pick("0", "0", "1", "2", fmt.Sprint(rnd.IntN(40)))
		for rnd.IntN(3) > 0 && len(id) < 9 {
			id += fmt.Sprintf(".%d", rnd.IntN(4))
		}
		return id
	}
	kinds := []string{
		"spawn", "exec", "title", "orphan", "stop", "cont", "disposition", "exit", "signal", "out", "command", "rung", "note",
		"hello", "register", "register", "register", "unregister", "deliver", "begin", "end", "begin", "end", "wait", "fault", "skip", "hold", "release", "leave", "wonder", "order", "revoke", "asleep",
	}
	list := make([]tree.Event, n)
	now := time.Duration(0)
	for i := range list {
		now += time.Duration(rnd.IntN(4)) * ms * time.Duration(1+rnd.IntN(300)*rnd.IntN(2))
		e := &list[i]
		*e = tree.Event{Seq: uint64(i + 1), T: now - time.Duration(rnd.IntN(3))*ms, Node: node()}
		e.Kind = exitreg.Kind(pick(kinds...))
		e.PID, e.N, e.ID = 100+rnd.IntN(50), uint64(rnd.IntN(200)), pick("h1", "h2", "h3", "h4", fmt.Sprintf("h%d", rnd.IntN(30)), "")
		e.Name, e.Handler = pick("api", "db", "worker", "back/end", ""), pick("", "close", "flush")
		e.Sig, e.Text = pick("SIGTERM", "SIGINT", "SIGKILL", "SIGUSR1", "SIGHUP", ""), pick("caught", "ignored", "blocked", "default", "ready", "starting", "backoff", "stop", "kill", "done", "extend", "freeze", "thaw", "ignore", "hold", "pace", "pipe", "unbound", "delay", "exit", node())
		e.From, e.Err, e.Sender = pick("", "", node(), "pid:7"), pick("", "", "", "broken"), pick("", "multiexit", node())
		e.Timeout, e.Elapsed = time.Duration(rnd.IntN(3))*time.Second, time.Duration(rnd.IntN(9))*ms
		e.Shared, e.Core = rnd.IntN(3) == 0, rnd.IntN(9) == 0
		if rnd.IntN(2) == 0 {
			code := rnd.IntN(4)
			e.Code = &code
		}
		if rnd.IntN(4) == 0 {
			e.Argv = []string{pick("a", "b"), pick("x", "y")}
			e.Needs = []string{pick("close", "flush")}
		}
		switch {
		case e.Kind == "rung" && rnd.IntN(2) == 0:
			e.Node = ""
		case e.Kind == "command":
			e.Node = fmt.Sprint(rnd.IntN(30))
		case rnd.IntN(400) == 0:
			e.Kind = "eof"
		}
	}
	return list
}

// streams are to travel through.
func streams(rnd *rand.Rand) map[string][]tree.Event {
	all := map[string][]tree.Event{"wild": wild(rnd, 100+rnd.IntN(500)), "wide": wide(12, 5)}
	for _, w := range worlds.All {
		all["the world "+w.Name] = w.Events(3000)
	}
	w := &walk{rnd: rnd, tree: new(tree.Tree), story: newStory()}
	for range 200 {
		w.step()
	}
	all["walk"] = w.story.eof()
	s := stories[rnd.IntN(len(stories))]
	all["story "+s.name] = s.events()
	mixed := s.events()
	rnd.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	all["shuffled "+s.name] = mixed
	return all
}

// Wherever it is put, forward or back, and wherever it goes on from there: the
// tree is the fold of the events up to there, in everything that it knows. So is
// the head, while it grows; and a pointer into the tree stays good.
func TestPast(t *testing.T) {
	for seed := range uint64(12) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		for name, list := range streams(rnd) {
			past, at := tree.NewPast(1+rnd.IntN(60)), 0
			grow := func(to int) {
				for past.Len() < to {
					past.Apply(&list[past.Len()])
				}
			}
			grow(rnd.IntN(len(list) + 1))
			back := new(tree.Tree)
			seen := map[string]*tree.Node{}
			var trail []int
			for range 60 {
				if rnd.IntN(4) == 0 {
					grow(min(len(list), past.Len()+rnd.IntN(200)))
				}
				to := rnd.IntN(past.Len() + 1)
				if len(trail) > 1 && rnd.IntN(3) == 0 {
					to = trail[len(trail)-2] // there and back
				}
				trail = append(trail, to)
				if rnd.IntN(5) == 0 {
					past.Prepare(back, rnd.IntN(300))
				}
				if to < at || rnd.IntN(3) > 0 {
					if at = past.Restore(back, to); at > to || at != past.Nearest(to) {
						t.Fatalf("seed %d, %s: %d events of %d", seed, name, at, to)
					}
					if rnd.IntN(2) == 0 {
						if d := tree.Difference(back, tree.Fold(list[:at])); d != "" {
							t.Fatalf("seed %d, %s: put back to %d of %d: %s", seed, name, at, past.Len(), d)
						}
					}
				}
				for ; at < to; at++ {
					back.Apply(&list[at])
				}
				fold := tree.Fold(list[:to])
				for i, n := range back.Nodes {
					h, g := n.Running(), fold.Nodes[i].Running()
					if (h == nil) != (g == nil) || h != nil && (h.ID != g.ID || h.State != g.State || h.Begin != g.Begin || h.Name != g.Name) {
						t.Fatalf("seed %d, %s: at %d of %d %s runs %+v, want %+v", seed, name, to, past.Len(), n.ID, h, g)
					}
				}
				if rnd.IntN(2) == 0 {
					continue // nobody has looked at all of it when it is put elsewhere
				}
				if d := tree.Difference(back, fold); d != "" {
					t.Fatalf("seed %d, %s: at %d of %d: %s", seed, name, to, past.Len(), d)
				}
				for _, n := range back.Nodes {
					if was := seen[n.ID]; was != nil && was != n {
						t.Fatalf("seed %d, %s: %s is another one now", seed, name, n.ID)
					}
					seen[n.ID] = n
				}
			}
			if d := tree.Difference(past.Head, tree.Fold(list[:past.Len()])); d != "" {
				t.Fatalf("seed %d, %s: the head: %s", seed, name, d)
			}
		}
	}
}

// Events that change no tree may be taken out of the stream.
func TestPastRenumber(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	var list, short []tree.Event
	at := []int{0} // in short, by number in list
	for _, e := range wild(rnd, 1200) {
		list = append(list, e)
		if e.Kind != "out" {
			short = append(short, e)
		}
		at = append(at, len(short))
	}
	past := tree.NewPast(50)
	for i := range list {
		past.Apply(&list[i])
	}
	past.Renumber(func(i int) int { return at[i] })
	if past.Len() != len(short) {
		t.Fatalf("%d events, want %d", past.Len(), len(short))
	}
	back := new(tree.Tree)
	for range 100 {
		to := rnd.IntN(len(short) + 1)
		for i := past.Restore(back, to); i < to; i++ {
			back.Apply(&short[i])
		}
		want := tree.Fold(short[:to])
		want.Last = back.Last // what was printed has a time too
		if got, want := picture(back), picture(want); got != want {
			t.Fatalf("at %d it is another tree: %d and %d bytes of it", to, len(got), len(want))
		}
	}
}

// What points somewhere cannot be copied as it is. A new field of that kind needs
// a place in rest, load and here.
func TestPastKnowsEveryReference(t *testing.T) {
	for _, c := range []struct {
		of   any
		want []string
	}{
		{tree.Tree{}, []string{"Roots", "Nodes", "Signal", "Shut", "Before", "Notes", "Commands", "Ladder", "Orders", "byID", "cmds", "near", "past", "of"}},
		{tree.Node{}, []string{"Parent", "handlers", "Command", "Kids", "Argv", "Hold", "Asleep", "Ladder", "ran", "byID", "deaf", "asked", "disp", "tree", "spans", "holdings"}},
		{tree.Handler{}, []string{"Node", "From", "Needs", "Waits", "Since", "Patience"}},
		{tree.Command{}, []string{"Node"}},
	} {
		if got := tree.References(c.of); !slices.Equal(got, c.want) {
			t.Errorf("%T has %q, known are %q", c.of, got, c.want)
		}
	}
}

// A large tree is put back by several goroutines at once.
func TestPastOfManyProcesses(t *testing.T) {
	list := wide(5000, 2)
	past, back := tree.NewPast(5000), new(tree.Tree)
	for i := range list {
		past.Apply(&list[i])
	}
	rnd := rand.New(rand.NewPCG(2, 2))
	for range 8 {
		to := rnd.IntN(len(list))
		for i := past.Restore(back, to); i < to; i++ {
			back.Apply(&list[i])
		}
		if d := tree.Difference(back, tree.Fold(list[:to])); d != "" {
			t.Fatalf("at %d: %s", to, d)
		}
	}
}

// Of a process with many handlers that was put back, one may be asked for before
// the others are.
func TestPastOfOneHandler(t *testing.T) {
	list := []tree.Event{{Kind: exitreg.KindSpawn, Node: "0"}}
	add := func(kind exitreg.Kind, handler int) {
		list = append(list, tree.Event{Kind: kind, Node: "0", ID: fmt.Sprintf("h%d", handler+1), Handler: "close", T: time.Duration(len(list)) * ms})
	}
	for i := range 200 {
		add(exitreg.KindRegister, i)
	}
	for i := range 200 {
		add(exitreg.KindBegin, i)
		add(exitreg.KindEnd, i)
	}
	past, back := tree.NewPast(1), new(tree.Tree)
	for i := range list {
		past.Apply(&list[i])
	}
	whole := func(at int) {
		t.Helper()
		past.Restore(back, at)
		if d := tree.Difference(back, tree.Fold(list[:at])); d != "" {
			t.Fatalf("at %d: %s", at, d)
		}
	}
	for i := range 200 {
		whole(201)
		past.Restore(back, 202+2*i)
		if h := back.Node("0").Running(); h == nil || h.ID != fmt.Sprintf("h%d", i+1) || h.State != tree.Running {
			t.Fatalf("%d: %+v runs", i, h)
		}
		whole(201)
	}
}
