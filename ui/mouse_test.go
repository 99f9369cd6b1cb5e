package ui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestMouse(t *testing.T) {
	w := watching(t, shop(), fall())
	for i := range 30 {
		w.feed(on(2000+i, "stop", "0.1", ""))
	}
	g := w.geometry()
	left := func(x, y int) {
		w.send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
	}
	wheel := func(x, y int, b tea.MouseButton) {
		w.send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: b})
	}
	left(10, g.tree.y+2)
	if w.cursor != "0.0.0" {
		t.Errorf("click selects %s", w.cursor)
	}
	left(g.lanes.x+3, g.tree.y+4)
	if w.cursor != "0.1" {
		t.Errorf("click on a lane selects %s", w.cursor)
	}
	left(w.glyphColumn(1), g.tree.y+1)
	if w.cursor != "0.0" || !w.folded["0.0"] {
		t.Errorf("click on a glyph: cursor %s, folded %v", w.cursor, w.folded)
	}
	left(w.glyphColumn(1), g.tree.y+1)
	left(10, g.tree.y+g.tree.h-1) // below the last row
	if w.cursor != "0.0" || w.folded["0.0"] {
		t.Errorf("click on nothing: cursor %s, folded %v", w.cursor, w.folded)
	}
	wheel(10, g.tree.y, tea.MouseButtonWheelDown)
	if w.cursor != "0.1" {
		t.Errorf("wheel goes to %s", w.cursor)
	}
	wheel(g.log.x+2, g.log.y+1, tea.MouseButtonWheelUp)
	if w.back == 0 || w.cursor != "0.1" {
		t.Errorf("wheel over the log: %d back, cursor %s", w.back, w.cursor)
	}
	left(g.stack.x+2, g.stack.y+2)
	if w.focus != paneStack {
		t.Errorf("click focuses %d", w.focus)
	}
	if w.run(w.toggleMouse()); len(w.out) != 1 || w.mouse {
		t.Errorf("mouse off: %v", w.out)
	}
}

// A click on a button answers, one beside it does not.
func TestMouseAnswers(t *testing.T) {
	w := watching(t, shop())
	click := func(choice int) {
		for _, s := range w.brush.spots {
			if s.choice == choice {
				w.run(w.onMouse(tea.MouseMsg{X: s.at.x + 1, Y: s.at.y, Button: tea.MouseButtonLeft}))
				w.refresh()
				w.View()
				return
			}
		}
		t.Fatalf("choice %d is not on the screen", choice)
	}
	w.press("j", "T")
	w.run(w.click(1, 1))
	if w.dialog.kind != dialogTerm {
		t.Fatal("a click beside the dialog closes it")
	}
	click(2) // cancel
	if got := w.spy.String(); w.dialog.kind != dialogNone || got != "" {
		t.Fatalf("cancel: the driver was asked for %q", got)
	}
	w.press("K")
	click(1)
	w.press("s")
	click(0) // chooses
	click(0) // sends
	w.press("s")
	click(scopeSpot + 4)
	w.press("enter")
	w.press(":")
	click(1)
	if w.dialog.kind != dialogPalette {
		t.Error("one click runs an entry of the palette")
	}
	w.press("esc")
	if got := w.spy.String(); got != "0.0 SIGKILL process; 0.0 SIGHUP process; 0.0 SIGHUP leaves" {
		t.Errorf("the driver was asked for %q", got)
	}
}
