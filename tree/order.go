package tree

import (
	"slices"
	"strconv"
	"time"

	"multiexit/exitreg"
)

// Order is what the observer has told the processes that a pattern means (see
// Meant) to do before, in or instead of their exit handlers. It stands for those
// to come, too, until it is taken back.
type Order struct {
	Pattern string
	Word    string // "hold", "pace", or a fault: "delay", "hang", "fail", "panic", "skip", "exit" ...
	Handler string // a glob over the names of handlers; empty: all
	ID      string // of one handler; empty: all
	Sig     string // a glob over signals
	Time    time.Duration
	Code    int

	Since time.Duration // when it was given, of one that stands
}

// OrderOf is the order that an event of the kinds order and revoke is about.
func OrderOf(e *Event) Order {
	return Order{Pattern: e.Scope, Word: e.Text, Handler: e.Handler, ID: e.ID, Sig: e.Sig, Time: e.Timeout, Code: status(e)}
}

// same says that two orders are about the same, so that one takes the other's
// place or takes it back.
func (o *Order) same(p *Order) bool {
	return o.Pattern == p.Pattern && o.Word == p.Word && o.Handler == p.Handler && o.ID == p.ID && o.Sig == p.Sig
}

// order notes that an order stands, or no longer.
func (t *Tree) order(e *Event) {
	one := OrderOf(e)
	at := slices.IndexFunc(t.Orders, func(o Order) bool { return o.same(&one) })
	if at >= 0 {
		t.Orders = slices.Delete(slices.Clone(t.Orders), at, at+1)
	}
	if e.Kind == exitreg.KindOrder {
		one.Since = e.T
		t.Orders = append(slices.Clip(t.Orders), one)
	}
	t.Ordered++
}

// Break says that an order is a breakpoint: it stops processes at something, and
// not before every handler.
func (o *Order) Break() bool {
	return o.Word == "hold" && (o.Handler != "" || o.ID != "") || o.Word == "break"
}

// Fault says that an order puts a fault into something.
func (o *Order) Fault() bool { return o.Word != "hold" && o.Word != "pace" && o.Word != "break" }

// Means says that an order is for a process.
func (o *Order) Means(n *Node) bool {
	command := ""
	if n.Command != nil && n.Parent == nil {
		command = n.Command.Name
	}
	return Meant(o.Pattern, n.ID, n.Name, n.Script(), command, n.PID)
}

// Aims says that an order is for a handler, whose process it means.
func (o *Order) Aims(h *Handler) bool {
	if o.Handler == "" && o.ID == "" {
		return false
	}
	return (o.ID == "" || o.ID == h.ID) && (o.Handler == "" || o.Handler == h.Name || Glob(o.Handler, h.Name))
}

// whom is a pattern in words.
func whom(pattern string) string {
	if pattern == "*" {
		return "to all"
	}
	return "to " + pattern
}

// String is an order in words, without whom it is for: "hold", "hold at flush-*",
// "hang in flush-wal", "delay of 2.00s in flush-wal".
func (o Order) String() string {
	s := o.Word
	switch {
	case o.Time > 0 && o.Word == "pace":
		s += " " + Took(o.Time)
	case o.Time > 0:
		s += " of " + Took(o.Time)
	case o.Word == "exit" && o.Fault():
		s += " " + strconv.Itoa(o.Code)
	}
	in := " in "
	if o.Break() {
		in = " at "
	}
	return s + after(in, o.Handler+o.ID) + after(" at ", o.Sig)
}
