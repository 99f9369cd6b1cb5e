package main

import (
	"multiexit/tree"
	"multiexit/tree/supervise"
)

// letGo takes back every hold and breakpoint, those of the flags too, which the
// stream may not have told yet. It is for when everything is to end: nobody is there
// any more to step, and while somebody is held no grace period passes.
func (w *watch) letGo(s *supervise.Supervisor, flags holds) {
	flags.takeBack(s)
	w.mu.Lock()
	stand := w.tree.Orders
	w.mu.Unlock()
	for _, o := range stand {
		if line, ok := release(o); ok {
			_ = s.Order(o.Pattern, line) // if it fails, there is the next rung
		}
	}
	_ = s.Order("*", order{Do: "release"}.line()) // who was stepped from a breakpoint is held by none
}

// release is the line that takes back a hold or a breakpoint.
func release(o tree.Order) (line string, ok bool) {
	one := order{Do: "release", Handler: o.Handler, Sig: o.Sig}
	switch {
	case o.Word == "break" && o.Sig == "":
		one.On = "exit"
	case o.Word == "break":
		one.On = "signal"
	case o.Word != "hold":
		return "", false
	}
	return one.line(), true
}
