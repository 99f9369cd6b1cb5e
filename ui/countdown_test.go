package ui

import (
	"testing"
	"time"
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
