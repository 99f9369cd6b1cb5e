package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandLine runs command lines that start nothing: what they say and
// their status. Where stderr is given it is the whole of it.
func TestCommandLine(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := write("foreign.txt", "root:x:0:0\n")
	newer := write("newer.jsonl", `{"multiexit":9}`+"\n")
	empty := write("empty.jsonl", "")
	notExecutable := write("tool", "#!/bin/sh\n")
	const head = `{"multiexit":1,"start":"2026-01-02T03:04:05Z","argv":["tool"],"host":"h","observer":"o"}` + "\n"
	tape := write("good.jsonl", head+`{"seq":1,"kind":"spawn","node":"0","pid":7,"name":"tool"}`+"\n"+`{"seq":2,"t":5000000,"kind":"exit","node":"0","code":3}`+"\n"+`{"seq":3,"t":5000000,"kind":"eof"}`+"\n")
	torn := write("torn.jsonl", head+`{"seq":1,"kind":"spawn","node":"0","pid":7,"name":"tool"}`+"\n"+`{"seq":2,"t":50000`)

	for _, c := range []struct {
		name   string
		args   []string
		status int
		stdout string // a part of it
		stderr string // without "multiexit: "
	}{
		{"version", []string{"--version"}, 0, "multiexit ", ""},
		{"help", []string{"--help"}, 0, "Exit statuses:", ""},
		{"help of a command", []string{"help", "run"}, 0, "multiexit run [flags] [-f FILE | [--] COMMAND", ""},
		{"help of nothing", []string{"help", "rum"}, 2, "", "help rum: no such command (did you mean run?)"},
		{"list", []string{"demo", "--list"}, 0, "  faulty ", ""},
		{"completion", []string{"completion", "bash"}, 0, "__start_multiexit", ""},
		{"completion of nothing", []string{"completion", "bsh"}, 2, "", "completion bsh: no such shell (did you mean bash?)"},

		{"unknown command", []string{"dmo"}, 2, "", "dmo: unknown command (did you mean multiexit demo?)"},
		{"a scenario for a command", []string{"shop"}, 2, "", "shop: unknown command (did you mean multiexit demo shop?)"},
		{"a program for a command", []string{"make", "serve"}, 2, "", "make: unknown command (to watch a program: multiexit run -- make serve)"},
		{"nothing to attach to", []string{"attach"}, 2, "", "no multiexit session runs (start one with multiexit run)"},
		{"nothing to drive", []string{"ctl", "stop"}, 2, "", "no multiexit session runs (start one with multiexit run)"},
		{"ctl of nothing", []string{"ctl"}, 2, "", "ctl: needs a command (there are: add, continue, events, fault, hold, kill, list, logs, pause, release, remove, restart, send, start, step, stop)"},
		{"a wrong word to ctl", []string{"ctl", "restrt", "a"}, 2, "", "ctl restrt: no such command (did you mean restart?)"},
		{"a wrong signal to ctl", []string{"ctl", "send", "a=TREM"}, 2, "", "ctl send a=TREM: no such signal (did you mean TERM?)"},
		{"validate nothing", []string{"validate", "/nonexistent.yaml"}, 2, "", "/nonexistent.yaml: no such file (multiexit init writes an example)"},
		{"a file and a command", []string{"run", "-f", "x", "a"}, 2, "", "a: a command and a file cannot be run together (write the command into x)"},
		{"unknown flag", []string{"--plian"}, 2, "", "--plian: unknown flag (did you mean --plain?)"},
		{"unknown letter", []string{"demo", "-x"}, 2, "", "-x: unknown flag (see multiexit demo --help)"},
		{"a flag of another command", []string{"replay", "--send", "a=TERM", tape}, 2, "", "--send: unknown flag (see multiexit replay --help)"},
		{"flag without its value", []string{"demo", "--for"}, 2, "", "--for: needs a value (see multiexit demo --help)"},
		{"unknown scenario", []string{"demo", "shpo"}, 2, "", "shpo: no such scenario (did you mean shop?)"},
		{"one too many", []string{"demo", "shop", "wide"}, 2, "", "wide: one argument too many (see multiexit demo --help)"},
		{"not a number", []string{"demo", "wide", "-n", "x"}, 2, "", "-n x: not a number of processes (write 1 or more)"},
		{"unknown theme", []string{"--theme", "drak"}, 2, "", "--theme drak: no such theme (did you mean dark?)"},
		{"a duration without a unit", []string{"demo", "--for", "5"}, 2, "", "--for 5: not a duration (did you mean 5s?)"},
		{"a negative duration", []string{"demo", "--grace", "-5s"}, 2, "", "--grace -5s: a time cannot be negative (write 300ms, 2s or 1m30s)"},
		{"two outputs", []string{"--plain", "--json"}, 2, "", "--plain --json: one or the other (--json is for programs, --plain for people)"},

		{"send without a signal", []string{"demo", "--send", "main"}, 2, "", "--send main: no signal (write NODE=SIGNAL[@WHEN], as in main=TERM or 'worker-*=HUP@2s')"},
		{"send to nobody", []string{"demo", "--send", "=TERM"}, 2, "", "--send =TERM: no process (write NODE=SIGNAL[@WHEN], as in main=TERM or 'worker-*=HUP@2s')"},
		{"unknown signal", []string{"demo", "--send", "main=TREM"}, 2, "", "--send main=TREM: no such signal (did you mean TERM?)"},
		{"unknown time", []string{"demo", "--send", "main=TERM@soon"}, 2, "", "--send main=TERM@soon: no such time: @soon (write @settled, @2s or @+500ms)"},
		{"bad pid", []string{"demo", "--send", "pid:x=TERM"}, 2, "", "--send pid:x=TERM: not a pid (write pid:1234=TERM)"},

		{"a fault of no kind", []string{"demo", "--fault", "a/b"}, 2, "", "--fault a/b: no fault (" + faultForm + ")"},
		{"a fault of no handler", []string{"demo", "--fault", "a=hang"}, 2, "", "--fault a=hang: no handler (hang is for handlers: " + faultForm + ")"},
		{"a fault of an empty handler", []string{"demo", "--fault", "a/=hang"}, 2, "", "--fault a/=hang: no handler (" + faultForm + ")"},
		{"a fault of no process", []string{"demo", "--fault", "/b=hang"}, 2, "", "--fault /b=hang: no process (" + faultForm + ")"},
		{"a fault of a bad pid", []string{"demo", "--fault", "pid:x/b=hang"}, 2, "", "--fault pid:x/b=hang: not a pid (write pid:1234/b=hang)"},
		{"unknown fault", []string{"demo", "--fault", "a/b=hagn"}, 2, "", "--fault a/b=hagn: no such fault (did you mean hang?)"},
		{"delay of nothing", []string{"demo", "--fault", "a/b=delay"}, 2, "", "--fault a/b=delay: how long? (write delay:2s)"},
		{"delay without a unit", []string{"demo", "--fault", "a/b=delay:2"}, 2, "", "--fault a/b=delay:2: not a duration (did you mean 2s?)"},
		{"exit without a status", []string{"run", "--fault", "a/b=exit", "--", "true"}, 2, "", "--fault a/b=exit: not an exit status (write exit:3; 0 to 255)"},
		{"exit with no status", []string{"demo", "--fault", "a/b=exit:256"}, 2, "", "--fault a/b=exit:256: not an exit status (write exit:3; 0 to 255)"},
		{"a fault with too much", []string{"demo", "--fault", "a/b=fail:3"}, 2, "", "--fault a/b=fail:3: fail has nothing behind it (delay:2s, exit:3, kill:500ms and ignore:INT have)"},
		{"a fault taken back too soon", []string{"demo", "--fault", "a/b=none"}, 2, "", "--fault a/b=none: there is no fault to take back yet (none is for multiexit ctl fault)"},
		{"a slow pace", []string{"demo", "--pace", "11s"}, 2, "", "--pace 11s: too slow (up to 10s)"},
		{"a pace without a unit", []string{"demo", "--pace", "1"}, 2, "", "--pace 1: not a duration (did you mean 1s?)"},
		{"an unknown fault to ctl", []string{"ctl", "fault", "a/b=pnaic"}, 2, "", "ctl fault a/b=pnaic: no such fault (did you mean panic?)"},
		{"no fault to ctl", []string{"ctl", "fault"}, 2, "", "ctl fault: needs PROC/HANDLER=KIND[:ARG], as in 'db-writer/flush-wal=hang' (see multiexit ctl fault --help)"},
		{"a wrong order to ctl", []string{"ctl", "stpe"}, 2, "", "ctl stpe: no such command (did you mean step?)"},

		{"run nothing", []string{"run"}, 2, "", "run: needs a command to run, or a file with -f FILE (multiexit init writes a file; see multiexit run --help)"},
		{"run what is not there", []string{"run", "--", "/nonexistent/tool"}, 127, "", "/nonexistent/tool: no such file (check the spelling)"},
		{"run what is not in PATH", []string{"run", "no-such-tool"}, 127, "", "no-such-tool: not found in PATH (check the spelling)"},
		{"run what is not executable", []string{"run", notExecutable}, 126, "", notExecutable + ": not executable (chmod +x?)"},
		{"run a directory", []string{"run", dir}, 126, "", dir + ": is a directory (name a program, or its interpreter before it)"},
		{"record into nowhere", []string{"demo", "--record", dir + "/no/x"}, 2, "", "--record " + dir + "/no/x: no such file or directory (name a file in a directory you can write to)"},
		{"record into a directory", []string{"demo", "--record", dir}, 2, "", "--record " + dir + ": is a directory (name a file in a directory you can write to)"},
		{"verdict into nowhere", []string{"run", "--verdict", dir + "/no/x", "--", "true"}, 2, "", "--verdict " + dir + "/no/x: no such file or directory (name a file in a directory you can write to)"},

		{"replay nothing", []string{"replay"}, 2, "", "replay: there is no recording yet (multiexit run -- COMMAND makes one; or name a file: multiexit replay FILE)"},
		{"analyze nothing", []string{"analyze"}, 2, "", "analyze: there is no recording yet (multiexit run -- COMMAND makes one; or name a file: multiexit analyze FILE)"},
		{"replay what is not there", []string{"replay", dir + "/no"}, 2, "", "replay " + dir + "/no: no such file or directory (name the file of a recording, or a run of multiexit history)"},
		{"replay a directory", []string{"replay", dir}, 2, "", "replay " + dir + ": is a directory (name the file of a recording, or a run of multiexit history)"},
		{"replay a foreign file", []string{"replay", foreign}, 2, "", "replay " + foreign + `: line 1, byte 0: not a recording: its first line is not {"multiexit":1,...} (make one with --record FILE)`},
		{"replay an empty file", []string{"replay", empty}, 2, "", "replay " + empty + ": line 1, byte 0: not a recording: it is empty (make one with --record FILE)"},
		{"replay a newer format", []string{"replay", newer}, 2, "", "replay " + newer + ": line 1, byte 0: a recording of format 9; this multiexit reads format 1 (use the one that recorded it, or a newer one)"},
		{"replay", []string{"replay", tape}, 0, "tool 0    exit 3", ""},
		{"replay as JSON", []string{"replay", tape, "--json"}, 0, `{"seq":2,"t":5000000,"kind":"exit","node":"0","code":3}`, ""},
		{"replay what is torn", []string{"replay", torn}, 0, "spawned", "replay " + torn + ": torn: line 3, byte 147: the last line is cut off (what is good of it is used)"},
		{"analyze what is torn", []string{"analyze", torn}, 0, "nothing was shut down", "analyze " + torn + ": torn: line 3, byte 147: the last line is cut off (what is good of it is used)"},
		{"export what is torn", []string{"export", torn, "--format", "csv"}, 0, "tool", "export " + torn + ": torn: line 3, byte 147: the last line is cut off (what is good of it is used)"},
		{"diff of what is torn", []string{"diff", tape, torn}, 0, "still alive", "diff " + torn + ": torn: line 3, byte 147: the last line is cut off (what is good of it is used)"},
		{"picture of what is torn", []string{"replay", torn, "--shot", "-"}, 0, "tool", "replay " + torn + ": torn: line 3, byte 147: the last line is cut off (what is good of it is used)"},
		{"analyze a foreign file", []string{"analyze", foreign}, 2, "", "analyze " + foreign + `: line 1, byte 0: not a recording: its first line is not {"multiexit":1,...} (make one with --record FILE)`},
		{"shot of no kind", []string{"replay", tape, "--shot", "x.png"}, 2, "", "--shot x.png: what kind of picture? (a name that ends in .svg, .txt or .ansi, or -)"},
		{"shot into nowhere", []string{"replay", tape, "--shot", dir + "/no/x.svg"}, 2, "", "--shot " + dir + "/no/x.svg: no such file or directory (name a file in a directory you can write to)"},
		{"shot as text", []string{"replay", tape, "--shot", "-", "--size", "80x24"}, 0, "tool", ""},
		{"size of no shot", []string{"replay", tape, "--size", "80x24"}, 2, "", "--size: is for --shot (add --shot OUT.svg)"},
		{"not a size", []string{"replay", tape, "--shot", "-", "--size", "80"}, 2, "", "--size 80: not a size (write columns x rows, 1x1 to 1000x1000: 120x36)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := newWorld(t).run(c.args...)
			if got.status != c.status {
				t.Errorf("status %d, want %d", got.status, c.status)
			}
			if c.stdout == "" && got.stdout != "" || !strings.Contains(got.stdout, c.stdout) {
				t.Errorf("stdout:\n%s\nwant it to have %q", got.stdout, c.stdout)
			}
			want := ""
			if c.stderr != "" {
				want = "multiexit: " + c.stderr + "\n"
			}
			if got.stderr != want {
				t.Errorf("stderr %q\nwant   %q", got.stderr, want)
			}
		})
	}
}
