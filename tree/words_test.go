package tree_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree"
)

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
		0: "0µs", 180_400: "180µs", 999_400: "999µs", 999_500: "1.0ms", 5_250_000: "5.3ms", 9_949_999: "9.9ms", 9_950_000: "10ms",
		120 * ms: "120ms", 999_499_999: "999ms", 999_500_000: "1.00s", 1250 * ms: "1.25s", 9_994 * ms: "9.99s", 9_995 * ms: "10.0s",
		75 * time.Second: "75.0s", 99_949 * ms: "99.9s", 99_950 * ms: "1m40s", 119_600 * ms: "2m00s", 125 * time.Second: "2m05s",
		time.Hour - time.Second: "59m59s", time.Hour - ms: "1h00m", 187 * time.Minute: "3h07m", -ms: "-1.0ms", -1 << 63: "-2562047h47m",
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
