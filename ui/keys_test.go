package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// Keys that move are a fold: from a row of keys to the node under the cursor.
func TestKeysMove(t *testing.T) {
	for _, tt := range []struct{ keys, want string }{
		{"", "0"},
		{"j", "0.0"},
		{"j j", "0.0.0"},
		{"down down up", "0.0"},
		{"k", "0"},
		{"G", "0.1.0"},
		{"end", "0.1.0"},
		{"G j", "0.1.0"},
		{"G g", "0"},
		{"G home", "0"},
		{"j j u", "0.0"},
		{"j j backspace", "0.0"},
		{"j j left", "0.0"},
		{"l", "0.0"},
		{"l l", "0.0.0"},
		{"l l l", "0.0.0"},
		{"j h j", "0.1"},     // api is folded: its workers are passed
		{"j h l j", "0.0.0"}, // unfolded again
		{"j h l l", "0.0.0"}, // unfolded, then to the first child
		{"j h h", "0"},       // folded, then to the parent
		{"pgdown", "0.1.0"},
		{"pgdown pgup", "0"},
		{"n", "0"}, // nothing exits
		{"jjj", "0.0.1"},
		{"/ q u e enter", "0.1"},
		{"G / w o r k e r - 2 enter", "0.0.1"},
		{"/ q u e enter esc", "0.1"},     // found
		{"/ <65;10;5M [<0;1;1m", "0"},    // and there is nothing to find
		{"G / w o r k e r esc", "0.1.0"}, // back where the user was
		{"j tab j j", "0.0"},             // the stack has the focus
		{"j enter j j 1 j", "0.0.0"},
		{"j j <65;10;5M", "0.0.0"}, // the rest of a torn sequence is no typing
		{"j Z j x j", "0.0.1"},     // the picture stands, the cursor does not
		{"? j j esc j", "0.0"},     // a dialog has the keys
	} {
		t.Run(tt.keys, func(t *testing.T) {
			w := watching(t, shop())
			w.press(keys(tt.keys)...)
			if w.cursor != tt.want {
				t.Errorf("cursor is at %q, want %q", w.cursor, tt.want)
			}
			if got := w.spy.String(); got != "" {
				t.Errorf("the driver was asked for %q", got)
			}
		})
	}
}

// Keys that ask: from a row of keys to the dialog that is open and to what the
// driver was asked for.
func TestKeysSignal(t *testing.T) {
	const t0 = "SIGTERM process"
	for _, tt := range []struct {
		keys string
		kind dialogKind
		want string
	}{
		{"t", dialogTerm, ""},
		{"t esc", dialogNone, ""},
		{"t enter", dialogNone, "0 " + t0},
		{"j t j j j enter", dialogNone, "0.0 " + t0}, // pinned
		{"j T", dialogTerm, ""},
		{"j T enter", dialogNone, "0.0 SIGTERM subtree"},
		{"j t T enter", dialogNone, "0.0 SIGTERM subtree"},
		{"j t tab enter", dialogNone, "0.0 SIGTERM subtree"},
		{"j t tab tab enter", dialogNone, ""},
		{"j T left enter", dialogNone, "0.0 " + t0},
		{"j K", dialogKill, ""},
		{"j K enter", dialogNone, ""}, // cancel is the default
		{"j K y", dialogKill, ""},
		{"j K y enter", dialogNone, "0.0 SIGKILL process"},
		{"j K tab enter", dialogNone, "0.0 SIGKILL process"},
		{"j s", dialogMenu, ""},
		{"j s enter", dialogNone, "0.0 " + t0},
		{"j f9 h u p enter", dialogNone, "0.0 SIGHUP process"},
		{"j s u s r backspace backspace backspace i n t enter", dialogNone, "0.0 SIGINT process"},
		{"j s 9 enter", dialogNone, "0.0 SIGKILL process"},
		{"j s z z enter", dialogMenu, ""},
		{"j s 3 4 enter", dialogNone, "0.0 SIGRTMIN process"},
		{"j s 3 2 enter", dialogNone, "0.0 32 process"}, // it has no name of its own
		{"j s r t m i n + 1 enter", dialogNone, "0.0 SIGRTMIN+1 process"},
		{"j s up enter", dialogNone, "0.0 SIGKILL process"},
		{"space j space t enter", dialogNone, "0 " + t0 + "; 0.0.0 " + t0},
		{"j space space k k enter", dialogMenu, ""}, // enter on marked ones
		{"space T enter", dialogNone, "0 SIGTERM subtree"},
		{"space space T enter", dialogNone, "0 SIGTERM subtree"}, // 0.0 is below 0
		{"space esc G t enter", dialogNone, "0.1.0 " + t0},
		{"i", dialogAbout, ""},
		{"i enter", dialogNone, ""},
		{"? q", dialogNone, ""},
	} {
		t.Run(tt.keys, func(t *testing.T) {
			w := watching(t, shop())
			for _, k := range keys(tt.keys) {
				w.press(k)
			}
			if w.dialog.kind != tt.kind {
				t.Errorf("dialog is %d, want %d (notice %q)", w.dialog.kind, tt.kind, w.notice)
			}
			if got := w.spy.String(); got != tt.want {
				t.Errorf("the driver was asked for %q, want %q", got, tt.want)
			}
		})
	}
}

// Every letter is tried: none of them signals, stops, kills or breaks by itself.
func TestNoBareKeyActs(t *testing.T) {
	for c := rune(' '); c < 127; c++ {
		for name, events := range map[string][]tree.Event{"shop": shop(), "market": market()} {
			w := watching(t, events)
			w.press(string(c))
			if got := w.spy.String(); got != "" && c != 'P' { // which holds, and lets go again
				t.Errorf("%s: %q asks the driver for %q", name, c, got)
			}
		}
	}
}

// Help names every key that does something.
func TestHelpIsComplete(t *testing.T) {
	for name, w := range map[string]*world{"live": watching(t, shop()), "replay": replaying(t, shop())} {
		shown := ""
		for _, g := range w.groups() {
			for _, b := range g.Keys {
				shown += " " + b.Help().Key
			}
		}
		names := strings.NewReplacer("pgup", "⇞", "pgdown", "⇟", "up", "↑", "down", "↓", "left", "←", "right", "→",
			"enter", "⏎", "tab", "⇥", "shift+", "⇧", "f9", "F9")
		for _, a := range w.acts {
			if !a.key.Enabled() {
				continue
			}
			k := a.key.Keys()[0]
			if k == "shift+tab" {
				continue // as everywhere
			}
			if k == " " {
				k = "space"
			}
			if k = names.Replace(k); !strings.Contains(shown, k) {
				t.Errorf("%s: help does not show %q", name, k)
			}
		}
	}
}

func TestReplayRefusesSignals(t *testing.T) {
	for _, k := range []string{"t", "T", "s", "f9", "K"} {
		w := replaying(t, shop())
		w.press("end", k)
		if w.dialog.kind != dialogNone || !strings.Contains(w.notice, "recording") {
			t.Errorf("%s: dialog %d, notice %q", k, w.dialog.kind, w.notice)
		}
	}
}

// A burst over a slow line comes as one message of many runes.
func TestRunOfKeys(t *testing.T) {
	w := watching(t, shop())
	w.press("jj/que")
	if w.filter.text != "que" || w.cursor != "0.1" {
		t.Errorf("filter %q, cursor %q", w.filter.text, w.cursor)
	}
	w.run(w.onKeyUpdate(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("x\n\x1b[31my"), Paste: true}))
	if w.filter.text != "quex [31my" {
		t.Errorf("pasted: %q", w.filter.text)
	}
}

// Whatever comes out of a torn stream, no signal is sent without Enter, and
// nothing breaks.
func FuzzKeysNeverSignal(f *testing.F) {
	f.Add("t K y s 9 q K <65;10;5M [A OB ;5~")
	f.Add("/KKy\x1b[<0;1;1Mtttyy")
	f.Add("Z,,,x0{}R[]1z2z3zT")
	f.Fuzz(func(t *testing.T, input string) {
		w := watching(t, shop(), fall()[:4])
		for i, word := range strings.Split(input, " ") {
			if word == "enter" || word == "ctrl+c" {
				continue // the names of keys that do act
			}
			w.press(word)
			if i%3 == 0 {
				for _, r := range word {
					w.press(string(r))
				}
			}
		}
		for _, call := range w.spy.calls {
			if !strings.Contains(call, `{"do":`) || strings.Contains(call, "fault") { // to hold and let go ends nobody
				t.Errorf("%q asks the driver for %q", input, call)
			}
		}
	})
}
