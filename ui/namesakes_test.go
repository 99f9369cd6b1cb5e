package ui

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// Processes of one name, such as a master and its workers, are told apart by pid; one
// with a name of its own needs none.
func TestWhyTellsNamesakesApart(t *testing.T) {
	w := watching(t, []tree.Event{born(1, "0", "gunicorn"), born(2, "0.0", "worker"), born(3, "0.1", "worker"),
		on(100, "signal", "0", ""), on(400, "exit", "0.0", ""), on(900, "exit", "0.1", ""), on(1000, "exit", "0", "")})
	w.press("W")
	w.View()
	for _, want := range []string{"worker 1003 is still there", "worker 1002 itself", "gunicorn itself"} {
		if got := w.canvas.Plain(); !strings.Contains(got, want) {
			t.Errorf("no %q:\n%s", want, got)
		}
	}
}
