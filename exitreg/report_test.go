//go:build unix

package exitreg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var eventful = role("eventful", func() {
	register("a")
	install(exitreg.Name("hero"), exitreg.Grace(time.Minute))
	exitreg.Share(s3, exitreg.Timeout(time.Hour), exitreg.Needs("a"), exitreg.Needs("db/close-*", "b"))
	exitreg.Register("gone", says("gone")).Unregister()
	exitreg.Register("error", func(context.Context) error { return errors.New("no luck") })
	exitreg.Register("panic", func(context.Context) error { panic("boom\x1b[31m") })
	exitreg.Register("goexit", func(context.Context) error { runtime.Goexit(); return nil })
	exitreg.Register("hang", func(context.Context) error { select {} }, exitreg.Timeout(50*time.Millisecond))
	exitreg.Register("waits", func(ctx context.Context) error {
		exitreg.Waiting(ctx, 12, 34)
		exitreg.Waiting(context.Background(), 56) // not a handler's: nothing
		return nil
	})
	exitreg.Register("long", func(context.Context) error { return errors.New(strings.Repeat("é", 64<<10)) })
	await()
})

// Rule 27: what the observer is told.
func TestStory(t *testing.T) {
	t.Parallel()
	o := observe(t)
	p := start(t, eventful, o.env(), `MULTIEXIT_SHARED={"v":1,"shared":[{"name":"nobody","pid":7,"src":"x.go:1","needs":["c"]}]}`)
	p.await("ready")
	p.kill(syscall.SIGTERM)
	p.want("a s3", "signal 15")
	byKey := map[string]exitreg.Event{}
	for _, e := range o.all() {
		byKey[string(e.Kind)+" "+e.Handler+e.Text] = e
	}
	want := "hello register:a hello register:nobody register:s3 register:gone unregister:gone register:error" +
		" register:panic register:goexit register:hang register:waits register:long deliver:SIGTERM" +
		" begin:long end:long begin:waits wait:waits wait:waits end:waits begin:hang end:hang begin:goexit end:goexit begin:panic end:panic" +
		" begin:error end:error begin:a end:a begin:s3 end:s3 skip:nobody leave:SIGTERM"
	if got := o.story(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	find := func(k exitreg.Kind, handler string) (e exitreg.Event) {
		for _, e := range o.seen {
			if e.Kind == k && e.Handler == handler {
				return e
			}
		}
		return e
	}
	hello := o.seen[2]
	if first := o.seen[0]; first.Name != "exitreg.test" || len(first.Argv) != 1 || first.PID != p.pid {
		t.Errorf("first hello %+v", first)
	}
	if hello.Name != "hero" || hello.Timeout != time.Minute {
		t.Errorf("second hello %+v", hello)
	}
	if e := find(exitreg.KindRegister, "nobody"); !e.Shared || e.From != "7" || e.Text != "unbound" || e.Src != "x.go:1" || e.ID != "h2" || !slices.Equal(e.Needs, []string{"c"}) {
		t.Errorf("%+v", e)
	}
	if e := find(exitreg.KindRegister, "s3"); !e.Shared || e.From != "" || e.Timeout != time.Hour || !slices.Equal(e.Needs, []string{"a", "db/close-*", "b"}) || !strings.HasPrefix(e.Src, "report_test.go:") {
		t.Errorf("%+v", e)
	}
	if e := find(exitreg.KindRegister, "a"); e.Shared || e.ID != "h1" || !strings.HasPrefix(e.Src, "roles_test.go:") {
		t.Errorf("%+v", e)
	}
	for handler, err := range map[string]string{
		"error": "no luck", "panic": "panic: boom\x1b[31m", "goexit": "goexit", "hang": "timeout: ran longer than 50ms", "waits": "", "s3": "",
	} {
		if e := find(exitreg.KindEnd, handler); e.Err != err || e.Elapsed <= 0 {
			t.Errorf("end of %s: err %q, want %q; elapsed %v", handler, e.Err, err, e.Elapsed)
		}
	}
	if e := find(exitreg.KindEnd, "panic"); !strings.Contains(e.Text, "report_test.go:") {
		t.Errorf("no stack in %q", e.Text)
	}
	if e := find(exitreg.KindEnd, "long"); len(e.Err) < 2000 || !strings.HasPrefix(e.Err, "éé") || !strings.HasSuffix(e.Err, "é...") {
		t.Errorf("the long error has %d bytes and ends with %q", len(e.Err), e.Err[max(0, len(e.Err)-9):])
	}
	if e := find(exitreg.KindSkip, "nobody"); e.Text != "unbound" {
		t.Errorf("%+v", e)
	}
	for _, pid := range []int{12, 34} {
		if _, ok := byKey["wait waits"+strconv.Itoa(pid)]; !ok {
			t.Errorf("no wait for %d", pid)
		}
	}
}

// T04, T05, T50, T51: a process that ends with handlers on its stack and without
// a leave is seen to have bypassed them.
func TestBypassed(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"T04": "hello register:a", "T05": "hello register:a", "T50": "hello register:a", "T51": "hello register:a",
		"T03": "hello register:a deliver:3 begin:a end:a leave:3", // the counter-proof
		"T48": "hello register:a deliver begin:a end:a leave:2",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			p := start(t, id, o.env())
			p.end()
			if o.all(); o.story() != want {
				t.Errorf("got %s, want %s", o.story(), want)
			}
		})
	}
}

// Stop tells whom it waits for; an inherited handler tells where it is from.
func TestFamilyStory(t *testing.T) {
	t.Parallel()
	o := observe(t)
	p := startCommand(t, playing(t, puppet, nameEnv+"=main",
		"SCRIPT_main=install; share s1; start kid watched; stop kid 30s; ready; wait",
		"SCRIPT_kid=install; ready; wait", "WATCH_kid="+o.path))
	pids := p.ready("main", "kid")
	p.kill(syscall.SIGTERM)
	p.rest()
	o.all()
	if got := o.story(); got != "hello register:p1 deliver:SIGTERM begin:p1 end:p1 leave:SIGTERM" {
		t.Errorf("the child's story: %s", got)
	}
	if e := o.seen[1]; e.From != strconv.Itoa(pids["main"]) || !e.Shared || e.PID != pids["kid"] {
		t.Errorf("%+v", e)
	}
	o = observe(t)
	p = startCommand(t, playing(t, puppet, nameEnv+"=main", o.env(),
		"SCRIPT_main=install; start kid unwatched; stop kid 30s; ready; wait", "SCRIPT_kid=install; ready; wait"))
	pids = p.ready("main", "kid")
	p.kill(syscall.SIGTERM)
	p.rest()
	o.all()
	for _, e := range o.seen {
		if e.Kind == exitreg.KindWait && e.Text == strconv.Itoa(pids["kid"]) && e.ID == "h1" {
			if e.Timeout != 30*time.Second || e.Sig != "SIGKILL" {
				t.Errorf("what comes of the wait: %+v", e)
			}
			return
		}
	}
	t.Errorf("no wait for the child: %s", o.story())
}

// Rule 1: without MULTIEXIT_SOCK no goroutine is there before Install, and only
// the one that listens to signals after it.
func TestGoroutines(t *testing.T) {
	t.Parallel()
	p := start(t, counting)
	p.want("1 1 2", "code 0")
}

var counting = role("counting goroutines", func() {
	fmt.Println(runtime.NumGoroutine())
	register("a")
	fmt.Println(runtime.NumGoroutine())
	exitreg.Install()
	for runtime.NumGoroutine() > 2 { // os/signal's own, started once
		if runtime.NumGoroutine() == 3 {
			break
		}
	}
	fmt.Println(runtime.NumGoroutine() - 1)
	os.Exit(0)
})
