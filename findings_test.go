package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
	"multiexit/tree/tape"
)

// What real processes do wrong is found, and nothing else.
func TestFindingsOfRealRuns(t *testing.T) {
	t.Parallel()
	readme := []string{"main caught 2", "SubProcess1 caught 2"}
	for _, c := range []struct {
		name  string
		args  []string
		ready []string // see standing
		send  []string
		stop  []string // by the ladder
		want  []string // "rule process/handler"
	}{
		{name: "faulty", args: []string{"demo", "faulty"}, send: []string{"0=TERM"},
			ready: []string{"main caught 2", "error caught 4", "panic caught 4", "timeout caught 4", "hang caught 4", "late caught 4", "exit caught 4"},
			want:  []string{"failed error/save-state", "panicked panic/save-state", "timed-out hang/save-state", "timed-out timeout/save-state"}},
		{name: "stubborn", args: []string{"demo", "stubborn"}, send: []string{"0=TERM"},
			ready: []string{"main caught 2", "polite caught 1", "ignores ignored 0", "blocks blocked 0", "stopped caught 1 stopped"},
			want: []string{"failed main/wait-children", "killed-before-done blocks", "killed-before-done ignores", "killed-before-done stopped",
				"lost-to-sigkill stopped/close-files", "signal-blocked blocks", "signal-ignored ignores", "stopped stopped"}},
		{name: "escape", args: []string{"demo", "escape"}, send: []string{"0=TERM"},
			ready: []string{"main caught 2", "worker caught 2", "session caught 2", "orphan default 0 orphaned", "daemon caught 3 orphaned"},
			want:  []string{"outlived daemon", "outlived orphan"}},
		{name: "readme", args: []string{"demo", "readme"}, ready: readme, send: []string{"0=TERM"}},
		{name: "killed", args: []string{"demo", "readme"}, ready: readme, send: []string{"SubProcess1=KILL", "0=TERM"}, want: []string{"lost-to-sigkill SubProcess1/subproc1_clean"}},
		{name: "fault", args: []string{"demo", "readme", "--fault", "SubProcess1/subproc1_clean=exit:3"}, ready: readme, send: []string{"0=TERM"},
			want: []string{"ended-in-handler SubProcess1/subproc1_clean (injected)", "lost-to-exit SubProcess1/shared_exit (injected)"}},
		{name: "default", args: []string{"run", "--", "sleep", "100"}, ready: []string{"sleep default 0"}, send: []string{"0=TERM"}},
		{name: "status", args: []string{"run", "--", "sh", "-c", `mkfifo p; trap "exit 3" TERM; read x <>p`}, ready: []string{"sh caught 0"}, send: []string{"0=TERM"}, want: []string{"bad-status sh"}},
		{name: "good status", args: []string{"run", "--", "sh", "-c", `mkfifo p; trap "exit 143" TERM; read x <>p`}, ready: []string{"sh caught 0"}, send: []string{"0=TERM"}},
		{name: "not forwarded", args: []string{"run", "--grace", "10s", "--", "sh", "-c", `trap "exit 0" TERM; sleep 100; true`}, ready: []string{"sh caught 0", "sleep default 0"}, stop: []string{"0"},
			want: []string{"signal-not-forwarded sh"}},
		{name: "forwarded", args: []string{"run", "--grace", "4s", "--", "sh", "-c", `trap 'kill $!; wait; exit 0' TERM; sleep 100 & wait`}, ready: []string{"sh caught 0", "sleep default 0"}, stop: []string{"0"}},
		{name: "needy", args: []string{"run", "--", os.Args[0], needyWord, "wrong"}, ready: []string{"needy caught 2"}, send: []string{"0=TERM"}, want: []string{"closed-too-early needy/flush"}},
		{name: "not needy", args: []string{"run", "--", os.Args[0], needyWord, "right"}, ready: []string{"needy caught 2"}, send: []string{"0=TERM"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			path := w.observed(c.args, c.ready, c.send, c.stop)
			var r check.Report
			got := w.run("analyze", "--json", path)
			if err := json.Unmarshal([]byte(got.stdout), &r); err != nil {
				t.Fatalf("%v: %+v", err, got)
			}
			if found := named(folded(path), r.Findings); !slices.Equal(found, c.want) {
				t.Errorf("found\n\t%s\nwant\n\t%s\n%s", strings.Join(found, "\n\t"), strings.Join(c.want, "\n\t"), w.run("analyze", path).stdout)
			}
		})
	}
}

// observed is the recording of a session in which signals are sent, and processes are
// stopped by the ladder, once all stand as they shall.
func (w *world) observed(args, ready, send, stop []string) (path string) {
	w.t.Helper()
	path = filepath.Join(w.dir, "run.jsonl")
	out, err := os.Create(path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer out.Close()
	cmd := w.command(append([]string{args[0], "--json"}, args[1:]...)...)
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	if !eventually(func() bool {
		now := standing(folded(path))
		return !slices.ContainsFunc(ready, func(s string) bool { return !slices.Contains(now, s) })
	}) {
		w.t.Fatalf("they stand as %q, want %q", standing(folded(path)), ready)
	}
	for _, s := range send {
		w.run1("ctl", "send", s)
	}
	for _, s := range stop {
		w.run1("ctl", "stop", s)
	}
	w.wait(cmd)
	w.nothingLeft()
	return path
}

// folded is the tree of a recording that may still grow.
func folded(path string) *tree.Tree {
	tape, err := tape.Open(path)
	if err != nil {
		return new(tree.Tree) // not even a header yet
	}
	return tree.Fold(tape.Events)
}

// standing says how each process stands: "db caught 3 stopped", "cron caught 1 orphaned",
// "wrapper gone".
func standing(t *tree.Tree) (list []string) {
	for _, n := range t.Nodes {
		s := fmt.Sprintf("%s %s %d", n.Name, n.Term, n.Pending())
		switch {
		case n.Ended():
			s = n.Name + " gone"
		case n.Stopped:
			s += " stopped"
		case n.Orphan:
			s += " orphaned"
		}
		list = append(list, s)
	}
	return list
}

// The documentation explains every rule, and none that is not there.
func TestRulesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("docs/analyze.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| rule | |")
	table, _, _ = strings.Cut(table, "\n\n")
	var listed []string
	for i, word := range strings.Split(table, "`") {
		if i%2 == 1 && !strings.Contains(word, ".") {
			listed = append(listed, word)
		}
	}
	rules := check.Rules()
	slices.Sort(listed)
	slices.Sort(rules)
	if !slices.Equal(listed, rules) {
		t.Errorf("documented\n%q\nthere are\n%q", listed, rules)
	}
}

// named are findings in a form that is the same in every run. A machine that is
// busy may hold anybody up.
func named(t *tree.Tree, list []check.Finding) (names []string) {
	for _, f := range list {
		name := f.Rule + " " + t.Node(f.Node).Name
		if f.Handler != "" {
			name += "/" + f.Handler
		}
		if f.Injected != "" {
			name += " (injected)"
		}
		if f.Rule != "held-up" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

const needyWord = "test-needy"

func init() { roles[needyWord] = needy }

// needy is a program in which flush uses what close-db closes. It registers them in
// the right order or in the wrong one.
func needy(args []string) int {
	exitreg.Install(exitreg.Name("needy"))
	works := func(context.Context) error { return nil }
	flush := func() { exitreg.Register("flush", works, exitreg.Needs("close-db")) }
	if args[0] == "wrong" {
		flush()
	}
	exitreg.Register("close-db", works)
	if args[0] == "right" {
		flush()
	}
	time.Sleep(time.Hour)
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	return 0
}
