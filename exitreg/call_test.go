package exitreg

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// T25 and rule 10: what a handler may do when its time is up.
func TestTimeout(t *testing.T) {
	const limit = time.Second
	for _, c := range []struct {
		name   string
		fn     func(f *fake, ctx context.Context) error
		status string
		after  time.Duration
		said   string
	}{
		{"in time", func(*fake, context.Context) error { return nil }, "code 0", 0, ""},
		{"hangs", func(f *fake, ctx context.Context) error { <-f.over; return nil }, "code 1", limit + react, "timeout: ran longer than 1s"},
		{"gives up", func(f *fake, ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, "code 1", limit, "timeout: ran longer than 1s"},
		{"makes it", func(f *fake, ctx context.Context) error { <-ctx.Done(); return nil }, "code 0", limit, ""},
		{"panics late", func(f *fake, ctx context.Context) error { <-ctx.Done(); panic("x") }, "code 1", limit, "panic: x"},
		{"leaves late", func(f *fake, ctx context.Context) error { <-ctx.Done(); runtime.Goexit(); return nil }, "code 1", limit, "timeout: ran longer than 1s"},
		{"fails early", func(f *fake, ctx context.Context) error { return errLuck }, "code 1", 0, "no luck"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fake) {
				f.stack("old")
				f.Register("h", func(ctx context.Context) error {
					if ctx.Err() != nil {
						t.Error("the context is done at the start")
					}
					context.AfterFunc(ctx, func() {
						if c.after > 0 && context.Cause(ctx) != ErrHandlerTimeout {
							t.Errorf("cause %v", context.Cause(ctx))
						}
					})
					return c.fn(f, ctx)
				}, Timeout(limit))
				f.want(f.exit(0), "old", c.status, c.after)
				if s := strings.Join(f.said, " "); !strings.Contains(s, c.said) || c.said == "" && s != "" {
					t.Errorf("said %q, want %q", s, c.said)
				}
			})
		})
	}
}

// T26, rule 11: the grace abandons what runs and skips the rest.
func TestGrace(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.install(Grace(300 * time.Millisecond))
		f.stack("a")
		late := make(chan error, 1)
		f.Register("b", func(ctx context.Context) error {
			<-ctx.Done()
			late <- f.Register("late", f.says("late")).Err()
			<-f.over
			return nil
		})
		f.stack("c")
		f.signals <- terminate
		f.want(nil, "c", "signal 15", 400*time.Millisecond)
		if err := <-late; err != ErrExiting {
			t.Errorf("a registration after the deadline: %v", err)
		}
		if o := f.outs; len(o) != 3 || o[1].kind != timedOut || !errors.Is(o[1].err, ErrGrace) || o[2].why != "deadline" {
			t.Errorf("outcomes %+v", o)
		}
	})
}

// T29, rules 10 and 11: a handler's deadline is the nearer of the two.
func TestDeadline(t *testing.T) {
	for _, c := range []struct{ own, grace, want time.Duration }{
		{0, 0, 0}, {time.Second, 0, time.Second}, {0, time.Minute, time.Minute},
		{time.Second, time.Minute, time.Second}, {time.Hour, time.Minute, time.Minute},
	} {
		inBubble(t, func(t *testing.T, f *fake) {
			f.install(Grace(c.grace))
			f.Register("h", func(ctx context.Context) error {
				d, ok := ctx.Deadline()
				if ok != (c.want > 0) || ok && time.Until(d) != c.want {
					t.Errorf("%+v: deadline in %v, %v", c, time.Until(d), ok)
				}
				if CauseFrom(ctx).Code != 3 {
					t.Errorf("cause %v", CauseFrom(ctx))
				}
				return nil
			}, Timeout(c.own))
			f.want(f.exit(3), "", "code 3", 0)
		})
	}
}

// Rules 8 and 9: outcomes, and errors joined in run order.
func TestOutcomes(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fake) {
		f.stack("ok")
		f.Register("error", func(context.Context) error { return fmt.Errorf("two\nlines: %w", errLuck) })
		f.Register("panic", func(context.Context) error { panic(errLuck) })
		f.Register("goexit", func(context.Context) error { runtime.Goexit(); return nil })
		f.Register("bad error", func(context.Context) error { return badError{} })
		f.Register("exit", func(context.Context) error { f.Exit(0); return nil })
		f.want(f.exit(7), "ok", "code 1", 0)
		var kinds []string
		for _, o := range f.outs {
			kinds = append(kinds, o.kind.String())
		}
		if got := strings.Join(kinds, " "); got != "ok panic goexit panic error ok" {
			t.Errorf("outcomes %s", got)
		}
		var p *PanicError
		if err := f.run.err(); !errors.Is(err, errLuck) || !errors.As(err, &p) || !strings.Contains(string(p.Stack), "call_test.go:") {
			t.Errorf("joined: %v", err)
		}
		want := []string{`"bad error"`, `"goexit"`, `"panic"`, `"error"`}
		if len(f.said) != len(want) {
			t.Fatalf("said %q", f.said)
		}
		for i, w := range want {
			if s := f.said[i]; !strings.Contains(s, w) || !strings.HasPrefix(s, "exitreg: handler ") || strings.Contains(s, "\n") {
				t.Errorf("line %d is %q, want one about %s", i, s, w)
			}
		}
	})
}

type badError struct{}

func (badError) Error() string { panic("even its text is broken") }

// Rule 9: a logger may be slow, broken, or call back; the walk goes on.
func TestLogger(t *testing.T) {
	for _, c := range []struct {
		name  string
		log   func(f *fake, err error)
		after time.Duration
	}{
		{"fine", func(*fake, error) {}, 0},
		{"hangs", func(f *fake, _ error) { <-f.over }, react}, // once, not for each
		{"panics", func(*fake, error) { panic("x") }, 0},
		{"calls back", func(f *fake, _ error) { f.Register("late", f.says("late")).Unregister() }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fake) {
				var calls atomic.Int32
				f.install(Logger(func(err error) { calls.Add(1); c.log(f, err) }))
				for range 3 {
					f.Register("h", func(context.Context) error { return errLuck })
				}
				f.want(f.exit(0), "", "code 1", c.after)
				if calls.Load() != 3 && c.name != "hangs" || len(f.said) > 0 {
					t.Errorf("%d calls, standard error %q", calls.Load(), f.said)
				}
			})
		})
	}
}
