package main

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"multiexit/demo"
	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// events runs multiexit with --json and reads what it says.
func (w *world) events(args ...string) ([]tree.Event, result) {
	w.t.Helper()
	got := w.run(slices.Insert(slices.Clone(args), 1, "--json")...)
	return decode(w.t, got.stdout), got
}

func decode(t testing.TB, text string) []tree.Event {
	t.Helper()
	rec, err := tape.Read(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if rec.Damage != nil {
		t.Fatalf("%v in\n%s", rec.Damage, text)
	}
	return rec.Events
}

// ran are the handlers that one process ran, as "begin name" and "end name", with
// the error behind it if one failed.
func ran(events []tree.Event, name string) (list []string) {
	nodes, handlers := map[string]string{}, map[string]string{}
	for _, e := range events {
		if e.Name != "" {
			nodes[e.Node] = e.Name
		}
		if e.Kind == exitreg.KindRegister {
			handlers[e.Node+e.ID] = e.Handler
		}
	}
	for _, e := range events {
		if nodes[e.Node] != name {
			continue
		}
		switch h := handlers[e.Node+e.ID]; e.Kind {
		case exitreg.KindBegin:
			list = append(list, h)
		case exitreg.KindEnd:
			if e.Err != "" {
				list = append(list, "failed: "+h)
			}
		}
	}
	return list
}

// allExit fails unless every process that was born exits, and everything that
// began ended.
func allExit(t *testing.T, events []tree.Event) {
	t.Helper()
	for _, n := range tree.Fold(events).Nodes {
		if n.Alive() {
			t.Errorf("%s %s did not exit", n.ID, n.Name)
		}
		if n.Lost() > 0 {
			t.Errorf("%s %s: %s", n.ID, n.Name, n.Remark())
		}
	}
	if last := events[len(events)-1]; last.Kind != exitreg.KindEOF {
		t.Errorf("the last event is %+v", last)
	}
}

func TestReadme(t *testing.T) {
	w := newWorld(t)
	events, got := w.sentTERM("demo", "readme", "--json")
	if got.status != 0 || got.stderr != "" {
		t.Errorf("status %d, stderr %q", got.status, got.stderr)
	}
	allExit(t, events)
	if l := ran(events, "main"); !slices.Equal(l, []string{"clean_main", "shared_exit"}) {
		t.Errorf("main ran %q", l)
	}
	if l := ran(events, "SubProcess1"); !slices.Equal(l, []string{"subproc1_clean", "shared_exit"}) {
		t.Errorf("SubProcess1 ran %q", l)
	}
	inherited := slices.ContainsFunc(events, func(e tree.Event) bool {
		return e.Kind == exitreg.KindRegister && e.Node == "0.0" && e.Handler == "shared_exit" && e.From == "0"
	})
	if !inherited {
		t.Error("nothing says that the child has shared_exit from main")
	}
	for _, e := range events {
		if e.Kind == exitreg.KindEnd && e.Elapsed <= 0 {
			t.Errorf("an end without its time: %+v", e)
		}
	}
}

// sentTERM is a demo readme whose main gets SIGTERM when all handlers are registered,
// however slowly that goes.
func (w *world) sentTERM(args ...string) ([]tree.Event, result) {
	w.t.Helper()
	b := w.begin(args...)
	w.registered(expected(w.t, "readme"), 0)
	w.run1("ctl", "send", "main=TERM")
	status := w.wait(b.cmd)
	w.nothingLeft()
	got := result{b.stdout.String(), b.stderr.String(), status}
	return decode(w.t, got.stdout), got
}

// TestScenarios: in every scenario whose root gets SIGTERM, each process runs
// what the scenario says, in that order; failures rob nobody.
func TestScenarios(t *testing.T) {
	for _, name := range []string{"nested", "faulty", "shop"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.begin("demo", name, "--json")
			w.registered(expected(t, name), map[string]int{"faulty": 1}[name]) // it registers one while it runs
			w.run1("ctl", "send", "0=TERM")
			if status := w.wait(b.cmd); status != 0 {
				t.Errorf("status %d, stderr %q", status, &b.stderr)
			}
			w.nothingLeft()
			events := decode(t, b.stdout.String())
			for _, n := range tree.Fold(events).Nodes {
				if n.Alive() {
					t.Errorf("%s %s did not exit", n.ID, n.Name)
				}
			}
			for _, line := range expected(t, name) {
				who, what, _ := strings.Cut(line, ":")
				var want []string
				for _, h := range strings.Fields(what) {
					want = append(want, strings.TrimSuffix(h, "!"))
					if strings.HasSuffix(h, "!") {
						want = append(want, "failed: "+strings.TrimSuffix(h, "!"))
					}
				}
				if l := ran(events, who); !slices.Equal(l, want) {
					t.Errorf("%s ran  %q\nwant %q", who, l, want)
				}
			}
		})
	}
}

// registered waits until all the handlers that are expected to run are there.
func (w *world) registered(expect []string, late int) {
	w.t.Helper()
	want := -late
	for _, line := range expect {
		_, what, _ := strings.Cut(line, ":")
		want += len(strings.Fields(what))
	}
	have := 0
	if !eventually(func() bool {
		var sessions []struct{ PID int }
		var all []process
		out, _ := w.command("ctl", "list", "--json").Output()
		if json.Unmarshal(out, &sessions) != nil || len(sessions) != 1 {
			return false
		}
		out, _ = w.command("ctl", "list", "--json", "--session", strconv.Itoa(sessions[0].PID)).Output()
		json.Unmarshal(out, &all)
		have = 0
		for _, p := range all {
			have += p.Plan
		}
		return have >= want
	}) {
		w.t.Fatalf("%d handlers of %d are registered", have, want)
	}
}

func TestRunStatus(t *testing.T) {
	for _, c := range []struct {
		script string
		args   []string
		status int
	}{
		{"exit 0", nil, 0},
		{"exit 7", nil, 7},
		{"kill -TERM $$", nil, 128 + 15},
		{"kill -KILL $$", nil, 128 + 9},
		{"sleep 1000 & exit 3", nil, 3},
		{"sleep 1000", []string{"--send", "0=TERM"}, 128 + 15},
		{"sleep 1000", []string{"--send", "0=9@100ms"}, 128 + 9},
		{"sleep 1000", []string{"--for", "300ms"}, 128 + 15},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			checkStatus(t, w.run(append(append([]string{"run", "--plain"}, c.args...), "--", "bash", "-c", c.script)...), c.status)
		})
	}
}

func checkStatus(t *testing.T, got result, status int) {
	t.Helper()
	if got.status != status {
		t.Errorf("status %d, want %d\n%s%s", got.status, status, got.stdout, got.stderr)
	}
	if !strings.HasPrefix(got.stderr, "multiexit: ") || strings.Count(got.stderr, "\n") != 1 || strings.Contains(got.stderr, "survived") {
		t.Errorf("stderr %q", got.stderr)
	}
}

// TestStoppedStatus: the status of a command that makes something of SIGTERM, when it
// is stopped.
func TestStoppedStatus(t *testing.T) {
	for _, c := range []struct {
		script, grace, makes string
		status               int
	}{
		{"trap 'exit 5' TERM; sleep 1000 & wait", "1h", "caught", 5},
		{"trap '' TERM; sleep 1000 & wait", "100ms", "ignored", 128 + 9},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.begin("run", "--plain", "--grace", c.grace, "--", "bash", "-c", c.script)
			w.ctl(`"sigterm": "`+c.makes+`"`, "list", "--json", "-s", strconv.Itoa(b.cmd.Process.Pid))
			w.run1("ctl", "stop")
			status := w.wait(b.cmd)
			w.nothingLeft()
			checkStatus(t, result{b.stdout.String(), b.stderr.String(), status}, c.status)
		})
	}
}

// TestAnyProgram watches programs that know nothing of multiexit.
func TestAnyProgram(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip(err)
	}
	const script = "python3 -u -m http.server --bind 127.0.0.1 0 & sleep 1000 & wait; exit 9"
	w := newWorld(t)
	b := w.begin("run", "--json", "--", "bash", "-c", script)
	w.ctl("Serving HTTP", "logs") // python3 may be a script that starts it after a while
	w.ctl(`"name": "sleep"`, "list", "--json", "-s", strconv.Itoa(b.cmd.Process.Pid))
	for _, s := range []string{"sleep=KILL", "python*=TERM"} {
		if got := w.run1("ctl", "send", s); got.status != 0 {
			t.Error(got.stderr)
		}
	}
	if status := w.wait(b.cmd); status != 9 || b.stderr.Len() > 0 {
		t.Errorf("status %d, stderr %q", status, &b.stderr)
	}
	w.nothingLeft()
	all := tree.Fold(decode(t, b.stdout.String()))
	for id, want := range map[string]string{"0": "bash: default, exit 9", "0.0": "python: default, SIGTERM", "0.1": "sleep: default, killed"} {
		n := all.Node(id)
		name, _, _ := strings.Cut(n.Name, "3") // python3, python3.11
		if have := name + ": " + string(n.Term) + ", " + n.Outcome(); have != want {
			t.Errorf("%s is %q, want %q", id, have, want)
		}
	}
	for _, n := range all.Nodes { // python3 may be a script that starts more
		if n.Alive() {
			t.Errorf("%s %s did not exit", n.ID, n.Name)
		}
	}
}

// expected is what a scenario says that SIGTERM to its root runs.
func expected(t testing.TB, name string) []string {
	t.Helper()
	s, err := demo.Find(name, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s.Expect
}

// TestSendReachesNobody: the line, the status, and everything is stopped.
func TestSendReachesNobody(t *testing.T) {
	got := newWorld(t).run("demo", "readme", "--plain", "--send", "mian=TERM")
	if got.status != 2 || !strings.Contains(got.stderr, `multiexit: --send mian=TERM: no process "mian"`) || !strings.Contains(got.stderr, "2 processes, 2 gone") {
		t.Errorf("status %d\n%s", got.status, got.stderr)
	}
}

// TestSignalsInLines: the rungs of the ladder without a screen.
func TestSignalsInLines(t *testing.T) {
	for _, c := range []struct {
		name string
		list []syscall.Signal
	}{
		{"once", []syscall.Signal{syscall.SIGTERM}},
		{"twice", []syscall.Signal{syscall.SIGINT, syscall.SIGINT}},
		{"three times", []syscall.Signal{syscall.SIGQUIT, syscall.SIGQUIT, syscall.SIGQUIT}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			cmd := w.command("demo", "stubborn", "--json", "--grace", "300ms")
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for lines.Scan() && !strings.Contains(lines.Text(), `"register"`) {
			}
			signals(c.list...)(nil, cmd)
			for lines.Scan() {
			}
			if status := w.wait(cmd); status != 128+int(c.list[0]) {
				t.Errorf("status %d", status)
			}
			w.nothingLeft()
		})
	}
}
