package ui

import (
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

func TestNothingTicksWhenNothingMoves(t *testing.T) {
	for name, w := range map[string]*world{
		"live":          watching(t, shop()),
		"nothing there": watching(t),
		"paused":        pressed(watching(t, shop(), fall()[:4]), "Z"),
		"stepped":       pressed(replaying(t, shop(), fall()), "home", ".", "."),
		"help":          pressed(watching(t, shop()), "?"),
	} {
		w.asking, w.beat = true, beat{} // no answer and no tick is on its way
		if _, cmd := w.Update(NoticeMsg("x")); cmd != nil {
			t.Errorf("%s: a frame is asked for, every %v", name, w.period())
		}
	}
}

func pressed(w *world, keys ...string) *world {
	w.press(keys...)
	return w
}

func TestFrameRates(t *testing.T) {
	w := watching(t, shop(), fall()[:1])
	if got := w.period(); got != frameMotion {
		t.Errorf("a pulse runs: every %v", got)
	}
	w.now += 5 * time.Second
	if got := w.period(); got != frameGlow {
		t.Errorf("a number counts: every %v", got)
	}
	w.now += calmAfter
	if got := w.period(); got != frameCalm {
		t.Errorf("it hangs: every %v", got)
	}
	w.opts.Slow = true
	w.now = ms(1000)
	if got := w.period(); got != slowMotion {
		t.Errorf("over a slow line: every %v", got)
	}
	w.motion = false
	if got := w.period(); got != slowGlow {
		t.Errorf("without motion: every %v", got)
	}
	w.send(tea.WindowSizeMsg{})
	if got := w.period(); got != 0 {
		t.Errorf("on no screen: every %v", got)
	}
}

// One tick is on its way at a time; another one is stale and changes nothing.
func TestStaleTick(t *testing.T) {
	w := watching(t, shop())
	w.asking = true
	if cmd := w.feed(fall()[0]); cmd == nil {
		t.Fatal("no frame is asked for")
	}
	tag, now := w.beat.tag, w.now
	if cmd := w.send(NoticeMsg("x")); cmd != nil {
		t.Error("a second tick is asked for")
	}
	if cmd := w.send(tickMsg{tag: tag - 1, at: epoch.Add(time.Hour)}); cmd != nil || w.now != now {
		t.Errorf("a stale tick moved the time to %v", w.now)
	}
	if cmd := w.send(tickMsg{tag: tag, at: epoch.Add(2 * time.Second)}); cmd == nil || w.now != 2*time.Second {
		t.Errorf("the tick moved the time to %v", w.now)
	}
}

// Thirty frames a second, whatever a frame costs.
func TestTicksDoNotDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := replaying(t, shop(), fall())
		w.opts.Now = time.Now
		w.asking = true
		w.seek(len(shop())+1, ms(1000))
		cmd := w.send(NoticeMsg(""))
		from, frames := time.Now(), 0
		for ; time.Since(from) < time.Second && cmd != nil; frames++ {
			msg := cmd()
			time.Sleep(7 * time.Millisecond)
			cmd = w.send(msg)
		}
		if frames < 29 || frames > 31 {
			t.Errorf("%d frames in a second", frames)
		}
	})
}

// What is drawn twice from the same model is the same, and is not drawn at all
// while nothing has changed.
func TestViewIsPure(t *testing.T) {
	w := watching(t, shop(), fall()[:3])
	first := w.View()
	if w.dirty {
		t.Error("still dirty after View")
	}
	w.dirty = true
	if w.View() != first {
		t.Error("the same model gives another frame")
	}
	if n := testing.AllocsPerRun(10, func() { w.View() }); n > 0 {
		t.Errorf("%v allocations for a frame that is there", n)
	}
}

// Any size, at any time, in any mode.
func TestResize(t *testing.T) {
	for _, k := range []string{"", "?", "t", "T", "s", "K", "q", "i", "z", "2", "3 z", "tab", "tab tab z", "/ w", "Z"} {
		w := watching(t, shop(), fall()[:4])
		w.press(keys(k)...)
		for _, size := range [][2]int{{20, 5}, {0, 0}, {1, 1}, {80, 24}, {39, 9}, {60, 16}, {200, 50}, {100, 29}, {300, 2}, {2, 100}, {120, 36}} {
			w.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			w.press("j")
			w.View()
		}
		w.send(tea.WindowSizeMsg{Width: -1, Height: -1})
		w.View()
	}
}
