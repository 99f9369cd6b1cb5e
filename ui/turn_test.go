package ui

import (
	"strings"
	"testing"

	"multiexit/tree"
)

// From breakpoints, without a hold of everybody, N goes on in one process, handler
// by handler, until that is through, and turns to another one only then: the
// youngest, or the one that n has stepped.
func TestTurnsFromBreakpoints(t *testing.T) {
	held := func(at int, id, h string) tree.Event {
		return tree.Event{Kind: "hold", Node: id, ID: h, Text: "signal SIGTERM", T: ms(at)}
	}
	atSignal := func(at int, id string) tree.Event {
		return tree.Event{Kind: "hold", Node: id, Sig: "SIGTERM", Text: "signal SIGTERM", T: ms(at)}
	}
	goes := func(at int, id string) tree.Event { return tree.Event{Kind: "release", Node: id, T: ms(at)} }
	for _, c := range []struct {
		name  string
		key   string
		id    string // who is stepped
		later string // whose turn it is when that is through
	}{
		{"N", "N", "0.0.1", "0.0.0"},
		{"n of another, then N", "n", "0.0.0", "0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := watching(t, shop(), []tree.Event{
				handler(11, "0.0.1", "h1", "drain"), handler(12, "0.0.1", "h2", "flush"),
				ordered(-2000, tree.Order{Pattern: "*", Word: "break", Sig: "SIGTERM"}),
				{Kind: "hello", Node: "0.0.0", T: ms(900)}, {Kind: "hello", Node: "0.0.1", T: ms(900)},
				on(1000, "signal", "0.0.0", ""), on(1000, "signal", "0.0.1", ""),
				atSignal(1001, "0.0.0"), atSignal(1001, "0.0.1"),
			})
			steps := 0
			N := func(key, says string, stepped bool) {
				t.Helper()
				w.press(key)
				if stepped {
					steps++
				}
				if got := strings.Count(w.spy.String(), c.id+` {"do":"step"}`); got != steps || !strings.Contains(w.notice, says) {
					t.Errorf("%s: %d steps of %s in %q, want %d; says %q, want %q", key, got, c.id, w.spy, steps, w.notice, says)
				}
			}
			w.choose(w.line(c.id))
			N(c.key, "", true)
			N("N", "N again in a moment", false) // nothing was heard of it
			w.feed(goes(1100, c.id))
			N("N", "N again in a moment", false)
			w.feed(on(1101, "deliver", c.id, ""), held(1102, c.id, "h2"))
			N("N", "", true)
			w.feed(goes(1200, c.id), on(1201, "begin", c.id, "h2"))
			N("N", "still runs flush", false)
			w.feed(on(1251, "end", c.id, "h2"))
			N("N", "between two handlers", false)
			w.feed(held(1252, c.id, "h1"))
			N("N", "", true)
			w.feed(goes(1300, c.id), on(1301, "begin", c.id, "h1"), on(1351, "end", c.id, "h1"), on(1352, "leave", c.id, ""))
			N("N", "about to exit", false)
			w.feed(on(1353, "exit", c.id, ""))
			w.press("N")
			if got := w.spy.String(); !strings.HasSuffix(got, c.later+` {"do":"step"}`) || w.cursor != c.later {
				t.Errorf("then it is not the turn of %s: %s", c.later, got)
			}
		})
	}
}

// Who was stepped here, and let go on another screen, is not waited for until it exits:
// once it runs a handler before which it would have stopped it is somebody else's turn.
// Where it has to stop again it is waited for.
func TestTurnsAfterAnotherScreen(t *testing.T) {
	for name, order := range map[string]tree.Event{
		"all are held":      holding(-2500),
		"from a breakpoint": ordered(-2500, tree.Order{Pattern: "*", Word: "break", Sig: "SIGTERM"}),
	} {
		w := watching(t, waiting())
		w.feed(tree.Event{Kind: "revoke", Scope: "*", Text: "hold", T: ms(1002)}, order)
		w.press("N")
		goes := func(at int, h string) []tree.Event {
			return []tree.Event{{Kind: "release", Node: "0.0.0", T: ms(at)}, on(at+1, "begin", "0.0.0", h)}
		}
		w.feed(goes(1100, "h2")...)
		w.press("N")
		if !strings.Contains(w.notice, "still runs flush") {
			t.Errorf("%s: says %q of what runs for one step", name, w.notice)
		}
		w.feed(on(1200, "end", "0.0.0", "h2"), on(1201, "begin", "0.0.0", "h1")) // it was let go meanwhile
		w.choose(w.line("0.0.0"))
		w.press("n")
		if !strings.Contains(w.notice, "was let go and runs on") {
			t.Errorf("%s: n says %q", name, w.notice)
		}
		w.press("N")
		if got, want := w.spy.String(), `0.0.0 {"do":"step"}; 0.0 {"do":"step"}`; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	w := watching(t, waiting())
	w.press("N")
	w.feed(tree.Event{Kind: "release", Node: "0.0.0", T: ms(1100)}, on(1101, "begin", "0.0.0", "h2"), on(1200, "end", "0.0.0", "h2"),
		on(1201, "begin", "0.0.0", "h1"))
	again := holding(0)
	again.T = ms(1300)
	w.feed(again)
	w.press("N")
	if !strings.Contains(w.notice, "still runs drain") {
		t.Errorf("held again: says %q", w.notice)
	}
}

// Who was stepped and then let go with c does not hold up N.
func TestTurnsAfterRelease(t *testing.T) {
	w := watching(t, shop(), []tree.Event{
		ordered(-2000, tree.Order{Pattern: "*", Word: "break", Sig: "SIGTERM"}),
		{Kind: "hello", Node: "0", T: ms(900)}, {Kind: "hello", Node: "0.0.0", T: ms(900)},
		on(1000, "signal", "0", ""), on(1000, "signal", "0.0.0", ""), on(1001, "deliver", "0.0.0", ""),
		{Kind: "hold", Node: "0", Sig: "SIGTERM", Text: "signal SIGTERM", T: ms(1001)},
		{Kind: "hold", Node: "0.0.0", Sig: "SIGTERM", Text: "signal SIGTERM", T: ms(1001)},
	})
	w.press("N")
	w.feed(tree.Event{Kind: "release", Node: "0.0.0", T: ms(1100)}, tree.Event{Kind: "hold", Node: "0.0.0", ID: "h2", T: ms(1101)})
	w.press("c")
	w.feed(tree.Event{Kind: "release", Node: "0.0.0", T: ms(1200)}, on(1201, "begin", "0.0.0", "h2"))
	w.press("N")
	if got, want := w.spy.String(), `0.0.0 {"do":"step"}; 0.0.0 {"do":"release"}; 0 {"do":"step"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
