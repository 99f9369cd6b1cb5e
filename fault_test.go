package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/diff"
)

// shut is a recording of the demo's shutdown, with these flags.
func (w *world) shut(t *testing.T, name string, flags ...string) (path string, events []tree.Event) {
	w.t.Helper()
	path = filepath.Join(w.dir, name)
	b := w.begin(append([]string{"demo", "shop", "--json", "--record", path}, flags...)...)
	w.registered(expected(t, "shop"), 0)
	if !eventually(func() bool { text, _ := os.ReadFile(path); return deaf(string(text)) }) {
		t.Error("nobody ignores SIGTERM")
	}
	w.run1("ctl", "send", "0=TERM")
	if status := w.wait(b.cmd); status != 0 || b.stderr.Len() > 0 {
		t.Errorf("status %d, stderr %q", status, &b.stderr)
	}
	w.nothingLeft()
	return path, decode(w.t, b.stdout.String())
}

// A recording tells a fault that was put in from a real one, and compared with a
// run without it there is that change.
func TestFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain, _ := w.shut(t, "a.jsonl")
	broken, events := w.shut(t, "b.jsonl", "--fault", "worker-1/flush-wal=fail")
	var story []string
	all := tree.Fold(events)
	for _, e := range events {
		if n := all.Node(e.Node); n == nil || n.Name != "worker-1" {
			continue
		}
		switch {
		case e.Kind == exitreg.KindNote, e.Kind == exitreg.KindFault:
			story = append(story, string(e.Kind)+" "+e.Text+" "+e.Handler)
		case e.Kind == exitreg.KindEnd && e.Err != "":
			story = append(story, e.Handler+": "+e.Err)
		}
	}
	if want := []string{"note ordered: fail flush-wal ", "fault fail flush-wal", "flush-wal: injected failure"}; !slices.Equal(story, want) {
		t.Errorf("%q\nwant %q", story, want)
	}
	var d diff.Diff
	if err := json.Unmarshal([]byte(w.run("diff", "--json", plain, broken).stdout), &d); err != nil {
		t.Fatal(err)
	}
	d.Changes = slices.DeleteFunc(d.Changes, busy)
	want := "supervisor/api-gateway/worker-1: flush-wal: ok -> failed: injected failure (injected fail)"
	if len(d.Changes) != 1 || d.Changes[0].String() != want {
		t.Errorf("%v\nwant %s", d.Changes, want)
	}
}

// A fault that nobody was meant by is told, as a signal that reached nobody is.
func TestFaultMissed(t *testing.T) {
	t.Parallel()
	_, got := newWorld(t).sentTERM("demo", "readme", "--json",
		"--fault", "mian/clean_main=hang", "--fault", "main/clean_mian=skip", "--fault", "*/x*=skip", "--fault", "Sub*/sub*=panic")
	want := `multiexit: --fault mian/clean_main=hang: no process "mian" (did you mean "main"?)
multiexit: --fault main/clean_mian=skip: no handler "clean_mian" (did you mean clean_main?)
multiexit: --fault */x*=skip: no handler "x*" (there are: shared_exit, clean_main, subproc1_clean)
`
	if got.stderr != want || got.status != 2 {
		t.Errorf("status %d, stderr %s", got.status, got.stderr)
	}
	if !strings.Contains(got.stdout, `"panic: injected panic"`) {
		t.Error("the one that was meant had no fault")
	}
}

// One that came too late is told; one whose handler had no turn is not.
func TestFaultLate(t *testing.T) {
	list := faults{{arg: "a/h=fail", pattern: "a", order: order{Handler: "h"}}}
	turn := []tree.Event{
		{Kind: exitreg.KindSpawn, Node: "0", PID: 7, Name: "a"}, {Kind: exitreg.KindRegister, Node: "0", ID: "h1", Handler: "h"},
		{Kind: exitreg.KindBegin, Node: "0", ID: "h1"},
	}
	told := slices.Insert(slices.Clone(turn), 2, tree.Event{Kind: exitreg.KindFault, Node: "0", ID: "h1", Text: "fail"})
	for _, c := range []struct {
		events []tree.Event
		want   string
	}{
		{turn, "--fault a/h=fail: h began before its process could be told (it lived too short)"}, {told, ""}, {turn[:2], ""},
	} {
		w := &watch{tree: tree.Fold(c.events), faults: list}
		got := ""
		for _, err := range w.missedOrders() {
			got += err.Error()
		}
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Held before every handler, and let go one by one, last in first out.
func TestHoldAndStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.begin("demo", "readme", "--json", "--hold")
	w.registered(expected(t, "readme"), 0)
	for _, bad := range [][2]string{
		{"step", "multiexit: ctl step: nobody is held (hold them first; they wait when a signal has come)\n"},
		{"step mian", "multiexit: ctl step: no process \"mian\" (did you mean \"main\"?)\n"},
		{"hold main --handler clean_mian", "multiexit: ctl hold: no handler \"clean_mian\" (did you mean clean_main?)\n"},
		{"fault main/clean_mian=fail", "multiexit: ctl fault: no handler \"clean_mian\" (did you mean clean_main?)\n"},
	} {
		if got := w.run1(append([]string{"ctl"}, strings.Fields(bad[0])...)...); got.stderr != bad[1] || got.status != 2 {
			t.Errorf("%s: %+v", bad[0], got)
		}
	}
	w.run1("ctl", "fault", "SubProcess1/shared_exit=skip")
	w.run1("ctl", "fault", "SubProcess1/shared_exit=none")
	w.run1("ctl", "send", "main=TERM")
	for i := range 4 {
		if !eventually(func() bool { return w.run1("ctl", "step").status == 0 }) {
			t.Fatalf("step %d: nobody waits", i)
		}
	}
	if status := w.wait(b.cmd); status != 0 {
		t.Errorf("status %d, stderr %q", status, &b.stderr)
	}
	w.nothingLeft()
	var story []string
	for _, e := range decode(t, b.stdout.String()) {
		switch e.Kind {
		case exitreg.KindHold, exitreg.KindBegin:
			story = append(story, string(e.Kind)+" "+e.Handler)
		}
	}
	want := []string{
		"hold clean_main", "begin clean_main", "hold subproc1_clean", "begin subproc1_clean",
		"hold shared_exit", "begin shared_exit", "hold shared_exit", "begin shared_exit",
	}
	if !slices.Equal(story, want) {
		t.Errorf("%q\nwant %q", story, want)
	}
}

// A pace is the least time before each handler.
func TestPace(t *testing.T) {
	t.Parallel()
	const pace = 300 * time.Millisecond
	events, got := newWorld(t).sentTERM("demo", "readme", "--json", "--pace", pace.String())
	if got.status != 0 || got.stderr != "" {
		t.Errorf("status %d, stderr %q", got.status, got.stderr)
	}
	last, turns := map[string]time.Duration{}, 0
	for _, e := range events {
		switch e.Kind {
		case exitreg.KindDeliver, exitreg.KindEnd:
			last[e.Node] = e.T
		case exitreg.KindBegin:
			turns++
			if rest := e.T - last[e.Node]; rest < pace-time.Millisecond {
				t.Errorf("%s of %s begins after %v", e.Handler, e.Node, rest)
			}
		}
	}
	if turns != 4 {
		t.Errorf("%d handlers ran", turns)
	}
}
