package ui

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree"
)

// heldForeign is queue, which reports nothing, held before a SIGTERM since 1.0 s.
func heldForeign() []tree.Event {
	return []tree.Event{
		{Kind: "disposition", Node: "0.1", Sig: "SIGTERM", Text: "caught", T: ms(20)},
		ordered(-2400, tree.Order{Pattern: "queue", Word: "break", Sig: "SIGT*"}),
		on(1000, "stop", "0.1", ""), on(1000, "signal", "0.1", ""),
		{Kind: "hold", Node: "0.1", Sig: "SIGTERM", Text: "stopped before SIGTERM", T: ms(1001), Prov: "scan"},
	}
}

// A program that reports no handlers and is held: where, why, and what lets it go.
func TestHeldForeign(t *testing.T) {
	w := watching(t, shop(), heldForeign())
	w.choose(w.line("0.1"))
	w.shows(t, "HELD until you let it get SIGTERM", "it reports no handlers, and was stopped", "n lets it get that", "queue          HELD before SIGTERM")
	w.press("t")
	w.shows(t, "you hold it: the signal waits until you let it go")
	w.press("esc", "b", "down")
	w.shows(t, "queue: stops at SIGT*", "holds 1")
}

// What it does by itself begins when it is let go.
func TestSilenceAfterAHold(t *testing.T) {
	w := watching(t, shop(), heldForeign())
	w.feed(tree.Event{Kind: "cont", Node: "0.1", T: ms(9000)}, tree.Event{Kind: "release", Node: "0.1", T: ms(9000)}, on(19000, "exit", "0.1", ""))
	w.shows(t, "its own handling, unseen")
	row := ""
	for line := range strings.Lines(w.canvas.Plain()) {
		if strings.Contains(line, "its own handling") {
			row = line
		}
	}
	if before := strings.Count(row[:strings.Index(row, "its own")], string(w.glyphs.Dash)); before > 2 {
		t.Errorf("%d cells of the time for which it was held are its own:\n%s", before, row)
	}
	w = watching(t, shop(), heldForeign())
	w.feed(tree.Event{Kind: "exit", Node: "0.1", Sig: "SIGKILL", T: ms(9000)})
	w.refresh()
	w.paint()
	if text := w.canvas.Plain(); strings.Contains(text, "its own handling") {
		t.Errorf("it was killed while it was held:\n%s", text)
	}
}

// What a breakpoint does in a program that reports no handlers, and where it does
// nothing.
func TestBreakForeign(t *testing.T) {
	for keys, want := range map[string]string{
		"b tab":         "queue: it reports no handlers, and is stopped before a signal of multiexit",
		"b tab tab":     "queue: stopped before SIGTERM reaches it, if multiexit sends that",
		"b tab tab tab": "queue does not import exitreg: nobody sees its exit coming",
	} {
		w := watching(t, shop())
		w.choose(w.line("0.1"))
		w.press(strings.Fields(keys)...)
		w.shows(t, want)
	}
	w := watching(t, []tree.Event{born(1, "0", "redis")})
	w.now = time.Second
	w.press("P")
	if want := "held: each is stopped before a signal of yours reaches it"; !strings.HasPrefix(w.notice, want) {
		t.Errorf("P says %q", w.notice)
	}
}

// One that is held when all its handlers are done says so above what has run, however
// much that was.
func TestHeldAtExit(t *testing.T) {
	es := told()
	for i := range 12 {
		es = append(es, handler(30+i, "0.0.0", "x"+plain(i), "step-"+plain(i)))
	}
	es = append(es, on(1000, "signal", "0.0.0", ""), on(1001, "deliver", "0.0.0", ""))
	for _, h := range append([]string{"h1", "h2"}, strings.Fields("x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11")...) {
		es = append(es, on(1100, "begin", "0.0.0", h), on(1150, "end", "0.0.0", h))
	}
	es = append(es, tree.Event{Kind: "hold", Node: "0.0.0", Text: "exit", T: ms(1200)})
	for _, size := range sizes {
		w := watching(t, es)
		w.width, w.height = size[0], size[1]
		w.choose(w.line("0.0.0"))
		w.shows(t, "HELD before its exit", "n goes on to the next stop")
	}
}
