package ui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/tree/worlds"
	"multiexit/ui/canvas"
)

// unread is the screen of a recording of n events that is not known yet.
func unread(t *testing.T, n int) *world {
	t.Helper()
	var r tape.Reel
	worlds.All[2].Tell(n, r.Append)
	w := &world{spy: &spy{}, Model: New(Options{Header: tree.Header{Start: epoch}, Tape: tape.Of(&r), Theme: "dark", Profile: canvas.Mono, Now: time.Now})}
	w.Init()
	w.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	return w
}

// A long recording is shown before it is known. Who wants to go far waits, sees how
// long, can change his mind, and gets there.
func TestLongRecordingIsLearntOnTheWay(t *testing.T) {
	const n = 3 * learnAtOnce
	w := unread(t, n)
	if w.learnt() != learnAtOnce || w.prepared {
		t.Fatalf("%d events are known", w.learnt())
	}
	w.press("end")
	if s := w.screen(); w.at == n || !strings.Contains(s, "reading ahead 33 %") {
		t.Errorf("at %d:\n%s", w.at, s)
	}
	w.press("esc")
	w.Update(learnMsg{w.Model})
	if w.quest.do != nil || w.at == n {
		t.Error("esc does not end the way")
	}
	w.press("R")
	w.travel("#190000")
	steps := 0
	for ; !w.prepared; steps++ {
		before := w.learnt()
		w.Update(learnMsg{w.Model})
		if w.learnt()-before > learnStep {
			t.Fatalf("%d events at once", w.learnt()-before)
		}
	}
	if w.at != 190_000 || w.mode() != modePaused {
		t.Errorf("after %d steps at %d, mode %d", steps, w.at, w.mode())
	}
	w.press("R")
	if w.tree.Shut != nil || w.memory.Head.Shut == nil || w.now != w.memory.Head.Shut.T-lead || w.play.paused {
		t.Errorf("the last shutdown again: at %d, %v", w.at, w.now)
	}
	if cmd := w.learnMore(); cmd != nil {
		t.Error("it learns for ever")
	}
}

// However fast it plays, a frame has to do with so many events.
func TestFastPlaybackIsBounded(t *testing.T) {
	w := unread(t, 3*learnAtOnce)
	for range 6 {
		w.press("X")
	}
	if w.play.factor() != 100 {
		t.Fatalf("×%v", w.play.factor())
	}
	for range 100 {
		before, known := w.at, w.learnt()
		w.advance(time.Second)
		if w.learnt()-known > learnStep+1 {
			t.Fatalf("%d events more are known", w.learnt()-known)
		}
		if w.at < before || w.at > max(before, known)+learnStep {
			t.Fatalf("from %d to %d", before, w.at)
		}
	}
	if w.at != w.tape.Len() {
		t.Errorf("at %d of %d", w.at, w.tape.Len())
	}
}
