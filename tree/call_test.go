package tree_test

import (
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Who asked a process first, and when, however that became known.
func TestAsked(t *testing.T) {
	s := newStory().program("0", "main").own("0", "h1", "stop").program("0.0", "a").program("0.1", "b").program("0.2", "c")
	start := s.now
	s.send("0", "SIGTERM").deliver("0", "SIGTERM").begin("0", "h1").after(ms).wait("0", "h1", "0.0").after(ms)
	s.deliver("0.0", "SIGTERM").send("0.0", "SIGKILL").deliver("0.1", "SIGTERM").send("0.1", "SIGUSR1")
	tr := tree.Fold(s.events)
	for id, want := range map[string]struct {
		at time.Duration
		by string
	}{"0": {start, "multiexit"}, "0.0": {start + ms/10 + ms, "0"}, "0.1": {start + 2*ms/10 + 2*ms, ""}} {
		if at, by, ok := tr.Node(id).Asked(); at != want.at || by != want.by || !ok {
			t.Errorf("%s was asked at %v by %q: %v, want %+v", id, at, by, ok, want)
		}
	}
	if _, _, ok := tr.Node("0.2").Asked(); ok {
		t.Error("nobody asked 0.2")
	}
	if h := tr.Node("0").Running(); len(h.Since) != 1 || h.Since[0] != start+ms/10+ms {
		t.Errorf("waits since %v", h.Since)
	}
	if n := tr.Node("0.0"); !n.Got("SIGTERM") || !n.Got("SIGKILL") || n.Got("SIGINT") {
		t.Error("0.0 got SIGTERM and SIGKILL")
	}
	tr.Apply(&tree.Event{Kind: exitreg.KindSignal, Node: "0.1", Sig: "SIGTERM", Sender: "0", T: start}) // it arrives late
	if at, by, _ := tr.Node("0.1").Asked(); at != start || by != "0" {
		t.Errorf("0.1 was asked at %v by %q", at, by)
	}
}
