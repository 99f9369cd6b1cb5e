//go:build unix

package exitreg_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var (
	rigged      = role("rigged", func() { install(); register("a b c"); awaitOrders(); await() })
	riggedGrace = role("rigged, with a grace", func() { install(exitreg.Grace(limited())); register("a b c"); awaitOrders(); await() })
	riggedLimit = role("rigged, with a limit", func() {
		install()
		register("a")
		exitreg.Register("b", says("b"), exitreg.Timeout(50*time.Millisecond))
		exitreg.Register("c", says("c"))
		awaitOrders()
		await()
	})
	riggedLate = role("rigged, registering late", func() {
		install()
		register("a")
		exitreg.Register("b", func(context.Context) error { put("b"); register("late"); return nil })
		awaitOrders()
		await()
	})
	riggedExit = role("rigged, exiting", func() { install(); register("a b"); awaitOrders(); exitreg.Exit(0) })
)

// awaitOrders waits for the last of the observer's words, which is a pace.
func awaitOrders() {
	for !exitreg.GatePaced() {
		time.Sleep(time.Millisecond)
	}
}

// ordered starts a role and returns when it has obeyed the orders.
func ordered(t *testing.T, name string, orders ...string) (*proc, *observer) {
	t.Helper()
	return orderedIn(t, name, nil, orders...)
}

// orderedIn is ordered in an environment.
func orderedIn(t *testing.T, name string, env []string, orders ...string) (*proc, *observer) {
	t.Helper()
	o := observe(t)
	p := start(t, name, append(env, o.env())...)
	for _, order := range append(orders, `{"do":"pace","ns":1}`) {
		o.say("%s", order)
	}
	if name != riggedExit {
		p.await("ready")
	}
	return p, o
}

func fault(handler, what string) string {
	return `{"do":"fault","handler":"` + handler + `","fault":` + what + `}`
}

// run is what was seen from the deliver on.
func (o *observer) run() string {
	o.t.Helper()
	o.all()
	_, s, _ := strings.Cut(o.story(), "deliver:")
	_, s, _ = strings.Cut(s, " ")
	return s
}

// Each fault, in the middle of three handlers; and which events the observer gets.
func TestFaults(t *testing.T) {
	t.Parallel()
	for what, want := range map[string]struct{ ran, status, run, says string }{
		`"delay","ns":60000000`:       {"c b a", "signal 15", "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM", ""},
		`"fail"`:                      {"c a", "signal 15", "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM", "injected failure"},
		`"panic"`:                     {"c a", "signal 15", "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM", "injected panic"},
		`"skip"`:                      {"c a", "signal 15", "begin:c end:c fault:b skip:b begin:a end:a leave:SIGTERM", ""},
		`"exit","code":7`:             {"c", "code 7", "begin:c end:c fault:b begin:b", ""},
		`"exit"`:                      {"c", "code 0", "begin:c end:c fault:b begin:b", ""},
		`"exit","code":300`:           {"c", "code 255", "begin:c end:c fault:b begin:b", ""},
		`"explode"`:                   {"c b a", "signal 15", "begin:c end:c begin:b end:b begin:a end:a leave:SIGTERM", ""},
		`"delay","ns":-1,"id":"h2"`:   {"c b a", "signal 15", "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM", ""},
		`"fail","id":"h1"`:            {"c b a", "signal 15", "begin:c end:c begin:b end:b begin:a end:a leave:SIGTERM", ""},
		`"fail","ns":1,"new word":{}`: {"c a", "signal 15", "begin:c end:c fault:b begin:b end:b begin:a end:a leave:SIGTERM", "injected failure"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p, o := ordered(t, rigged, fault("b", what))
			p.kill(syscall.SIGTERM)
			p.want(want.ran, want.status)
			if got := o.run(); got != want.run {
				t.Errorf("got  %s\nwant %s", got, want.run)
			}
			if s := p.stderr.String(); !strings.Contains(s, want.says) || want.says == "" && s != "" {
				t.Errorf("stderr is %q", s)
			}
			o.checkFault(t, what, want.says)
		})
	}
}

// checkFault checks what the events about a fault have in them.
func (o *observer) checkFault(t *testing.T, what, says string) {
	for _, e := range o.seen {
		switch {
		case e.Kind == exitreg.KindFault:
			if !strings.HasPrefix(what, `"`+e.Text+`"`) || e.ID != "h2" {
				t.Errorf("a fault %+v", e)
			}
			if e.Text == "delay" && e.Timeout != 60*time.Millisecond && e.Timeout != 0 {
				t.Errorf("a delay of %v", e.Timeout)
			}
			if (e.Code != nil) != (e.Text == "exit") {
				t.Errorf("%s has the code %v", e.Text, e.Code)
			}
		case e.Kind == exitreg.KindSkip && e.Text != "injected":
			t.Errorf("skipped: %q", e.Text)
		case e.Kind == exitreg.KindEnd && e.Handler == "b" && !strings.Contains(e.Err, says):
			t.Errorf("it failed with %q", e.Err)
		case e.Kind == exitreg.KindEnd && e.Handler == "b" && what == `"delay","ns":60000000` && e.Elapsed < 60*time.Millisecond:
			t.Errorf("delayed by %v only", e.Elapsed)
		case e.Kind == exitreg.KindNote && (what != `"explode"` || !strings.Contains(e.Text, "explode")):
			t.Errorf("a note %q", e.Text)
		}
	}
}

// A hang lasts as long as the observer wants it; then the handler runs.
func TestHangEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(o *observer){
		"closed":     func(o *observer) { o.connected().Close() },
		"garbage":    func(o *observer) { o.say("garbage") },
		"taken back": func(o *observer) { o.say("%s", fault("b*", `"none"`)) },
		"replaced":   func(o *observer) { o.say("%s", fault("b*", `"fail"`)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, o := ordered(t, rigged, fault("b*", `"hang"`))
			p.kill(syscall.SIGTERM)
			for o.await(exitreg.KindBegin).Handler != "b" {
			}
			o.say("%s", fault("elsewhere", `"hang"`)) // which changes nothing
			p.await("c")
			select {
			case s := <-p.lines:
				t.Errorf("%q while b hangs", s)
			case <-time.After(50 * time.Millisecond):
			}
			end(o)
			p.want("b a", "signal 15")
		})
	}
}

// A delay ends with the connection, too.
func TestDelayEndsWithConnection(t *testing.T) {
	t.Parallel()
	p, o := ordered(t, rigged, fault("b", `"delay","ns":3600000000000`))
	p.kill(syscall.SIGTERM)
	o.await(exitreg.KindFault)
	o.connected().Close()
	p.want("c b a", "signal 15")
}

// What hangs or is delayed is subject to every limit, and does not run late.
func TestFaultsAgainstLimits(t *testing.T) {
	t.Parallel()
	for _, what := range []string{`"hang"`, `"delay","ns":3600000000000`} {
		word := strings.Trim(strings.Split(what, ",")[0], `"`)
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			p, o := ordered(t, riggedLimit, fault("b", what))
			p.kill(syscall.SIGTERM)
			p.want("c a", "signal 15")
			if s := p.stderr.String(); !strings.Contains(s, "ran longer than 50ms (injected "+word+")") {
				t.Errorf("stderr is %q", s)
			}
			o.all()

			p, _ = orderedIn(t, riggedGrace, []string{limitEnv + "=100ms"}, fault("c", what))
			p.kill(syscall.SIGTERM)
			p.want("", "signal 15")

			p, o = ordered(t, rigged, fault("c", what))
			p.kill(syscall.SIGTERM)
			o.await(exitreg.KindBegin)
			time.Sleep(300 * time.Millisecond) // beyond the bounce
			p.kill(syscall.SIGTERM)
			p.want("", "signal 15")
			if got, want := o.run(), "fault:c begin:c end:c skip:b skip:a leave:SIGTERM"; got != want {
				t.Errorf("got %s", got)
			}
		})
	}
}

// Which handlers a fault is meant for: globs, the newest word, and handlers that
// come late. An exit status of 0 does not survive a failure.
func TestFaultAims(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role, ran, status string
		orders            []string
	}{
		{rigged, "", "signal 15", []string{fault("?", `"skip"`)}},
		{rigged, "c b a", "signal 15", []string{fault("??", `"skip"`), fault("*x*", `"fail"`), fault("", `"fail"`)}},
		{rigged, "c a", "signal 15", []string{`{"do":"fault","id":"h2","fault":"skip"}`}},
		{rigged, "c", "signal 15", []string{fault("*", `"fail"`), fault("c", `"delay","ns":1`)}},
		{rigged, "c b a", "signal 15", []string{fault("*", `"fail"`), fault("*", `"none"`)}},
		{riggedLate, "b a", "signal 15", []string{fault("late", `"fail"`)}},
		{riggedLate, "b", "code 3", []string{fault("l*e", `"exit","code":3`)}},
		{riggedExit, "b", "code 1", []string{fault("a", `"panic"`)}},
		{riggedExit, "b", "code 0", []string{fault("a", `"skip"`)}},
	} {
		p, o := ordered(t, c.role, c.orders...)
		if c.role != riggedExit {
			p.kill(syscall.SIGTERM)
		}
		p.want(c.ran, c.status)
		o.all()
	}
}

// Shared, inherited and ready-made handlers take faults as any other does.
func TestFaultsOfEachKind(t *testing.T) {
	t.Parallel()
	scripts := []string{
		"SCRIPT_main=install; share s1; start kid watched; ready; wait",
		"SCRIPT_kid=install; share s2; start deaf; stop deaf 1h; obey; ready; wait",
		"SCRIPT_deaf=ready; wait",
	}
	for handler, want := range map[string]struct{ fails, skips, exits string }{
		"stop deaf": {"kid s2, kid s1", "kid s2, kid s1", ""},
		"p2":        {"kid s1", "kid s1", ""},
		"p1":        {"kid s2", "kid s2", "kid s2"},
	} {
		for what, ran := range map[string]string{
			`"fail"`: want.fails, `"panic"`: want.fails, `"skip"`: want.skips, `"exit"`: want.exits, `"kill"`: want.exits,
		} {
			t.Run(handler+" "+what, func(t *testing.T) {
				t.Parallel()
				o := observe(t)
				p := start(t, puppet, append(scripts, nameEnv+"=main", "WATCH_kid="+o.path)...)
				o.say("%s", fault(handler, what))
				o.say(`{"do":"pace","ns":1}`)
				pids := p.ready("main", "kid", "deaf")
				p.takeSeen()
				sig(t, pids["kid"], syscall.SIGTERM)
				o.all()
				syscall.Kill(-p.pid, syscall.SIGKILL)
				if got, _ := p.rest(); got != ran {
					t.Errorf("ran %q, want %q; %s", got, ran, o.story())
				}
			})
		}
	}
}
