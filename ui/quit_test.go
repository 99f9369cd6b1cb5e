package ui

import (
	"strings"
	"testing"

	"multiexit/tree"
)

func TestQuit(t *testing.T) {
	for _, tt := range []struct {
		keys  string
		calls string
		quit  bool
	}{
		{"q", "", false},
		{"q esc", "", false},
		{"q enter", "stop", false},
		{"q K", "", false},
		{"q K enter", "kill", false},
		{"q tab tab enter", "", false},
		{"ctrl+c", "stop", false},
		{"ctrl+c enter", "stop", false},
		{"ctrl+c ctrl+c", "stop; next ", false},
		{"ctrl+c ctrl+c ctrl+c", "stop; next ; kill", true},
		{"ctrl+c ctrl+c ctrl+c ctrl+c", "stop; next ; kill; kill", true},
		{"q ctrl+c", "stop", false},
		{"q enter ctrl+c", "stop; next ", false},
		{"q enter ctrl+c ctrl+c", "stop; next ; kill", true},
		{"q enter q enter", "stop", false}, // waiting is the default then
		{"q enter q K enter", "stop; kill", false},
		{"/ w ctrl+c ctrl+c", "stop; next ", false}, // from anywhere
		{"t ctrl+c ctrl+c", "stop; next ", false},
		{": q u i t ctrl+c", "stop", false},
		{": q u i t enter", "", false},
		{": q u i t enter enter", "stop", false},
		{"Z q enter", "stop", false},
	} {
		w := watching(t, shop())
		w.press(keys(tt.keys)...)
		if got := w.spy.String(); got != tt.calls || w.quit != tt.quit {
			t.Errorf("%s: calls %q, quit %v; want %q, %v", tt.keys, got, w.quit, tt.calls, tt.quit)
		}
	}
}

// After a stop the screen shows it to the end and then leaves by itself.
func TestStopThenLeaves(t *testing.T) {
	w := watching(t, shop())
	w.press("Z", "q", "enter")
	if w.mode() != modeStopping || !w.play.level {
		t.Fatalf("mode %d", w.mode())
	}
	w.feed(fall()...)
	w.run(w.send(feedMsg{closed: true, at: epoch.Add(ms(2000))}))
	if !w.quit {
		t.Error("it stays though the feed is closed")
	}
}

// Who only watches keeps the result until q.
func TestEndStays(t *testing.T) {
	w := watching(t, shop())
	var all []tree.Event
	for _, n := range w.tree.Nodes {
		all = append(all, on(100, "exit", n.ID, ""))
	}
	w.feed(all...)
	cmd := w.send(feedMsg{events: []tree.Event{{Kind: "eof", T: ms(101)}}, closed: true, at: epoch.Add(ms(200))})
	w.run(cmd)
	if w.quit || w.mode() != modeEnded {
		t.Fatalf("quit %v, mode %d", w.quit, w.mode())
	}
	w.press("t")
	if w.dialog.kind != dialogNone || !strings.Contains(w.notice, "exited") {
		t.Errorf("dialog %d, notice %q", w.dialog.kind, w.notice)
	}
	w.press("q")
	if !w.quit {
		t.Error("q asks though nothing lives")
	}
}

func TestStopFromOutside(t *testing.T) {
	w := watching(t, shop())
	w.press("t")
	w.send(StopMsg{})
	if w.mode() != modeStopping || w.dialog.kind != dialogNone {
		t.Errorf("mode %d, dialog %d", w.mode(), w.dialog.kind)
	}
	if got := w.spy.String(); got != "" {
		t.Errorf("the driver was asked for %q", got)
	}
	w.run(w.send(feedMsg{closed: true, at: epoch.Add(ms(100))}))
	if !w.quit {
		t.Error("it stays")
	}
}
