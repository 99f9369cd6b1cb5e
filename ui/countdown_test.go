package ui

import (
	"testing"
	"time"

	"multiexit/tree"
)

// The time of a ladder runs on the screen wherever the selection is.
func TestLadderOfAnother(t *testing.T) {
	w := watching(t, told(), fall()[:1])
	w.feed(rung(ms(1100), "0.0.0", "stop", "SIGTERM", 5*time.Second))
	w.choose(w.line("0.1"))
	w.refresh()
	if !w.countsDown() {
		t.Error("a ladder is on, and nothing counts down")
	}
	w.feed(on(1400, "exit", "0.0.0", ""), rung(ms(1500), "0.0.0", "done", "", 0))
	if w.countsDown() {
		t.Error("the ladder is done")
	}
}

// The meter of a ladder that stood for long shows what is left of its time.
func TestMeterAfterAHold(t *testing.T) {
	w := watching(t, told(), fall()[:1])
	w.feed(rung(ms(1000), "0.0.0", "stop", "SIGTERM", 4*time.Second), rung(ms(1000), "0.0.0", "freeze", "", 4*time.Second),
		rung(ms(90000), "0.0.0", "thaw", "", 4*time.Second))
	l := w.truth().Node("0.0.0").Ladder
	for at, want := range map[int]float64{90000: 1, 91000: .75, 93000: .25, 95000: 0} {
		if got := remaining(l, ms(at)); got != want {
			t.Errorf("%d ms: %v, want %v", at, got, want)
		}
	}
}

// While anybody is held the limit of a handler that runs, and the grace of its process,
// are not used up, and say so.
func TestLimitStands(t *testing.T) {
	limited := handler(10, "0.0.0", "h2", "flush")
	limited.Timeout = 4 * time.Second
	hello := tree.Event{Kind: "hello", Node: "0.0.0", T: ms(20), Timeout: 8 * time.Second}
	for word, first := range map[string]tree.Event{"limit 4.00s": limited, "grace 8.00s": hello} {
		w := watching(t, told(first), fall()[:2])
		w.feed(on(1001, "begin", "0.0.0", "h2"), tree.Event{Kind: "hold", Node: "0.0", Sig: "SIGTERM", T: ms(2001)}, on(9000, "exit", "0.1.0", ""))
		h := w.truth().Node("0.0.0").Running()
		label, done := w.limit(h)
		if string(label) != word+" frozen" || done <= 0 || done > .25 {
			t.Errorf("%q, %v used up", label, done)
		}
		w.feed(tree.Event{Kind: "release", Node: "0.0", T: ms(10001)}, on(12001, "exit", "0.1", ""))
		if label, done = w.limit(h); string(label) != word || done < .37 || done > .75 {
			t.Errorf("%q, %v used up", label, done)
		}
	}
}
