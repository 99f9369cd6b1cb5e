//go:build unix

package exitreg_test

import (
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var (
	held      = role("held", func() { install(); register("a b c"); awaitGate() })
	heldGrace = role("held with a grace", func() { install(exitreg.Grace(limited())); register("a b c"); awaitGate() })
)

// awaitGate is ready when the observer's word has come.
func awaitGate() {
	for !exitreg.GateClosed() {
		time.Sleep(time.Millisecond)
	}
	await()
}

// holding starts a role, holds it, and sends the signal once it obeys.
func holding(t *testing.T, name string) (*proc, *observer) {
	t.Helper()
	p, o, held := holdingIn(t, name)
	if !held {
		t.Fatalf("it was not held: %s", o.story())
	}
	return p, o
}

// holdingIn is holding in an environment that may end it before.
func holdingIn(t *testing.T, name string, env ...string) (*proc, *observer, bool) {
	t.Helper()
	o := observe(t)
	p := start(t, name, append(env, o.env())...)
	o.say(`{"do":"what is this"}`) // ignored
	o.say(`{"do":"hold"}`)
	p.await("ready")
	p.kill(syscall.SIGTERM)
	e, ok := o.reaches(exitreg.KindHold)
	if ok && (e.Handler != "c" || e.ID != "h3") {
		t.Errorf("held before %+v", e)
	}
	return p, o, ok
}

// Hold, step by step, release.
func TestStepping(t *testing.T) {
	t.Parallel()
	p, o := holding(t, held)
	o.say(`{"do":"step"}`)
	o.await(exitreg.KindHold)
	o.say(`{"do":"release"}`)
	p.want("c b a", "signal 15")
	o.all()
	want := "hello register:a register:b register:c deliver:SIGTERM hold:c release:c begin:c end:c" +
		" hold:b release:b begin:b end:b begin:a end:a leave:SIGTERM"
	if got := o.story(); got != want && got != "hello "+want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A hold ends with the connection, whichever way that ends.
func TestHoldEndsWithConnection(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(o *observer){
		"closed":  func(o *observer) { o.connected().Close() },
		"garbage": func(o *observer) { o.say("garbage") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, o := holding(t, held)
			end(o)
			p.want("c b a", "signal 15")
		})
	}
}

// A second signal does not wait for the observer. The grace does: it is as long as
// ever from the release on.
func TestHoldAgainstForceAndGrace(t *testing.T) {
	t.Parallel()
	p, _ := holding(t, held)
	time.Sleep(300 * time.Millisecond) // beyond the bounce
	p.kill(syscall.SIGTERM)
	p.want("", "signal 15")
	patiently(t, func(grace time.Duration) string {
		p, o, held := holdingIn(t, heldGrace, limitEnv+"="+grace.String())
		if !held {
			return "the grace was over before it was held"
		}
		time.Sleep(3 * grace)
		o.say(`{"do":"release"}`)
		return p.differs("c b a", "signal 15")
	})
	patiently(t, func(grace time.Duration) string {
		p, o, held := holdingIn(t, heldGrace, limitEnv+"="+grace.String())
		if !held {
			return "the grace was over before it was held"
		}
		o.say(`{"do":"fault","handler":"c","fault":"hang"}`)
		o.say(`{"do":"release"}`)
		p.want("", "signal 15")
		o.all()
		if e := o.seen[len(o.seen)-2]; e.Kind != exitreg.KindSkip || e.Text != "deadline" {
			t.Errorf("%s", o.story())
		}
		return ""
	})
}

// A pace is a pause before every handler.
func TestPace(t *testing.T) {
	t.Parallel()
	o := observe(t)
	p := start(t, held, o.env())
	o.say(`{"do":"pace","ns":%d}`, 50*time.Millisecond)
	p.await("ready")
	p.kill(syscall.SIGTERM)
	p.want("c b a", "signal 15")
	var last int64
	for _, e := range o.all() {
		if e.Kind == exitreg.KindBegin {
			if pause := time.Duration(e.At - last); last > 0 && pause < 45*time.Millisecond {
				t.Errorf("%s began %v after the one before", e.Handler, pause)
			}
			last = e.At
		}
	}
}
