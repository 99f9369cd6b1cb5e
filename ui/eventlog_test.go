package ui

import (
	"slices"
	"strconv"
	"testing"

	"multiexit/tree"
)

func TestLogLevel(t *testing.T) {
	w := watching(t, shop(), fall())
	if got := w.logged(); got != 7 { // leave is no line
		t.Errorf("%d lines", got)
	}
	w.press("L")
	if got := w.logged(); got != w.tape.Len() {
		t.Errorf("all: %d lines of %d events", got, w.tape.Len())
	}
	w.press("3", "l")
	if w.logAll {
		t.Error("l does not toggle the level in the log")
	}
}

// What the log shows is the same after all was shown; and a fault is one line where its
// order, or what comes of it, would say the same again.
func TestLogSaysItOnce(t *testing.T) {
	w := watching(t, shop(), []tree.Event{
		{Kind: "order", T: ms(100), Scope: "worker-1", Text: "stop"}, {Kind: "fault", T: ms(101), Node: "0.0.0", Text: "stop"},
		{Kind: "signal", T: ms(101), Node: "0.0.0", Sig: "SIGSTOP", Sender: "multiexit"}, on(102, "stop", "0.0.0", ""),
		{Kind: "order", T: ms(200), Scope: "api", Text: "skip", Handler: "listener"}, {Kind: "note", T: ms(201), Node: "0.0", Text: "ordered: skip listener"},
		{Kind: "order", T: ms(300), Scope: "*", Text: "hold", Handler: "drain"},
		on(1000, "signal", "0.0", ""), on(1001, "deliver", "0.0", ""),
		{Kind: "fault", T: ms(1002), Node: "0.0", ID: "h1", Text: "skip"}, {Kind: "skip", T: ms(1003), Node: "0.0", ID: "h1", Text: "injected"},
		{Kind: "hold", T: ms(1100), Node: "0.0.0", ID: "h1", Text: "drain"}, {Kind: "hello", Node: "0.1", T: ms(1200)},
	})
	lines := func() (all []string) {
		for _, at := range w.index.log {
			e := w.event(int(at))
			l := w.logWords(w.tree.Node(e.Node), e)
			all = append(all, l.text+l.more+l.rest)
		}
		return all
	}
	want := []string{"injected: stop", "SIGSTOP", "stopped", "fault: skip in listener", "stops before drain",
		"SIGTERM", "its run begins: SIGTERM", "listener skipped (injected)", "HELD before drain"}
	for _, when := range []string{"at first", "once more"} {
		if got := lines(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", when, got)
		}
		w.press("L", "L")
	}
}

// The ladder of everything is told where there are several commands: that of one
// command says the same. All is told on demand.
func TestLogTellsOneLadder(t *testing.T) {
	for commands, want := range map[int]int{1: 2, 2: 3} {
		w := watching(t, shop())
		for i := range commands {
			w.feed(tree.Event{Kind: "command", T: ms(100), Node: strconv.Itoa(i), Name: "c" + strconv.Itoa(i), Text: "stopping"})
		}
		before := w.logged()
		for _, node := range []string{"0", "", "0"} {
			w.feed(tree.Event{Kind: "rung", T: ms(200), Node: node, Sig: "SIGTERM", Text: "stop"})
		}
		for _, when := range []string{"at first", "once more"} {
			if got := w.logged() - before; got != want {
				t.Errorf("%d commands, %s: %d lines, want %d", commands, when, got, want)
			}
			w.press("L", "L")
		}
	}
}

// Who reads back in the log keeps his lines, whatever comes.
func TestLogStaysWhileReadBack(t *testing.T) {
	w := watching(t, shop())
	for i := range 40 {
		w.feed(on(2000+i, "stop", "0.1", ""))
	}
	w.press("3", "up", "up", "up")
	last := w.index.log[w.logged()-1-w.back]
	w.feed(fall()...)
	if w.back != 7 || w.picked != w.logged()-7-2 || w.index.log[w.logged()-1-w.back] != last {
		t.Errorf("%d lines back, want 7; on line %d", w.back, w.picked)
	}
	w.press("G")
	if w.back != 0 {
		t.Errorf("at the end: %d lines back", w.back)
	}
	w.press("g", "up")
	if top := w.logged() - (w.geometry().log.h - 2); w.back != top {
		t.Errorf("at the start: %d lines back, want %d", w.back, top)
	}
}
