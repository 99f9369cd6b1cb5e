package ui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
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

// Help and quit are always among the keys, and beside a hold those that go on; what
// there is nothing left for is not.
func TestKeysBesideALadder(t *testing.T) {
	for _, width := range []int{60, 80, 100, 120, 160} {
		for _, last := range []string{"stop", "all", "kill"} {
			for _, held := range []bool{false, true} {
				w := watching(t, shop(), fall()[:3])
				w.send(tea.WindowSizeMsg{Width: width, Height: 24})
				w.feed(rung(ms(1110), "", "stop", "SIGTERM", 10*time.Second), rung(ms(1111), "", last, "SIGTERM", 10*time.Second))
				want := []string{"? help", "q quit"}
				switch {
				case held:
					w.feed(tree.Event{Kind: "order", T: ms(1112), Scope: "*", Text: "hold"}, tree.Event{Kind: "hold", T: ms(1113), Node: "0.0.1", ID: "h1"},
						rung(ms(1114), "", "freeze", "", 10*time.Second))
					if want = append(want, "N "); width >= 80 {
						want = append(want, "c continue", "n step")
					}
				case last != "kill" && width >= 80:
					want = append(want, "+ 5 s", "! next rung")
				}
				text := lowest(w)
				for _, key := range want {
					if !strings.Contains(text, key) {
						t.Errorf("%d columns, %s, held %v: no %q in\n%s", width, last, held, key, text)
					}
				}
				if last == "kill" && (strings.Contains(text, "+ 5 s") || !strings.Contains(text, "KILL ✓")) {
					t.Errorf("%d columns, held %v, after SIGKILL:\n%s", width, held, text)
				}
			}
		}
	}
}

// The header names what a shutdown began with, or what the user sent after that: a
// ladder goes on by itself.
func TestHeaderNamesWhatTheUserSent(t *testing.T) {
	sent := func(at int, node, sig string) tree.Event {
		return tree.Event{Kind: "signal", T: ms(at), Node: node, Sig: sig, Sender: "multiexit", Scope: "process"}
	}
	began := append(shop(), rung(ms(1000), "", "stop", "SIGTERM", 5*time.Second), sent(1001, "0", "SIGTERM"))
	for name, tt := range map[string]struct {
		events []tree.Event
		want   string
	}{
		"second rung": {[]tree.Event{rung(ms(6000), "", "all", "SIGTERM", 5*time.Second), sent(6001, "0.1.0", "SIGTERM")}, "SIGTERM main"},
		"stack dump":  {[]tree.Event{rung(ms(6000), "", "dump", "SIGQUIT", 5*time.Second), sent(6001, "0.1.0", "SIGQUIT")}, "SIGTERM main"},
		"killed":      {[]tree.Event{rung(ms(6000), "", "kill", "SIGKILL", 0), sent(6001, "0.1.0", "SIGKILL")}, "SIGTERM main"},
		"by the user": {[]tree.Event{sent(6001, "0.1.0", "SIGKILL")}, "SIGKILL compactor"},
		"in its turn": {[]tree.Event{rung(ms(6000), "0.1", "stop", "SIGTERM", 5*time.Second), sent(6001, "0.1", "SIGTERM")}, "SIGTERM main"},
	} {
		w := watching(t, began, tt.events)
		if top, _, _ := strings.Cut(seen(w), "\n"); !strings.Contains(top, tt.want) {
			t.Errorf("%s: no %q in %q", name, tt.want, top)
		}
	}
	w := watching(t, shop(), []tree.Event{sent(1000, "0.0.0", "SIGTERM"), // and api is stopped by hand
		rung(ms(6000), "0.0", "stop", "SIGTERM", 5*time.Second), sent(6001, "0.0", "SIGTERM")})
	if top, _, _ := strings.Cut(seen(w), "\n"); !strings.Contains(top, "SIGTERM api") {
		t.Errorf("what was stopped by hand is not named: %q", top)
	}
}

// seen is the text on the screen.
func seen(w *world) string {
	w.View()
	return w.canvas.Plain()
}
