//go:build unix

package exitreg_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

// at is where it is held, and by which breakpoint.
func at(e exitreg.Event) string { return strings.TrimSpace(e.Handler + e.Sig + ": " + e.Text) }

// Held at the signal before any handler, at handlers, and at the exit behind the last.
func TestHeldEverywhere(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","on":"signal","sig":"SIGTERM"}`, `{"do":"hold","on":"exit"}`, `{"do":"hold","on":"handler","handler":"b"}`)
	p.kill(syscall.SIGTERM)
	for _, want := range []string{"SIGTERM: signal SIGTERM", "b: b", ": exit"} {
		if e := o.await(exitreg.KindHold); at(e) != want {
			t.Errorf("held at %q, want %q", at(e), want)
		}
		o.say(`{"do":"release"}`)
	}
	p.want("c b a", "signal 15")
	if got, want := o.run(), "hold:SIGTERM release:SIGTERM begin:c end:c hold:b release:b begin:b end:b begin:a end:a hold release leave:SIGTERM"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// An order that was given before a signal stands when the signal has come, however
// many came before it and however late the goroutine that listens is: it takes a rest
// after every 64.
func TestHeldThoughHeardLate(t *testing.T) {
	t.Parallel()
	for order, want := range map[string]string{
		`{"do":"hold"}`:               "c",
		`{"do":"hold","on":"signal"}`: "",
		`{"do":"hold","on":"exit"}`:   "",
	} {
		p, o := ordered(t, rigged)
		o.say("%s", strings.Repeat(`{"do":"thaw"}`+"\n", 200)+order)
		p.kill(syscall.SIGTERM)
		if e := o.await(exitreg.KindHold); e.Handler != want {
			t.Errorf("held before %q, want %q", e.Handler, want)
		}
		o.say(`{"do":"release"}`)
		o.connected().Close()
		p.want("c b a", "signal 15")
	}
}

// Which signals a breakpoint means.
func TestHeldAtSignals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sig  string
		kill syscall.Signal
		held bool
	}{
		{"", syscall.SIGINT, true}, {"SIGINT", syscall.SIGINT, true}, {"INT", syscall.SIGINT, true}, {"SIG*", syscall.SIGTERM, true},
		{"T*", syscall.SIGTERM, true}, {"SIGTERM", syscall.SIGINT, false}, {"SIGUSR1", syscall.SIGTERM, false},
	} {
		p, o := ordered(t, rigged, `{"do":"hold","on":"signal","sig":"`+c.sig+`"}`, `{"do":"hold","on":"exit"}`)
		p.kill(c.kill)
		e := o.await(exitreg.KindHold)
		if held := strings.HasPrefix(e.Text, "signal"); held != c.held {
			t.Errorf("%q at %v: held at %q", c.sig, c.kill, at(e))
		}
		o.connected().Close()
		p.want("c b a", "signal "+map[syscall.Signal]string{syscall.SIGINT: "2", syscall.SIGTERM: "15"}[c.kill])
	}
}

// A step from the signal leads to the first handler, one from the exit to the end.
// Taking a breakpoint back lets go of who is at it.
func TestStepThrough(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","on":"signal"}`, `{"do":"hold","on":"exit"}`)
	p.kill(syscall.SIGTERM)
	for _, want := range []string{"SIGTERM: signal", "c:", "b:", "a:", ": exit"} {
		if e := o.await(exitreg.KindHold); at(e) != want {
			t.Errorf("held at %q, want %q", at(e), want)
		}
		o.say(`{"do":"step"}`)
	}
	p.want("c b a", "signal 15")

	p, o = ordered(t, rigged, `{"do":"hold","on":"signal"}`, `{"do":"hold","on":"exit"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	o.say(`{"do":"release","on":"signal"}`)
	if e := o.await(exitreg.KindHold); at(e) != ": exit" {
		t.Errorf("held at %q", at(e))
	}
	o.say(`{"do":"release","on":"exit"}`)
	p.want("c b a", "signal 15")
}

// An exit by another way than a signal is held, too; a second signal does not wait.
func TestHeldAtExit(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, riggedExit, `{"do":"hold","on":"exit"}`, `{"do":"hold","on":"signal"}`)
	o.await(exitreg.KindHold)
	o.say(`{"do":"release"}`)
	p.want("b a", "code 0")

	p, o = ordered(t, rigged, `{"do":"hold","on":"exit"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	time.Sleep(300 * time.Millisecond) // beyond the bounce
	p.kill(syscall.SIGINT)
	p.want("c b a", "signal 2")
}

// Nonsense is told, and holds nobody.
func TestHeldNowhere(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","on":"breakfast"}`, `{"do":"fault","fault":"hang"}`, `{"do":"fault","handler":"a","fault":"ignore"}`)
	p.kill(syscall.SIGTERM)
	p.want("c b a", "signal 15")
	var notes []string
	for _, e := range o.all() {
		if e.Kind == exitreg.KindNote {
			notes = append(notes, e.Text)
		}
	}
	want := []string{"exitreg: a hold on breakfast is not known", "exitreg: a fault was meant for no handler", "exitreg: the fault ignore is for a process, not for a handler"}
	if strings.Join(notes, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", notes)
	}
}
