package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// begun is a multiexit that runs while the test does other things.
type begun struct {
	cmd            *exec.Cmd
	stdout, stderr said
}

// said is what a program has printed; it may be looked at while it prints more.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *said) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Len()
}

func (w *world) begin(args ...string) *begun {
	w.t.Helper()
	b := &begun{cmd: w.command(args...)}
	b.cmd.Stdout, b.cmd.Stderr = &b.stdout, &b.stderr
	if err := b.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	return b
}

// ctl asks the session until it can be reached and says what is wanted.
func (w *world) ctl(want string, args ...string) string {
	w.t.Helper()
	var out []byte
	if !eventually(func() bool {
		out, _ = w.command(append([]string{"ctl"}, args...)...).CombinedOutput()
		return strings.Contains(string(out), want)
	}) {
		w.t.Fatalf("ctl %q: no %q in %s", args, want, out)
	}
	return string(out)
}

// TestCtl: one session, driven and watched from elsewhere. All see the same stream.
func TestCtl(t *testing.T) {
	w := newWorld(t)
	w.write("Procfile", "web: echo serving; exec sleep 1000\nlazy: trap 'echo heard' USR1; echo waits; while :; do sleep 0.05; done\n")
	run := w.begin("run", "--json", "-f", "Procfile")
	w.ctl("web | serving", "logs")
	w.ctl("lazy | waits", "logs")
	copied := w.begin("ctl", "events")
	watcher := w.begin("attach", "--readonly", "--json")
	if !eventually(func() bool { return copied.stdout.Len() > 0 && watcher.stdout.Len() > 0 }) {
		t.Errorf("nothing comes: %q, %q", &copied.stderr, &watcher.stderr)
	}
	var sessions []struct{ PID int }
	if err := json.Unmarshal([]byte(w.ctl("PID", "list", "--json")), &sessions); err != nil || len(sessions) != 1 || sessions[0].PID != run.cmd.Process.Pid {
		t.Errorf("sessions %v, %v", sessions, err)
	}
	w.run1("ctl", "send", "lazy=USR1")
	w.ctl("heard\n", "logs", "lazy")
	w.run1("ctl", "restart", "web")
	w.ctl("serving\nserving\n", "logs", "web")
	w.run1("ctl", "add", "more", "echo more; exec sleep 1000")
	w.ctl("more\n", "logs", "more")
	if got := w.run1("ctl", "logs", "wbe"); got.stderr != "multiexit: ctl logs wbe: no such command (did you mean web?)\n" || got.status != 2 {
		t.Errorf("%+v", got)
	}
	for _, bad := range [][2]string{
		{"lazy=USR1@2s", "multiexit: ctl send lazy=USR1@2s: it is sent at once (leave out what is behind the signal)\n"},
		{"--scope=grup lazy=USR1", "multiexit: ctl send --scope grup: no such scope (did you mean group?)\n"},
	} {
		if got := w.run1(append([]string{"ctl", "send"}, strings.Fields(bad[0])...)...); got.stderr != bad[1] || got.status != 2 {
			t.Errorf("%+v", got)
		}
	}
	pid := strconv.Itoa(run.cmd.Process.Pid)
	w.run1("ctl", "pause", "web")
	w.ctl("paused", "list", "-s", pid)
	w.run1("ctl", "continue", "web")
	w.run1("ctl", "stop")
	for _, b := range []*begun{run, copied, watcher} {
		w.wait(b.cmd)
	}
	if a := run.stdout.String(); a != copied.stdout.String() || a != watcher.stdout.String() {
		t.Errorf("not the same stream:\n%s\n%s\n%s", a, &copied.stdout, &watcher.stdout)
	}
	w.nothingLeft()
}

// TestCtlSeveral: with several sessions one line says which there are, and how one
// is named; that one can then be driven.
func TestCtlSeveral(t *testing.T) {
	w := newWorld(t)
	first, second := w.begin("run", "--plain", "--", "sleep", "1000"), w.begin("run", "--plain", "--", "sleep", "1001")
	pids := []string{strconv.Itoa(first.cmd.Process.Pid), strconv.Itoa(second.cmd.Process.Pid)}
	w.ctl("sleep 1000", "list")
	w.ctl("sleep 1001", "list")
	for advice, args := range map[string][]string{
		"(name one with -s PID)":           {"ctl", "stop"},
		"(name one: multiexit attach PID)": {"attach", "--plain"},
	} {
		got := w.run1(args...)
		if got.status != 2 || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "multiexit: 2 sessions run: ") || !strings.HasSuffix(got.stderr, " "+advice+"\n") ||
			!strings.Contains(got.stderr, pids[0]+" (sleep 1000)") || !strings.Contains(got.stderr, pids[1]+" (sleep 1001)") {
			t.Errorf("%q: %+v", args, got)
		}
	}
	for i, b := range []*begun{first, second} {
		if got := w.run1("ctl", "-s", pids[i], "stop"); got.status != 0 || got.stderr != "" {
			t.Errorf("%+v", got)
		}
		w.wait(b.cmd)
	}
	w.nothingLeft()
}

// run1 is run while something else of this world runs.
func (w *world) run1(args ...string) result {
	w.t.Helper()
	b := w.begin(args...)
	status := w.wait(b.cmd)
	return result{b.stdout.String(), b.stderr.String(), status}
}

// TestCtlReaderLeaves: who reads no more is not written to when something happens,
// but left at once.
func TestCtlReaderLeaves(t *testing.T) {
	w := newWorld(t)
	run := w.begin("run", "--json", "--", "sleep", "1000")
	w.ctl("sleep", "list")
	events := w.command("ctl", "events")
	out, err := events.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := events.Start(); err != nil {
		t.Fatal(err)
	}
	bufio.NewReader(out).ReadString('\n')
	out.Close()
	if status := w.wait(events); status != 128+13 {
		t.Errorf("status %d", status)
	}
	w.run1("ctl", "stop")
	w.wait(run.cmd)
	w.nothingLeft()
}
