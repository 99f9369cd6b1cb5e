package live

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// TestDisposition: what SIGTERM would do, told before it is sent.
func TestDisposition(t *testing.T) {
	py := func(script string) []string {
		return []string{python(t), "-c", "import signal, threading, time, ctypes, os\n" + script}
	}
	for name, c := range map[string]struct {
		argv []string
		want tree.Disposition
	}{
		"default":          {[]string{"sleep", "1000"}, tree.Default},
		"trap":             {[]string{"bash", "-c", "trap : TERM; while :; do sleep 1000; done"}, tree.Caught},
		"ignored":          {[]string{"bash", "-c", `trap "" TERM; exec sleep 1000`}, tree.Ignored},
		"blocked":          {py("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\ntime.sleep(1000)"), tree.Blocked},
		"blocked in one":   {py("threading.Thread(target=time.sleep, args=[1000]).start()\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\ntime.sleep(1000)"), tree.Default},
		"sigwait":          {py("signal.sigwait([signal.SIGTERM])"), tree.Caught},
		"sigwait, another": {py("signal.sigwait([signal.SIGUSR1])"), tree.Default},
		"signalfd": {py(`
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
mask = (ctypes.c_uint8 * 8)(0, 0x40)
print(ctypes.CDLL(None).syscall(289, -1, mask, 8, 0))
time.sleep(1000)`), tree.Caught},
		"exitreg": {role("handlers", "a"), tree.Caught},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "signalfd" && unix.SYS_SIGNALFD4 != 289 {
				t.Skip("another number of signalfd4")
			}
			observe(t, Options{Argv: c.argv}).term("0", c.want)
		})
	}
}

// TestDispositionOfGo: the masks of a Go program say "caught" whatever it wants.
// Position-independent and stripped executables; "go test" and "go run" strip too,
// so it takes programs of its own.
func TestDispositionOfGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	need(t, "go")
	dir := t.TempDir()
	write(t, dir+"/go.mod", "module p\n", 0o644)
	write(t, dir+"/main.go", `package main
import ("os"; "os/signal"; "syscall"; "time")
func main() {
	if len(os.Args) > 1 {
		usr := make(chan os.Signal, 1)
		signal.Notify(usr, syscall.SIGUSR1)
		signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM)
		<-usr
		signal.Reset(syscall.SIGTERM)
	}
	time.Sleep(time.Hour)
}`, 0o644)
	for name, flags := range map[string][]string{"plain": nil, "pie": {"-buildmode=pie"}, "stripped": {"-ldflags=-s -w"}} {
		t.Run(name, func(t *testing.T) {
			exe := filepath.Join(dir, name)
			cmd := exec.Command("go", append(append([]string{"build", "-o", exe}, flags...), ".")...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Skipf("cannot build: %s", out)
			}
			plain, notified := observe(t, Options{Argv: []string{exe}}), observe(t, Options{Argv: []string{exe, "notify"}})
			if name != "stripped" {
				plain.term("0", tree.Default)
				notified.term("0", tree.Caught)
				if err := notified.Signal("0", "USR1", ""); err != nil {
					t.Fatal(err)
				}
				notified.term("0", tree.Default)
				if err := notified.Signal("0", "TERM", ""); err != nil {
					t.Fatal(err)
				}
				if e := notified.kind("0", exitreg.KindExit); e.Sig != "SIGTERM" {
					t.Errorf("the claim was wrong: %+v", e)
				}
				return
			}
			for _, w := range []*observed{plain, notified} {
				w.kind("0", exitreg.KindSpawn)
				w.until("a few looks", func() bool { return w.looks() > 5 })
				// While it started up there may have been a claim, which was true.
				if n := tree.Fold(w.all()).Node("0"); n.Term != tree.Unknown {
					w.term("0", tree.Unknown)
				}
			}
		})
	}
}

func (w *observed) looks() int {
	w.Session.mu.Lock()
	defer w.Session.mu.Unlock()
	return w.root.handle.looks
}

func TestStopAndContinue(t *testing.T) {
	w := sh(t, `sleep 1000 & wait`)
	w.named("sleep")
	for _, kind := range []exitreg.Kind{exitreg.KindStop, exitreg.KindCont} {
		sig := map[exitreg.Kind]string{exitreg.KindStop: "STOP", exitreg.KindCont: "CONT"}[kind]
		if err := w.Signal("0.0", sig, ""); err != nil {
			t.Fatal(err)
		}
		if e := w.event("the signal", func(e *tree.Event) bool { return e.Kind == exitreg.KindSignal && e.Sig == "SIG"+sig }); e.Sender != "multiexit" {
			t.Errorf("%+v", e)
		}
		w.kind("0.0", kind)
	}
}

// A stopped process that is killed runs while its memory is freed. It was not
// continued.
func TestKilledIsNotContinued(t *testing.T) {
	w := observe(t, Options{Argv: []string{self, roleWord, "heavy"}})
	pid := w.kind("0", exitreg.KindStop).PID
	if err := w.Signal("0", "KILL", ""); err != nil {
		t.Fatal(err)
	}
	for { // look as often as the session might
		st, err := readStat(pid)
		if err != nil || st.state == 'Z' {
			break
		}
		if !st.killed() {
			t.Fatalf("while it is killed: %+v", st)
		}
	}
	w.kind("0", exitreg.KindExit)
	if slices.ContainsFunc(w.all(), func(e tree.Event) bool { return e.Kind == exitreg.KindCont }) {
		t.Error("it is said to have been continued")
	}
}
