package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/demo"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// turn is what the footer says that a step of the tree would run.
var turn = regexp.MustCompile(`  N (\S+/\S+)`)

// TestStepByKeys: a tree of twenty real processes is held, signalled, and stepped
// to its end, one handler at a time, by nothing but keys.
func TestStepByKeys(t *testing.T) {
	const size = 20
	w := newWorld(t)
	x := newTmux(w)
	file := filepath.Join(w.dir, "tape.jsonl")
	x.run("demo", "deep", "-n", fmt.Sprint(size), "--record", file)
	x.shows("20 live", "level-16")
	x.keys("P")
	x.shows("HELD ", "held: each waits")
	x.keys("T")
	x.shows("send", "whole tree")
	x.keys("Enter")
	x.shows("HELD 20")
	taken := 0
	for last, done := "", false; !done; {
		if !eventually(func() bool {
			screen := x.screen()
			if done = strings.Contains(screen, "  ENDED "); done {
				return true
			}
			next := turn.FindStringSubmatch(screen)
			if next == nil || next[1] == last {
				return false // it still runs
			}
			last = next[1]
			return true
		}) {
			t.Fatalf("nothing is to be stepped after %s:\n%s", last, x.screen())
		}
		if taken++; taken > 10*size {
			t.Fatalf("stepped %d times, and it is not over:\n%s", taken, x.screen())
		}
		if !done {
			x.keys("N")
		}
	}
	x.keys("q")
	x.shows("20 processes, 20 gone", "READY>")
	x.keys("exit", "Enter")
	w.nothingLeft()
	rec := load(t, file)
	checkSteps(t, rec)
	scenario, err := demo.Find("deep", size)
	if err != nil {
		t.Fatal(err)
	}
	folded, all := tree.Fold(rec.Events), 0
	for i, n := range folded.Nodes {
		line := n.Name + ":"
		for _, h := range n.Ran() {
			line += " " + h.Name
		}
		if all += len(n.Ran()); line != scenario.Expect[i] {
			t.Errorf("ran %q, want %q", line, scenario.Expect[i])
		}
	}
	if taken-1 != all {
		t.Errorf("%d steps for %d handlers", taken-1, all)
	}
}

func load(t *testing.T, file string) *tape.Tape {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rec, err := tape.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// checkSteps: never do two handlers run at a time, each waited to be stepped, and
// nothing of a parent runs before its child is gone.
func checkSteps(t *testing.T, rec *tape.Tape) {
	t.Helper()
	type span struct {
		node, handler string
		from, to      time.Duration
	}
	var runs []*span
	open, held, gone := map[string]*span{}, map[string]bool{}, map[string]time.Duration{}
	for _, e := range rec.Events {
		key := e.Node + " " + e.ID
		switch e.Kind {
		case "hold":
			held[key] = true
		case "begin":
			if !held[key] {
				t.Errorf("%s was never held before %s", e.Node, e.Handler)
			}
			open[key] = &span{e.Node, e.Handler, e.T, 0}
			runs = append(runs, open[key])
		case "end":
			open[key].to = e.T
		case "exit":
			gone[e.Node] = e.T
		}
	}
	slices.SortFunc(runs, func(a, b *span) int { return int(a.from - b.from) })
	for i, r := range runs {
		if i > 0 && r.from < runs[i-1].to {
			t.Errorf("%s runs %s while %s runs %s", r.node, r.handler, runs[i-1].node, runs[i-1].handler)
		}
		if child, ok := gone[r.node+".0"]; ok && r.from < child {
			t.Errorf("%s runs %s before its child is gone", r.node, r.handler)
		}
	}
}

// TestFaultByKeys puts a fault into a handler of a real process. The recording has
// the order, and tells what came of it from a failure of its own.
func TestFaultByKeys(t *testing.T) {
	w := newWorld(t)
	file := filepath.Join(w.dir, "tape.jsonl")
	c := newConsole(t, 120, 36)
	cmd := w.command("demo", "readme", "--record", file)
	c.attach(cmd)
	c.shows(append(names(t, "readme"), "subproc1_clean", "LIVE")...)
	c.keys("j2f") // the stack of SubProcess1
	c.shows("break it on purpose", "subproc1_clean never ends by itself")
	c.keys("\x1b[B\x1b[B")
	c.shows("subproc1_clean ends with an error")
	c.keys("\r")
	c.shows("1 to inject")
	c.keys("1kT")
	c.shows("whole tree")
	c.keys("\r")
	c.shows("2 exited", "1 injected", "ENDED")
	if text := c.text(); strings.Contains(text, "failed") {
		t.Errorf("it is taken for a failure of its own:\n%s", text)
	}
	c.keys("q")
	if status := w.wait(cmd); status != 0 {
		t.Errorf("status %d", status)
	}
	w.nothingLeft()
	var story []string
	for _, e := range load(t, file).Events {
		switch {
		case e.Kind == "order" || e.Kind == "fault":
			story = append(story, string(e.Kind)+" "+e.Text+" "+e.Handler)
		case e.Kind == "end" && e.Err != "":
			story = append(story, "end "+e.Handler+" "+e.Err)
		}
	}
	if want := []string{"order fail subproc1_clean", "fault fail subproc1_clean", "end subproc1_clean injected failure"}; !slices.Equal(story, want) {
		t.Errorf("got  %q\nwant %q", story, want)
	}
}

// TestHoldOnTwoScreens: what stands is in the stream, so all screens say the same,
// and each that may can take it back.
func TestHoldOnTwoScreens(t *testing.T) {
	w := newWorld(t)
	first, second, third := newConsole(t, 120, 36), newConsole(t, 120, 36), newConsole(t, 120, 36)
	cmd := w.command("demo", "readme")
	first.attach(cmd)
	first.shows("LIVE", "clean_main", "subproc1_clean")
	first.keys("Pb")
	first.shows("breakpoints", "main: held before clean_main")
	first.keys("\r")
	first.shows("set: main: stops before clean_main")
	other, watcher := w.command("attach"), w.command("attach", "--readonly")
	second.attach(other)
	third.attach(watcher)
	for _, c := range []*console{second, third} {
		c.shows(append(names(t, "readme"), " HELD ", "■ clean_main", "stops before clean_main")...)
	}
	third.keys("P")
	third.shows("only watches (--readonly)")
	second.keys("P")
	for _, c := range []*console{first, third} {
		c.shows(" LIVE ", "no more: held before")
	}
	second.keys("q")
	third.keys("q")
	w.wait(other)
	w.wait(watcher)
	first.keys("q")
	first.shows("stop everything")
	first.keys("\r")
	w.wait(cmd)
	w.nothingLeft()
}

// TestHeldIsLetGo: however the screen goes away, what is held does not stay behind
// with it.
func TestHeldIsLetGo(t *testing.T) {
	for name, leave := range map[string]func(*console, *exec.Cmd){
		"SIGTERM": signals(syscall.SIGTERM),
		"closed terminal": func(c *console, _ *exec.Cmd) {
			c.tty.Close()
			c.ptm.Close()
		},
		"ctrl+c": func(c *console, _ *exec.Cmd) { c.keys("\x03") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := newConsole(t, 120, 36)
			cmd := w.command("demo", "readme", "--hold", "--hold=main@exit", "--grace", "1h")
			c.attach(cmd)
			c.shows("clean_main", "subproc1_clean", "HELD")
			c.keys("T")
			c.shows("whole tree")
			c.keys("\r")
			c.shows("HELD 2")
			leave(c, cmd)
			w.wait(cmd)
			w.nothingLeft()
		})
	}
}

// TestSteppedIsLetGo: who was stepped away from its breakpoint is held by no order that
// stands, and is let go all the same when everything is to end.
func TestSteppedIsLetGo(t *testing.T) {
	w := newWorld(t)
	c := newConsole(t, 120, 36)
	cmd := w.command("demo", "readme", "--hold=main@any", "--grace", "1h")
	c.attach(cmd)
	c.shows("clean_main", "subproc1_clean")
	c.keys("t")
	c.shows("send SIGTERM")
	c.keys("\r")
	c.shows("HELD at SIGTERM")
	c.keys("n")
	c.shows("HELD before clean_main")
	signals(syscall.SIGTERM)(c, cmd)
	w.wait(cmd)
	w.nothingLeft()
}
