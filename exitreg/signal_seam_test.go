//go:build unix

package exitreg

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"
)

// Rule 16, T35 to T39: which second signal forces, and when.
func TestSecondSignal(t *testing.T) {
	const (
		TERM = syscall.SIGTERM
		INT  = syscall.SIGINT
		HUP  = syscall.SIGHUP
		ms   = time.Millisecond
	)
	type press struct {
		sig os.Signal
		at  time.Duration
	}
	for _, c := range []struct {
		name    string
		n       int
		presses []press
		status  string
		after   time.Duration // a handler takes 2 s if it is let
	}{
		{"T35 the same", 2, []press{{TERM, 0}, {TERM, 400 * ms}}, "signal 15", 400*ms + reactForced},
		{"T36 a bounce", 2, []press{{TERM, 0}, {TERM, 50 * ms}}, "signal 15", 2000 * ms},
		{"bounce, then in earnest", 2, []press{{TERM, 0}, {TERM, 50 * ms}, {TERM, 260 * ms}}, "signal 15", 260*ms + reactForced},
		{"just a bounce", 2, []press{{TERM, 0}, {TERM, 249 * ms}}, "signal 15", 2000 * ms},
		{"just no bounce", 2, []press{{TERM, 0}, {TERM, 250 * ms}}, "signal 15", 250*ms + reactForced},
		{"T37 INT twice", 2, []press{{INT, 0}, {INT, 400 * ms}}, "signal 2", 400*ms + reactForced},
		{"T38 INT after TERM", 2, []press{{TERM, 0}, {INT, 400 * ms}}, "signal 2", 400*ms + reactForced},
		{"TERM after INT", 2, []press{{INT, 0}, {TERM, 400 * ms}}, "signal 2", 2000 * ms},
		{"TERM twice after INT", 2, []press{{INT, 0}, {TERM, 400 * ms}, {TERM, 800 * ms}}, "signal 15", 800*ms + reactForced},
		{"HUP after TERM", 2, []press{{TERM, 0}, {HUP, 400 * ms}}, "signal 15", 2000 * ms},
		{"T39 never", 0, []press{{TERM, 0}, {TERM, 300 * ms}, {TERM, 600 * ms}, {INT, 900 * ms}}, "signal 15", 2000 * ms},
		{"three", 3, []press{{TERM, 0}, {TERM, 300 * ms}, {INT, 600 * ms}}, "signal 2", 600*ms + reactForced},
		{"three, bounced", 3, []press{{TERM, 0}, {TERM, 300 * ms}, {TERM, 400 * ms}}, "signal 15", 2000 * ms},
		{"one is two", 1, []press{{TERM, 0}, {TERM, 300 * ms}}, "signal 15", 300*ms + reactForced},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fake) {
				f.install(ForceAfter(c.n), Signals(TERM, INT, HUP))
				f.takes("h", 2*time.Second)
				go func() {
					for _, p := range c.presses {
						time.Sleep(p.at - time.Since(f.born))
						f.signals <- p.sig
					}
				}()
				f.want(nil, "h", c.status, c.after)
			})
		})
	}
}

// Rule 16 against a run that no signal began: the first one does not force.
func TestSignalsDuringExit(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.install()
		f.stack("old")
		f.takes("h", time.Minute)
		go func() {
			time.Sleep(time.Second)
			f.signals <- syscall.SIGTERM
			time.Sleep(time.Second)
			f.signals <- syscall.SIGTERM
		}()
		f.want(f.exit(3), "h", "signal 15", 2*time.Second+reactForced)
		if o := f.outs; len(o) != 2 || o[0].kind != timedOut || o[1].why != "forced" {
			t.Errorf("outcomes %+v", o)
		}
	})
}

// Rule 18: how a process ends after a signal, where it can and where it cannot.
func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		name   string
		opts   []Option
		set    func(f *fake)
		sig    os.Signal
		status string
		after  time.Duration
	}{
		{"T41", nil, nil, syscall.SIGTERM, "signal 15", 0},
		{"T42", []Option{ExitStatus(Code128)}, nil, syscall.SIGINT, "code 130", 0},
		{"T43", []Option{ExitStatus(SignalNumber)}, nil, syscall.SIGTERM, "code 15", 0},
		{"process 1", nil, func(f *fake) { f.sys.pid = 1 }, syscall.SIGTERM, "code 143", 0},
		{"process 1, its number", []Option{ExitStatus(SignalNumber)}, func(f *fake) { f.sys.pid = 1 }, syscall.SIGTERM, "code 15", 0},
		{"ignored on entry", []Option{EvenIfIgnored()}, func(f *fake) { f.ignored = map[os.Signal]bool{syscall.SIGINT: true} }, syscall.SIGINT, "code 130", 0},
		{"still alive", nil, func(f *fake) { f.stuck = true }, syscall.SIGTERM, "code 143", time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fake) {
				if c.set != nil {
					c.set(f)
				}
				f.install(c.opts...)
				f.stack("a")
				f.signals <- c.sig
				f.want(nil, "a", c.status, c.after)
			})
		})
	}
}

// Rule 17: with every signal ignored nothing is listened to; signal.Notify with
// no arguments would be all of them.
func TestAllIgnored(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.ignored = map[os.Signal]bool{syscall.SIGTERM: true, syscall.SIGINT: true}
		f.install()
		if f.signals != nil {
			t.Error("it listens")
		}
	})
}

// Rule 25: SIGINT belongs to the parent that adopted us, as long as it lives,
// before and during a run.
func TestDriven(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		parent := identity{7, 70}
		f.env[sharedEnv] = `{"v":1,"parent":{"pid":7,"start":70},"shared":[{"name":"nobody defines this","pid":7}]}`
		f.parents[parent] = true
		f.install()
		f.takes("h", 2*time.Second)
		go func() {
			f.signals <- syscall.SIGINT
			time.Sleep(time.Second)
			f.signals <- syscall.SIGTERM
			time.Sleep(time.Second)
			f.signals <- syscall.SIGINT
		}()
		f.want(nil, "h", "signal 15", 3*time.Second)
	})
}

// Rule 16 in an adopted child: the second SIGTERM may be the parent passing on
// what the whole group got already; the third is meant, and so is the second of a
// child whose parent is gone.
func TestRelay(t *testing.T) {
	for _, c := range []struct {
		name  string
		lives bool
		terms int
		after time.Duration
	}{
		{"the relay", true, 2, 2 * time.Second},
		{"a third", true, 3, 800*time.Millisecond + reactForced},
		{"an orphan", false, 2, 400*time.Millisecond + reactForced},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fake) {
				f.env[sharedEnv] = `{"v":1,"parent":{"pid":7,"start":70},"shared":[{"name":"nobody defines this","pid":7}]}`
				f.parents[identity{7, 70}] = c.lives
				f.install()
				f.takes("h", 2*time.Second)
				go func() {
					f.signals <- syscall.SIGTERM
					for range c.terms - 1 {
						time.Sleep(400 * time.Millisecond)
						f.signals <- syscall.SIGTERM
					}
				}()
				f.want(nil, "h", "signal 15", c.after)
			})
		})
	}
}

// The names on the wire.
func TestSignalNames(t *testing.T) {
	for sig, want := range map[os.Signal]string{
		syscall.SIGTERM: "SIGTERM", os.Interrupt: "SIGINT", syscall.SIGHUP: "SIGHUP", syscall.Signal(60): "signal 60",
	} {
		if got := signalName(sig); got != want {
			t.Errorf("%v is %q, want %q", sig, got, want)
		}
	}
}

// At stands for the place of the registration, in this process and in those that
// inherit the handler.
func TestAt(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.install()
		nothing := func(context.Context) error { return nil }
		if got := f.Register("h", nothing, At("store/wal.go:88")).source(); got != "store/wal.go:88" {
			t.Errorf("local: at %q", got)
		}
		h := f.Share(&Shared{name: "s", fn: nothing}, At("lease.go:52"))
		if h.entry.Src != "lease.go:52" {
			t.Errorf("handed down as of %q", h.entry.Src)
		}
		f.want(f.exit(0), "", "code 0", 0)
	})
}
