package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// Every dialog survives any size.
func TestDialogsAtAnySize(t *testing.T) {
	for _, open := range []string{"t", "T", "s", "K", "d", "r", "D", "C", "A", ":", "e", "?", "q", "I", "/", "o /"} {
		w := watching(t, two())
		w.press(keys(open)...)
		kind := w.dialog.kind
		for _, size := range [][2]int{{40, 10}, {39, 9}, {1, 1}, {60, 16}, {300, 90}, {120, 36}} {
			w.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			w.View()
		}
		if w.dialog.kind != kind {
			t.Errorf("%s: dialog %d became %d", open, kind, w.dialog.kind)
		}
		w.press("esc", "esc", "esc")
		if w.dialog.kind != dialogNone {
			t.Errorf("%s: esc does not close it", open)
		}
	}
}

// A birth while the signal dialog is open is asked about, for it may be reached too.
func TestPreviewIsAskedAgain(t *testing.T) {
	w := watching(t, two())
	w.press("s")
	w.inquire()
	w.preview.waiting = false
	if w.inquire() != nil {
		t.Fatal("the same is asked twice")
	}
	w.record([]tree.Event{born(90, "0.0", "child")})
	w.forward(w.tape.Len())
	w.preview.waiting = false
	if w.inquire() == nil {
		t.Error("nobody asks about the child")
	}
}

// What a signal does to one, to several, and where nothing runs, in plain words.
func TestDialogsCount(t *testing.T) {
	foreign := tree.Event{Kind: "disposition", Node: "0.1.0", Sig: "SIGTERM", Text: "caught", T: ms(20)}
	for _, tt := range []struct {
		marked []string
		keys   string
		want   string
	}{
		{[]string{"0.0.0"}, "T", "1 process, 2 handlers, from the top of the stack"},
		{[]string{"0.1.0"}, "T", "1 process, no handlers that are known"},
		{[]string{"0.0.0", "0.1.0"}, "t", "2 processes, 2 handlers, each from the top of its stack"},
		{[]string{"0", "0.1.0"}, "K", "ends them at once; 1 handler never runs:"},
		{[]string{"0.0.0"}, "K", "ends it at once; 2 handlers never run:"},
		{[]string{"0.1", "0.1.0"}, "K", "ends them at once; nothing of their own runs"},
	} {
		w := watching(t, told(foreign))
		for _, id := range tt.marked {
			w.marked[id] = true
		}
		w.press(tt.keys)
		w.shows(t, tt.want)
	}
}
