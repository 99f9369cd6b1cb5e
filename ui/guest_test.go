package ui

import (
	"strings"
	"testing"
)

// A second screen says that it can be left, and stops everything only if asked to.
func TestGuest(t *testing.T) {
	attached := func() *world {
		w := watching(t)
		w.opts.Attached = true
		w.allow()
		w.feed(two()...)
		return w
	}
	w := attached()
	if s := w.screen(); !strings.Contains(s, "q leave") {
		t.Errorf("the footer does not say so:\n%s", s)
	}
	w.press("q")
	if !w.quit || w.spy.String() != "" {
		t.Errorf("quit %v, calls %q", w.quit, w.spy)
	}
	w = attached()
	w.press(keys(": s t o p e v e r y enter")...)
	if s := w.screen(); w.dialog.kind != dialogQuit || !strings.Contains(s, "every screen") {
		t.Fatalf("no question:\n%s", s)
	}
	w.press("enter")
	if w.quit || w.spy.String() != "stop" {
		t.Errorf("quit %v, calls %q", w.quit, w.spy)
	}
	w = attached()
	w.opts.ReadOnly = true
	w.press(keys(": s t o p e v e r y enter")...)
	if w.notice != onlyWatches {
		t.Errorf("notice %q", w.notice)
	}
}
