package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"multiexit/demo"
	"multiexit/tree/diff"
)

// shutdown records one shutdown of the shop, which begins when all its processes
// have registered all their handlers, however slowly they start.
func (w *world) shutdown(file string, handlers int, flags ...string) error {
	b := w.begin(append([]string{"demo", "shop", "--json", "--record", file}, flags...)...)
	defer w.wait(b.cmd)
	ready := func() bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Count(string(text), `"kind":"register"`) >= handlers && deaf(string(text))
	}
	if !eventually(ready) {
		b.cmd.Process.Kill()
		return fmt.Errorf("%s: it never started", file)
	}
	pid := fmt.Sprint(b.cmd.Process.Pid)
	sent := func() bool { return w.run1("ctl", "send", "-s", pid, "supervisor=TERM").status == 0 }
	if !eventually(sent) {
		b.cmd.Process.Kill()
		return fmt.Errorf("%s: nothing could be sent", file)
	}
	return nil
}

// deaf says that the one of the shop that ignores SIGTERM does so by now.
func deaf(recorded string) bool { return strings.Contains(recorded, `"text":"ignored"`) }

// TestDiffFault: of two real runs of the shop, one with a fault put into one
// handler, diff names that change and what came of it, and nothing else. The runs
// are several at a time, so the machine is as busy as it gets.
func TestDiffFault(t *testing.T) {
	const process, handler = "supervisor/api-gateway/worker-1", "flush-wal"
	runs := []struct {
		fault   string
		kind    diff.Kind
		after   string // how its fate begins
		effects []string
	}{
		{"", "", "", nil},
		{"fail", diff.FailureGained, "failed: injected failure", nil},
		{"delay:2s", diff.Slower, "", nil},
		{"hang", diff.FailureGained, "failed: timeout", nil},
		{"skip", diff.FailureGained, "skipped: injected", nil},
		{"panic", diff.FailureGained, "failed: panic: injected", nil},
		{"exit:3", diff.FailureGained, "lost while it ran", []string{
			"SIGTERM -> exit 3", "flush-metrics: ok -> never ran", "release-lease: ok -> never ran",
			"deregister-dns: ok -> never ran", "unlink-socket: ok -> never ran", "close-db-pool: ok -> never ran",
		}},
	}
	handlers := 0
	shop, err := demo.Find("shop", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range shop.Expect {
		_, all, _ := strings.Cut(line, ":")
		handlers += len(strings.Fields(all))
	}
	w := newWorld(t)
	file := func(fault string) string { return filepath.Join(w.dir, "run-"+fault+".jsonl") }
	var all sync.WaitGroup
	turns := make(chan struct{}, 3)
	record := func(file string, flags ...string) {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			if err := w.shutdown(file, handlers, flags...); err != nil {
				t.Error(err)
			}
		})
	}
	record(file("clean"))
	for _, r := range runs {
		if r.fault == "" {
			record(file(""))
			continue
		}
		record(file(r.fault), "--fault", "worker-1/"+handler+"="+r.fault)
	}
	all.Wait()
	w.nothingLeft()
	for _, r := range runs {
		got := w.run("diff", "--json", file("clean"), file(r.fault))
		var d diff.Diff
		if err := json.Unmarshal([]byte(got.stdout), &d); err != nil || got.status != 0 {
			t.Fatalf("%v, %+v", err, got)
		}
		if d.After.Processes != len(shop.Expect) || d.After.Handlers != handlers || d.After.Signal != "SIGTERM" {
			t.Errorf("%q: the run itself is another: %s", r.fault, d.After)
		}
		if r.fault == "" {
			if len(d.Changes) != 0 {
				t.Errorf("two runs that are the same:\n%s", d)
			}
			continue
		}
		name, _, _ := strings.Cut(r.fault, ":")
		if len(d.Changes) != 1 {
			t.Errorf("%s:\n%s", r.fault, d)
			continue
		}
		c := d.Changes[0]
		if c.Path != process || c.Handler != handler || c.Kind != r.kind || c.Injected != name || !strings.HasPrefix(c.After, r.after) {
			t.Errorf("%s:\n%s", r.fault, d)
		}
		if c.Kind == diff.Slower && (c.By < 1900e6 || c.By > 4e9) {
			t.Errorf("2 s slower is told as %s", c)
		}
		var effects []string
		for _, e := range c.Effects {
			effects = append(effects, strings.TrimPrefix(e.String(), process+": "))
		}
		if fmt.Sprint(effects) != fmt.Sprint(r.effects) {
			t.Errorf("%s: %q, want %q", r.fault, effects, r.effects)
		}
	}
}

// TestDiffScreen: the screen needs a terminal and has text without one; pictures
// need none.
func TestDiffScreen(t *testing.T) {
	const shop = "docs/shop.jsonl"
	here, err := filepath.Abs(shop)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	text := w.run("diff", here, here).stdout
	if got := w.run("diff", "--screen", here, here); got.stdout != text || got.status != 0 || got.stderr != "" {
		t.Errorf("%+v", got)
	}
	if got := w.run("diff", "--shot", "-", "--size", "100x30", here, here); !strings.Contains(got.stdout, "no difference beyond what is noise") || !strings.Contains(got.stdout, "COMPARE") {
		t.Errorf("%+v", got)
	}
	for _, c := range [][]string{
		{"diff --json: is for programs, --screen and --shot are for people (one or the other)", "diff", "--json", "--screen", here, here},
		{"diff --screen --shot: one or the other (--shot writes a picture of that screen)", "diff", "--screen", "--shot", "x.svg", here, here},
		{"--shot x.gif: what kind of picture? (a name that ends in .svg, .txt or .ansi, or -)", "diff", "--shot", "x.gif", here, here},
		{"diff - -: standard input can be read once only (name a file for one of the two)", "diff", "-", "-"},
		{"diff: needs two recordings: files, or runs of multiexit history (see multiexit diff --help)", "diff", here},
	} {
		if got := w.run(c[1:]...); got.status != 2 || got.stderr != "multiexit: "+c[0]+"\n" {
			t.Errorf("%q: %+v", c[1:], got)
		}
	}
}
