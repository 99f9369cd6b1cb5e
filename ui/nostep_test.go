package ui

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// Why nothing is stepped is said for as long as it is so, whatever happens meanwhile.
func TestWhyNoTurnLasts(t *testing.T) {
	w := watching(t, waiting())
	w.choose(w.line("0.0.0"))
	w.press("n")
	w.feed(tree.Event{Kind: "release", Node: "0.0.0", ID: "h2", T: ms(1100)}, on(1101, "begin", "0.0.0", "h2"))
	w.press("N")
	says := func(want string) {
		t.Helper()
		w.refresh()
		if !strings.HasPrefix(w.notice, want) || want == "" && w.notice != "" {
			t.Errorf("says %q, want %q", w.notice, want)
		}
	}
	says("worker-1 still runs flush: ")
	w.feed(on(1150, "end", "0.0.0", "h2"))
	says("worker-1 is between two handlers")
	w.feed(tree.Event{Kind: "hold", Node: "0.0.0", ID: "h1", T: ms(1151)})
	says("")
	w.press("P")
	w.feed(tree.Event{Kind: "revoke", Scope: "*", Text: "hold", T: ms(1200)})
	says("let go")
}

// A tree of which not all are to be held: nobody is promised to wait.
func TestNobodyWaitsYet(t *testing.T) {
	w := watching(t, shop(), []tree.Event{ordered(-2600, tree.Order{Pattern: "api", Word: "hold"})})
	w.press("N")
	if want := "then those wait that are to be held"; !strings.Contains(w.notice, want) {
		t.Errorf("says %q, want %q", w.notice, want)
	}
}

// What c does stands in the pane of who is held: while all are held it lets all go.
func TestWhomContinueLetsGo(t *testing.T) {
	w := watching(t, waiting())
	w.choose(w.line("0.0.0"))
	w.shows(t, "c lets all go")
	alone := append(shop(), ordered(-2500, tree.Order{Pattern: "0.0.0", Word: "hold"}), tree.Event{Kind: "hello", Node: "0.0.0", T: ms(900)},
		on(1000, "signal", "0.0.0", ""), on(1001, "deliver", "0.0.0", ""), tree.Event{Kind: "hold", Node: "0.0.0", ID: "h2", T: ms(1002)})
	w = watching(t, alone)
	w.choose(w.line("0.0.0"))
	w.shows(t, "c lets it go")
}
