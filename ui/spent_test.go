package ui

import (
	"fmt"
	"strings"
	"testing"

	"multiexit/tree"
)

func TestOfWhatHasEndedTheLastIsShown(t *testing.T) {
	events := []tree.Event{born(0, "0", "loop")}
	for i := range 10 {
		id := fmt.Sprintf("0.%d", i)
		events = append(events, born(10*i+1, id, "step"))
		if i < 9 {
			zero := 0
			events = append(events, tree.Event{Kind: "exit", Node: id, T: ms(10*i + 5), Code: &zero})
		}
	}
	w := watching(t, events)
	rows := func() (ids []string) {
		for _, r := range w.rows {
			ids = append(ids, r.node.ID)
		}
		return ids
	}
	if got := strings.Join(rows(), " "); got != "0 0.7 0.8 0.9" {
		t.Errorf("rows %s", got)
	}
	if n := w.weededBelow(w.tree.Node("0")); n != 7 {
		t.Errorf("%d are said to have ended", n)
	}
	w.press("H")
	if got := len(rows()); got != 11 {
		t.Errorf("%d rows of all", got)
	}
	w.press("H")
	w.press("/", "s", "t", "e", "p", "enter")
	if got := len(rows()); got != 11 {
		t.Errorf("%d rows of the filter", got)
	}
}
