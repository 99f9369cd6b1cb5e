package ui

import (
	"strings"

	"multiexit/tree"
)

// orderText is an order with whom it is for: "db-writer: hang in flush-wal".
func (m *Model) orderText(o tree.Order) string {
	return m.patternName(o.Pattern) + ": " + orderWhat(o)
}

// orderWhat is what an order says.
func orderWhat(o tree.Order) string {
	what := o.Handler
	if o.ID != "" {
		what = o.ID
	}
	switch {
	case what == everybody:
		what = "every handler"
	case globs(what):
		what = "handlers " + what
	}
	switch {
	case isHold(o):
		return "held before every handler"
	case o.Word == "hold":
		return "stops before " + what
	case o.Word == "break" && o.Sig == "":
		return "stops before the exit"
	case o.Word == "break":
		return "stops at " + o.Sig
	case o.Word == "pace":
		return "rests " + tree.Took(o.Time) + " before each handler"
	case o.Word == "delay":
		return "delay of " + tree.Took(o.Time) + " in " + what
	case o.Word == "kill" && o.Time > 0:
		return "kill " + tree.Took(o.Time) + " into " + what
	case o.Word == "exit":
		return "exit " + plain(o.Code) + " in " + what
	case o.Word == "ignore":
		return strings.TrimSpace("ignores " + o.Sig)
	case what == "":
		return o.Word
	}
	return o.Word + " in " + what
}
