package live

import (
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

func (w *observed) details(node string) tree.Details {
	w.t.Helper()
	d, err := w.Details(node)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// standing is what details say about one signal.
func standing(d *tree.Details, sig string) tree.Standing {
	i := slices.IndexFunc(d.Signals, func(s tree.Standing) bool { return s.Signal == sig })
	if i < 0 {
		return tree.Standing{}
	}
	return d.Signals[i]
}

// TestDetails compares them with what the process says of itself.
func TestDetails(t *testing.T) {
	need(t, "bash", "id")
	dir := t.TempDir()
	file := dir + "/open\nfile"
	write(t, file, "", 0o644)
	w := observe(t, Options{Dir: dir, Env: []string{"PATH=" + os.Getenv("PATH"), "A=b\x1b[31m", "FILE=" + file}, Argv: []string{"bash", "-c",
		`exec 9<"$FILE"; ulimit -S -n 77; ulimit -H -n 99; trap : USR1; trap "" USR2; echo $$ $PPID $(id -un) $(ulimit -S -c) $BASH; kill -STOP $$; sleep 1000`}})
	said := w.event("its own words", func(e *tree.Event) bool { return e.Kind == exitreg.KindOut })
	w.kind("0", exitreg.KindStop)
	if err := w.Signal("0", "TERM", ""); err != nil {
		t.Fatal(err)
	}
	d := w.details("0")
	words := strings.Fields(said.Text)
	if len(words) != 5 {
		t.Fatalf("%q", said.Text)
	}
	core := words[3] // in blocks
	for what, pair := range map[string][2]string{
		"pid, ppid": {fmt.Sprint(d.PID, d.PPID), strings.Join(words[:2], " ")},
		"group":     {fmt.Sprint(d.PGID, d.SID), words[0] + " " + words[0]},
		"user":      {d.User, words[2]},
		"program":   {d.Exe, realPath(t, words[4])},
		"directory": {d.Dir, realPath(t, dir)},
		"state":     {d.State, "stopped"},
		"threads":   {fmt.Sprint(d.Threads), "1"},
		"terminal":  {d.TTY, ""},
		"argv":      {d.Argv[0], "bash"},
		"denied":    {fmt.Sprint(d.Denied), "[]"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
		}
	}
	if since := time.Since(d.Started); since < 0 || since > deadline || d.RSS == 0 {
		t.Errorf("started %v ago, %d bytes", since, d.RSS)
	}
	for _, want := range []string{"A=b\uFFFD[31m", "FILE=" + strings.ReplaceAll(file, "\n", " "), "PWD=" + dir, sockEnv + "=" + w.sock} {
		if !slices.Contains(d.Env, want) {
			t.Errorf("no %q in %q", want, d.Env)
		}
	}
	if !slices.Contains(d.Files, tree.OpenFile{FD: 9, Path: realPath(t, dir) + "/open file"}) || d.Files[0] != (tree.OpenFile{Path: os.DevNull}) {
		t.Errorf("%+v", d.Files)
	}
	if !slices.Contains(d.Limits, tree.Limit{Name: "open files", Soft: "77", Hard: "99"}) || len(d.Limits) < 15 {
		t.Errorf("%+v", d.Limits)
	}
	if i := slices.IndexFunc(d.Limits, func(l tree.Limit) bool { return l.Name == "core file size (bytes)" }); i < 0 || (d.Limits[i].Soft == "0") != (core == "0") {
		t.Errorf("%+v, %s", d.Limits, core)
	}
	if len(d.Signals) != 62 || d.Signals[0].Signal != "SIGHUP" || d.Signals[61].Signal != "SIGRTMAX" {
		t.Errorf("%d signals: %+v", len(d.Signals), d.Signals)
	}
	stands(t, &d, map[string]tree.Standing{
		"SIGTERM": {Effect: tree.Default, Pending: true},
		"SIGUSR1": {Effect: tree.Caught},
		"SIGUSR2": {Effect: tree.Ignored},
		"SIGKILL": {Effect: tree.Default},
		"SIGHUP":  {Effect: tree.Default},
	})
	if _, err := w.Details("0.7"); err == nil {
		t.Error("there is no such node")
	}
	w.kill("0")
	if _, err := w.Details("0"); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Error(err)
	}
}

// stands checks what signals would do.
func stands(t *testing.T, d *tree.Details, all map[string]tree.Standing) {
	t.Helper()
	for sig, want := range all {
		want.Signal = sig
		if got := standing(d, sig); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

func realPath(t *testing.T, path string) string {
	t.Helper()
	to, err := os.Readlink("/proc/self/cwd")
	if strings.HasPrefix(path, "/") {
		fd, openErr := os.Open(path)
		if openErr != nil {
			t.Fatal(openErr)
		}
		defer fd.Close()
		to, err = os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd.Fd()))
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestDetailsOfTerminal: its name is what tty prints.
func TestDetailsOfTerminal(t *testing.T) {
	need(t, "tty")
	w := onTerminal(t, `tty; read x`)
	w.shows("\r\n")
	w.shows("/dev/" + w.details("0").TTY + "\r\n")
	w.types("\r")
	w.finish()
}

// TestDetailsOfGo: what the runtime catches for a program that does not want it.
func TestDetailsOfGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	exe := goProgramThat(t, `signal.Notify(make(chan os.Signal, 1), syscall.SIGUSR1); signal.Ignore(syscall.SIGHUP)`)
	w := observe(t, Options{Argv: []string{exe}})
	w.until("the program to have set up", func() bool {
		d, err := w.Details("0")
		return err == nil && standing(&d, "SIGUSR1").Effect == tree.Caught
	})
	d := w.details("0")
	for sig, want := range map[string]tree.Disposition{
		"SIGTERM": tree.Default, "SIGINT": tree.Default, "SIGHUP": tree.Ignored,
		"SIGUSR1": tree.Caught, "SIGUSR2": tree.Ignored, "SIGTSTP": tree.Default, "SIGKILL": tree.Default,
	} {
		if got := standing(&d, sig).Effect; got != want {
			t.Errorf("%s is %q, want %q", sig, got, want)
		}
	}
	// That is what happens.
	w.Signal("0", "USR2", "")
	w.Signal("0", "HUP", "")
	w.Signal("0", "INT", "")
	if e := w.kind("0", exitreg.KindExit); e.Sig != "SIGINT" {
		t.Errorf("%+v", e)
	}
}

func TestTTYName(t *testing.T) {
	for dev, want := range map[int]string{0: "", 136 << 8: "pts/0", 136<<8 | 7: "pts/7", 136<<8 | 1<<20 | 2: "pts/258",
		137<<8 | 1: "pts/257", 4<<8 | 1: "tty1", 4<<8 | 64: "ttyS0", 5<<8 | 1: "console", 204<<8 | 64: "204:64"} {
		if got := ttyName(dev); got != want {
			t.Errorf("%#x is %q, want %q", dev, got, want)
		}
	}
}

// TestDetailsDenied: what may not be read is named, by a user who may not.
func TestDetailsDenied(t *testing.T) {
	x := examination{}
	x.failed("open files", os.ErrPermission)
	x.failed("environment", nil)
	if fmt.Sprint(x.Denied) != "[open files: permission denied]" {
		t.Errorf("%q", x.Denied)
	}
	if _, err := user.Current(); err != nil || os.Geteuid() == 0 {
		return // root may read everything
	}
	x = examination{base: "/proc/1"}
	x.words()
	x.files()
	if len(x.Denied) == 0 {
		t.Errorf("%+v", x)
	}
}
