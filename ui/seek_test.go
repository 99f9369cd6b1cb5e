package ui

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"multiexit/tree"
)

// state is what a tree says, in a form that can be compared.
func state(t *tree.Tree) any {
	type node struct {
		ID, Name, SigName string
		State             tree.State
		Pending, Failures int
		Running           string
		Gone              time.Duration
	}
	var all []node
	for _, n := range t.Nodes {
		s := node{n.ID, n.Name, n.SigName, n.State, n.Pending(), n.Failures(), "", n.Gone}
		if n.Running() != nil {
			s.Running = n.Running().Name
		}
		all = append(all, s)
	}
	return []any{all, t.Counts, t.Last}
}

// scrub says that the picture is Fold of the tape up to the playhead, and the log
// what it would be then.
func scrub(t *testing.T, w *world) {
	t.Helper()
	if want := tree.Fold(w.events(w.at)); !reflect.DeepEqual(state(w.tree), state(want)) {
		t.Fatalf("at %d the picture is not the fold:\n%v\nwant\n%v", w.at, state(w.tree), state(want))
	}
	if want := tree.Fold(w.events(w.tape.Len())); !reflect.DeepEqual(state(w.truth()), state(want)) && w.live() {
		t.Fatalf("at %d the truth is not the fold of the whole tape", w.at)
	}
	n := 0
	for i := range w.at {
		if logs(w.event(i), w.logAll) {
			n++
		}
	}
	if w.logged() != n {
		t.Fatalf("at %d the log has %d lines, want %d", w.at, w.logged(), n)
	}
}

// Wherever the playhead is put, and however: the picture is the fold.
func TestPlayheadLaws(t *testing.T) {
	span := markSpan
	markSpan = 3
	t.Cleanup(func() { markSpan = span })
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 3))
		es := append(shop(), fall()...)
		w := watching(t, shop())
		if seed%2 == 0 {
			w = replaying(t, es)
		}
		rest := fall()
		for range 80 {
			switch k := r.IntN(8); {
			case k == 0:
				w.seek(r.IntN(w.tape.Len()+1), ms(r.IntN(1500)))
			case k == 1 && w.live() && len(rest) > 0:
				w.feed(rest[0])
				rest = rest[1:]
			case k == 2:
				w.Update(tickMsg{tag: w.beat.tag, at: epoch.Add(ms(r.IntN(3000)))})
			default:
				all := []string{",", ".", "[", "]", "{", "}", "Z", "x", "X", "0", "R", "L", "shift+left", "shift+right", "home", "end", "space"}
				w.press(all[r.IntN(len(all))])
			}
			w.refresh()
			scrub(t, w)
			if w.play.level && (w.at != w.tape.Len() || w.tree != w.head) {
				t.Fatal("level, but not at the end")
			}
		}
	}
}

func TestPauseCollects(t *testing.T) {
	w := watching(t, shop())
	w.press("Z")
	w.feed(fall()...)
	if w.mode() != modePaused || w.at != len(shop()) || w.tree.Counts.Exited != 0 {
		t.Fatalf("mode %d, at %d", w.mode(), w.at)
	}
	if n, d := w.behind(); n != len(fall()) || d < time.Second {
		t.Errorf("behind by %d events and %v", n, d)
	}
	if w.truth().Counts.Exited != 1 {
		t.Error("the truth stands too")
	}
	w.press("0")
	if w.mode() != modeLive || w.at != w.tape.Len() || w.tree.Counts.Exited != 1 {
		t.Errorf("after 0: mode %d, at %d of %d", w.mode(), w.at, w.tape.Len())
	}
}

func TestStep(t *testing.T) {
	w := replaying(t, shop(), fall())
	w.press("home", ".", ".", ".")
	if w.at != 3 || w.now != ms(3) || len(w.tree.Nodes) != 3 || !w.play.paused {
		t.Errorf("three steps: at %d, %v, %d nodes", w.at, w.now, len(w.tree.Nodes))
	}
	w.press(",")
	if w.at != 2 || len(w.tree.Nodes) != 2 {
		t.Errorf("one back: at %d", w.at)
	}
	w.press("home", ",")
	if w.at != 0 || w.notice == "" {
		t.Errorf("before the start: at %d, notice %q", w.at, w.notice)
	}
	w.press("}")
	if w.now != ms(1000) || w.tree.Signal == nil {
		t.Errorf("next signal: %v", w.now)
	}
	w.press("]")
	if w.at != w.tape.Len() {
		t.Errorf("one second on: at %d of %d", w.at, w.tape.Len())
	}
	w.press("{")
	if w.now != ms(1000) {
		t.Errorf("previous signal: %v", w.now)
	}
}

// frame lets a tick of the model come in after d.
func (w *world) frame(d time.Duration) {
	at := epoch.Add(w.now)
	if !w.beat.last.IsZero() {
		at = w.beat.last
	}
	w.Update(tickMsg{tag: w.beat.tag, at: at.Add(d)})
}

// A recording plays at its own speed, slower, faster, and begins again at its end.
func TestReplayPlays(t *testing.T) {
	w := replaying(t, shop(), fall())
	w.frame(0)
	for range 10 {
		w.frame(ms(100))
	}
	if w.now != time.Second || w.tree.Counts.Exiting != 1 {
		t.Errorf("after a second: %v, %d exiting", w.now, w.tree.Counts.Exiting)
	}
	w.press("x") // half
	w.frame(ms(100))
	if w.now != time.Second+ms(50) || w.mode() != modeSpeed {
		t.Errorf("half speed: %v", w.now)
	}
	w.press("X", "X") // double
	w.frame(ms(100))
	if w.now != time.Second+ms(250) {
		t.Errorf("double speed: %v", w.now)
	}
	w.press("[", "]")
	now := w.now
	w.Update(tickMsg{tag: w.beat.tag, at: epoch.Add(time.Minute)})
	if w.now != now {
		t.Errorf("the first frame after a seek moves the time by %v", w.now-now)
	}
	for range 100 {
		w.frame(ms(100))
	}
	if w.at != w.tape.Len() || w.period() != 0 {
		t.Errorf("at %d of %d, period %v", w.at, w.tape.Len(), w.period())
	}
	w.press("space")
	if w.at != 0 || w.play.paused || w.period() == 0 {
		t.Errorf("space at the end: at %d, paused %v", w.at, w.play.paused)
	}
}

// Slow motion of a live tree stretches what happens and is level with it again
// when nothing does.
func TestLiveSlowMotion(t *testing.T) {
	w := watching(t, shop())
	w.press("x", "x") // a quarter
	w.feed(fall()...)
	if w.tree.Signal != nil {
		t.Fatal("shown at once")
	}
	w.frame(0)
	if w.tree.Signal == nil || w.tree.Counts.Exited != 0 {
		t.Fatalf("the wait before the signal was not left out: at %d, %v", w.at, w.now)
	}
	for range 12 {
		w.frame(ms(100))
	}
	if got := w.now - ms(1000); got != ms(300) {
		t.Errorf("1.2 s later the picture is %v on", got)
	}
	for range 100 {
		w.frame(ms(100))
	}
	if w.at != w.tape.Len() || w.period() != 0 || w.tree.Counts.Exited != 1 {
		t.Errorf("not caught up: at %d of %d", w.at, w.tape.Len())
	}
	w.press("X", "X")
	w.frame(ms(100))
	w.press("0")
	if w.mode() != modeLive {
		t.Errorf("mode %d", w.mode())
	}
	w.press("X")
	if w.notice == "" || !w.play.level {
		t.Error("faster than live")
	}
}

// R shows the last shutdown again, then what is live.
func TestAgain(t *testing.T) {
	w := watching(t, shop(), fall())
	w.press("R")
	if w.mode() != modeReplay || w.tree.Counts.Exited != 0 || w.now != ms(1000)-lead {
		t.Fatalf("mode %d at %v", w.mode(), w.now)
	}
	for i := 0; i < 100 && !w.play.level; i++ {
		w.frame(ms(100))
	}
	if w.mode() != modeLive || w.tree.Counts.Exited != 1 {
		t.Errorf("mode %d", w.mode())
	}
}

// The cursor, folds and marks are kept by id through time.
func TestSeekKeepsTheEye(t *testing.T) {
	w := watching(t, shop(), fall())
	w.press("G", "space")
	w.toggleFold("0.0")
	w.press("Z")
	w.seek(2, ms(2))
	w.refresh()
	if w.cursor != "0" {
		t.Errorf("before its birth the cursor is at %s", w.cursor)
	}
	w.press("0")
	if w.cursor != "0.1.0" || !w.folded["0.0"] || !w.marked["0.1.0"] {
		t.Errorf("back: cursor %s, folded %v, marked %v", w.cursor, w.folded, w.marked)
	}
}
