package demo

import (
	"fmt"
	"time"
)

// wide is one parent with n children.
func wide(n int) Scenario {
	s := Scenario{
		Name: "wide",
		N:    n,
		About: [2]string{
			fmt.Sprintf("Send SIGTERM to main: %d workers run their handlers side by side, and main waits for the last.", n),
			"Within a process handlers run one after another; processes run at the same time, so a shutdown takes as long as its slowest path.",
		},
		Root: Spec{Name: "main", Handlers: []Handler{
			{Name: "flush-metrics", Shared: true, Takes: 120 * ms},
			{Name: "wait-children", Grace: 2 * grace},
		}},
		Expect: []string{"main: wait-children flush-metrics"},
	}
	for i := range n {
		name := fmt.Sprintf("worker-%0*d", len(fmt.Sprint(n-1)), i)
		s.Root.Kids = append(s.Root.Kids, Spec{Name: name, Handlers: []Handler{
			{Name: "close-db-pool", Takes: 150 * ms},
			{Name: "flush-wal", Takes: ms * (200 + 130*(time.Duration(i)%5))},
			{Name: "drain-conns", Takes: ms * (100 + 70*(time.Duration(i)%7))},
		}})
		s.Expect = append(s.Expect, name+": drain-conns flush-wal close-db-pool flush-metrics")
	}
	return s
}

// deep is a chain of n processes; the first three share a handler each.
func deep(n int) Scenario {
	s := Scenario{
		Name: "deep",
		N:    n,
		About: [2]string{
			fmt.Sprintf("Send SIGTERM to the top: it goes down %d levels, and the handlers run from the bottom up.", n),
			"Each process stops its child before it runs the shared handlers, which it has from up to three ancestors.",
		},
	}
	leave := [...]string{"leave-level-1", "leave-level-2", "leave-level-3"}
	at, inherited := &s.Root, ""
	for i := range n {
		at.Name = fmt.Sprintf("level-%0*d", len(fmt.Sprint(n)), i+1)
		runs := "close-files"
		if i < len(leave) {
			at.Handlers = append(at.Handlers, Handler{Name: leave[i], Shared: true, Takes: 40 * ms})
			inherited = " " + leave[i] + inherited
		}
		at.Handlers = append(at.Handlers, Handler{Name: "close-files", Takes: 30 * ms})
		if i < n-1 {
			at.Handlers = append(at.Handlers, Handler{Name: "stop-child", Grace: time.Duration(n-i) * grace})
			runs = "stop-child " + runs
			at.Kids = make([]Spec, 1)
		}
		s.Expect = append(s.Expect, at.Name+": "+runs+inherited)
		if i < n-1 {
			at = &at.Kids[0]
		}
	}
	return s
}
