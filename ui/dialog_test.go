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
