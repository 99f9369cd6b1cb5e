package tree_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
)

// events reads one event a line.
func events(t testing.TB, text string) []tree.Event {
	t.Helper()
	var list []tree.Event
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var e tree.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		list = append(list, e)
	}
	return list
}

// picture writes all that a tree says to the world, so that two that look the
// same are the same.
func picture(t *tree.Tree) string {
	var b strings.Builder
	for _, n := range t.Roots {
		pictureNode(&b, n)
	}
	fmt.Fprintf(&b, "live %d, exiting %d, stuck %d, exited %d, failed %d", t.Counts.Live, t.Counts.Exiting, t.Counts.Stuck, t.Counts.Exited, t.Counts.Failed)
	for _, s := range []struct {
		name   string
		signal *tree.Signal
	}{{"signal", t.Signal}, {"shut", t.Shut}} {
		if s.signal != nil {
			fmt.Fprintf(&b, "; %s %s to %s by %q%s at %v", s.name, s.signal.Name, s.signal.Node.ID, s.signal.Sender, s.signal.Scope, s.signal.T)
		}
	}
	if t.Unknown > 0 {
		fmt.Fprintf(&b, "; unknown %d", t.Unknown)
	}
	if t.Done {
		b.WriteString("; done")
	}
	fmt.Fprintf(&b, "; last %v\n", t.Last)
	for _, e := range t.Notes {
		fmt.Fprintf(&b, "note %s %s at %v\n", e.Node, e.Text, e.T)
	}
	return b.String()
}

func pictureNode(b *strings.Builder, n *tree.Node) {
	fmt.Fprintf(b, "%s%s %s %s", strings.Repeat("  ", n.Depth), n.ID, n.Name, n.State)
	for _, word := range []struct {
		is   bool
		word string
	}{
		{n.PID != 0, fmt.Sprintf("pid=%d", n.PID)},
		{n.Born != 0, fmt.Sprintf("born=%v", n.Born)},
		{n.Term != "", "term=" + string(n.Term)},
		{n.Reports, "reports"}, {n.Grace != 0, "grace=" + n.Grace.String()},
		{n.Orphan, "orphan"}, {n.Stopped, "stopped"}, {n.Held, "held"},
		{n.SigName != "", fmt.Sprintf("%s@%v", n.SigName, n.Signalled)},
		{n.Began, fmt.Sprintf("began(%s)@%v", n.Cause, n.Delivered)}, {n.Left, "left"},
		{!n.Alive(), fmt.Sprintf("gone(%s)@%v", n.Outcome(), n.Gone)},
		{n.Remark() != "", "[" + n.Remark() + "]"},
		{n.Missed != 0, fmt.Sprintf("missed=%d", n.Missed)},
	} {
		if word.is {
			b.WriteString(" " + word.word)
		}
	}
	b.WriteByte('\n')
	for _, list := range []struct {
		name string
		of   []*tree.Handler
	}{{"all", n.Handlers()}, {"ran", n.Ran()}, {"plan", n.Plan()}} {
		if len(list.of) == 0 {
			continue
		}
		fmt.Fprintf(b, "%s  | %s:", strings.Repeat("  ", n.Depth), list.name)
		for _, h := range list.of {
			b.WriteString(" " + pictureHandler(h, list.name == "all"))
		}
		b.WriteByte('\n')
	}
	for _, kid := range n.Kids {
		pictureNode(b, kid)
	}
}

func pictureHandler(h *tree.Handler, whole bool) string {
	s := h.Name
	if h.Shared {
		s += "*"
	}
	if h.From != nil {
		s += "<" + h.From.ID
	}
	if !whole {
		return s
	}
	s += "=" + h.State.String()
	if h.Unbound {
		s += ",unbound"
	}
	if h.Timeout != 0 {
		s += ",limit:" + h.Timeout.String()
	}
	if h.Began {
		s += fmt.Sprintf(",%v+%v", h.Begin, h.Elapsed)
	}
	if h.Err != "" {
		s += fmt.Sprintf(",%q", h.Err)
	}
	for _, n := range h.Waits {
		s += ",for:" + n.ID
	}
	return s
}

// recount counts the states of all nodes anew.
func recount(t *tree.Tree) tree.Counts {
	var c tree.Counts
	for _, n := range t.Nodes {
		switch n.State {
		case tree.Live:
			c.Live++
		case tree.Exiting:
			c.Exiting++
		case tree.Stuck:
			c.Stuck++
		case tree.Exited:
			c.Exited++
		case tree.Failed:
			c.Failed++
		}
		if n.Held {
			c.Held++
		}
	}
	return c
}

// sound checks what must hold of any tree, whatever was applied to it.
func sound(t *tree.Tree) error {
	if got := recount(t); got != t.Counts {
		return fmt.Errorf("counts %+v, recounted %+v", t.Counts, got)
	}
	if t.Counts.Total() != len(t.Nodes) {
		return fmt.Errorf("%d nodes, counted %d", len(t.Nodes), t.Counts.Total())
	}
	for i, n := range t.Nodes {
		if n.Index != i || t.Node(n.ID) != n {
			return fmt.Errorf("node %s is not found where it says it is", n.ID)
		}
		if err := soundNode(n); err != nil {
			return fmt.Errorf("node %s: %w", n.ID, err)
		}
	}
	return nil
}

func soundNode(n *tree.Node) error {
	var count [tree.Lost + 1]int
	for _, h := range n.Handlers() {
		count[h.State]++
		if left, total := h.Waiting(); left > total {
			return fmt.Errorf("handler %s waits for %d of %d", h.ID, left, total)
		}
	}
	switch {
	case n.Held && !n.Alive():
		return errors.New("gone, and yet held")
	case n.Pending() != count[tree.Pending] || n.Lost() != count[tree.Lost] || n.Failures() != count[tree.Broken]:
		return fmt.Errorf("tallies %d %d %d, recounted %v", n.Pending(), n.Lost(), n.Failures(), count)
	case len(n.Plan()) != n.Pending():
		return fmt.Errorf("a plan of %d handlers with %d pending", len(n.Plan()), n.Pending())
	case !n.Alive() && (count[tree.Pending] > 0 || count[tree.Running] > 0):
		return fmt.Errorf("gone, and yet its handlers are %v", count)
	case n.Running() != nil && n.Running().State != tree.Running:
		return fmt.Errorf("the running handler is %v", n.Running().State)
	case n.Alive() == (n.Outcome() != ""):
		return fmt.Errorf("alive %v, outcome %q", n.Alive(), n.Outcome())
	}
	return nil
}

const ms = time.Millisecond
