package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What is wrong in a hurry, where nothing runs: one line says what, why and what to
// do.
func TestBadLines(t *testing.T) {
	w := newWorld(t)
	text, err := os.ReadFile(shop(t))
	if err != nil {
		t.Fatal(err)
	}
	w.write("shop.jsonl", string(text))
	if err := os.Mkdir(filepath.Join(w.dir, "dir"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.run("run", "--plain", "--", "true")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"analyze", ""}, "analyze: the name of the recording is empty (see multiexit history)"},
		{[]string{"analyze", "shop.jsnl"}, "shop.jsnl: no such file, and no run of the history (did you mean shop.jsonl?)"},
		{[]string{"diff", "@1", "dir"}, "diff dir: is a directory (name the file of a recording, or a run of multiexit history)"},
		{[]string{"export", "shop.jsonl", "x.svg"}, "x.svg: one argument too many (did you mean -o x.svg?)"},
		{[]string{"export", "shop.jsonl", "@1"}, "@1: one argument too many (see multiexit export --help)"},
		{[]string{"export", "shop.jsonl", "--otlp", "http://localhost:99999"}, "--otlp http://localhost:99999: not an address of a collector (write "},
		{[]string{"export", "shop.jsonl", "--otlp", ""}, `--otlp "": not an address of a collector (write `},
		{[]string{"history", "list"}, "history list: no such command (multiexit history alone lists the runs, rm removes some)"},
		{[]string{"history", "1"}, "history 1: no such command (to see that run again: multiexit replay 1)"},
		{[]string{"history", "rm"}, "history rm: needs the number or the id of a run, or all (see multiexit history rm --help)"},
		{[]string{"run", "--hold=web@TREM", "--", "true"}, "--hold=web@TREM: not a signal (did you mean TERM?)"},
		{[]string{"run", "--hold=web@", "--", "true"}, "--hold=web@: not a signal (write TERM, INT or SIGHUP)"},
		{[]string{"run", "--hold=", "--", "true"}, `--hold="": no process (write --hold=PROC, `},
		{[]string{"run", "--pace", "--", "true"}, "--pace: needs a value (see multiexit run --help)"},
		{[]string{"ctl", "-s", "dir/", "list"}, "session dir/: it is no socket (see multiexit ctl list)"},
		{[]string{"ctl", "kill"}, "ctl kill: needs the name of a command, a group, or all (see multiexit ctl kill --help)"},
		{[]string{"ctl", "send", "worker-1", "TERM"}, "ctl send worker-1: no signal (did you mean worker-1=TERM?)"},
		{[]string{"ctl", "send", "worker-1"}, "ctl send worker-1: no signal (write NODE=SIGNAL, as in main=TERM or 'worker-*=HUP')"},
		{[]string{"ctl", "hold", "--handler", "", "api"}, "ctl hold --handler: needs a value (see multiexit ctl hold --help)"},
		{[]string{"ctl", "release", "--signal="}, "ctl release --signal: needs a value (see multiexit ctl release --help)"},
	} {
		got := w.run(c.args...)
		if got.status != 2 || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "multiexit: "+c.want) ||
			strings.HasSuffix(c.want, ")") && len(got.stderr) != len("multiexit: "+c.want+"\n") {
			t.Errorf("%q: %+v, want %s", c.args, got, c.want)
		}
	}
	if got := w.run("run", "--hold", "web@TERM", "--", "true"); got.status != 127 || !strings.HasSuffix(got.stderr, "(check the spelling; a place for --hold is written --hold=web@TERM)\n") {
		t.Errorf("%+v", got)
	}
	if got := w.run("ctl", "list", "--json"); got.stdout != "[]\n" {
		t.Errorf("no session: %+v", got)
	}
}

// The same with a session: the line names the command that went wrong.
func TestBadLinesToCtl(t *testing.T) {
	w := newWorld(t)
	run := w.begin("run", "--plain", "--", "sleep", "1000")
	w.ctl("sleep", "list")
	pid := strconv.Itoa(run.cmd.Process.Pid)
	for _, c := range []struct{ args, want string }{
		{"hold nobody", `ctl hold: no process "nobody" (there is "sleep")`},
		{"hold sleep/flush", "ctl hold sleep/flush: no such process (did you mean multiexit ctl hold --handler flush sleep?)"},
		{"hold sleep@TERM", "ctl hold sleep@TERM: no such process (did you mean multiexit ctl hold --signal TERM sleep?)"},
		{"release sleep@any", "ctl release sleep@any: no such process (did you mean multiexit ctl release --signal any sleep?)"},
		{"hold sleep@exit", "ctl hold sleep@exit: no such process (did you mean multiexit ctl hold --exit sleep?)"},
		{"kill nobody", "ctl kill: no such command: nobody (there are: sleep)"},
		{"pause 0.99", "ctl pause: signal 0.99: no such node (multiexit ctl list -s " + pid + " shows them)"},
	} {
		if got := w.run1(append([]string{"ctl"}, strings.Fields(c.args)...)...); got.status != 2 || got.stdout != "" || got.stderr != "multiexit: "+c.want+"\n" {
			t.Errorf("%s: %+v, want %s", c.args, got, c.want)
		}
	}
	w.run1("ctl", "stop")
	w.wait(run.cmd)
	w.nothingLeft()
}
