package ui

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// The mark of an earlier run goes to the present one: a mark that nobody sees
// would catch every signal.
func TestMarksFollowARestart(t *testing.T) {
	w := watching(t, two())
	w.press("space")
	w.feed(on(20, "exit", "0", ""), said(ms(21), "web", "starting", "2", ""), born(22, "2", "web"))
	if len(w.marked) != 1 || !w.marked["2"] {
		t.Errorf("marked: %v", w.marked)
	}
}

// What never had a process is not said to have exited.
func TestStackOfTheUnborn(t *testing.T) {
	w := watching(t, []tree.Event{said(ms(1), "db", "failed", "0", "exit 1 before it was ready")})
	if s := w.screen(); strings.Contains(s, "exit 0") || strings.Count(s, "failed: exit 1") < 2 {
		t.Errorf("shows\n%s", s)
	}
}
