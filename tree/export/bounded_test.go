package export_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/export"
	"multiexit/tree/tape"
)

// crowd is a shutdown of n processes with some handlers each.
func crowd(n, handlers int) *tape.Tape {
	tp := &tape.Tape{}
	add := func(at int, node int, e tree.Event) {
		e.T, e.Seq, e.Node = time.Duration(at)*time.Microsecond, uint64(len(tp.Events)+1), "0"
		if node > 0 {
			e.Node = fmt.Sprintf("0.%d", node-1)
		}
		tp.Events = append(tp.Events, e)
	}
	for i := range n {
		add(i, i, tree.Event{Kind: exitreg.KindSpawn, PID: i + 1, Name: "worker"})
		add(n+i, i, tree.Event{Kind: exitreg.KindSignal, Sig: "SIGTERM"})
		for h := range handlers {
			id := fmt.Sprint("h", h)
			add(2*n+h*1000+i, i, tree.Event{Kind: exitreg.KindBegin, ID: id, Handler: "close-" + id})
			add(2*n+h*1000+i+900, i, tree.Event{Kind: exitreg.KindEnd, ID: id, Err: strings.Repeat("e", h%2*50), Elapsed: 900 * time.Microsecond})
		}
		add(3*n+handlers*1000+i, i, tree.Event{Kind: exitreg.KindExit, Sig: "SIGTERM"})
	}
	return tp
}

// A picture, a diagram and a report stay as large as somebody looks at, however
// many processes there are and however many handlers they have.
func TestBounded(t *testing.T) {
	for name, tp := range map[string]*tape.Tape{"processes": crowd(3000, 3), "handlers": crowd(2, 5000), "overlapping": overlapping(5000)} {
		for format, most := range map[string]int{"svg": 1 << 20, "mermaid": 60_000, "gantt": 60_000, "markdown": 200_000} {
			text := written(t, format, tp, export.Options{})
			if len(text) > most {
				t.Errorf("many %s as %s: %d bytes", name, format, len(text))
			}
			if err := map[string]func(string) error{"svg": soundSVG, "mermaid": soundLines(mermaidLines), "gantt": soundLines(ganttLines), "markdown": soundMarkdown}[format](text); err != nil {
				t.Errorf("many %s as %s: %.200v", name, format, err)
			}
		}
		if err := soundTrace(written(t, "trace", tp, export.Options{})); err != nil {
			t.Errorf("many %s: %.200v", name, err)
		}
	}
}

// overlapping is a process that claims to run n handlers across each other.
func overlapping(n int) *tape.Tape {
	tp := &tape.Tape{}
	for k, kind := range []exitreg.Kind{exitreg.KindBegin, exitreg.KindEnd} {
		for i := range n {
			tp.Events = append(tp.Events, tree.Event{Seq: uint64(len(tp.Events) + 1), T: time.Duration(k*n+i) * time.Millisecond, Kind: kind, Node: "0", ID: fmt.Sprint("h", i), Sig: "SIGTERM"})
		}
	}
	return tp
}
