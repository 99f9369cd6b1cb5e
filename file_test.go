package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/tape"
)

// write puts a file into the world's directory.
func (w *world) write(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// stream reads what --json printed.
func (w *world) stream(stdout string) []tree.Event {
	w.t.Helper()
	tp, err := tape.Read(strings.NewReader(stdout))
	if err != nil {
		w.t.Fatal(err)
	}
	if tp.Damage != nil {
		w.t.Error(tp.Damage)
	}
	return tp.Events
}

const sixCommands = `
version: 1
commands:
  web: {command: sleep 1000, depends_on: [api, assets]}
  api: {command: "echo serving; exec sleep 1000", depends_on: [db, cache], ready: {log: serving}}
  db: {command: "sleep 0.1; touch db.ready; exec sleep 1000", ready: {file: db.ready, interval: 20ms}}
  cache: {command: sleep 1000}
  assets: {command: "true", ready: {exit: true}}
  worker: {command: sleep 1000, depends_on: [api]}
`

// TestOrder: six commands come up in the order of what they depend on and go down
// in the reverse order, as the recording tells.
func TestOrder(t *testing.T) {
	w := newWorld(t)
	w.write("multiexit.yaml", sixCommands)
	b := w.begin("run", "-f", "multiexit.yaml", "--json", "--record", "r.jsonl", "--verdict", "v.json")
	up := func(name string) bool {
		c := folded(filepath.Join(w.dir, "r.jsonl")).Command(name)
		return c != nil && c.State == tree.CommandReady
	}
	if !eventually(func() bool { return up("web") && up("worker") }) {
		t.Errorf("they do not come up: %s", &b.stdout)
	}
	w.run1("ctl", "stop")
	got := result{status: w.wait(b.cmd), stdout: b.stdout.String(), stderr: b.stderr.String()}
	w.nothingLeft()
	if got.status != 0 && got.status != 143 {
		t.Fatalf("%+v", got)
	}
	events := w.stream(got.stdout)
	at := func(name, state string) int {
		i := slices.IndexFunc(events, func(e tree.Event) bool {
			return e.Kind == exitreg.KindCommand && e.Name == name && e.Text == state
		})
		if i < 0 {
			t.Fatalf("%s was never %s; %s", name, state, got.stderr)
		}
		return i
	}
	ready := map[bool]string{false: "ready", true: "done"} // a command that only prepares is ready when it is done
	for _, d := range [][2]string{{"web", "api"}, {"web", "assets"}, {"api", "db"}, {"api", "cache"}, {"worker", "api"}} {
		if at(d[0], "starting") < at(d[1], ready[d[1] == "assets"]) {
			t.Errorf("%s started before %s was ready", d[0], d[1])
		}
		if d[1] != "assets" && at(d[1], "stopping") < at(d[0], "stopped") {
			t.Errorf("%s was stopped before %s was gone", d[1], d[0])
		}
	}
	if recorded, err := os.ReadFile(filepath.Join(w.dir, "r.jsonl")); err != nil || string(recorded) != got.stdout {
		t.Errorf("recorded something else: %v", err)
	}
	var v live.Verdict
	text, _ := os.ReadFile(filepath.Join(w.dir, "v.json"))
	if err := json.Unmarshal(text, &v); err != nil || v.Total == 0 || v.Gone != v.Total {
		t.Errorf("verdict %s: %v", text, err)
	}
	roots := map[string]string{"web": "0", "api": "1", "db": "2", "cache": "3", "assets": "4", "worker": "5"}
	for name, node := range roots {
		if c := tree.Fold(events).Command(name); c == nil || c.Node.ID != node {
			t.Errorf("%s is not node %s", name, node)
		}
	}
}

// TestBadFile: run says one line, validate all of them.
func TestBadFile(t *testing.T) {
	w := newWorld(t)
	w.write("multiexit.yaml", "version: 1\ncommands:\n  a:\n    comand: x\n    restart: sometimes\n")
	one := w.run("run")
	if one.status != 2 || strings.Count(one.stderr, "\n") != 1 || !strings.HasPrefix(one.stderr, "multiexit: multiexit.yaml:4:5: ") {
		t.Errorf("%+v", one)
	}
	all := w.run("validate")
	if all.status != 2 || strings.Count(all.stderr, "\n") < 2 || !strings.Contains(all.stderr, "multiexit.yaml:5:14: ") {
		t.Errorf("%+v", all)
	}
}

// TestInit: what init writes is good, and is not overwritten.
func TestInit(t *testing.T) {
	w := newWorld(t)
	if got := w.run("init"); got.status != 0 {
		t.Fatalf("%+v", got)
	}
	if got := w.run("validate"); got.status != 0 || !strings.Contains(got.stdout, "multiexit.yaml: ") {
		t.Errorf("%+v", got)
	}
	if got := w.run("init"); got.status != 2 || got.stderr != "multiexit: init multiexit.yaml: the file exists (name another one, or overwrite it with --force)\n" {
		t.Errorf("%+v", got)
	}
	if got := w.run("init", "--force"); got.status != 0 {
		t.Errorf("%+v", got)
	}
}

// TestKeep: what a command leaves behind on purpose lives on, and is named.
func TestKeep(t *testing.T) {
	w := newWorld(t)
	got := w.command("run", "--plain", "--keep", "--", "bash", "-c",
		"setsid sleep 1000 </dev/null >/dev/null 2>&1 & until ps -o comm= -p $! | grep -q sleep; do :; done")
	var stderr strings.Builder
	got.Stderr = &stderr
	if err := got.Start(); err != nil {
		t.Fatal(err)
	}
	status := w.wait(got)
	if status != 0 || !strings.Contains(stderr.String(), "1 survived: 0.0 sleep (pid ") || !strings.Contains(stderr.String(), "setsid") {
		t.Errorf("status %d: %s", status, &stderr)
	}
	if left := w.processes(); len(left) != 1 || !strings.HasSuffix(left[0], "sleep 1000 ") {
		t.Errorf("left %q", left)
	}
	w.clear()
	w.nothingLeft()
}
