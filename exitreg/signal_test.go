//go:build unix

package exitreg_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var (
	slowRole = role("slow handler", func() {
		install()
		register("a")
		slow("h", time.Hour)
		await()
	})
	neverForced = role("never forced", func() {
		install(exitreg.ForceAfter(0))
		register("a")
		released := make(chan bool)
		exitreg.Register("h", func(context.Context) error { put("h"); <-released; return nil })
		put("ready")
		var b [1]byte
		os.Stdin.Read(b[:])
		close(released)
		select {}
	})
	burst  = role("burst", func() { install(); register("a"); register("b"); await() })
	inLoop = role("in a loop", func() { install(); register("a"); await() })
)

// Rule 16: when a second signal cuts the run short. The exact times are checked
// on a virtual clock, in TestSecondSignal.
func TestForce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id            string
		first, second syscall.Signal
		status        string
	}{
		{"T35", syscall.SIGTERM, syscall.SIGTERM, "signal 15"},
		{"T37", syscall.SIGINT, syscall.SIGINT, "signal 2"},
		{"T38", syscall.SIGTERM, syscall.SIGINT, "signal 2"},
	} {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			p := start(t, slowRole)
			p.await("ready")
			p.kill(c.first)
			p.await("h")
			time.Sleep(300 * time.Millisecond) // beyond the bounce
			p.kill(c.second)
			p.want("", c.status)
			if !strings.Contains(p.stderr.String(), "forced") {
				t.Errorf("stderr %q says nothing of force", p.stderr.String())
			}
		})
	}
}

// T39, rule 16: ForceAfter(0) lets every handler end.
func TestNeverForced(t *testing.T) {
	t.Parallel()
	cmd := playing(t, neverForced)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := startCommand(t, cmd)
	p.await("ready")
	p.kill(syscall.SIGTERM)
	p.await("h")
	for range 4 {
		time.Sleep(260 * time.Millisecond) // each would count
		p.kill(syscall.SIGTERM)
	}
	in.Close()
	p.want("a", "signal 15")
}

// T40, rules 14 and 16: a burst is one signal. A process that comes to it only when a
// bounce is over, for it had no processor, may take the rest for another one.
func TestBurst(t *testing.T) {
	t.Parallel()
	for range 20 {
		p := start(t, burst)
		p.await("ready")
		began := time.Now()
		for range 50 {
			if syscall.Kill(p.pid, syscall.SIGTERM) != nil {
				break // it was quick
			}
		}
		ran, status := p.end()
		if ran == "b a" && status == "signal 15" {
			return
		}
		if took := time.Since(began); took < 250*time.Millisecond {
			t.Fatalf("ran %q, %s, after %v", ran, status, took)
		}
	}
	t.Error("it was cut short each time")
}

// T44, rule 18: a shell's loop stops on Ctrl-C only if the program is seen to
// have died by the signal.
func TestShellLoop(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	use(t, inLoop)
	cmd := exec.Command(bash, "-c", `for i in 1 2 3; do "$0"; done; echo went on`, os.Args[0])
	cmd.Env = append(os.Environ(), roleEnv+"="+inLoop)
	p := startCommand(t, cmd)
	p.await("ready")
	p.killGroup(syscall.SIGINT)
	p.want("a", "signal 2")
}

var ignoring = role("ignored on entry", func() { install(); register("a"); await() })

var ignoringNot = role("even if ignored", func() { install(exitreg.EvenIfIgnored()); register("a"); await() })

// Rule 17: what nohup, or a background job of a plain shell, ignores stays
// ignored. Rule 18: when it is taken all the same, the process cannot die by it.
func TestIgnoredOnEntry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role, ran, status string
		sigs              []syscall.Signal
	}{
		{ignoring, "a", "signal 15", []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}},
		{ignoringNot, "a", "code 130", []syscall.Signal{syscall.SIGINT}},
	} {
		t.Run(c.role, func(t *testing.T) {
			t.Parallel()
			use(t, c.role)
			cmd := exec.Command("/bin/sh", "-c", `trap '' INT; exec "$0"`, os.Args[0])
			cmd.Env = append(os.Environ(), roleEnv+"="+c.role)
			p := startCommand(t, cmd)
			p.await("ready")
			for _, s := range c.sigs {
				p.kill(s)
			}
			p.want(c.ran, c.status)
		})
	}
}
