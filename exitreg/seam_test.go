package exitreg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fake is a process that is not one: a Registry whose exits are recorded, whose
// signals come from the test, and whose clock is that of a synctest bubble.
type fake struct {
	*Registry
	t       *testing.T
	ended   chan string // how the process ended: "code 0", "signal 15"
	over    chan struct{}
	signals chan<- os.Signal
	claimed bool
	ignored map[os.Signal]bool
	env     map[string]string
	stuck   bool // raise returns
	parents map[identity]bool

	mu   sync.Mutex
	ran  []string
	outs []outcome
	said []string
	born time.Time
}

// inBubble runs a test on a virtual clock.
func inBubble(t *testing.T, test func(t *testing.T, f *fake)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		test(t, f)
		synctest.Wait()
		close(f.over) // whoever is abandoned or parked may go
		if f.signals != nil {
			close(f.signals)
		}
	})
}

func newFake(t *testing.T) *fake {
	f := &fake{t: t, ended: make(chan string, 1), over: make(chan struct{}), env: map[string]string{},
		parents: map[identity]bool{}, born: time.Now()}
	f.Registry = &Registry{sys: &system{
		exit:    func(code int) { f.end(fmt.Sprintf("code %d", code)) },
		raise:   f.raise,
		park:    func() { <-f.over; runtime.Goexit() },
		claim:   func() bool { was := f.claimed; f.claimed = true; return !was },
		notify:  func(c chan<- os.Signal, _ ...os.Signal) { f.signals = c },
		ignored: func(s os.Signal) bool { return f.ignored[s] },
		pid:     4711,
		self:    func() identity { return identity{4711, 99} },
		alive:   func(id identity) bool { return f.parents[id] },
		stderr:  func(line []byte) { f.note(&f.said, strings.TrimSuffix(string(line), "\n")) },
		family: &family{
			getenv:   func(k string) string { return f.env[k] },
			setenv:   func(k, v string) error { f.env[k] = v; return nil },
			unsetenv: func(k string) error { delete(f.env, k); return nil },
		},
		report: &reporter{path: func() string { return "" }},
		saw:    func(o outcome) { f.outs = append(f.outs, o) },
	}}
	return f
}

func (f *fake) end(how string) {
	f.ended <- how
	runtime.Goexit()
}

func (f *fake) raise(sig os.Signal) {
	if f.stuck {
		time.Sleep(time.Second)
		return
	}
	f.end(fmt.Sprintf("signal %d", number(sig)))
}

func (f *fake) note(list *[]string, s string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*list = append(*list, s)
}

func (f *fake) says(name string) Func {
	return func(context.Context) error { f.note(&f.ran, name); return nil }
}

// stack registers handlers that note their names, oldest first.
func (f *fake) stack(names ...string) {
	for _, n := range names {
		f.Register(n, f.says(n))
	}
}

// takes registers a handler that takes d, whatever its context says.
func (f *fake) takes(name string, d time.Duration, opts ...HandlerOption) *Handler {
	return f.Register(name, func(context.Context) error {
		f.note(&f.ran, name)
		select {
		case <-time.After(d):
		case <-f.over:
		}
		return nil
	}, opts...)
}

// want exits, unless a signal has been sent, and checks how that went.
func (f *fake) want(exit func(), ran, status string, after time.Duration) {
	f.t.Helper()
	began := time.Now()
	if exit != nil {
		go exit()
	}
	got := <-f.ended
	took := time.Since(began)
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := strings.Join(f.ran, " "); r != ran || got != status || took != after {
		f.t.Errorf("ran %q, %s, after %v; want %q, %s, after %v\nsaid %q", r, got, took, ran, status, after, f.said)
	}
}

func (f *fake) exit(code int) func() { return func() { f.Exit(code) } }

func (f *fake) install(opts ...Option) {
	f.t.Helper()
	if err := f.Install(opts...); err != nil {
		f.t.Fatal(err)
	}
}

var errLuck = errors.New("no luck")
