package live

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
)

// TestExitStatus: exact for the command itself, for its child, whose status only
// its own parent can wait for, and for an orphan.
func TestExitStatus(t *testing.T) {
	cases := []struct {
		how  string
		code int
		sig  string
	}{
		{"0", 0, ""}, {"7", 7, ""}, {"255", 255, ""},
		{"TERM", 0, "SIGTERM"}, {"KILL", 0, "SIGKILL"}, {"SEGV", 0, "SIGSEGV"}, {"ABRT", 0, "SIGABRT"},
	}
	for _, c := range cases {
		t.Run(c.how, func(t *testing.T) {
			g := newGate(t)
			// 0 waits for 0.0, which ends; 0.1 is the parent of one that ends as an orphan.
			script := `ulimit -c 0
				obey='read x <"$0"; case $1 in [0-9]*) exit $1;; *) kill -$1 $$; sleep 1000;; esac'
				bash -c "$obey" "$0" "$1" 2>&1 &
				bash -c 'bash -c "$0" "$1" "$2" & sleep 1000' "$obey" "$0" "$1" 2>&1 &
				wait %1
				exec bash -c "$obey" "$0" "$1"`
			w := observe(t, Options{Argv: []string{"bash", "-c", script, g.path, c.how}})
			w.until("both children that obey", func() bool { return count(w.events) == 2 })
			var nodes []string
			for _, n := range tree.Fold(w.all()).Nodes {
				if obeys(n.Argv) {
					nodes = append(nodes, n.ID)
				}
			}
			n := w.named("sleep")
			w.Signal(n.Parent.ID, "KILL", "")
			w.Signal(n.ID, "KILL", "")
			w.event("an orphan", func(e *tree.Event) bool { return e.Kind == exitreg.KindOrphan })
			for range 3 { // one for each of them and the command, in whatever order
				g.open()
			}
			for _, id := range nodes {
				check(t, w.kind(id, exitreg.KindExit), c.code, c.sig)
			}
			check(t, w.kind("0", exitreg.KindExit), c.code, c.sig)
			if _, v := w.finish(); v.Code != c.code || v.Sig != c.sig {
				t.Errorf("verdict %+v", v)
			}
		})
	}
}

func obeys(argv []string) bool { return len(argv) > 2 && strings.HasPrefix(argv[2], "read") }

// count tells how many living processes wait for the gate.
func count(events []tree.Event) (n int) {
	for _, p := range tree.Fold(events).Nodes {
		if obeys(p.Argv) && p.Alive() {
			n++
		}
	}
	return n
}

func check(t *testing.T, e tree.Event, code int, sig string) {
	t.Helper()
	if sig != "" && (e.Sig != sig || e.Code != nil) || sig == "" && (e.Code == nil || *e.Code != code || e.Sig != "") {
		t.Errorf("%s ended with %+v, want code %d or signal %q", e.Node, e, code, sig)
	}
	if e.Prov != exitreg.ProvWait {
		t.Errorf("%s: prov %q", e.Node, e.Prov)
	}
}

// TestCore compares the core flag with what os/exec is told in the same situation.
func TestCore(t *testing.T) {
	need(t, "bash")
	script := `cd "$0"; ulimit -c unlimited; kill -ABRT $$`
	cmd := exec.Command("bash", "-c", script, t.TempDir())
	cmd.Run()
	want := cmd.ProcessState.Sys().(syscall.WaitStatus).CoreDump()
	w := observe(t, Options{Argv: []string{"bash", "-c", script, t.TempDir()}})
	if e := w.kind("0", exitreg.KindExit); e.Core != want || e.Sig != "SIGABRT" {
		t.Errorf("%+v, want core %v", e, want)
	}
	w.finish()
}

// TestLeaderLeavesFirst: a process lives on without its main thread and looks
// like a zombie; its status is that of the last thread.
func TestLeaderLeavesFirst(t *testing.T) {
	g := newGate(t)
	w := sh(t, `"$@" & wait $!; echo status $?`, role("leaderless", g.path)...)
	w.said("leader leaves")
	n := w.kind("0.0", exitreg.KindSpawn)
	w.until("its leader to be gone", func() bool {
		st, err := readStat(n.PID)
		return err == nil && st.state == 'Z'
	})
	g.open()
	check(t, w.kind("0.0", exitreg.KindExit), 7, "")
	w.said("status 7")
	w.finish()
}

func TestRootGoneBeforeItsChildren(t *testing.T) {
	w := sh(t, `sleep 1000 & exit 4`)
	<-w.RootGone()
	select {
	case <-w.done:
		t.Error("the session has ended though a child lives")
	default:
	}
	w.named("sleep")
	w.Stop()
	_, v := w.finish()
	if v.Code != 4 || v.Sig != "" || v.Total != 2 || v.Gone != 2 {
		t.Errorf("verdict %+v", v)
	}
}

// TestZombieIsGone: a process that its parent does not reap has exited, with its
// status, and is reaped by us in the end.
func TestZombieIsGone(t *testing.T) {
	w := observe(t, Options{Argv: []string{python(t), "-c", `
import os, time
if os.fork() == 0:
    time.sleep(0.2)
    os._exit(9)
print("forked", flush=True)
time.sleep(1000)`}})
	check(t, w.kind("0.0", exitreg.KindExit), 9, "")
	pid := w.kind("0.0", exitreg.KindSpawn).PID
	if st, err := readStat(pid); err != nil || st.state != 'Z' {
		t.Fatalf("it is no zombie: %c %v", st.state, err)
	}
	w.Stop()
	w.finish()
	if _, err := readStat(pid); err == nil {
		t.Error("the zombie was not reaped")
	}
}

func TestCommandErrors(t *testing.T) {
	dir := t.TempDir()
	plain, script, noInterpreter := dir+"/plain", dir+"/garbage", dir+"/nointerp"
	write(t, plain, "x", 0o644)
	write(t, script, "\x00\x01\x02", 0o755)
	write(t, noInterpreter, "#!/no/such/interpreter\n", 0o755)
	for _, c := range []struct {
		argv []string
		dir  string
		want string
		code int
	}{
		{argv: []string{"no-such-command-here"}, want: "not found in PATH", code: 127},
		{argv: []string{"./no-such-file"}, want: "no such file", code: 127},
		{argv: []string{plain}, want: "not executable", code: 126},
		{argv: []string{dir}, want: "is a directory", code: 126},
		{argv: []string{script}, want: "neither a program", code: 126},
		{argv: []string{noInterpreter}, want: "interpreter", code: 127},
		{argv: nil, want: "no command", code: 125},
		{argv: []string{"true"}, dir: dir + "/none", want: "working directory", code: 125},
	} {
		_, err := Start(Options{Argv: c.argv, Dir: c.dir})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error %v, want %q", c.argv, err, c.want)
			continue
		}
		if got := exitCode(err); got != c.code {
			t.Errorf("%q: %v stands for %d, want %d", c.argv, err, got, c.code)
		}
	}
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/here", "#!/bin/sh\npwd\necho $PWD\n", 0o755)
	w := observe(t, Options{Argv: []string{"./here"}, Dir: dir})
	w.said(dir)
	w.finish()
}
