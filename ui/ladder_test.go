package ui

import (
	"strings"
	"testing"
	"time"
)

func TestLadderKeys(t *testing.T) {
	rungs := map[string][]string{"none": nil, "stop": {"stop"}, "all": {"stop", "all"}, "kill": {"stop", "all", "kill"}, "done": {"stop", "done"}}
	for _, tt := range []struct {
		rungs, node, keys string
		want              string
	}{
		{"none", "", "+", ""},
		{"none", "", "!", ""},
		{"stop", "", "+", "extend  5s"},
		{"stop", "", "!", "next "},
		{"all", "", "+ +", "extend  5s; extend  5s"},
		{"all", "", "!", ""}, // SIGKILL is next: it asks
		{"all", "", "! enter", "next "},
		{"all", "", "! esc", ""},
		{"kill", "", "+ !", ""},
		{"done", "", "+ !", ""},
		{"all", "0.0", "j + ! enter", "extend 0.0 5s; next 0.0"},
		{"all", "0.0", "j j + ! enter", "extend 0.0 5s; next 0.0"}, // worker-1 is below it
		{"all", "0.0", "+ !", ""},                                  // main is not
	} {
		w := watching(t, shop())
		for i, r := range rungs[tt.rungs] {
			w.feed(rung(ms(100+i), tt.node, r, "SIGTERM", 5*time.Second))
		}
		w.press(keys(tt.keys)...)
		if got := w.spy.String(); got != tt.want {
			t.Errorf("%s of %q, %s: asked for %q, want %q", tt.rungs, tt.node, tt.keys, got, tt.want)
		}
	}
}

// Everything is ended command by command: the next rung of one of them may be
// SIGKILL though that of the whole is not.
func TestNextRungOfACommandAsks(t *testing.T) {
	for _, sig := range []string{"", "SIGTERM"} {
		w := watching(t, market())
		w.feed(rung(3*time.Second, "", "stop", sig, 9*time.Second), rung(3*time.Second, "0", "stop", "SIGTERM", time.Second),
			rung(4*time.Second, "0", "all", "SIGTERM", time.Second))
		w.press("!")
		if got := w.spy.String(); w.dialog.kind != dialogNext || got != "" {
			t.Errorf("sig %q: dialog %d, asked for %q", sig, w.dialog.kind, got)
		}
	}
}

// The countdown is a function of presentation time, and it needs frames.
func TestLadderCountsDown(t *testing.T) {
	w := watching(t, shop())
	w.feed(rung(ms(100), "", "all", "SIGTERM", 5*time.Second))
	for at, want := range map[time.Duration]string{
		ms(100): "▮▮▮▮▮▮▮▮▮▮ 5.0s", ms(2600): "▮▮▮▮▮▯▯▯▯▯ 2.5s", ms(5100): "▯▯▯▯▯▯▯▯▯▯ 0.0s", ms(9999): "▯▯▯▯▯▯▯▯▯▯ 0.0s",
	} {
		w.now, w.dirty = at, true
		if !strings.Contains(seen(w), want) {
			t.Errorf("at %v the screen does not show %q", at, want)
		}
	}
	if w.period() == 0 {
		t.Error("no frames while it counts")
	}
	w.feed(rung(ms(10100), "", "done", "", 0))
	if w.period() != 0 || strings.Contains(seen(w), "KILL") {
		t.Error("it goes on though all are gone")
	}
}

func TestLadderWordsOfGone(t *testing.T) {
	w := watching(t, shop())
	w.feed(rung(ms(900), "", "stop", "SIGTERM", 5*time.Second))
	w.feed(fall()...)
	if !strings.Contains(seen(w), "1 of 6 gone") {
		t.Error("the screen does not show 1 of 6 gone")
	}
}

func TestTwiceIsFlagged(t *testing.T) {
	w := watching(t, shop())
	again := on(1050, "signal", "0.0.0", "")
	again.Sender = "0.0"
	w.feed(append(fall()[:3:3], again)...)
	view := seen(w)
	if !strings.Contains(view, "SIGTERM again from api") || !strings.Contains(view, "worker-1 twice") {
		t.Error("neither log nor row say so")
	}
	if n := strings.Count(view, "SIGTERM again"); n != 1 {
		t.Errorf("%d events are flagged", n)
	}
	w.press("Z", ",", ",", ".", ".") // over the tape and back
	if n := strings.Count(seen(w), "SIGTERM again"); n != 1 {
		t.Errorf("after a step back and on %d events are flagged", n)
	}
}

// seen is the text on the screen.
func seen(w *world) string {
	w.View()
	return w.canvas.Plain()
}
