package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// What real processes do wrong is found, and nothing else.
func TestFindingsOfRealRuns(t *testing.T) {
	t.Parallel()
	self := []string{"run", "--send", "0=TERM", "--"}
	for _, c := range []struct {
		name string
		args []string
		want []string // "rule process/handler"
	}{
		{"faulty", []string{"demo", "faulty", "--send", "0=TERM"}, []string{
			"failed error/save-state", "panicked panic/save-state", "timed-out hang/save-state", "timed-out timeout/save-state"}},
		{"stubborn", []string{"demo", "stubborn", "--send", "0=TERM"}, []string{
			"failed main/wait-children", "held-up stopped", "killed-before-done blocks", "killed-before-done ignores", "killed-before-done stopped",
			"lost-to-sigkill stopped/close-files", "signal-blocked blocks", "signal-ignored ignores", "stopped stopped"}},
		{"escape", []string{"demo", "escape", "--send", "0=TERM"}, []string{"outlived daemon", "outlived orphan"}},
		{"readme", []string{"demo", "readme", "--send", "0=TERM"}, nil},
		{"killed", []string{"demo", "readme", "--send", "SubProcess1=KILL", "--send", "0=TERM"}, []string{"lost-to-sigkill SubProcess1/subproc1_clean"}},
		{"fault", []string{"demo", "readme", "--send", "0=TERM", "--fault", "SubProcess1/subproc1_clean=exit:3"}, []string{
			"ended-in-handler SubProcess1/subproc1_clean (injected)", "lost-to-exit SubProcess1/shared_exit (injected)"}},
		{"default", append(self, "sleep", "100"), nil},
		{"needy", append(self, os.Args[0], needyWord, "wrong"), []string{"closed-too-early needy/flush"}},
		{"unneedy", append(self, os.Args[0], needyWord, "right"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			path := w.dir + "/run.jsonl"
			w.run(append([]string{c.args[0], "--plain", "--record", path}, c.args[1:]...)...)
			var r check.Report
			got := w.run("analyze", "--json", path)
			if err := json.Unmarshal([]byte(got.stdout), &r); err != nil {
				t.Fatalf("%v: %+v", err, got)
			}
			tape, err := readTape(path)
			if err != nil {
				t.Fatal(err)
			}
			if found := named(tree.Fold(tape.Events), r.Findings); !slices.Equal(found, c.want) {
				t.Errorf("found\n\t%s\nwant\n\t%s\n%s", strings.Join(found, "\n\t"), strings.Join(c.want, "\n\t"), w.run("analyze", path).stdout)
			}
		})
	}
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
		if f.Rule != "held-up" || strings.HasSuffix(name, " stopped") {
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
