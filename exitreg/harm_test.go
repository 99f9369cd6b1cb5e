//go:build unix

package exitreg_test

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var riggedSlow = role("rigged, with a handler that takes for ever", func() {
	install()
	register("a")
	exitreg.Register("b", func(context.Context) error { put("b"); forever(); return nil })
	register("c")
	awaitOrders()
	await()
})

var riggedAlone = role("rigged, and says when it has lost its observer", func() {
	install()
	register("a b c")
	awaitOrders()
	put("ready")
	for exitreg.GatePaced() {
		time.Sleep(time.Millisecond)
	}
	put("alone")
	forever()
})

// A SIGKILL in the middle of a handler, at its begin or a while later; one that is
// done by then is spared.
func TestKilledInHandler(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ role, what, ran, status, run string }{
		{rigged, `"kill"`, "c", "signal 9", "begin:c end:c fault:b begin:b"},
		{riggedSlow, `"kill"`, "c", "signal 9", "begin:c end:c fault:b begin:b"},
		{rigged, `"kill","ns":3600000000000`, "c b a", "signal 15", "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM"},
	} {
		p, o := ordered(t, c.role, fault("b", c.what))
		p.kill(syscall.SIGTERM)
		p.want(c.ran, c.status)
		o.checkKill(c.what, c.run)
	}
	patiently(t, func(after time.Duration) string {
		what := fmt.Sprintf(`"kill","ns":%d`, after)
		p, o := ordered(t, riggedSlow, fault("b", what))
		p.kill(syscall.SIGTERM)
		if wrong := p.differs("c b", "signal 9"); wrong != "" {
			return wrong // it was killed before it came to say so
		}
		o.checkKill(what, "begin:c end:c fault:b begin:b")
		return ""
	})
}

// checkKill checks what is told of a kill in a handler.
func (o *observer) checkKill(what, run string) {
	o.t.Helper()
	if got := o.run(); got != run {
		o.t.Errorf("%s: %s", what, got)
	}
	for _, e := range o.seen {
		if late := strings.Contains(what, "ns"); e.Kind == exitreg.KindFault && (e.Text != "kill" || (e.Timeout > 0) != late) {
			o.t.Errorf("%s: %+v", what, e)
		}
	}
}

// A kill that is taken back in time does not come, nor does one whose observer is gone.
func TestKillTakenBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(o *observer){
		"taken back": func(o *observer) { fmt.Fprintln(o.connected(), fault("b", `"none"`)) }, // or it is too late
		"closed":     func(o *observer) { o.connected().Close() },
	} {
		patiently(t, func(third time.Duration) string {
			p, o := ordered(t, riggedSlow, fault("b", fmt.Sprintf(`"kill","ns":%d`, 3*third)))
			p.kill(syscall.SIGTERM)
			for o.await(exitreg.KindBegin).Handler != "b" {
			}
			end(o)
			time.Sleep(4 * third)   // beyond it, and the bounce
			p.kill(syscall.SIGTERM) // which forces
			if wrong := p.differs("c b", "signal 15"); wrong != "" {
				return name + ": " + wrong
			}
			return ""
		})
	}
}

// A SIGSTOP in the middle of a handler: when the process is continued it goes on.
func TestStoppedInHandler(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, fault("b", `"stop"`))
	p.kill(syscall.SIGTERM)
	for o.await(exitreg.KindBegin).Handler != "b" {
	}
	p.standsStill()
	sig(t, p.pid, syscall.SIGCONT)
	p.want("c b a", "signal 15")
	if got, want := o.run(), "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM"; got != want {
		t.Errorf("%s", got)
	}
}

// standsStill waits until a process is stopped.
func (p *proc) standsStill() {
	p.t.Helper()
	for until := time.Now().Add(patience); !stopped(p.pid); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			p.t.Fatal("it does not stop")
		}
	}
}

// stopped says that a process is, by its state.
func stopped(pid int) bool { return strings.HasPrefix(state(pid), "T") }

// state is that of a process; "": it is gone.
func state(pid int) string {
	out, _ := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return string(out)
}

// obeyed returns when all that was said before has been done: nonsense is answered.
func (o *observer) obeyed() {
	o.t.Helper()
	o.say(`{"do":"hold","on":"breakfast"}`)
	o.await(exitreg.KindNote)
}

// Signals that come to nothing, however often, until the fault is taken back.
func TestMadeToIgnore(t *testing.T) {
	t.Parallel()
	for _, which := range []string{"", "SIGTERM", "T*"} {
		p, o := ordered(t, rigged, `{"do":"fault","fault":"ignore","sig":"`+which+`"}`)
		for range 3 {
			p.kill(syscall.SIGTERM)
			if e := o.await(exitreg.KindFault); e.Text != "ignore" || e.Sig != "SIGTERM" || e.ID != "" {
				t.Errorf("%q: %+v", which, e)
			}
		}
		o.say(`{"do":"fault","fault":"none"}`)
		o.obeyed()
		p.kill(syscall.SIGTERM)
		p.want("c b a", "signal 15")
	}
	p, o := ordered(t, rigged, `{"do":"fault","fault":"ignore","sig":"SIGINT"}`)
	p.kill(syscall.SIGINT)
	o.await(exitreg.KindFault)
	p.kill(syscall.SIGTERM)
	p.want("c b a", "signal 15")

	p, o = ordered(t, riggedAlone, `{"do":"fault","fault":"ignore"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindFault)
	o.connected().Close()
	p.await("alone")
	p.kill(syscall.SIGTERM)
	p.want("c b a", "signal 15")
}

// A parent that waits in Stop for a child that is held does not lose its patience.
func TestPatienceStands(t *testing.T) {
	t.Parallel()
	o := observe(t)
	p := start(t, puppet, nameEnv+"=main", o.env(),
		"SCRIPT_main=install; start kid unwatched; stop kid 200ms; obey; ready; wait", "SCRIPT_kid=deaf; ready; wait")
	o.say(`{"do":"freeze"}`)
	o.say(`{"do":"pace","ns":1}`)
	pids := p.ready("main", "kid")
	sig(t, pids["main"], syscall.SIGTERM)
	o.await(exitreg.KindWait)
	time.Sleep(600 * time.Millisecond) // three times as long
	o.obeyed()
	for _, e := range o.seen {
		if e.Kind == exitreg.KindEnd {
			t.Errorf("it ended: %+v", e)
		}
	}
	o.say(`{"do":"thaw"}`)
	if e := o.await(exitreg.KindEnd); !strings.Contains(e.Err, "had to be killed after 200ms") {
		t.Errorf("%+v", e)
	}
	p.rest()
}
