package exitreg

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// T16, rules 6 and 22: after the run nothing is taken.
func TestAfterTheRun(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.stack("a")
		f.want(f.exit(0), "a", "code 0", 0)
		h := f.Register("late", f.says("late"))
		if h.Err() != ErrExiting || h.Unregister() {
			t.Errorf("a late handler has Err %v", h.Err())
		}
		if err := f.Install(); err != ErrExiting {
			t.Errorf("Install after the run: %v", err)
		}
	})
}

// T15, rule 6: registering itself again for ever comes to an end.
func TestSelfRegistration(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.stack("old")
		n, refused := 0, 0
		var again Func
		again = func(context.Context) error {
			n++
			if f.Register("again", again).Err() != nil {
				refused++
			}
			return nil
		}
		f.Register("again", again)
		f.want(f.exit(0), "old", "code 0", 0)
		if n != lateMax+1 || refused != 1 {
			t.Errorf("ran %d times, refused %d times", n, refused)
		}
	})
}

// T30 and rule 12: Context is cancelled by the run, with the cause.
func TestContext(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.install()
		ctx := f.Context()
		if ctx.Err() != nil || CauseFrom(ctx) != nil || CauseFrom(context.Background()) != nil {
			t.Error("there is a cause before the run")
		}
		f.Register("h", func(own context.Context) error {
			if ctx.Err() == nil || own.Err() != nil || f.Context() != ctx {
				t.Error("wrong contexts during the run")
			}
			return nil
		})
		f.signals <- terminate
		f.want(nil, "", "signal 15", 0)
		if c := CauseFrom(ctx); c == nil || c.Signal != terminate || c.Error() != "signal: terminated" {
			t.Errorf("cause %v", c)
		}
	})
}

// T31 and T33, rules 14 and 15: Exit from inside, from outside, and a late one
// from a handler that was abandoned.
func TestExitDuringARun(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.stack("a")
		f.Register("last", func(context.Context) error { f.Exit(9); t.Error("Exit returned"); return nil })
		f.Register("waits", func(context.Context) error { time.Sleep(time.Second); return nil })
		f.Register("abandoned", func(context.Context) error { time.Sleep(500 * time.Millisecond); f.Exit(77); return nil }, Timeout(time.Millisecond))
		f.Register("first", func(context.Context) error {
			defer f.note(&f.ran, "deferred")
			func() { f.Exit(8) }()
			return nil
		})
		go func() { time.Sleep(10 * time.Millisecond); f.Exit(5); t.Error("Exit returned") }()
		f.want(f.exit(1), "deferred a", "code 9", time.Millisecond+react+time.Second)
	})
}

// T34, rules 14 and 22: a hundred at once make one run.
func TestExitAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.stack("a", "b", "c")
		for i := range 100 {
			go f.Exit(i)
		}
		got := <-f.ended
		if strings.Join(f.ran, " ") != "c b a" || !strings.HasPrefix(got, "code ") {
			t.Errorf("ran %q, %s", f.ran, got)
		}
	})
}

// Rule 20: the panic goes on after the handlers.
func TestRecover(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.Register("h", func(ctx context.Context) error {
			f.note(&f.ran, CauseFrom(ctx).Error())
			return nil
		})
		defer func() {
			if v := recover(); v != "boom" || strings.Join(f.ran, " ") != "panic: boom" {
				t.Errorf("panicked on with %v, ran %q", v, f.ran)
			}
		}()
		func() { defer f.Recover() }() // nothing to recover, nothing to do
		defer f.Recover()
		panic("boom")
	})
}

// Rule 20: a panic that a handler itself recovers with Recover is its own.
func TestRecoverInHandler(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.stack("a")
		f.Register("h", func(context.Context) error { defer f.Recover(); panic("boom") })
		f.want(f.exit(0), "a", "code 1", 0)
		if o := f.outs[0]; o.kind != panicked || o.text != "panic: boom" {
			t.Errorf("outcome %+v", o)
		}
	})
}

// Rule 14: the first trigger wins the cause, whatever comes later.
func TestFirstTrigger(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.install()
		f.Register("h", func(ctx context.Context) error {
			f.signals <- terminate
			go func() { defer f.Recover(); panic("too late") }()
			time.Sleep(time.Second)
			if c := CauseFrom(ctx); c.Signal != nil || c.Panic != nil || c.Code != 3 {
				t.Errorf("cause %v", c)
			}
			return nil
		})
		f.want(f.exit(3), "", "code 3", time.Second)
	})
}

// T70: ten thousand handlers; and rule 5 at that size.
func TestMany(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		const n = 10_000
		next := n - 1
		for i := range n {
			f.Register("h", func(context.Context) error {
				if i != next {
					t.Fatalf("%d ran, want %d", i, next)
				}
				next--
				return nil
			})
		}
		f.want(f.exit(0), "", "code 0", 0)
		if next != -1 {
			t.Errorf("%d did not run", next+1)
		}
	})
}

// Rule 22: Register against the start and the end of a run is linearisable: each
// handler ran or was refused.
func TestRegisterAgainstRun(t *testing.T) {
	for range 50 {
		f := newFake(t)
		var accepted, ran sync.Map
		var wg sync.WaitGroup
		start := make(chan bool)
		for i := range 20 {
			wg.Go(func() {
				<-start
				for j := range 20 {
					id := i*100 + j
					h := f.Register("h", func(context.Context) error { ran.Store(id, true); return nil })
					if h.Err() == nil && (j%3 > 0 || !h.Unregister()) {
						accepted.Store(id, true)
					}
				}
			})
		}
		wg.Go(func() { <-start; f.Exit(0) })
		close(start)
		<-f.ended
		wg.Wait()
		accepted.Range(func(id, _ any) bool {
			if _, ok := ran.LoadAndDelete(id); !ok {
				t.Errorf("handler %v was accepted and never ran", id)
			}
			return true
		})
		ran.Range(func(id, _ any) bool { t.Errorf("handler %v ran though it was taken back", id); return true })
		close(f.over)
	}
}

// Rule 2: names, and the zero Registry.
func TestNames(t *testing.T) {
	var r Registry
	if n := r.Register("", errFunc).Name(); n != "exitreg.errFunc" {
		t.Errorf("name %q", n)
	}
	h := r.Register("x", errFunc)
	if s := h.source(); !strings.HasPrefix(s, "run_test.go:") {
		t.Errorf("source %q", s)
	}
	if !h.Unregister() || (*Handler)(nil).Unregister() || new(Handler).Unregister() {
		t.Error("Unregister")
	}
}

func errFunc(context.Context) error { return errLuck }
