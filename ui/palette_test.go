package ui

import (
	"testing"
)

// The palette begins with what can be done to the selection.
func TestPaletteBeginsWithTheSelection(t *testing.T) {
	w := watching(t, two())
	w.askPalette()
	first := w.dialog.found[0]
	if first.name != "restart" || first.of != "web" || first.key != "r" {
		t.Errorf("it begins with %+v", first)
	}
	for i, e := range w.dialog.found {
		if e.why == "" && i > 0 && w.dialog.found[i-1].why != "" {
			t.Errorf("%s stands behind what cannot be done", e.name)
		}
	}
	r := replaying(t, two())
	r.askPalette()
	if e := r.dialog.found[0]; e.why != "" {
		t.Errorf("in a recording it begins with %q: %s", e.name, e.why)
	}
}
