package check_test

import (
	"fmt"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
)

// many are processes that run ten handlers each and that one waits for; one of
// modulo is gone, the others exit.
func many(processes, modulo int) []tree.Event {
	s := new(story).spawn("0", "main").send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1")
	for i := range processes {
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
	return s.events
}

// roll is a handler that ends processes one after another: all of them are on the
// critical path, and back in that one handler each time.
func roll(processes int) []tree.Event {
	s := new(story).spawn("0", "main")
	for i := range processes {
		s.spawn(fmt.Sprintf("0.%d", i), "w")
	}
	s.send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1")
	for i := range processes {
		id := fmt.Sprintf("0.%d", i)
		s.after(time.Microsecond).wait("0", "h1", id).after(time.Microsecond).run(id, "SIGTERM").
			does(id, "h1", time.Microsecond, "").leave(id).after(time.Microsecond).died(id, "SIGTERM")
	}
	return s.end("0", "h1", "").leave("0").after(1).died("0", "SIGTERM").eof().events
}

// stairs are processes each of which waits for its only child, as deep as it goes.
func stairs(deep int) []tree.Event {
	s := new(story)
	id, ids := "0", []string{}
	for range deep {
		s.spawn(id, "w")
		ids = append(ids, id)
		id += ".0"
	}
	s.send("0", "SIGTERM")
	for i, id := range ids {
		s.after(time.Microsecond).run(id, "SIGTERM").begin(id, "h1")
		if i+1 < len(ids) {
			s.wait(id, "h1", ids[i+1])
		}
	}
	for i := len(ids) - 1; i >= 0; i-- {
		s.after(time.Microsecond).end(ids[i], "h1", "").leave(ids[i]).after(time.Microsecond).died(ids[i], "SIGTERM")
	}
	return s.eof().events
}

// BenchmarkAnalyze is a whole report beside the fold of its events, which anybody
// needs before: of 10,000 processes with 100,000 handlers, of a million events, of
// processes that go one after another, and of those that wait for each other. What
// it takes for an event must not grow with their number.
func BenchmarkAnalyze(b *testing.B) {
	for name, events := range map[string][]tree.Event{
		"10000x10": many(10_000, 2), "45000x10": many(45_000, 2),
		"roll10000": roll(10_000), "roll140000": roll(140_000), "stairs1000": stairs(1000), "stairs8000": stairs(8000),
	} {
		tr := tree.Fold(events)
		for what, do := range map[string]func(){"analyze": func() { check.Analyze(tr) }, "fold": func() { tree.Fold(events) }} {
			b.Run(fmt.Sprintf("%s/%d/%s", name, len(events), what), func(b *testing.B) {
				for b.Loop() {
					do()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
			})
		}
	}
}

// BenchmarkBlockedBy is what a frame of the screen asks of 10,000 processes, all
// of which exit. The floor beside it only looks at each of them.
func BenchmarkBlockedBy(b *testing.B) {
	tr := tree.Fold(many(10_000, 10_000))
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
				if n.Alive() && n.Running() != nil {
					alive++
				}
			}
		}
		if alive == 0 {
			b.Error("nobody lives")
		}
	})
}
