package live

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

func TestBirthsToDepthFour(t *testing.T) {
	w := observe(t, Options{Argv: role("chain", "4"), Name: "top"})
	w.named("link0")
	// One that was seen between its fork and its exec has its parent's name at first.
	last := w.fold("all to have their names", func(t *tree.Tree) bool {
		return !slices.ContainsFunc(t.Nodes, func(n *tree.Node) bool { return n.Parent != nil && n.Name == n.Parent.Name })
	}).Node("0.0.0.0.0")
	if last == nil {
		t.Fatal("there is no fourth generation")
	}
	if last.ID != "0.0.0.0.0" || last.Depth != 4 {
		t.Errorf("the fourth generation is %s at depth %d", last.ID, last.Depth)
	}
	for n, want := last.Parent, []string{"link1", "link2", "link3", "top"}; n != nil; n, want = n.Parent, want[1:] {
		if n.Name != want[0] {
			t.Errorf("%s is called %s, want %s", n.ID, n.Name, want[0])
		}
	}
	w.Kill()
	_, verdict := w.finish()
	if verdict.Total != 5 || verdict.Gone != 5 || verdict.Sig != "SIGKILL" {
		t.Errorf("verdict %+v", verdict)
	}
}

func TestSiblingsAreNumberedByBirth(t *testing.T) {
	w := sh(t, `sleep 1001 & sleep 1002 & sleep 1003 & wait`)
	w.until("three that sleep", func() bool { // a child that was slow to exec is told so later
		asleep := 0
		for _, n := range tree.Fold(w.events).Nodes {
			if n.Name == "sleep" && len(n.Argv) == 2 { // a look in the middle of its exec finds no argv
				asleep++
			}
		}
		return asleep == 3
	})
	folded := tree.Fold(w.all())
	for i, want := range []string{"1001", "1002", "1003"} {
		if len(folded.Roots[0].Kids) <= i {
			t.Fatalf("children out of order: %v", folded.Roots[0].Kids)
		}
		if n := folded.Roots[0].Kids[i]; n.Argv[len(n.Argv)-1] != want {
			t.Errorf("%s is %v, want sleep %s", n.ID, n.Argv, want)
		}
	}
}

// Families that are born while their elders are still being found: among siblings
// a greater number is a greater pid, unless the pids began anew.
func TestFamiliesAreNumberedByBirth(t *testing.T) {
	w := sh(t, `for i in 1 2 3 4 5; do sh -c 'for j in 1 2 3 4 5 6; do sleep 1000 & sleep 0.01; done; wait' & done; wait`)
	asleep := func(n *tree.Node) bool { return slices.Equal(n.Argv, []string{"sleep", "1000"}) }
	w.until("30 grandchildren", func() bool {
		count := 0
		for _, n := range tree.Fold(w.events).Nodes {
			if asleep(n) {
				count++
			}
		}
		return count == 30
	})
	for _, n := range tree.Fold(w.all()).Nodes {
		last := 0
		for _, kid := range n.Kids {
			if asleep(kid) {
				if kid.PID < last && last-kid.PID < 10_000 {
					t.Errorf("%s has pid %d, an elder of it %d", kid.ID, kid.PID, last)
				}
				last = kid.PID
			}
		}
	}
}

func TestExec(t *testing.T) {
	g := newGate(t)
	w := sh(t, `bash -c 'read x <"$1"; exec bash -c "read x <\"$1\"; exec sleep 1000" bash "$1"' bash "$1" & wait`, g.path)
	w.term("0.0", tree.Default)
	g.open()
	e := w.kind("0.0", exitreg.KindExec)
	if e.Name != "bash" || len(e.Argv) < 3 {
		t.Errorf("first exec: %q %q", e.Name, e.Argv)
	}
	g.open()
	n := w.named("sleep")
	if n.ID != "0.0" || n.PID != e.PID {
		t.Errorf("after its execs the process is %s with pid %d, want 0.0 with %d", n.ID, n.PID, e.PID)
	}
}

func TestOrphan(t *testing.T) {
	g := newGate(t)
	w := sh(t, `bash -c 'sleep 1000 & read x <"$1"; exit 5' bash "$1"; echo status $?; sleep 1000`, g.path)
	orphan := w.named("sleep")
	if orphan.ID != "0.0.0" {
		t.Fatalf("the grandchild is %s", orphan.ID)
	}
	g.open()
	w.kind("0.0.0", exitreg.KindOrphan)
	w.said("status 5") // its parent got the status: we did not steal it
	if e := w.kind("0.0", exitreg.KindExit); e.Code == nil || *e.Code != 5 {
		t.Errorf("the parent's exit: %+v", e)
	}
	if err := w.Signal("0.0.0", "USR1", ""); err != nil {
		t.Fatal(err)
	}
	if e := w.kind("0.0.0", exitreg.KindExit); e.Sig != "SIGUSR1" {
		t.Errorf("the orphan's exit: %+v", e)
	}
	if _, err := readStat(orphan.PID); err == nil {
		t.Error("the orphan was not reaped")
	}
}

func TestDaemonWithoutTraceIsFound(t *testing.T) {
	need(t, "setsid", "env")
	for name, script := range map[string]string{
		"double fork":          `(setsid bash -c 'sleep 1000 & exit' &) ; sleep 0.01; echo done; sleep 1000`,
		"cleared environment":  `(env -i setsid bash -c 'sleep 1000 & exit' &); echo done; sleep 1000`,
		"its own daemon group": `setsid setsid bash -c 'exec sleep 1000' & disown; echo done; sleep 999`,
	} {
		t.Run(name, func(t *testing.T) {
			w := sh(t, script)
			w.until("the daemon", func() bool {
				for _, n := range tree.Fold(w.events).Nodes {
					if n.Name == "sleep" && slices.Equal(n.Argv, []string{"sleep", "1000"}) && n.ID != "0" {
						return true
					}
				}
				return false
			})
			w.Stop()
			if _, v := w.finish(); v.Gone != v.Total {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestChildrenThatDieAtOnce(t *testing.T) {
	w := sh(t, `for i in $(seq 200); do (exit 3) & done; wait; echo done`)
	w.said("done")
	events, v := w.finish()
	if v.Code != 0 || v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
	for _, e := range events {
		if e.Kind == exitreg.KindExit && e.Node != "0" && e.Code != nil && *e.Code != 3 && *e.Code != 0 {
			t.Errorf("%s ended with %d", e.Node, *e.Code)
		}
	}
}

// TestOtherChildrenAreLeftAlone: what other parts of the program start is
// neither shown nor signalled nor reaped by a session.
func TestOtherChildrenAreLeftAlone(t *testing.T) {
	need(t, "sh", "sleep")
	w := sh(t, `while :; do (exit 1); done`)
	other := exec.Command("sleep", "1000")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if err := exec.Command("sh", "-c", "exit 0").Run(); err != nil {
			t.Fatalf("a status was stolen: %v", err)
		}
	}
	w.Kill()
	events, _ := w.finish()
	for _, e := range events {
		if e.PID == other.Process.Pid {
			t.Fatalf("a child of another part of the program is in the stream: %+v", e)
		}
	}
	if err := other.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("it did not survive: %v", err)
	}
	other.Wait()
}

func TestTwoSessionsDoNotMix(t *testing.T) {
	script := `(setsid sleep 1000 &); (sleep 1000 &); sleep 1000`
	a, b := sh(t, script), sh(t, script)
	for _, w := range []*observed{a, b} {
		w.until("three sleepers", func() bool {
			n := 0
			for _, p := range tree.Fold(w.events).Nodes {
				if p.Name == "sleep" && p.Alive() {
					n++
				}
			}
			return n == 3
		})
	}
	a.Stop()
	a.finish()
	if left := len(marked(b.sock)); left < 3 {
		t.Errorf("%d processes of the other session are left", left)
	}
	pids := map[int]bool{}
	for _, e := range a.all() {
		pids[e.PID] = e.PID != 0
	}
	for _, e := range b.all() {
		if pids[e.PID] {
			t.Fatalf("pid %d is in both streams", e.PID)
		}
	}
}

func TestIsolation(t *testing.T) {
	script := `
import os
print("stdin", os.readlink("/proc/self/fd/0"))
print("leader", os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid())
try:
    os.open("/dev/tty", os.O_RDWR)
    print("tty yes")
except OSError:
    print("tty no")
print("fds", sorted(os.listdir("/proc/self/fd")))`
	// What we have inherited ourselves goes on to any child.
	plain, err := exec.Command(python(t), "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, fds, _ := strings.Cut(strings.TrimSpace(string(plain)), "fds ")
	w := observe(t, Options{Argv: []string{python(t), "-c", script}})
	w.finish()
	for _, line := range []string{"stdin /dev/null", "leader True True", "tty no", "fds " + fds} {
		w.said(line)
	}
}

func TestChildrenKeepTheirLimits(t *testing.T) {
	need(t, "bash")
	out, err := exec.Command("bash", "-c", `ulimit -Sn 300; exec "$@"`, "bash", self, roleWord, "session", "bash", "-c", "ulimit -Sn").Output()
	if err != nil || !strings.Contains(string(out), "out 0 300\n") {
		t.Errorf("%v: the soft limit of descriptors is not what it was: %s", err, out)
	}
}

func TestRootName(t *testing.T) {
	w := observe(t, Options{Argv: []string{"sh", "-c", "exit 0"}, Name: "a\x1b[31mb"})
	if e := w.kind("0", exitreg.KindSpawn); strings.ContainsRune(e.Name, 0x1b) {
		t.Errorf("name %q", e.Name)
	}
	events, _ := w.finish()
	if events[0].Kind != exitreg.KindSpawn || events[0].Node != "0" || events[0].PID == os.Getpid() {
		t.Errorf("the stream begins with %+v", events[0])
	}
}

func TestInterprets(t *testing.T) {
	script := []string{"./run", "-v", "x"}
	for _, c := range []struct {
		argv []string
		want bool
	}{
		{[]string{"/bin/sh", "./run", "-v", "x"}, true},
		{[]string{"/usr/bin/env", "python3", "./run", "-v", "x"}, true},
		{[]string{"sleep", "1000"}, false},
		{[]string{"/bin/sh", "./run", "-v", "y"}, false},
	} {
		if got := interprets(c.argv, script); got != c.want {
			t.Errorf("%q: %v", c.argv, got)
		}
	}
}

// TestTitle: who writes a title over its arguments is called by it; no exec is told.
func TestTitle(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("no python3")
	}
	const script = `
import ctypes, os, sys, time
if os.fork() == 0:
    time.sleep(0.1)
    stat = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
    start, end = int(stat[45]), int(stat[46])
    title = b"web: worker process".ljust(end - start, b"\0")[:end - start]
    ctypes.memmove(start, title, end - start)
    time.sleep(1000)
os.wait()
`
	w := observe(t, Options{Argv: []string{"python3", "-c", script}})
	n := w.named("web: worker process") // from birth on, or since a look later
	w.Kill()
	events, _ := w.finish()
	for _, e := range events {
		if e.Kind == exitreg.KindExec && e.Node == n.ID {
			t.Errorf("an exec: %+v", e)
		}
	}
}

// TestLook: what had happened when somebody asked is not behind the answer.
func TestLook(t *testing.T) {
	g := newGate(t)
	w := sh(t, "read x <"+g.path+"; sleep 1000 & wait")
	for range 3 {
		if seq, ok := <-w.Look(); !ok || seq == 0 {
			t.Fatal(seq, ok)
		}
	}
	w.kind("0", exitreg.KindSpawn)
	g.open()
	var pids []int
	waitFor(t, "the child", func() bool {
		pids = childrenOf(w.root.pid)
		return len(pids) == 1
	})
	seq := <-w.Look()
	if e := w.event("the birth", func(e *tree.Event) bool { return e.Kind == exitreg.KindSpawn && e.PID == pids[0] }); e.Seq > seq {
		t.Errorf("the stream went to %d, the birth is %d", seq, e.Seq)
	}
	w.Kill()
	w.finish()
	if _, ok := <-w.Look(); ok {
		t.Error("there is an answer though the session is over")
	}
}

// A program that has just been started, by a fork or an exec, and lacks a processor, is
// waited for; one that works for long, or sleeps, is not.
func TestStarting(t *testing.T) {
	s := &Session{}
	s.header.Start = time.Now().Add(-10 * time.Second)
	now := s.now()
	soon := now + time.Minute // however long it takes to come there
	for _, c := range []struct {
		state        byte
		born, became time.Duration
		want         bool
	}{
		{'R', soon, 0, true}, {'D', soon, 0, true}, {'S', soon, 0, false}, {'T', soon, 0, false},
		{'R', now - 2*time.Second, 0, false}, {'R', now - 9*time.Second, soon, true},
	} {
		p := &proc{born: c.born, became: c.became}
		p.handle.state = c.state
		if got := s.starting(p); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
