package live

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// goProgramThat builds a Go program that does what a statement says and waits.
func goProgramThat(t *testing.T, does string, flags ...string) string {
	t.Helper()
	need(t, "go")
	dir := t.TempDir()
	write(t, dir+"/go.mod", "module p\n", 0o644)
	write(t, dir+"/main.go", `package main
import ("os"; "os/signal"; "syscall"; "time")
var _, _, _ = os.Args, signal.Stop, syscall.SIGTERM
func main() { `+does+`; time.Sleep(time.Hour) }`, 0o644)
	exe := filepath.Join(dir, "program")
	cmd := exec.Command("go", append(append([]string{"build", "-o", exe}, flags...), ".")...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("cannot build: %s", out)
	}
	return exe
}

func TestPreview(t *testing.T) {
	py := func(script string) []string {
		return []string{python(t), "-c", "import signal, time, ctypes, os\n" + script + "\nprint('ready', flush=True)\ntime.sleep(1000)"}
	}
	bash := func(script string) []string {
		return []string{"bash", "-c", script + "; echo ready; while :; do sleep 1000; done"}
	}
	for name, c := range map[string]struct {
		argv []string
		sig  string
		want tree.Target
	}{
		"default": {bash(":"), "USR1", tree.Target{Effect: tree.EffectDefault}},
		"caught":  {bash("trap : USR1"), "USR1", tree.Target{Effect: tree.EffectCaught}},
		"ignored": {bash("trap '' USR1"), "USR1", tree.Target{Effect: tree.EffectIgnored}},
		"kill":    {bash("trap '' USR1"), "KILL", tree.Target{Effect: tree.EffectDefault}},
		"blocked": {py("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])"), "USR1", tree.Target{Effect: tree.EffectBlocked}},
		"blocked, ignored": {py("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]); signal.signal(signal.SIGUSR1, signal.SIG_IGN)"),
			"USR1", tree.Target{Effect: tree.EffectIgnored}},
		"real time": {py("signal.signal(40, lambda *a: 0)"), "40", tree.Target{Effect: tree.EffectCaught}},
		"sigwait":   {[]string{python(t), "-c", "import signal\nprint('ready', flush=True)\nsignal.sigwait([signal.SIGUSR1])"}, "USR1", tree.Target{Effect: tree.EffectCaught}},
	} {
		t.Run(name, func(t *testing.T) {
			w := observe(t, Options{Argv: c.argv})
			w.said("ready")
			c.want.Node = "0"
			w.predicts(c.sig, "", []string{"0"}, c.want)
		})
	}
}

// predicts waits for a preview: a program may be on its way into sigwait.
func (w *observed) predicts(sig, scope string, nodes []string, want ...tree.Target) {
	w.t.Helper()
	var got []tree.Target
	w.until("the preview", func() bool {
		var err error
		if got, err = w.Preview(sig, scope, nodes); err != nil {
			w.t.Fatal(err)
		}
		return slices.Equal(got, want) || time.Since(w.header.Start) > deadline/2
	})
	if !slices.Equal(got, want) {
		w.t.Errorf("%s to the %s of %v: %+v, want %+v", sig, scope, nodes, got, want)
	}
}

// TestPreviewOfGo: without symbols no claim can be made.
func TestPreviewOfGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	for name, c := range map[string]struct {
		flag string
		want tree.Target
	}{
		"plain":    {"-ldflags=", tree.Target{Node: "0", Effect: tree.EffectDefault}},
		"stripped": {"-ldflags=-s -w", tree.Target{Node: "0", Effect: tree.EffectCaught, Unsure: true}},
	} {
		t.Run(name, func(t *testing.T) {
			w := observe(t, Options{Argv: []string{goProgramThat(t, "", c.flag)}})
			w.predicts("TERM", "", []string{"0"}, c.want)
			w.predicts("KILL", "", []string{"0"}, tree.Target{Node: "0", Effect: tree.EffectDefault})
		})
	}
}

// TestPreviewScopes: who is reached, in the order of Signal, each once.
func TestPreviewScopes(t *testing.T) {
	need(t, "setsid")
	g := newGate(t)
	// 0 is bash, 0.0 a bash with 0.0.0, and the last leads a session of its own.
	w := sh(t, `bash -c 'sleep 1001 & wait' & read x <"$1"; setsid sleep 1002 & read x <"$1"; trap "" TERM; echo ready; wait`, g.path)
	inner := w.sleeper("1001")
	g.open()
	own := w.sleeper("1002")
	g.open()
	w.said("ready")
	middle, _, _ := cutLast(inner)
	d := func(nodes ...string) (ts []tree.Target) {
		for _, n := range nodes {
			e := tree.EffectDefault
			if n == "0" {
				e = tree.EffectIgnored
			}
			ts = append(ts, tree.Target{Node: n, Effect: e})
		}
		return ts
	}
	w.predicts("TERM", "process", []string{"0"}, d("0")...)
	w.predicts("TERM", "subtree", []string{"0"}, d("0", middle, inner, own)...)
	w.predicts("TERM", "subtree", []string{middle, "0"}, d(middle, inner, "0", own)...)
	w.predicts("TERM", "leaves", []string{"0"}, d(own, inner, middle, "0")...)
	w.predicts("TERM", "session", []string{inner}, d("0", middle, inner)...)
	w.predicts("TERM", "group", []string{inner, "0"}, d(inner, "0", middle)...)
	w.predicts("TERM", "session", []string{own}, d(own)...)

	if err := w.Signal(inner, "STOP", ""); err != nil {
		t.Fatal(err)
	}
	w.kind(inner, exitreg.KindStop)
	w.predicts("TERM", "", []string{inner}, tree.Target{Node: inner, Effect: tree.EffectDefault, Stopped: true})
	w.predicts("KILL", "", []string{inner}, tree.Target{Node: inner, Effect: tree.EffectDefault})
	w.kill(inner)
	w.predicts("TERM", "", []string{inner}, tree.Target{Node: inner, Effect: tree.EffectGone})
	w.predicts("TERM", "subtree", []string{inner, own}, tree.Target{Node: inner, Effect: tree.EffectGone}, d(own)[0])

	for _, bad := range [][3]string{{"TERM", "", "7"}, {"WHAT", "", "0"}, {"TERM", "all", "0"}} {
		if _, err := w.Preview(bad[0], bad[1], []string{bad[2]}); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got, err := w.Preview("TERM", "", nil); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
}

// sleeper waits for the sleep with that argument and returns its node.
func (w *observed) sleeper(arg string) (node string) {
	w.t.Helper()
	w.until("sleep "+arg, func() bool {
		for _, n := range tree.Fold(w.events).Nodes {
			if n.Alive() && n.Name == "sleep" && slices.Contains(n.Argv, arg) {
				node = n.ID
			}
		}
		return node != ""
	})
	return node
}

// TestPreviewPID1: the first process of a pid namespace has no default actions.
func TestPreviewPID1(t *testing.T) {
	w := enclosed(t, "bash", "-c", "trap : USR1; trap '' USR2; echo ready; read x </dev/zero")
	w.said("ready")
	for sig, want := range map[string]tree.Effect{"TERM": tree.EffectPID1, "USR1": tree.EffectCaught,
		"USR2": tree.EffectIgnored, "KILL": tree.EffectDefault} {
		w.predicts(sig, "", []string{"0"}, tree.Target{Node: "0", Effect: want})
	}
	if d := w.details("0"); standing(&d, "SIGTERM").Effect != tree.Ignored {
		t.Error("SIGTERM would do something")
	}
}

// TestTargetRefused: signal 0 was refused, or there was nobody.
func TestTargetRefused(t *testing.T) {
	for why, want := range map[error]tree.Effect{unix.EPERM: tree.EffectRefused, unix.ESRCH: tree.EffectGone} {
		if got := target(&proc{id: "0", pid: 1}, unix.SIGTERM, why); got.Effect != want {
			t.Errorf("%v: %+v", why, got)
		}
	}
}

// BenchmarkPreview: one of 1,000 processes in each step.
func BenchmarkPreview(b *testing.B) {
	const n = 1000
	s, err := Start(Options{Argv: []string{"bash", "-c", fmt.Sprintf("for ((i = 0; i < %d; i++)); do sleep 1000 & done; wait", n)}})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Wait()
	defer s.Kill()
	go func() {
		for range s.Events() {
		}
	}()
	for {
		got, err := s.Preview("TERM", "subtree", []string{"0"})
		if err == nil && len(got) == n+1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for b.Loop() {
		s.Preview("TERM", "subtree", []string{"0"})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "us/process")
}
