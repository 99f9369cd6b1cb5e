package ui

import (
	"testing"
	"time"
)

// With an output pane or a terminal open there is no frame while nothing happens.
func TestIdlePanes(t *testing.T) {
	for name, w := range map[string]*world{"lines": watching(t, talk(20)), "terminal": watching(t, two())} {
		w.press("o")
		w.clock(epoch.Add(time.Minute))
		if p := w.period(); p != 0 {
			t.Errorf("%s: a frame every %v", name, p)
		}
	}
}
