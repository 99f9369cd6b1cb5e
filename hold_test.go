package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// all waits until so many processes are there, with so many handlers, and returns the
// session.
func (w *world) all(processes, handlers int) (session string) {
	w.t.Helper()
	if !eventually(func() bool {
		var sessions []struct{ PID int }
		var list []process
		out, _ := w.command("ctl", "list", "--json").Output()
		if json.Unmarshal(out, &sessions) != nil || len(sessions) != 1 {
			return false
		}
		session = fmt.Sprint(sessions[0].PID)
		out, _ = w.command("ctl", "list", "--json", "--session", session).Output()
		json.Unmarshal(out, &list)
		plan := 0
		for _, p := range list {
			plan += p.Plan
		}
		return len(list) >= processes && plan >= handlers
	}) {
		w.t.Fatalf("not all of %d processes and %d handlers are there", processes, handlers)
	}
	return session
}

// A tree of 20 processes is held for longer than the grace of its end, and stepped to
// the end, last in first out: nobody is killed, nothing is skipped or times out.
func TestTwentyHeld(t *testing.T) {
	t.Parallel()
	const grace = 5 * time.Second // what runs takes its time, on a busy machine more
	w := newWorld(t)
	b := w.begin("demo", "wide", "-n", "19", "--json", "--hold", "--grace", grace.String())
	w.all(20, 70)
	w.run1("ctl", "stop")
	began := time.Now()
	if !eventually(func() bool { return time.Since(began) > grace+grace/5 }) {
		t.Fatal("time does not pass")
	}
	for eventually(func() bool { return w.run1("ctl", "step").status == 0 || len(w.processes()) == 0 }) && len(w.processes()) > 0 {
	}
	if status := w.wait(b.cmd); status != 0 {
		t.Errorf("status %d, stderr %q", status, &b.stderr)
	}
	w.nothingLeft()
	events := decode(t, b.stdout.String())
	checkStepped(t, events, 20)
	froze := slices.IndexFunc(events, func(e tree.Event) bool { return e.Kind == exitreg.KindRung && e.Text == "freeze" })
	if froze < 0 {
		t.Error("its time never stood")
	}
}

// checkStepped checks a shutdown in which everybody was held before each handler.
func checkStepped(t *testing.T, events []tree.Event, processes int) {
	t.Helper()
	all, plans, held := new(tree.Tree), map[string][]string{}, map[string]string{}
	for i := range events {
		e := &events[i]
		switch n := all.Node(e.Node); {
		case e.Kind == exitreg.KindDeliver && n != nil:
			for _, h := range n.Plan() {
				plans[e.Node] = append(plans[e.Node], h.ID)
			}
		case e.Kind == exitreg.KindHold:
			held[e.Node] = e.ID
		case e.Kind == exitreg.KindBegin && held[e.Node] != e.ID:
			t.Errorf("%s of %s was not held", e.Handler, e.Node)
		case e.Sig == "SIGKILL" && e.Kind != exitreg.KindWait:
			t.Errorf("%s: %s with SIGKILL", e.Node, e.Kind)
		}
		all.Apply(e)
	}
	if len(all.Nodes) != processes || all.Counts.Exited != processes || all.Counts.Held != 0 {
		t.Errorf("%+v, of %d", all.Counts, processes)
	}
	for _, n := range all.Nodes {
		var ran []string
		for _, h := range n.Ran() {
			ran = append(ran, h.ID)
		}
		if !slices.Equal(ran, plans[n.ID]) {
			t.Errorf("%s ran %q, planned was %q", n.ID, ran, plans[n.ID])
		}
	}
}

// Faults of each kind on handlers of each kind, as flags: each is told before it shows,
// and nothing else goes wrong that is not due to it.
func TestEachFault(t *testing.T) {
	t.Parallel()
	kinds := []string{"hang", "delay:60ms", "fail", "panic", "skip", "exit:3", "kill", "kill:60ms", "stop"}
	aims := []string{"SubProcess1/subproc1_clean", "main/shared_exit", "SubProcess1/shared_exit", "main/clean_main"}
	if testing.Short() {
		aims = aims[1:3]
	}
	for _, aim := range aims {
		t.Run(strings.ReplaceAll(aim, "/", " "), func(t *testing.T) {
			t.Parallel()
			for _, kind := range kinds {
				w := newWorld(t)
				b := w.begin("demo", "readme", "--json", "--grace", "1h", "--fault", aim+"="+kind)
				w.registered(expected(t, "readme"), 0)
				w.run1("ctl", "stop")
				switch kind {
				case "hang":
					w.killOnce(b, aimed(aim, exitreg.KindBegin))
				case "stop":
					w.killOnce(b, aimed(aim, exitreg.KindStop))
				}
				w.wait(b.cmd)
				w.nothingLeft()
				checkFault(t, aim, kind, decode(t, b.stdout.String()))
				if b.stderr.Len() > 0 {
					t.Errorf("%s: stderr %s", kind, &b.stderr)
				}
			}
		})
	}
}

// tells says that a session that prints its stream has told an event.
func (b *begun) tells(is func(*tree.Event) bool) bool {
	rec, err := tape.Read(strings.NewReader(b.stdout.String()))
	return err == nil && slices.ContainsFunc(rec.Events, func(e tree.Event) bool { return is(&e) })
}

// killOnce kills a process as soon as its session has told an event of it.
func (w *world) killOnce(b *begun, is func(*tree.Event) bool) {
	w.t.Helper()
	pid := 0
	if !eventually(func() bool {
		rec, err := tape.Read(strings.NewReader(b.stdout.String()))
		if err != nil {
			return false
		}
		if i := slices.IndexFunc(rec.Events, func(e tree.Event) bool { return is(&e) }); i >= 0 {
			pid = tree.Fold(rec.Events).Node(rec.Events[i].Node).PID
		}
		return pid > 0
	}) {
		w.t.Fatalf("it never comes so far:\n%s", &b.stdout)
	}
	syscall.Kill(pid, syscall.SIGKILL)
}

// aimed finds an event of a handler, or of the process that a fault in it stops.
func aimed(aim string, kind exitreg.Kind) func(*tree.Event) bool {
	proc, name, _ := strings.Cut(aim, "/")
	node := map[string]string{"main": "0", "SubProcess1": "0.0"}[proc]
	return func(e *tree.Event) bool {
		return e.Kind == kind && e.Node == node && (kind == exitreg.KindStop || e.Handler == name)
	}
}

func checkFault(t *testing.T, aim, kind string, events []tree.Event) {
	t.Helper()
	proc, name, _ := strings.Cut(aim, "/")
	word, _, _ := strings.Cut(kind, ":")
	all := tree.Fold(events)
	n := all.Node(map[string]string{"main": "0", "SubProcess1": "0.0"}[proc])
	i := slices.IndexFunc(n.Handlers(), func(h *tree.Handler) bool { return h.Name == name })
	h := n.Handlers()[i]
	told, showed := -1, -1
	for i, e := range events {
		if e.Node != n.ID || e.ID != h.ID {
			continue
		}
		switch e.Kind {
		case exitreg.KindFault:
			told = i
		case exitreg.KindBegin, exitreg.KindSkip:
			showed = i
		}
	}
	ok := map[string]func() bool{
		"hang":  func() bool { return h.State == tree.Lost && n.EndSig == "SIGKILL" },
		"delay": func() bool { return h.State == tree.Done && h.Elapsed >= 60*time.Millisecond },
		"fail":  func() bool { return h.State == tree.Broken && h.Err == "injected failure" },
		"panic": func() bool { return h.State == tree.Broken && h.Err == "panic: injected panic" },
		"skip":  func() bool { return h.State == tree.Skipped && h.Err == "injected" },
		"exit":  func() bool { return h.State == tree.Lost && n.Code == 3 },
		"kill": func() bool {
			return h.State == tree.Lost && n.EndSig == "SIGKILL" || h.State == tree.Done && h.Elapsed < 60*time.Millisecond
		},
		"stop": func() bool {
			return n.EndSig == "SIGKILL" && slices.ContainsFunc(events, func(e tree.Event) bool { return e.Node == n.ID && e.Kind == exitreg.KindStop })
		},
	}[word]
	if told < 0 || showed < told || h.Fault != word || !ok() {
		t.Errorf("%s=%s: told at %d, showed at %d, fault %q, %v %q; %s", aim, kind, told, showed, h.Fault, h.State, h.Err, n.Outcome())
	}
	for _, m := range all.Nodes {
		for _, other := range m.Handlers() {
			if other != h && (other.Fault != "" || other.State == tree.Broken && !strings.Contains(other.Err, "had to be killed")) {
				t.Errorf("%s=%s: and %s of %s: %q, %q", aim, kind, other.Name, m.Name, other.Fault, other.Err)
			}
		}
	}
}

// Faults of processes, as flags.
func TestFaultOfProcess(t *testing.T) {
	t.Parallel()
	for fault, c := range map[string]struct {
		says string // in a fault event
		end  string // of the process
		kill bool   // it does not end otherwise
	}{
		"main=ignore":     {"0 ignore SIGTERM", "killed", true},
		"main=ignore:INT": {"", "SIGTERM", false},
		"main=stop":       {"0 stop", "killed", true},
		"main=kill":       {"0 kill", "killed", false},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.begin("demo", "readme", "--json", "--grace", "1h", "--fault", fault)
			if fault == "main=stop" { // it says nothing
				if !eventually(func() bool { return b.tells(func(e *tree.Event) bool { return e.Kind == exitreg.KindStop }) }) {
					t.Errorf("it is never stopped:\n%s", &b.stdout)
				}
			} else {
				w.registered(expected(t, "readme"), 0)
			}
			w.run1("ctl", "stop")
			if c.kill {
				w.killOnce(b, func(e *tree.Event) bool { return e.Kind == exitreg.KindFault })
			}
			w.wait(b.cmd)
			w.nothingLeft()
			says := ""
			events := decode(t, b.stdout.String())
			for _, e := range events {
				if e.Kind == exitreg.KindFault && says == "" {
					says = strings.TrimSpace(e.Node + " " + e.Text + " " + e.Sig)
				}
			}
			if n := tree.Fold(events).Node("0"); says != c.says || n.Outcome() != c.end {
				t.Errorf("%q, ended by %s", says, n.Outcome())
			}
			if b.stderr.Len() > 0 {
				t.Errorf("stderr %s", &b.stderr)
			}
		})
	}
}

// A program that nobody here wrote is held before our signal, and let go.
func TestForeignHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.begin("run", "--json", "--hold=sleep@TERM", "--grace", "1h", "--", "sleep", "1000")
	session := w.all(1, 0)
	w.run1("ctl", "stop")
	if !eventually(func() bool {
		return strings.Contains(w.run1("ctl", "list", "--session", session).stdout, "held before SIGTERM reaches it")
	}) {
		t.Fatal("it is not held")
	}
	if got := w.run1("ctl", "step"); got.status != 0 {
		t.Error(got.stderr)
	}
	if status := w.wait(b.cmd); status != 128+15 {
		t.Errorf("status %d", status)
	}
	w.nothingLeft()
	n := tree.Fold(decode(t, b.stdout.String())).Node("0")
	if n.EndSig != "SIGTERM" || n.Held {
		t.Errorf("ended by %s", n.Outcome())
	}
}

// What nobody was meant by, or cannot be, is told.
func TestHoldMissed(t *testing.T) {
	t.Parallel()
	got := newWorld(t).run("run", "--json", "--hold=nobody", "--hold=sleep@exit", "--hold=sleep/flush", "--fault", "sleep=ignore", "--", "sleep", "0.1")
	want := []string{
		"--fault sleep=ignore: sleep (pid ", `--hold=nobody: no process "nobody"`, "--hold=sleep@exit: sleep (pid ",
		`--hold=sleep/flush: no handler "flush" (none has registered there`,
	}
	for i, line := range strings.Split(strings.TrimSpace(got.stderr), "\n") {
		if i >= len(want) || !strings.HasPrefix(line, "multiexit: "+want[i]) {
			t.Errorf("%s", line)
		}
	}
	if got.status != 2 {
		t.Errorf("status %d, %s", got.status, got.stderr)
	}
}

// What is held does not keep a session from ending by its time or by a signal.
func TestLinesLetGo(t *testing.T) {
	for name, end := range map[string]func(*exec.Cmd){
		"--for":   func(*exec.Cmd) {},
		"SIGTERM": func(cmd *exec.Cmd) { cmd.Process.Signal(syscall.SIGTERM) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			args := []string{"demo", "readme", "--json", "--hold", "--hold=main@exit", "--grace", "1h"}
			if name == "--for" {
				args = append(args, "--for", "1500ms")
			}
			b := w.begin(args...)
			if name != "--for" { // which may be over before a slow machine has come so far
				w.registered(expected(t, "readme"), 0)
			}
			end(b.cmd)
			w.wait(b.cmd)
			w.nothingLeft()
			for _, e := range decode(t, b.stdout.String()) {
				if e.Sig == "SIGKILL" && e.Kind != exitreg.KindWait {
					t.Errorf("%s: %s", e.Node, e.Kind)
				}
			}
		})
	}
}
