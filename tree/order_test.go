package tree_test

import (
	"slices"
	"testing"
	"time"

	"multiexit/tree"
)

// What stands is a fold: an order takes the place of the same one, and is taken
// back by the same one.
func TestOrders(t *testing.T) {
	three := 3
	order := func(scope, word, handler string) tree.Event {
		return tree.Event{Kind: "order", Scope: scope, Text: word, Handler: handler, T: time.Second}
	}
	events := []tree.Event{order("*", "hold", ""), order("api", "hold", "flush-*"), order("api", "delay", "close"), order("*", "exit", "x")}
	events[2].Timeout, events[3].Code = 2*time.Second, &three
	again := events[2]
	again.Timeout = 3 * time.Second
	revoke := events[0]
	revoke.Kind = "revoke"
	unknown := revoke
	unknown.Scope = "nobody"
	events = append(events, again, revoke, unknown)
	for i := range events {
		events[i].Seq = uint64(i + 1)
	}
	tr := tree.Fold(events)
	want := []tree.Order{
		{Pattern: "api", Word: "hold", Handler: "flush-*", Since: time.Second},
		{Pattern: "*", Word: "exit", Handler: "x", Code: 3, Since: time.Second},
		{Pattern: "api", Word: "delay", Handler: "close", Time: 3 * time.Second, Since: time.Second},
	}
	if !slices.Equal(tr.Orders, want) || len(tr.Nodes) != 0 || tr.Unknown != 0 {
		t.Errorf("%+v, %d nodes, %d unknown", tr.Orders, len(tr.Nodes), tr.Unknown)
	}
	for i, want := range []string{
		"ordered to all: hold", "ordered to api: hold at flush-*", "ordered to api: delay of 2.00s in close", "ordered to all: exit 3 in x",
		"ordered to api: delay of 3.00s in close", "no longer ordered to all: hold",
	} {
		if got := tr.Describe(&events[i]); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Whom an order is for, and what.
func TestOrderAims(t *testing.T) {
	n := &tree.Node{ID: "0.1", Name: "worker-1", PID: 7}
	h := &tree.Handler{ID: "h2", Name: "flush-wal", Node: n}
	for _, c := range []struct {
		o           tree.Order
		means, aims bool
		brk, fault  bool
	}{
		{tree.Order{Pattern: "*", Word: "hold"}, true, false, false, false},
		{tree.Order{Pattern: "worker-*", Word: "hold", Handler: "flush-*"}, true, true, true, false},
		{tree.Order{Pattern: "0.1", Word: "hang", ID: "h2"}, true, true, false, true},
		{tree.Order{Pattern: "0.1", Word: "hang", ID: "h1", Handler: "*"}, true, false, false, true},
		{tree.Order{Pattern: "pid:8", Word: "skip", Handler: "flush-wal"}, false, true, false, true},
		{tree.Order{Pattern: "*", Word: "break", Sig: "SIGTERM"}, true, false, true, false},
		{tree.Order{Pattern: "*", Word: "break"}, true, false, true, false},
		{tree.Order{Pattern: "*", Word: "pace", Time: 1}, true, false, false, false},
		{tree.Order{Pattern: "*", Word: "exit", Handler: "x"}, true, false, false, true},
		{tree.Order{Pattern: "*", Word: "ignore", Sig: "SIGTERM"}, true, false, false, true},
	} {
		if c.o.Means(n) != c.means || c.o.Aims(h) != c.aims || c.o.Break() != c.brk || c.o.Fault() != c.fault {
			t.Errorf("%+v: means %v, aims %v, a breakpoint %v, a fault %v", c.o, c.o.Means(n), c.o.Aims(h), c.o.Break(), c.o.Fault())
		}
	}
}
