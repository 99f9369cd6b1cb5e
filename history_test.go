package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/tree/history"
)

// runs is the history as programs see it.
func (w *world) runs() []pastRun {
	w.t.Helper()
	var all []pastRun
	if got := w.run("history", "--json"); got.status != 0 || json.Unmarshal([]byte(got.stdout), &all) != nil {
		w.t.Fatalf("%+v", got)
	}
	return all
}

// TestHistory: what was run can be listed, shown again, compared and removed.
func TestHistory(t *testing.T) {
	w := newWorld(t)
	if got := w.run("history"); got.status != 0 || got.stdout != "" || !strings.Contains(got.stderr, "no runs yet") {
		t.Errorf("%+v", got)
	}
	shown := w.run("demo", "readme", "--json", "--send", "main=TERM")
	if shown.stderr != "" {
		t.Errorf("stderr %q", shown.stderr)
	}
	if got := w.run("run", "--plain", "--", "bash", "-c", "echo hello; exit 3"); got.status != 3 || strings.Contains(got.stdout+got.stderr, "record") {
		t.Errorf("%+v", got)
	}
	all := w.runs()
	if len(all) != 2 || all[0].Ended != "exit 3" || all[1].Processes != 2 || all[1].Signal != "SIGTERM" || all[1].State != history.Complete {
		t.Fatalf("%+v", all)
	}
	for _, ref := range []string{"@2", all[1].ID, all[1].ID[:3], all[1].Path} {
		if again := w.run("replay", "--json", ref); again.stdout != shown.stdout {
			t.Errorf("%s: %+v", ref, again)
		}
	}
	if got := w.run("replay", "--plain"); !strings.Contains(got.stdout, "hello") || got.stderr != "" {
		t.Errorf("the newest: %+v", got)
	}
	if got := w.run("analyze", "@2"); !strings.HasPrefix(got.stdout, "SIGTERM to main ") {
		t.Errorf("%+v", got)
	}
	if got := w.run("diff", "@2", all[1].ID); !strings.HasSuffix(got.stdout, "no difference beyond what is noise\n") {
		t.Errorf("%+v", got)
	}
	if got := w.run("export", "@2", "--format", "csv", "-o", "-"); !strings.Contains(got.stdout, "clean_main") {
		t.Errorf("%+v", got)
	}
	table := w.run("history", "-n", "1").stdout
	if lines := strings.Split(table, "\n"); len(lines) != 3 || !strings.Contains(lines[1], "@1  "+all[0].ID) || !strings.Contains(lines[1], "✗ exit 3") || strings.Contains(table, "demo") {
		t.Errorf("%s", table)
	}
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"replay", "@7"}, 2, "multiexit: @7: the history has 2 runs (see multiexit history)\n"},
		{[]string{"replay", "zzzz"}, 2, "multiexit: zzzz: no such file, and no run of the history (see multiexit history)\n"},
		{[]string{"history", "lsit"}, 2, "multiexit: history lsit: no such command (multiexit history alone lists the runs, rm removes some)\n"},
		{[]string{"history", "-n", "0"}, 2, "multiexit: -n 0: not a number of runs (write 1 or more)\n"},
		{[]string{"history", "rm", "1", "9"}, 2, "multiexit: history rm 9: the history has 2 runs (see multiexit history)\n"},
		{[]string{"history", "rm"}, 2, "multiexit: history rm: needs the number or the id of a run, or all (see multiexit history rm --help)\n"},
		{[]string{"history", "rm", "1", all[0].ID}, 0, ""},
		{[]string{"history", "rm", "all"}, 0, ""},
	} {
		if got := w.run(c.args...); got.status != c.status || got.stderr != c.says {
			t.Errorf("%q: %+v", c.args, got)
		}
	}
	if all := w.runs(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// TestHistoryRefused: no trace of a session whose recording was refused; one with
// a file of its own is in the list by that.
func TestHistoryRefused(t *testing.T) {
	w := newWorld(t)
	w.run("run", "--plain", "--no-record", "--", "true")
	w.env = append(w.env, "MULTIEXIT_NO_RECORD=1")
	w.run("run", "--plain", "--", "true")
	w.env = slices.DeleteFunc(w.env, func(kv string) bool { return kv == "MULTIEXIT_NO_RECORD=1" })
	file := filepath.Join(w.dir, "mine.jsonl")
	w.run("run", "--plain", "--no-record", "--record", file, "--", "true")
	w.run("run", "--plain", "--", "no-such-tool")
	if all := w.runs(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
	w.run("run", "--plain", "--record", file, "--", "true")
	all := w.runs()
	if len(all) != 1 || all[0].Link != file {
		t.Fatalf("%+v", all)
	}
	if info, err := os.Lstat(all[0].Path); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("it was written twice: %v, %v", info, err)
	}
	w.run("history", "rm", "all")
	if _, err := os.Stat(file); err != nil {
		t.Error("the user's own file was removed:", err)
	}
}

// TestHistoryHome: a home that cannot be written costs a word, and nothing else.
func TestHistoryHome(t *testing.T) {
	w := newWorld(t)
	w.env = append(w.env, "XDG_STATE_HOME="+filepath.Join(w.dir, "file", "state"))
	os.WriteFile(filepath.Join(w.dir, "file"), nil, 0o600)
	got := w.run("run", "--plain", "--", "bash", "-c", "echo works; exit 4")
	if got.status != 4 || !strings.Contains(got.stdout, "works") || strings.Count(got.stderr, "\n") != 2 || !strings.Contains(got.stderr, "multiexit: not in the history: ") {
		t.Errorf("%+v", got)
	}
	if got := w.run("demo", "readme", "--json", "--send", "main=TERM"); got.stderr != "" || got.status != 0 {
		t.Errorf("%+v", got)
	}
	w.env = append(w.env, "XDG_STATE_HOME=", "HOME=")
	if got := w.run("run", "--plain", "--", "true"); strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("without a home: %+v", got)
	}
}

// TestHistoryKilled: the recording of a multiexit that was killed is there as far
// as it goes.
func TestHistoryKilled(t *testing.T) {
	w := newWorld(t)
	cmd := w.command("run", "--plain", "--", "bash", "-c", "echo before; exec sleep 1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	recorded := func() bool {
		files, _ := filepath.Glob(filepath.Join(w.state(), "multiexit", "*.running.jsonl"))
		for _, f := range files {
			if text, _ := os.ReadFile(f); strings.Contains(string(text), `"text":"before"`) {
				return true
			}
		}
		return false
	}
	if !eventually(recorded) {
		t.Fatal("nothing was recorded")
	}
	if table := w.run1("history").stdout; !strings.Contains(table, "● running") {
		t.Errorf("%s", table)
	}
	if got := w.run1("replay", "--plain", "@1"); !strings.Contains(got.stdout, "before") || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "still being recorded") {
		t.Errorf("%+v", got)
	}
	if got := w.run1("replay"); got.status != 2 || got.stderr != "multiexit: replay: no run of the history is over yet (what there is of the newest: multiexit replay @1)\n" {
		t.Errorf("%+v", got)
	}
	if got := w.run1("history", "rm", "all"); got.status != 2 || !strings.Contains(got.stderr, "1 left: still running") {
		t.Errorf("%+v", got)
	}
	cmd.Process.Kill()
	w.wait(cmd)
	w.nothingLeft()
	if table := w.run("history").stdout; !strings.Contains(table, "⊘ cut off") {
		t.Errorf("%s", table)
	}
	if got := w.run("replay", "--plain"); !strings.Contains(got.stdout, "before") || !strings.Contains(got.stderr, "cut off") {
		t.Errorf("%+v", got)
	}
}

// state is where this world's history is.
func (w *world) state() string {
	for _, kv := range slices.Backward(w.env) {
		if home, ok := strings.CutPrefix(kv, "HOME="); ok {
			return filepath.Join(home, ".local", "state")
		}
	}
	w.t.Fatal("no HOME")
	return ""
}

// TestHistoryTable: the table fits its terminal, whatever it is about.
func TestHistoryTable(t *testing.T) {
	now := time.Date(2026, 3, 12, 15, 0, 0, 0, time.UTC)
	sum := func(at time.Time, argv ...string) *history.Summary {
		return &history.Summary{Start: at, Argv: argv, Took: 61 * time.Second, Read: true, Processes: 12, Signal: "SIGTERM", Shutdown: 5 * time.Second, Ended: "exit 0"}
	}
	rows := []pastRun{
		{Number: 1, ID: "bcd2", State: history.Running, Bytes: 900, Summary: sum(now, "multiexit", "demo", "shop")},
		{Number: 2, ID: "bcd3", State: history.Complete, Bytes: 2 << 20, Summary: sum(now.AddDate(0, 0, -1), "./server", strings.Repeat("--flag ", 30))},
		{Number: 13, ID: "bcd4", State: history.CutOff, Bytes: 1 << 30, Summary: sum(now.AddDate(-1, 0, 0), "漢字", "\x1b[31mred")},
		{Number: 12, ID: "bcd6", State: history.Complete, Summary: sum(now, "shop")},
		{Number: 14, ID: "bcd5", State: history.Complete, Err: "line 1: not a recording"},
	}
	rows[3].Injected = 2
	for _, width := range []int{20, 40, 80, 100, 120, 200, 0} {
		text := table(historyColumns(now), rows, look{}, width)
		if strings.Contains(text, "\x1b") {
			t.Errorf("%d: %q", width, text)
		}
		for line := range strings.Lines(text) {
			if got := len([]rune(strings.TrimSuffix(line, "\n"))); width >= 40 && got > width {
				t.Errorf("%d: a line of %d: %s", width, got, line)
			}
		}
	}
	text := table(historyColumns(now), rows, look{}, 0)
	for _, want := range []string{" 15:00:00 ", " yesterday 15:00 ", " 12 Mar 2025 ", " ● running ", " ✓ exit 0 ", " ⊘ cut off ", " ⚑ exit 0, 2 faults ", "not a recording"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// A run that had to be killed did not end well, and one whose command did is not to be
// taken for what failed in it.
func TestHowRunsEnded(t *testing.T) {
	for want, sum := range map[string]history.Summary{
		"✓ exit 0":           {Ended: "exit 0", Signal: "SIGTERM"},
		"✗ killed":           {Ended: "killed", Signal: "SIGTERM"},
		"✓ killed":           {Ended: "killed", Signal: "SIGKILL"},
		"✗ exit 0, 1 failed": {Ended: "exit 0", Failed: 1},
		"✗ exit 3":           {Ended: "exit 3", Failed: 1},
	} {
		sum.Read = true
		if got := ended(&pastRun{State: history.Complete, Summary: &sum}).text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
