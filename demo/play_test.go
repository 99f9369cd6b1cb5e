package demo_test

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/demo"
	"multiexit/tree/live"
)

// patience bounds every wait. Only a failing test waits that long.
const patience = 60 * time.Second

// The test binary plays the processes of the scenarios.
func TestMain(m *testing.M) {
	if live.Keeper(os.Args[1:]) || demo.Worker(os.Args[1:]) {
		return
	}
	os.Exit(m.Run())
}

// Every scenario with real processes: what is planned before the signal, and what
// a SIGTERM to the root runs, in which order.
func TestScenarios(t *testing.T) {
	for _, s := range small(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			w := start(t, s)
			w.settle(s)
			before := w.tree.Last
			w.term("0")
			w.until("the root exits", func() bool { return !w.tree.Node("0").Alive() })
			t.Logf("the shutdown took %v", (w.tree.Last - before).Round(time.Millisecond))
			if got := w.ran(s); !slices.Equal(got, s.Expect) {
				t.Errorf("a SIGTERM ran\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(s.Expect, "\n\t"))
			}
		})
	}
}

// small are all scenarios, those with a size in a small one.
func small(t *testing.T) []demo.Scenario {
	all := demo.List()
	for i, s := range all {
		if s.N == 0 {
			continue
		}
		var err error
		if all[i], err = demo.Find(s.Name, 6); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// A leaf, and not the root, signalled: nobody else runs anything.
func TestOneProcessOnly(t *testing.T) {
	t.Parallel()
	s, _ := demo.Find("nested", 0)
	w := start(t, s)
	w.settle(s)
	w.term(w.id("SubProcess3"))
	w.until("it exits", func() bool { return !w.node("SubProcess3").Alive() })
	want := []string{"main:", "SubProcess1:", "SubProcess2:", "SubProcess3: shared_exit"}
	if got := w.ran(s); !slices.Equal(got, want) {
		t.Errorf("ran %q, want %q", got, want)
	}
}

// T72: the handler that all four share runs in the leaf first.
func TestNestedEndsLeafFirst(t *testing.T) {
	t.Parallel()
	s, _ := demo.Find("nested", 0)
	w := start(t, s)
	w.settle(s)
	w.term("0")
	w.until("the root exits", func() bool { return !w.tree.Node("0").Alive() })
	var order []string
	for _, e := range w.begun {
		if e.Handler == "shared_exit" {
			order = append(order, w.tree.Node(e.Node).Name)
		}
	}
	if want := []string{"SubProcess3", "SubProcess2", "SubProcess1", "main"}; !slices.Equal(order, want) {
		t.Fatalf("shared_exit ran in %v, want %v", order, want)
	}
	for _, name := range order[:3] {
		if h := last(w.node(name).Ran()); h.From == nil || h.From.ID != "0" {
			t.Errorf("in %s %s is not known to be from main", name, h.Name)
		}
	}
}

// Who escaped is still there when the root has gone, adopted, and its handlers
// are as good as before.
func TestEscapedLiveOn(t *testing.T) {
	t.Parallel()
	s, _ := demo.Find("escape", 0)
	w := start(t, s)
	w.settle(s)
	w.term("0")
	w.until("the root exits", func() bool { return !w.tree.Node("0").Alive() })
	for _, name := range []string{"orphan", "daemon"} {
		w.until(name+" is adopted", func() bool { return w.node(name).Orphan })
		if !w.node(name).Alive() {
			t.Errorf("%s is gone", name)
		}
	}
	w.term(w.id("daemon"))
	w.until("daemon exits", func() bool { return !w.node("daemon").Alive() })
	var got []string
	for _, h := range w.node("daemon").Ran() {
		got = append(got, h.Name)
	}
	if want := []string{"close-journal", "remove-pidfile", "flush-log"}; !slices.Equal(got, want) {
		t.Errorf("daemon ran %v, want %v", got, want)
	}
}

// Without an observer a scenario is an ordinary program, here read through its
// output. The end of the output means that nobody is left who could write.
func TestUnobserved(t *testing.T) {
	t.Parallel()
	s, _ := demo.Find("readme", 0)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	argv, env := s.Command(self)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer hung.Stop()

	lines := bufio.NewScanner(out)
	for ready := 0; ready < 2 && lines.Scan(); {
		if strings.HasSuffix(lines.Text(), "ready") {
			ready++
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var got []string
	for lines.Scan() {
		got = append(got, lines.Text())
	}
	want := []string{"subprocess clean", "shared exit", "child ended", "shared exit"}
	if !slices.Equal(got, want) {
		t.Errorf("printed %q, want %q", got, want)
	}
	cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("the root's status is %v, want death by SIGTERM", cmd.ProcessState)
	}
}

// Arguments that are not for a worker are left alone.
func TestWorkerLeavesOthersAlone(t *testing.T) {
	for _, args := range [][]string{nil, {"demo"}, {"demo", "shop"}, {"--help"}} {
		if demo.Worker(args) {
			t.Errorf("Worker(%q) claims them", args)
		}
	}
}
