//go:build unix

package exitreg_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

// conformance is a table of cases, each a real process: what it registers and
// does, what is done to it, what must have run and how it must end. Names give
// the rule, or rules, that a case is about.
var conformance = []struct {
	id     string // T01 ...
	rule   string
	play   func()
	do     func(p *proc) // after "ready"; nil: the process ends by itself
	ran    string
	status string
	stderr string // a part of it; "" wants it empty
}{
	{id: "T01", rule: "5,19", play: func() { register("a b c"); exitreg.Exit(0) }, ran: "c b a", status: "code 0"},
	{id: "T02", rule: "5", play: func() {
		install()
		exitreg.Share(s1)
		register("a")
		exitreg.Share(s2)
		register("b")
		await()
	}, do: send(syscall.SIGTERM), ran: "b a s2 s1", status: "signal 15"},
	{id: "T03", rule: "13", play: func() { register("a"); exitreg.Main(func() int { return 3 }) }, ran: "a", status: "code 3"},
	{id: "T04", rule: "13", play: func() { register("a") }, ran: "", status: "code 0"},
	{id: "T05", rule: "13", play: func() { register("a"); os.Exit(4) }, ran: "", status: "code 4"},
	{id: "T06", rule: "8,9,19", play: func() { register("a"); fail("b"); register("c"); exitreg.Exit(0) },
		ran: "c b a", status: "code 1", stderr: `exitreg: handler "b" (roles_test.go:`},
	{id: "T07", rule: "19", play: func() { install(exitreg.Lenient()); register("a"); fail("b"); register("c"); exitreg.Exit(0) },
		ran: "c b a", status: "code 0", stderr: "no luck"},
	{id: "T08", rule: "19", play: func() { register("a"); fail("b"); register("c"); exitreg.Exit(7) }, ran: "c b a", status: "code 7", stderr: "no luck"},
	{id: "T09", rule: "8,18", play: func() { install(); register("a"); panics("b", "x"); register("c"); await() },
		do: send(syscall.SIGTERM), ran: "c b a", status: "signal 15", stderr: "panic: x\n"},
	{id: "T10", rule: "8", play: func() { register("a"); panics("b", nil); exitreg.Exit(0) },
		ran: "b a", status: "code 1", stderr: "panic called with nil argument"},
	{id: "T11", rule: "8", play: func() { register("a"); goexits("b"); register("c"); exitreg.Exit(0) }, ran: "c b a", status: "code 1", stderr: "goexit"},
	{id: "T13", rule: "6", play: func() {
		register("a")
		exitreg.Register("h", func(context.Context) error { put("h"); register("late"); return nil })
		exitreg.Exit(0)
	}, ran: "h late a", status: "code 0"},
	{id: "T14", rule: "6", play: func() { // from the shared phase too
		exitreg.Share(exitreg.Define("sh", func(context.Context) error { put("sh"); register("late"); return nil }))
		register("a")
		exitreg.Exit(0)
	}, ran: "a sh late", status: "code 0"},
	{id: "T17", rule: "7", play: func() {
		register("a")
		b := exitreg.Register("b", says("b"))
		exitreg.Register("h", func(context.Context) error { put("h"); putBool(b.Unregister()); return nil })
		exitreg.Exit(0)
	}, ran: "h true a", status: "code 0"},
	{id: "T18", rule: "7", play: func() {
		register("a")
		var h *exitreg.Handler
		h = exitreg.Register("h", func(context.Context) error { put("h"); putBool(h.Unregister()); return nil })
		exitreg.Exit(0)
	}, ran: "h false a", status: "code 0"},
	{id: "T20", rule: "4", play: func() {
		h := exitreg.Register("a", says("a"))
		putBool(h.Unregister())
		putBool(h.Unregister())
		exitreg.Exit(0)
	}, ran: "true false", status: "code 0"},
	{id: "T21", rule: "4", play: func() { install(); putBool(exitreg.Share(s1).Unregister()); await() },
		do: send(syscall.SIGTERM), ran: "true", status: "signal 15"},
	{id: "T22", rule: "3", play: func() {
		f := says("f")
		exitreg.Register("f", f)
		exitreg.Register("f", f)
		exitreg.Exit(0)
	}, ran: "f f", status: "code 0"},
	{id: "T23", rule: "3", play: func() {
		k := exitreg.Register("k", says("k"), exitreg.Key("k"))
		register("b")
		putBool(k == exitreg.Register("k", says("other"), exitreg.Key("k")))
		exitreg.Exit(0)
	}, ran: "true b k", status: "code 0"},
	{id: "T24", rule: "3", play: func() {
		exitreg.Register("k", says("k1"), exitreg.Key("k")).Unregister()
		register("b")
		exitreg.Register("k", says("k2"), exitreg.Key("k"))
		exitreg.Exit(0)
	}, ran: "k2 b", status: "code 0"},
	{id: "T25", rule: "10", play: func() { install(); register("b"); hangs("a", exitreg.Timeout(200*time.Millisecond)); await() },
		do: send(syscall.SIGTERM), ran: "a a:timeout b", status: "signal 15", stderr: "timeout: ran longer than 200ms"},
	{id: "T26", rule: "11", play: func() { install(exitreg.Grace(300 * time.Millisecond)); register("a"); hangs("b"); await() },
		do: send(syscall.SIGTERM), ran: "b b:grace", status: "signal 15", stderr: "the grace of 300ms has passed"},
	{id: "T30", rule: "12", play: func() {
		install()
		ctx := exitreg.Context()
		exitreg.Register("a", func(context.Context) error {
			put(ctx.Err().Error())
			put(exitreg.CauseFrom(ctx).Signal.String())
			return nil
		})
		await()
	}, do: send(syscall.SIGTERM), ran: "context canceled terminated", status: "signal 15"},
	{id: "T31", rule: "15", play: func() {
		register("a")
		exitreg.Register("h", func(context.Context) error { put("h"); exitreg.Exit(9); put("returned"); return nil })
		register("c")
		exitreg.Exit(1)
	}, ran: "c h a", status: "code 9"},
	{id: "T31 on a signal", rule: "15", play: func() {
		install()
		register("a")
		exitreg.Register("h", func(context.Context) error { exitreg.Exit(0); return nil })
		await()
	}, do: send(syscall.SIGTERM), ran: "a", status: "code 0"},
	{id: "T33", rule: "15", play: func() {
		exitreg.Register("a", func(context.Context) error {
			said := make(chan bool)
			go func() { put("second"); close(said); exitreg.Exit(5); put("returned") }()
			<-said
			time.Sleep(50 * time.Millisecond) // time for the wrong thing to happen
			return nil
		})
		exitreg.Exit(1)
	}, ran: "second", status: "code 1"},
	{id: "T41", rule: "18", play: func() { install(); await() }, do: send(syscall.SIGTERM), status: "signal 15"},
	{id: "T41 INT", rule: "18", play: func() { install(); await() }, do: send(syscall.SIGINT), status: "signal 2"},
	{id: "T41 HUP", rule: "13", play: func() { install(exitreg.Signals(syscall.SIGHUP)); register("a"); await() },
		do: send(syscall.SIGHUP), ran: "a", status: "signal 1"},
	{id: "T41 not ours", rule: "13", play: func() { install(); register("a"); await() }, do: send(syscall.SIGHUP), status: "signal 1"},
	{id: "T42", rule: "18", play: func() { install(exitreg.ExitStatus(exitreg.Code128)); register("a"); await() },
		do: send(syscall.SIGINT), ran: "a", status: "code 130"},
	{id: "T43", rule: "18", play: func() { install(exitreg.ExitStatus(exitreg.SignalNumber)); register("a"); await() },
		do: send(syscall.SIGTERM), ran: "a", status: "code 15"},
	{id: "T45 codes", rule: "19", play: func() { exitreg.Exit(256) }, status: "code 255"},
	{id: "T46 codes", rule: "19", play: func() { exitreg.Exit(-1) }, status: "code 255"},
	{id: "T48", rule: "20", play: func() {
		defer exitreg.Recover()
		register("a")
		panic("boom")
	}, ran: "a", status: "code 2", stderr: "panic: boom"},
	{id: "T48 Main", rule: "20", play: func() {
		exitreg.Register("a", func(ctx context.Context) error { put(exitreg.CauseFrom(ctx).Error()); return nil })
		exitreg.Main(func() int { panic("boom") })
	}, ran: "panic: boom", status: "code 2", stderr: "conformance_test.go:"},
	{id: "T49", rule: "20", play: func() { register("a"); exitreg.Go(func() { panic("boom") }); select {} },
		ran: "a", status: "code 2", stderr: "panic: boom"},
	{id: "T49 in a run", rule: "20", play: func() {
		register("a")
		exitreg.Register("h", func(context.Context) error {
			said := make(chan bool)
			exitreg.Go(func() { defer close(said); panic("boom") })
			<-said
			time.Sleep(50 * time.Millisecond) // time for the wrong thing to happen
			put("h")
			return nil
		})
		exitreg.Exit(3)
	}, ran: "h a", status: "code 3", stderr: "exitreg: panic: boom\n"},
	{id: "T50", rule: "20", play: func() { register("a"); go func() { panic("boom") }(); select {} }, status: "code 2", stderr: "panic: boom"},
	{id: "T51", rule: "20", play: func() { register("a"); fatal() }, status: "code 2", stderr: "fatal error: sync: unlock of unlocked mutex"},
	{id: "T52", rule: "21", play: func() {
		install()
		register("a")
		var mu sync.Mutex
		mu.Lock()
		exitreg.Register("h", func(context.Context) error { put("h"); mu.Lock(); return nil }, exitreg.Timeout(200*time.Millisecond))
		await()
	}, do: send(syscall.SIGTERM), ran: "h a", status: "signal 15", stderr: "timeout: ran longer than 200ms"},
	{id: "T65", rule: "1", play: func() {
		install(exitreg.ExitStatus(exitreg.Code128))
		install(exitreg.ExitStatus(exitreg.SignalNumber))
		if new(exitreg.Registry).Install() != exitreg.ErrInstalled {
			put("another registry could install")
		}
		await()
	}, do: send(syscall.SIGTERM), ran: "install: exitreg: already installed", status: "code 143"},
}

// fatal is an error of the runtime that nothing can catch.
func fatal() { new(sync.Mutex).Unlock() }

func putBool(b bool) { put(map[bool]string{true: "true", false: "false"}[b]) }

func send(sig syscall.Signal) func(*proc) { return func(p *proc) { p.kill(sig) } }

func init() {
	for _, c := range conformance {
		role(c.id, c.play)
	}
}

func TestConformance(t *testing.T) {
	for _, c := range conformance {
		t.Run(c.id+" rule "+c.rule, func(t *testing.T) {
			t.Parallel()
			p := start(t, c.id)
			if c.do != nil {
				p.await("ready")
				c.do(p)
			}
			p.want(c.ran, c.status)
			got := p.stderr.String()
			if c.stderr == "" && got != "" || !strings.Contains(got, c.stderr) {
				t.Errorf("stderr %q, want it to contain %q", got, c.stderr)
			}
		})
	}
}
