package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// What is too long for the footer is said in two rows, whole.
func TestLongNotice(t *testing.T) {
	w := watching(t, shop())
	w.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	w.notice, w.dirty = "held: each process waits before its next handler; T ends the tree, N steps it, P lets it go", true
	text := lowest(w)
	for _, word := range strings.Fields(w.notice) {
		if !strings.Contains(text, word) {
			t.Errorf("%q is cut:\n%s", word, text)
		}
	}
	w.press("esc")
	if strings.Contains(lowest(w), "held:") {
		t.Error("it stays")
	}
}

// lowest is the end of the screen.
func lowest(w *world) string {
	w.View()
	all := strings.Split(strings.TrimRight(w.canvas.Plain(), "\n"), "\n")
	return strings.Join(all[len(all)-2:], "\n")
}

// Of what lies behind there is a way back on the smallest screens with panes, and
// the footer names what a key does now.
func TestFooterSaysWhatKeysDo(t *testing.T) {
	w := watching(t, shop(), fall())
	w.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	for _, pane := range []string{"1", "3", "W"} {
		w.press("0", pane, "[")
		if text := lowest(w); !strings.Contains(text, "0 back to live") {
			t.Errorf("pane %s:\n%s", pane, text)
		}
	}
	w.send(tea.WindowSizeMsg{Width: 200, Height: 50})
	w.press("0", "W")
	for _, step := range [][2]string{{"", "z zoom the pane"}, {"z", "z all panes"}, {"Z", "Z go on"}, {"Z", "Z pause  "}, {"z", "z zoom the pane"}} {
		if step[0] != "" {
			w.press(step[0])
		}
		if text := lowest(w); !strings.Contains(text, step[1]) {
			t.Errorf("after %q no %q:\n%s", step[0], step[1], text)
		}
	}
	w = watching(t, shop())
	w.press("W")
	if text := lowest(w); strings.Contains(text, "go there") {
		t.Errorf("there is nowhere to go:\n%s", text)
	}
}

// Without their signs keys have names: a return that is written as > would be the
// key that sorts, an arrow written as v another one.
func TestKeysAreSpelt(t *testing.T) {
	w := watching(t, shop(), fall())
	w.opts.ASCII, w.canvas.ASCII, w.glyphs = true, true, asciiGlyphs()
	w.press("W")
	if text := lowest(w); !strings.Contains(text, "arrows move  enter go there") {
		t.Error(text)
	}
	w.press("1", "b", "down")
	if text := w.View(); strings.Contains(text, "^ a new one") || strings.Contains(text, "v those that are set") {
		t.Error(text)
	}
	w.press("esc", "?")
	w.View()
	for _, key := range []string{"arrows jk", "arrows hl", "page keys", "shift+left", "shift+pgup", "enter ", "tab "} {
		if text := w.canvas.Plain(); !strings.Contains(text, key) {
			t.Errorf("no %q in the help:\n%s", key, text)
		}
	}
}
