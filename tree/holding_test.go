package tree_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Each time for which a process was held is kept, with where and until when, however
// it ended.
func TestHoldings(t *testing.T) {
	list := []tree.Event{
		{Kind: exitreg.KindRegister, ID: "h1", Handler: "close"},
		{Kind: exitreg.KindRegister, ID: "h2", Handler: "flush"},
		{Kind: exitreg.KindDeliver, Sig: "SIGTERM", T: 1},
		{Kind: exitreg.KindHold, Sig: "SIGTERM", Text: "signal *", T: 2},
		{Kind: exitreg.KindHold, Sig: "SIGTERM", Text: "signal *", T: 3}, // again
		{Kind: exitreg.KindHold, ID: "h2", T: 4},                         // by then it is elsewhere
		{Kind: exitreg.KindRelease, T: 7},
		{Kind: exitreg.KindRelease, T: 8}, // again
		{Kind: exitreg.KindBegin, ID: "h2", T: 9},
		{Kind: exitreg.KindEnd, ID: "h2", T: 10},
		{Kind: exitreg.KindHold, ID: "h1", T: 11},
		{Kind: exitreg.KindBegin, ID: "h1", T: 15}, // its release is late
		{Kind: exitreg.KindEnd, ID: "h1", T: 16},
		{Kind: exitreg.KindHold, Text: "exit", T: 17},
		{Kind: exitreg.KindExit, Sig: "SIGTERM", T: 30},
		{Kind: exitreg.KindRelease, T: 21}, // told before its end was seen
	}
	for i := range list {
		list[i].Node = "0"
	}
	const first = "at SIGTERM 2-4, before flush 4-7, before close 11-15, "
	past, back := tree.NewPast(3), new(tree.Tree)
	for i := range list {
		past.Apply(&list[i])
	}
	for _, c := range []struct {
		events int
		want   string
	}{
		{len(list), first + "before its exit 17-21"},
		{len(list) - 1, first + "before its exit 17-30"},
		{len(list) - 2, first + "before its exit 17-17"},
		{6, "at SIGTERM 2-4, before flush 4-4"},
		{3, ""},
	} {
		for i := past.Restore(back, c.events); i < c.events; i++ {
			back.Apply(&list[i])
		}
		for _, tr := range []*tree.Tree{tree.Fold(list[:c.events]), back} {
			var got []string
			for _, h := range tr.Node("0").Holdings() {
				got = append(got, fmt.Sprintf("%s %d-%d", &h.Hold, h.Since, h.Until))
				if h.Handler != nil && h.Handler.Node != tr.Node("0") {
					t.Errorf("%s: a handler of another tree", &h.Hold)
				}
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("after %d events: %s, want %s", c.events, s, c.want)
			}
		}
	}
}

// A program that another replaces is not held any more, and the handler that it was
// held before is still its own.
func TestHoldingBeforeAnExec(t *testing.T) {
	tr := tree.Fold([]tree.Event{
		{Kind: exitreg.KindRegister, Node: "0", ID: "h1", Handler: "old"},
		{Kind: exitreg.KindHold, Node: "0", ID: "h1", T: 1},
		{Kind: exitreg.KindExec, Node: "0", T: 4, Argv: []string{"new"}},
		{Kind: exitreg.KindRegister, Node: "0", ID: "h1", Handler: "new", T: 5},
	})
	if list := tr.Node("0").Holdings(); len(list) != 1 || list[0].Handler.Name != "old" || list[0].Until != 4*time.Nanosecond {
		t.Errorf("%+v", list)
	}
}
