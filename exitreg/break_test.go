//go:build unix

package exitreg_test

import (
	"os"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var brokenInto = role("registering while it is held", func() {
	install()
	register("a b c")
	awaitOrders()
	put("ready")
	go func() {
		os.Stdin.Read(make([]byte, 1)) // the end of it
		register("d")
	}()
	forever()
})

// A breakpoint stops before its handler and nowhere else. A step goes on to the
// next handler, a release to the next breakpoint.
func TestBreakpoints(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","handler":"[x]"}`, `{"do":"hold","handler":"b*"}`, `{"do":"hold","id":"h1"}`)
	p.kill(syscall.SIGTERM)
	if e := o.await(exitreg.KindHold); e.Handler != "b" || e.Text != "b*" {
		t.Errorf("stopped at %+v", e)
	}
	o.say(`{"do":"hold","handler":"elsewhere"}`)
	o.say(`{"do":"release"}`)
	if e := o.await(exitreg.KindHold); e.Handler != "a" || e.Text != "h1" {
		t.Errorf("stopped at %+v", e)
	}
	o.say(`{"do":"release","id":"h1"}`) // taking it back lets it go, too
	p.want("c b a", "signal 15")
	if got, want := o.run(), "begin:c end:c hold:b release:b begin:b end:b hold:a release:a begin:a end:a leave:SIGTERM"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// From a breakpoint a step leads to the next handler, which is none. Taking back
// a breakpoint does not end a hold.
func TestSteppingFromBreakpoint(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","handler":"c"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	o.say(`{"do":"step"}`)
	if e := o.await(exitreg.KindHold); e.Handler != "b" || e.Text != "" {
		t.Errorf("stopped at %+v", e)
	}
	o.say(`{"do":"release","handler":"c"}`)
	o.say(`{"do":"step"}`)
	if e := o.await(exitreg.KindHold); e.Handler != "a" {
		t.Errorf("stopped at %+v", e)
	}
	o.say(`{"do":"release"}`)
	p.want("c b a", "signal 15")
	if got, want := o.run(), "hold:c release:c begin:c end:c hold:b release:b begin:b end:b hold:a release:a begin:a end:a leave:SIGTERM"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A breakpoint ends with the connection and by force. The grace does not pass while
// it holds.
func TestBreakpointEnds(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","handler":"*"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	o.connected().Close()
	p.want("c b a", "signal 15")

	patiently(t, func(grace time.Duration) string {
		p, o := orderedIn(t, riggedGrace, []string{limitEnv + "=" + grace.String()}, `{"do":"hold","handler":"b"}`)
		p.kill(syscall.SIGTERM)
		if _, held := o.reaches(exitreg.KindHold); !held {
			return "the grace was over before it was held: " + o.story()
		}
		time.Sleep(3 * grace)
		o.say(`{"do":"release"}`)
		return p.differs("c b a", "signal 15")
	})

	p, o = ordered(t, rigged, `{"do":"hold","handler":"b"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	time.Sleep(300 * time.Millisecond) // beyond the bounce
	p.kill(syscall.SIGTERM)
	p.want("c", "signal 15")
}

// A handler that comes on top while another one is held does not slip past its
// own breakpoint.
func TestBreakpointOfLateHandler(t *testing.T) {
	t.Parallel()
	o := observe(t)
	cmd := playing(t, brokenInto, o.env())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := startCommand(t, cmd)
	for _, order := range []string{`{"do":"hold","handler":"c"}`, `{"do":"hold","handler":"d"}`, `{"do":"pace","ns":1}`} {
		o.say("%s", order)
	}
	p.await("ready")
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	in.Close()
	o.await(exitreg.KindRegister)
	for _, want := range []string{"d", "c"} {
		o.say(`{"do":"release"}`)
		if e := o.await(exitreg.KindHold); e.Handler != want {
			t.Errorf("stopped at %+v, want %s", e, want)
		}
	}
	o.say(`{"do":"release"}`)
	p.want("d c b a", "signal 15")
	if got, want := o.run(), "hold:c register:d release:c hold:d release:d begin:d end:d hold:c release:c begin:c end:c begin:b end:b begin:a end:a leave:SIGTERM"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A fault and a breakpoint on one handler: it stops, and then suffers.
func TestBreakpointAndFault(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, `{"do":"hold","handler":"b"}`)
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindHold)
	o.say("%s", fault("b", `"skip"`))
	o.say(`{"do":"release"}`)
	p.want("c a", "signal 15")
	if got, want := o.run(), "begin:c end:c hold:b release:b fault:b skip:b begin:a end:a leave:SIGTERM"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
