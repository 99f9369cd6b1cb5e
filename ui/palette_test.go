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

// What is for the selected process alone says so, though others are marked.
func TestPaletteNamesWhomItMeans(t *testing.T) {
	w := watching(t, told())
	w.choose(w.line("0.1"))
	w.marked["0.0.0"], w.marked["0.0.1"] = true, true
	w.askPalette()
	want := map[string]string{"K": "2 marked", "f": "2 marked", "n": "queue", "e": "queue"}
	for _, e := range w.dialog.found {
		if of, is := want[e.key]; is && e.of != of {
			t.Errorf("%s (%s) is for %q, want %q", e.name, e.key, e.of, of)
		}
		delete(want, e.key)
	}
	if len(want) > 0 {
		t.Errorf("not there: %v", want)
	}
}
