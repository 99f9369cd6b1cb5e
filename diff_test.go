package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

// faultRun is a run of the shop with a fault in one handler, and what diff is to say of
// it and of one without.
type faultRun struct {
	fault   string
	kind    diff.Kind
	after   string // how its fate begins
	effects []string
}

const faultProcess, faultHandler = "supervisor/api-gateway/worker-1", "flush-wal"

// TestDiffFault: of two real runs of the shop, one with a fault put into one
// handler, diff names that change and what came of it, and nothing else. The runs
// are several at a time, so the machine is as busy as it gets. One that keeps a
// process from running for a third of a second makes it slower, and that is rightly
// told, too: it is not looked at. Where it lets something fail both are run again, for
// it does not do so to the same ones each time.
func TestDiffFault(t *testing.T) {
	left := []faultRun{
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
	w := newWorld(t)
	var wrong []string
	for try := 0; try < 3 && len(left) > 0; try++ {
		clean := w.shops(left)
		var again []faultRun
		wrong = nil
		for _, r := range left {
			if s := w.faultShows(r, clean); s != "" {
				again, wrong = append(again, r), append(wrong, s)
			}
		}
		left = again
	}
	for _, s := range wrong {
		t.Error(s)
	}
}

// shops records a run of the shop without a fault, whose file it returns, and one with
// each of the faults.
func (w *world) shops(runs []faultRun) (clean string) {
	w.t.Helper()
	_, handlers := w.shopSize()
	var all sync.WaitGroup
	turns := make(chan struct{}, 3)
	record := func(file string, flags ...string) {
		os.Remove(file) // of the try before
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			if err := w.shutdown(file, handlers, flags...); err != nil {
				w.t.Error(err)
			}
		})
	}
	clean = w.faultFile("clean")
	record(clean)
	for _, r := range runs {
		if r.fault == "" {
			record(w.faultFile(""))
			continue
		}
		record(w.faultFile(r.fault), "--fault", "worker-1/"+faultHandler+"="+r.fault)
	}
	all.Wait()
	w.nothingLeft()
	return clean
}

func (w *world) faultFile(name string) string { return filepath.Join(w.dir, "run-"+name+".jsonl") }

// shopSize is how many processes the shop has, and handlers.
func (w *world) shopSize() (processes, handlers int) {
	w.t.Helper()
	shop, err := demo.Find("shop", 0)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, line := range shop.Expect {
		_, all, _ := strings.Cut(line, ":")
		handlers += len(strings.Fields(all))
	}
	return len(shop.Expect), handlers
}

// faultShows is what is wrong with the differences between a run with a fault and the
// clean one; empty if they are as they should be.
func (w *world) faultShows(r faultRun, clean string) (wrong string) {
	w.t.Helper()
	got := w.run("diff", "--json", clean, w.faultFile(r.fault))
	var d diff.Diff
	if err := json.Unmarshal([]byte(got.stdout), &d); err != nil || got.status != 0 {
		w.t.Fatalf("%v, %+v", err, got)
	}
	if processes, handlers := w.shopSize(); d.After.Processes != processes || d.After.Handlers != handlers || d.After.Signal != "SIGTERM" {
		w.t.Errorf("%q: the run itself is another: %s", r.fault, d.After)
	}
	d.Changes = slices.DeleteFunc(d.Changes, busy)
	if r.fault == "" {
		if len(d.Changes) != 0 {
			return fmt.Sprintf("two runs that are the same:\n%s", d)
		}
		return ""
	}
	name, _, _ := strings.Cut(r.fault, ":")
	if len(d.Changes) != 1 {
		return fmt.Sprintf("%s:\n%s", r.fault, d)
	}
	c := d.Changes[0]
	if c.Path != faultProcess || c.Handler != faultHandler || c.Kind != r.kind || c.Injected != name || !strings.HasPrefix(c.After, r.after) {
		return fmt.Sprintf("%s:\n%s", r.fault, d)
	}
	if took := w.took(r.fault) - w.took("clean"); c.Kind == diff.Slower && c.By != took {
		return fmt.Sprintf("%s slower is told as %s", took, c)
	}
	var effects []string
	for _, e := range c.Effects {
		effects = append(effects, strings.TrimPrefix(e.String(), faultProcess+": "))
	}
	if fmt.Sprint(effects) != fmt.Sprint(r.effects) {
		return fmt.Sprintf("%s: %q, want %q", r.fault, effects, r.effects)
	}
	return ""
}

// busy says that a change is due to a machine that is.
func busy(c diff.Change) bool {
	return c.Injected == "" && (c.Kind == diff.Slower || c.Kind == diff.Faster)
}

// took is the time of the handler that the faults are put into, in one of the runs.
func (w *world) took(run string) time.Duration {
	w.t.Helper()
	name := path.Base(faultProcess)
	for _, n := range folded(w.faultFile(run)).Nodes {
		for _, h := range n.Handlers() {
			if n.Name == name && h.Name == faultHandler {
				return h.Elapsed
			}
		}
	}
	w.t.Fatalf("no %s of %s in the run %q", faultHandler, faultProcess, run)
	return 0
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
