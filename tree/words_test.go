package tree_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree"
)

func TestBlocker(t *testing.T) {
	list := nested()
	last := func(kind, node string) int {
		for i := len(list) - 1; i >= 0; i-- {
			if string(list[i].Kind) == kind && list[i].Node == node {
				return i
			}
		}
		t.Fatalf("no %s of %s", kind, node)
		return 0
	}
	for _, c := range []struct {
		upto     int
		of, want string
	}{
		{last("signal", "0"), "0", ""},
		{last("signal", "0") + 1, "0", "0: its own code decides"},
		{last("deliver", "0") + 1, "0", "0: between handlers"},
		{last("begin", "0.0.0.0") + 1, "0", "0.0.0.0: runs shared_exit"},
		{last("begin", "0.0.0.0") + 1, "0.0.0.0", "0.0.0.0: runs shared_exit"},
		{last("leave", "0.0.0.0") + 1, "0.0", "0.0.0.0: leaving"},
		{last("exit", "0.0.0.0") + 1, "0", "0.0.0: runs clean_subproc2"},
		{len(list), "0", ""},
	} {
		tr := tree.Fold(list[:c.upto])
		b := tr.Blocker(tr.Node(c.of))
		got := ""
		if b.Node != nil {
			got = b.Node.ID + ": " + b.Why()
		}
		if got != c.want {
			t.Errorf("after %d events %s is blocked by %q, want %q", c.upto, c.of, got, c.want)
		}
	}
}

func TestBlockerOfStuck(t *testing.T) {
	list := stubborn()
	for i := range list {
		if list[i].Node == "0.3" && list[i].Kind == "exit" {
			list = list[:i]
			break
		}
	}
	tr := tree.Fold(list)
	for id, want := range map[string]string{"0": "", "0.0": "ignores SIGTERM", "0.1": "blocks SIGTERM", "0.2": "stopped", "0.3": "is about to end"} {
		if got := tr.Blocker(tr.Node(id)).Why(); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// Processes that wait for each other, or say so, do not hang the reader.
func TestBlockerInACircle(t *testing.T) {
	s := newStory().spawn("0", "main")
	for _, id := range []string{"0.0", "0.1", "0.2", "0.3"} {
		s.spawn(id, "p").deliver(id, "SIGTERM").begin(id, "h1")
	}
	s.wait("0.0", "h1", "0.1").wait("0.1", "h1", "0.2").wait("0.2", "h1", "0.3").wait("0.3", "h1", "0.1")
	tr := tree.Fold(s.events)
	if b := tr.Blocker(tr.Node("0.0")); b.Handler == nil {
		t.Errorf("got %+v", b)
	}
	s.after(ms).exit("0.1", 0)
	tr = tree.Fold(s.events)
	if b := tr.Blocker(tr.Node("0.2")); b.Node.ID != "0.3" {
		t.Errorf("blocked by %s", b.Node.ID)
	}
	h := tr.Node("0.0").Running
	if left, total := h.Waiting(); left != 0 || total != 1 {
		t.Errorf("waits for %d of %d", left, total)
	}
}

func TestDescribe(t *testing.T) {
	var got strings.Builder
	for _, s := range stories[:4] {
		list := s.events()
		tr := new(tree.Tree)
		for i := range list {
			tr.Apply(&list[i])
			got.WriteString(tr.Describe(&list[i]) + "\n")
		}
	}
	for _, want := range []string{
		"spawned sh -c stubborn", "reports", "registered clean_main", "shared shared_exit", "inherited shared_exit",
		"inherited metrics, which it does not define", "unregistered not_a_cleaner", "SIGTERM is ignored",
		"sent SIGTERM by multiexit", "shuts down: SIGTERM", "shuts down: exit 0", "runs clean_main",
		"clean_main waits for SubProcess1 (0.0)", "subproc1_clean done in 350ms",
		"fails failed after 2.0ms: disk full", "never skipped: deadline", "leaves by SIGTERM", "leaves with exit 1",
		"exit 1", "SIGTERM", "killed", "SIGSEGV, core dumped", "stopped", "continued",
		"orphaned: its parent is gone", "sub process is working", "end of the recording",
	} {
		if !strings.Contains("\n"+got.String(), "\n"+want+"\n") {
			t.Errorf("nobody says %q", want)
		}
	}
	odd := &tree.Event{Kind: "wonder", Handler: "h", Text: "a\x1b[2Jb\u202ec\u009bd\ne"}
	if got, want := new(tree.Tree).Describe(odd), "wonder h a\uFFFD[2Jb\uFFFDc\uFFFDd e"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0us", 180_400: "180us", 999_999: "999us", 5_250_000: "5.2ms", 120 * ms: "120ms",
		1250 * ms: "1.25s", 125 * time.Second: "2m05s", -ms: "-1.0ms", -1 << 63: "-60000000m00s",
	} {
		if got := tree.Took(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}

// Kinds and the other counts of a row.
func TestCountsOfNode(t *testing.T) {
	tr := tree.Fold(faulty())
	slow := tr.Node("0.0")
	if l, s, i := slow.Kinds(); l != 2 || s != 0 || i != 1 {
		t.Errorf("kinds %d %d %d", l, s, i)
	}
	if slow.Failures() != 1 || slow.Robbed() != 1 || slow.Lost() != 0 || slow.Bypassed() {
		t.Errorf("%d failed, %d robbed, %d lost, bypassed %v", slow.Failures(), slow.Robbed(), slow.Lost(), slow.Bypassed())
	}
	if rude := tr.Node("0.1"); !rude.Bypassed() || rude.Lost() != 2 || rude.Remark() != "2 handlers bypassed" {
		t.Errorf("%d lost, bypassed %v, %q", rude.Lost(), rude.Bypassed(), rude.Remark())
	}
	if d := slow.Disposition("SIGKILL"); d != tree.Default {
		t.Error(d)
	}
	if c := tr.Counts; c.Total() != 4 || c.Alive() != 0 {
		t.Errorf("%+v", c)
	}
}
