package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The terminals of earlier runs take next to nothing, and can still be seen.
func TestEarlierTerminalsAreLetGo(t *testing.T) {
	w := watching(t, two())
	id := "0"
	for i := range 40 {
		next := fmt.Sprint(i + 2)
		w.feed(wrote(100+10*i, id, fmt.Sprintf("run %d\r\n", i)), on(101+10*i, "exit", id, ""),
			said(ms(102+10*i), "web", "starting", next, ""), born(103+10*i, next, "web"), wrote(104+10*i, next, "$ "))
		id = next
	}
	kept := 0
	for _, term := range w.terminals {
		if term.live != nil {
			kept++
		}
	}
	if kept > 3 {
		t.Errorf("%d of %d terminals are kept", kept, len(w.terminals))
	}
	old := w.terminals["4"]
	w.pursue(old)
	if c := w.pictured(old); c == nil || !strings.Contains(c.em.String(), "run 3") {
		t.Errorf("the earlier run cannot be seen")
	}
}

// Lines do not fill the memory; the log and a reader of the past stay where they are.
func TestLinesLeaveTheTape(t *testing.T) {
	most := printMost
	printMost = 1 << 20
	t.Cleanup(func() { printMost = most })
	es := talk(40_000)
	w := watching(t)
	w.opts.Lines = &disk{events: es}
	w.logAll = true
	w.press("o")
	for i := 0; i < len(es); i += 500 {
		w.feed(es[i:min(len(es), i+500)]...)
		if i == 40_000 {
			w.press("pgup")
		}
	}
	if w.printed > printMost || w.tape.Len() > printMost/256 || w.logged() > w.tape.Len() || w.at != w.tape.Len() {
		t.Errorf("%d bytes, %d events, %d in the log, at %d", w.printed, w.tape.Len(), w.logged(), w.at)
	}
	for i, at := range w.index.log {
		if i > 0 && at <= w.index.log[i-1] {
			t.Fatalf("the log has %d after %d", at, w.index.log[i-1])
		}
	}
	if w.output.follow || len(w.output.lines) == 0 {
		t.Error("who reads back was taken to the end")
	}
	if len(w.tree.Nodes) != 3 {
		t.Errorf("%d processes", len(w.tree.Nodes))
	}
	w.seek(3, time.Second)
	if len(w.tree.Nodes) != 3 {
		t.Error("births were forgotten")
	}
}
