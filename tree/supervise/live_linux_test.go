package supervise

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// six is a file of six commands, each with children.
func six() *spec.File {
	f := file("proxy: web api", "web: api", "api: db cache", "worker: db migrate:done", "db", "cache", "migrate: db")
	for i := range f.Commands {
		c := &f.Commands[i]
		c.Argv = []string{"/bin/sh", "-c", "sleep 1000 & sleep 1001 & echo up; wait"}
		c.Ready = &spec.Probe{Log: regexp.MustCompile("^up$")}
		if c.Name == "migrate" {
			c.Argv, c.Ready = []string{"/bin/sh", "-c", "echo done"}, &spec.Probe{Exit: true}
		}
	}
	return f
}

// TestUpAndDown: six commands and one that prepares come up in the order of
// their dependencies and go down in reverse, by the stream.
func TestUpAndDown(t *testing.T) {
	list := six()
	w := watch(t, list, Options{})
	for _, c := range list.Commands {
		if c.Name == "migrate" {
			w.state(c.Name, tree.CommandDone)
			continue
		}
		w.state(c.Name, tree.CommandReady)
	}
	w.Stop()
	w.Stop()
	w.finish()
	w.until("the end of the stream", func(*tree.Tree) bool { return w.eof })
	for _, c := range list.Commands {
		for _, d := range c.After {
			up, far := w.order(exitreg.KindSpawn, c.Name), w.says(d.Name, tree.CommandReady)
			if d.When == spec.WhenDone || d.Name == "migrate" {
				far = w.says(d.Name, tree.CommandDone)
			}
			if up == 0 || far == 0 || up < far {
				t.Errorf("%s came up at %d, %s was far enough at %d", c.Name, up, d.Name, far)
			}
			if d.Name == "migrate" || c.Name == "migrate" {
				continue
			}
			gone, stop := w.says(c.Name, tree.CommandStopped), w.order(exitreg.KindSignal, d.Name)
			if gone == 0 || stop == 0 || stop < gone {
				t.Errorf("%s was gone at %d, %s was signalled at %d", c.Name, gone, d.Name, stop)
			}
		}
	}
	for _, n := range tree.Fold(w.events).Nodes {
		if n.Alive() || n.EndSig == "SIGKILL" {
			t.Errorf("%s %s: %v %s", n.ID, n.Name, n.State, n.EndSig)
		}
	}
}

func TestEachProbe(t *testing.T) {
	dir := t.TempDir()
	tcp, web := freePort(t), freePort(t)
	list := file("log", "tcp", "http", "file", "exit", "handler", "never")
	for i, c := range []spec.Command{
		{Argv: []string{"/bin/sh", "-c", "echo; echo it is up now >&2; exec sleep 1000"}, Ready: &spec.Probe{Log: regexp.MustCompile("is up")}},
		{Argv: role("tcp", tcp), Ready: &spec.Probe{TCP: tcp, Interval: 20 * time.Millisecond}},
		{Argv: role("http", web), Ready: &spec.Probe{HTTP: "http://" + web + "/ready", Interval: 20 * time.Millisecond}},
		{Argv: []string{"/bin/sh", "-c", "> up; exec sleep 1000"}, Dir: dir, Ready: &spec.Probe{File: "up", Interval: 20 * time.Millisecond}},
		{Argv: []string{"true"}, Ready: &spec.Probe{Exit: true}},
		{Argv: append([]string{"/bin/sh", "-c", `"$@" & wait`, "sh"}, role("handler", "db/close")...), Ready: &spec.Probe{Handler: "db*"}},
		{Argv: []string{"sleep", "1000"}, Ready: &spec.Probe{File: filepath.Join(dir, "no"), Interval: 20 * time.Millisecond, Timeout: 300 * time.Millisecond}},
	} {
		c.Name = list.Commands[i].Name
		list.Commands[i] = c
	}
	w := watch(t, list, Options{})
	for _, name := range []string{"log", "tcp", "http", "file", "handler"} {
		w.state(name, tree.CommandReady)
	}
	w.state("exit", tree.CommandDone)
	w.state("never", tree.CommandFailed)
	w.Stop()
	w.finish()
}

func TestRestartForReal(t *testing.T) {
	list := file("api: db", "db")
	for i := range list.Commands {
		list.Commands[i].Argv = []string{"/bin/sh", "-c", "sleep 1000 & wait"}
	}
	list.Commands[0].Restart = spec.Restart{Policy: spec.OnFailure, Delay: 10 * time.Millisecond}
	w := watch(t, list, Options{Hold: true})
	w.state("api", tree.CommandReady)
	w.until("its child", func(t *tree.Tree) bool { return t.Node("0.0") != nil })
	if err := w.Signal("0", "SIGKILL", ""); err != nil {
		t.Fatal(err)
	}
	w.until("a second run", func(t *tree.Tree) bool {
		c := t.Command("api")
		return c.Runs == 2 && c.State == tree.CommandReady && t.Node("0.0").Ended() && t.Node("0").Past
	})
	if err := w.Do("restart", "api", nil); err != nil {
		t.Fatal(err)
	}
	w.until("a third run", func(t *tree.Tree) bool {
		c := t.Command("api")
		return c.Runs == 3 && c.State == tree.CommandReady
	})
	for verb, state := range map[string]tree.CommandState{"stop": tree.CommandStopped} {
		if err := w.Do(verb, "api", nil); err != nil {
			t.Fatal(err)
		}
		w.state("api", state)
	}
	if err := w.Do("pause", "db", nil); err != nil {
		t.Fatal(err)
	}
	w.until("a pause", func(t *tree.Tree) bool { return t.Node("1").Stopped && t.Node("1.0").Stopped })
	if err := w.Do("continue", "db", nil); err != nil {
		t.Fatal(err)
	}
	w.until("its end", func(t *tree.Tree) bool { return !t.Node("1").Stopped && !t.Node("1.0").Stopped })
	if err := w.Do("add", "", []string{"more", "sleep 1000"}); err != nil {
		t.Fatal(err)
	}
	w.state("more", tree.CommandReady)
	if err := w.Do("remove", "more", nil); err != nil {
		t.Fatal(err)
	}
	w.state("more", tree.CommandRemoved)
	w.Stop()
	w.finish()
}

// TestStopCommandForReal: the stop command ends what ignores every signal but
// the last; one that hangs is ended too.
func TestStopCommandForReal(t *testing.T) {
	dir := t.TempDir()
	list := file("polite", "hangs")
	list.Commands[0].Argv = []string{"/bin/sh", "-c", `trap "" TERM; mkfifo gate; echo up; read x < gate; exit 0`}
	list.Commands[0].Dir = dir
	list.Commands[0].Ready = &spec.Probe{Log: regexp.MustCompile("up")}
	list.Commands[0].Stop.Command = []string{"/bin/sh", "-c", "echo $GO > gate"}
	list.Commands[0].Env = []string{"GO=go"}
	list.Commands[1].Argv = []string{"sleep", "1000"}
	list.Commands[1].Stop = spec.Stop{Command: []string{"/bin/sh", "-c", `trap "" TERM; while :; do sleep 1; done`}, Grace: 8 * time.Second} // half of it for the sleep to end by SIGTERM
	w := watch(t, list, Options{})
	w.state("polite", tree.CommandReady)
	w.state("hangs", tree.CommandReady)
	w.Stop()
	w.finish()
	w.until("the end of the stream", func(*tree.Tree) bool { return w.eof })
	all := tree.Fold(w.events)
	if n := all.Node("0"); n.EndSig != "" || n.Code != 0 {
		t.Errorf("the first ended by %q, %d", n.EndSig, n.Code)
	}
	if n := all.Node("1"); n.EndSig != "SIGTERM" {
		t.Errorf("the second ended by %q", n.EndSig)
	}
	if !slices.ContainsFunc(all.Roots, func(n *tree.Node) bool { return n.Name == "hangs stop" && n.EndSig == "SIGKILL" }) {
		t.Error("its stop command was not killed")
	}
}

// TestKillDuringStop, at random moments of the start and the stop.
func TestKillDuringStop(t *testing.T) {
	for round := range 8 {
		list := six()
		for i := range list.Commands {
			if c := &list.Commands[i]; c.Ready.Log != nil && i%2 == 0 {
				c.Argv[2] = `trap "" TERM; setsid sleep 1000 & sleep 1001 & echo up; while :; do wait; done`
			}
		}
		w := watch(t, list, Options{Hold: round%2 == 0})
		time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
		w.Stop()
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		w.Kill()
		if v := w.finish(); v.Total != v.Gone {
			t.Errorf("%+v", v)
		}
	}
}

// TestFailureForReal: a program that is not there is an error of Start if it is
// the only one, and a state otherwise.
func TestFailureForReal(t *testing.T) {
	list := file("a")
	list.Commands[0].Argv = []string{"/no/such/program"}
	s := New(list, Options{})
	if err := s.Start(); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error %v", err)
	}
	s.Wait()
	list = file("a", "b: a", "c")
	list.Commands[0].Argv = []string{"/no/such/program"}
	list.Commands[2].Argv = []string{"/bin/sh", "-c", "exit 3"}
	w := watch(t, list, Options{})
	if v := w.finish(); v.Code != 127 || v.Total != 1 {
		t.Errorf("%+v", v)
	}
	w.state("a", tree.CommandFailed)
	w.state("b", tree.CommandFailed)
	w.state("c", tree.CommandFailed)
}

// TestDoneInLines: without Hold it is over when the last command is, and what it
// left behind is ended, unless it is to be kept.
func TestDoneInLines(t *testing.T) {
	list := file("a")
	list.Commands[0].Argv = []string{"/bin/sh", "-c", "setsid sleep 1000 & echo $! > pid; exit 5"}
	list.Commands[0].Dir = t.TempDir()
	w := watch(t, list, Options{})
	<-w.Done()
	if v := w.finish(); v.Code != 5 || v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
}

func TestKeep(t *testing.T) {
	list := file("a")
	list.Commands[0].Argv = []string{"/bin/sh", "-c", "setsid sleep 1000 & echo up; while [ ! -e go ]; do sleep 0.02; done"}
	list.Commands[0].Dir = t.TempDir()
	s := New(list, Options{Config: live.Config{Keep: true}})
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	var events []tree.Event
	for batch := range s.Events() {
		events = append(events, batch...)
		if n := tree.Fold(events).Node("0.0"); n != nil && n.Name == "sleep" {
			os.WriteFile(filepath.Join(list.Commands[0].Dir, "go"), nil, 0o600)
		}
	}
	v := s.Wait()
	if len(v.Survivors) != 1 || v.Survivors[0].Name != "sleep" || v.Code != 0 {
		t.Fatalf("%+v", v)
	}
	p, _ := os.FindProcess(v.Survivors[0].PID)
	p.Kill()
	p.Wait()
}
