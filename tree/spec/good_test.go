package spec_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"multiexit/tree/spec"
)

func sh(line string) []string { return []string{"/bin/sh", "-c", line} }

func command(name string, line int, change func(*spec.Command)) spec.Command {
	c := spec.Command{Name: name, Line: line, Argv: sh("exec ./" + name[strings.LastIndex(name, "/")+1:]), Restart: spec.Restart{Policy: spec.Never}}
	if change != nil {
		change(&c)
	}
	return c
}

var goodFiles = []struct {
	name, file, src string
	want            spec.File
}{
	{"the least", "multiexit.yaml", "commands:\n  web:\n    command: ./web\n",
		spec.File{Commands: []spec.Command{command("web", 2, nil)}}},

	{"JSON with tabs", "multiexit.json", "{\n\t\"$schema\": \"x\",\n\t\"commands\": {\n\t\t\"web\": {\"command\": [\"./web\", \"a\\tb\"]}\n\t}\n}\n",
		spec.File{Commands: []spec.Command{command("web", 4, func(c *spec.Command) { c.Argv = []string{"./web", "a\tb"} })}}},

	{"by its contents", "programs", "version: 1\ncommands: {web: {command: ./web}}\n",
		spec.File{Commands: []spec.Command{command("web", 2, nil)}}},

	{"byte order mark and CRLF", "multiexit.yaml", "\ufeffgrace: 5s\r\ncommands:\r\n  web:\r\n    command: ./web\r\n",
		spec.File{Grace: 5 * time.Second, Commands: []spec.Command{command("web", 3, nil)}}},

	{"every key", "multiexit.yaml", `
version: 1
grace: 1m30s
commands:
  db:
    command: [./db, "80"]
    dir: here
    env: {A: 1, B: "${A}x", C: "${HERE}", D: "${NOWHERE:-d}", E: $$A $A, F: true, G: 1.10, H: ""}
    ready: {log: "^listening", timeout: 5s, interval: 100ms}
    restart: {policy: always, delay: 1s, max_delay: 1m, limit: 3}
    stop: {signal: int, grace: 3s, command: "./stop", dump: 1s}
    pty: true
    stdin: true
    autostart: false
    critical: true
  web:
    command: ./web
    depends_on: {db: started}
stop_order: [db, web]
`, spec.File{Grace: 90 * time.Second, StopOrder: []string{"db", "web"}, Commands: []spec.Command{
		{
			Name: "db", Argv: []string{"./db", "80"}, Dir: "here",
			Env:     []string{"A=1", "B=1x", "C=here", "D=d", "E=$A $A", "F=true", "G=1.10", "H="},
			Ready:   &spec.Probe{Log: regexp.MustCompile("^listening"), Timeout: 5 * time.Second, Interval: 100 * time.Millisecond},
			Restart: spec.Restart{Policy: spec.Always, Delay: time.Second, Max: time.Minute, Limit: 3},
			Stop:    spec.Stop{Signal: "SIGINT", Grace: 3 * time.Second, Command: sh("exec ./stop"), Dump: time.Second},
			PTY:     true, Stdin: true, Manual: true, Critical: true, Line: 5,
		},
		command("web", 16, func(c *spec.Command) { c.After = []spec.Dependency{{Name: "db", When: spec.WhenStarted}} }),
	}}},

	{"conditions", "multiexit.yaml", `
commands:
  a: {command: ./a, env: {PORT: 81}, ready: {tcp: "localhost:${PORT}"}}
  b: {command: ./b, ready: {tcp: 5432}}
  c: {command: ./c, ready: {tcp: "[::1]:80"}}
  d: {command: ./d, ready: {http: "https://${HERE}:8080/health?a=b"}}
  e: {command: ./e, ready: {file: "${HERE}/ready"}}
  f: {command: ./f, ready: {exit: true}}
  g: {command: ./g, ready: {handler: "flush*"}}
`, spec.File{Commands: []spec.Command{
		command("a", 3, func(c *spec.Command) {
			c.Env, c.Ready = []string{"PORT=81"}, &spec.Probe{TCP: "localhost:81"}
		}),
		command("b", 4, func(c *spec.Command) { c.Ready = &spec.Probe{TCP: "localhost:5432"} }),
		command("c", 5, func(c *spec.Command) { c.Ready = &spec.Probe{TCP: "[::1]:80"} }),
		command("d", 6, func(c *spec.Command) { c.Ready = &spec.Probe{HTTP: "https://here:8080/health?a=b"} }),
		command("e", 7, func(c *spec.Command) { c.Ready = &spec.Probe{File: "here/ready"} }),
		command("f", 8, func(c *spec.Command) { c.Ready = &spec.Probe{Exit: true} }),
		command("g", 9, func(c *spec.Command) { c.Ready = &spec.Probe{Handler: "flush*"} }),
	}}},

	{"anchors, aliases and merge keys", "multiexit.yaml", `
x-a: &a {restart: always, env: {A: 1}}
x-b: &b {restart: on-failure, pty: true}
x-line: &line ./two
commands:
  one:
    <<: [*a, *b]
    command: ./one
  two:
    <<: *b
    command: *line
    restart: no
`, spec.File{Commands: []spec.Command{
		command("one", 6, func(c *spec.Command) { c.Env, c.PTY, c.Restart.Policy = []string{"A=1"}, true, spec.Always }),
		command("two", 9, func(c *spec.Command) { c.PTY = true }),
	}}},

	{"groups in groups", "multiexit.yaml", `
groups:
  backend:
    commands:
      api: {command: ./api, env: {B: "${A}2"}, depends_on: [db, queues, top]}
      db: {command: ./db, dir: .}
    groups:
      queues:
        env: {A: 3}
        commands:
          jobs: {command: ./jobs, depends_on: [db]}
          mail: {command: ./mail, depends_on: {backend/queues/jobs: done}}
    dir: here
    env: {A: 1}
commands:
  top: {command: ./top}
  edge: {command: ./edge, depends_on: [backend/api]}
`, spec.File{Commands: []spec.Command{
		command("backend/api", 5, func(c *spec.Command) {
			c.Dir, c.Env = "here", []string{"A=1", "B=12"}
			c.After = []spec.Dependency{{"backend/db", spec.WhenReady}, {"backend/queues/jobs", spec.WhenReady}, {"backend/queues/mail", spec.WhenReady}, {"top", spec.WhenReady}}
		}),
		command("backend/db", 6, func(c *spec.Command) { c.Dir, c.Env = ".", []string{"A=1"} }),
		command("backend/queues/jobs", 11, func(c *spec.Command) {
			c.Dir, c.Env, c.After = "here", []string{"A=1", "A=3"}, []spec.Dependency{{"backend/db", spec.WhenReady}}
		}),
		command("backend/queues/mail", 12, func(c *spec.Command) {
			c.Dir, c.Env, c.After = "here", []string{"A=1", "A=3"}, []spec.Dependency{{"backend/queues/jobs", spec.WhenDone}}
		}),
		command("top", 16, nil),
		command("edge", 17, func(c *spec.Command) { c.After = []spec.Dependency{{"backend/api", spec.WhenReady}} }),
	}}},

	{"files of variables", "multiexit.yaml", `
commands:
  web: {command: ./web, env_files: [good.env], env: {F: "${C}!", A: 2}}
`, spec.File{Commands: []spec.Command{command("web", 3, func(c *spec.Command) {
		c.Env = []string{"A=1", "B=two\nlines", "C=1here", "D=four", "E=", "F=1here!", "A=2"}
	})}}},

	{"a command line of several lines", "multiexit.yaml", `
commands:
  web:
    command: |
      cd here
      ./web
  a:
    command: >-
      ./a
      --long
  tab:	# a tab
    command:	./tab	a	# and others
    depends_on:	[a,	web]	
`, spec.File{Commands: []spec.Command{
		command("web", 3, func(c *spec.Command) { c.Argv = sh("cd here\n./web") }),
		command("a", 7, func(c *spec.Command) { c.Argv = sh("exec ./a --long") }),
		command("tab", 11, func(c *spec.Command) {
			c.Argv, c.After = sh("exec ./tab\ta"), []spec.Dependency{{"a", spec.WhenReady}, {"web", spec.WhenReady}}
		}),
	}}},

	{"a Procfile", "Procfile", "\ufeff# comment\r\n\r\nweb: ./web -p $PORT\r\nother_one-2:\tcd here && ./it\r\n", spec.File{Commands: []spec.Command{
		command("web", 3, func(c *spec.Command) { c.Argv, c.Env = sh("exec ./web -p $PORT"), []string{"PORT=5000"} }),
		command("other_one-2", 4, func(c *spec.Command) { c.Argv, c.Env = sh("cd here && ./it"), []string{"PORT=5100"} }),
	}}},

	{"a Procfile by its contents", "start", "web: ./web\n", spec.File{Commands: []spec.Command{
		command("web", 1, func(c *spec.Command) { c.Env = []string{"PORT=5000"} }),
	}}},
}

func TestGoodFiles(t *testing.T) {
	for _, c := range goodFiles {
		t.Run(c.name, func(t *testing.T) {
			enter(t)
			put(t, c.file, c.src)
			c.want.Path = c.file
			got, err := spec.Load(c.file, []string{"HERE=here"})
			if err != nil {
				t.Fatal(strings.Join(lines(err), "\n"))
			}
			if !reflect.DeepEqual(*got, c.want) {
				t.Errorf("got\n%+v\nwant\n%+v", *got, c.want)
			}
		})
	}
}

func TestExampleLoads(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "multiexit.yaml", spec.Example())
	f, err := spec.Load("", nil)
	if err != nil {
		t.Fatal(strings.Join(lines(err), "\n"))
	}
	if len(f.Commands) != 6 {
		t.Errorf("%d commands, want 6", len(f.Commands))
	}
}

// What is relative in a file is relative to it, and so is where its commands run.
func TestFileElsewhere(t *testing.T) {
	enter(t)
	put(t, "here/multiexit.yaml", "commands:\n  a: {command: ./a, ready: {file: b}, env_files: [x.env]}\n  b: {command: ./b, dir: sub}\n  c: {command: ./c, dir: /}\n")
	put(t, "here/x.env", "A=1\n")
	if err := os.Mkdir("here/sub", 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := spec.Load("here", nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join("here", "multiexit.yaml"); f.Path != want {
		t.Errorf("path %q, want %q", f.Path, want)
	}
	for i, want := range []string{"here", "here/sub", "/"} {
		if f.Commands[i].Dir != want {
			t.Errorf("%s runs in %q, want %q", f.Commands[i].Name, f.Commands[i].Dir, want)
		}
	}
	if got := f.Commands[0].Ready.File; got != "here/b" {
		t.Errorf("file %q, want here/b", got)
	}
}

func TestSingle(t *testing.T) {
	f := spec.Single([]string{"/usr/bin/sleep", "5"})
	want := []spec.Command{{Name: "sleep", Argv: []string{"/usr/bin/sleep", "5"}, Restart: spec.Restart{Policy: spec.Never}}}
	if f.Path != "" || !reflect.DeepEqual(f.Commands, want) {
		t.Errorf("got %+v", f)
	}
}
