package ui

import "testing"

func TestLogLevel(t *testing.T) {
	w := watching(t, shop(), fall())
	if got := w.logged(); got != 7 { // leave is no line
		t.Errorf("%d lines", got)
	}
	w.press("L")
	if got := w.logged(); got != w.tape.Len() {
		t.Errorf("all: %d lines of %d events", got, w.tape.Len())
	}
	w.press("3", "l")
	if w.logAll {
		t.Error("l does not toggle the level in the log")
	}
}

// Who reads back in the log keeps his lines, whatever comes.
func TestLogStaysWhileReadBack(t *testing.T) {
	w := watching(t, shop())
	for i := range 40 {
		w.feed(on(2000+i, "stop", "0.1", ""))
	}
	w.press("3", "up", "up", "up")
	last := w.index.log[w.logged()-1-w.back]
	w.feed(fall()...)
	if w.back != 7 || w.picked != w.logged()-7-2 || w.index.log[w.logged()-1-w.back] != last {
		t.Errorf("%d lines back, want 7; on line %d", w.back, w.picked)
	}
	w.press("G")
	if w.back != 0 {
		t.Errorf("at the end: %d lines back", w.back)
	}
	w.press("g", "up")
	if top := w.logged() - (w.geometry().log.h - 2); w.back != top {
		t.Errorf("at the start: %d lines back, want %d", w.back, top)
	}
}
