package exitreg

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	react       = 100 * time.Millisecond // for a handler whose time is up
	reactForced = 50 * time.Millisecond  // for one that a second signal cut off
)

// kind is how a handler ended.
type kind uint8

const (
	ok kind = iota
	failed
	panicked
	goexited
	timedOut // its own time or the grace was up, or it was cut off by force
	skippedIt
)

func (k kind) String() string {
	return [...]string{"ok", "error", "panic", "goexit", "timeout", "skipped"}[k]
}

// outcome is how one handler ended.
type outcome struct {
	h       *Handler
	kind    kind
	err     error  // nil if ok or skipped; its text is one line, with the handler's name and place
	text    string // the observer's short form: "panic: boom"
	stack   []byte // of a panic
	why     string // of a skip
	exits   bool   // it called Exit with code
	code    int
	elapsed time.Duration
}

// call is one handler under way. It is also the context that the handler's is
// derived from, the run's with itself for CauseFrom and Waiting to find: one
// allocation less between two handlers.
type call struct {
	context.Context
	run   *run
	h     *Handler
	fault *fault        // that an observer has put in; mostly nil
	out   outcome       // valid when done is closed; a handler may end after it was abandoned
	done  chan struct{} // closed when the handler has ended
}

type callKey struct{}

// Value is how a handler's context knows its call.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// call runs one handler in a goroutine of its own: what it does to that goroutine
// (panic, Goexit, never returning) it does to no other handler.
func (r *run) call(h *Handler, f *fault) (out *outcome) {
	report := r.reg.system().report
	c := &call{Context: r.base, run: r, h: h, fault: f, done: make(chan struct{})}
	ctx, cancel := c.limited()
	defer cancel()
	report.handler(KindBegin, h, "")
	began := time.Now()
	defer func() {
		out.h, out.elapsed = h, time.Since(began)
		report.finished(out)
	}()
	go c.invoke(ctx)
	return c.await(ctx)
}

// limited is the handler's context: the nearer of its own and the run's deadline.
func (c *call) limited() (context.Context, context.CancelFunc) {
	if c.h.timeout > 0 {
		return c.run.reg.system().report.limit(c, c.h.timeout, ErrHandlerTimeout)
	}
	return context.WithCancel(c)
}

// invoke is the bottom of every handler's stack; inHandler looks for it.
//
//go:noinline
func (c *call) invoke(ctx context.Context) {
	returned := false
	defer func() {
		if v := recover(); v != nil {
			c.out = c.panicked(v, debug.Stack())
		} else if !returned {
			c.out = c.goexited()
		}
		close(c.done)
	}()
	fn := c.h.fn
	if c.fault != nil {
		fn = c.suffer
	}
	if err := fn(ctx); err != nil {
		c.out = c.failed(err) // err's own code runs here, and may panic too
	}
	returned = true
}

// await waits for the end of the handler or of its time.
func (c *call) await(ctx context.Context) *outcome {
	select {
	case <-c.done:
		return &c.out
	case <-ctx.Done():
	}
	t := time.NewTimer(react)
	defer t.Stop()
	for forced := c.run.forced; ; {
		select {
		case <-c.done:
			if c.out.kind == failed || c.out.kind == goexited {
				return c.late(ctx) // it gave up, as it was told to
			}
			return &c.out
		case <-forced:
			t.Reset(reactForced)
			forced = nil
		case <-t.C:
			return c.late(ctx)
		}
	}
}

func (c *call) isForced() bool {
	select {
	case <-c.run.forced:
		return true
	default:
		return false
	}
}

func (c *call) failed(err error) outcome {
	return outcome{kind: failed, text: err.Error(), err: c.failure(err)}
}

func (c *call) goexited() outcome {
	if code, ok := c.run.reg.exiting(); ok {
		return outcome{exits: true, code: code}
	}
	return outcome{kind: goexited, text: "goexit", err: c.failure(errors.New("goexit: the handler ended its goroutine"))}
}

func (c *call) panicked(v any, stack []byte) outcome {
	p := &PanicError{Value: v, Stack: stack}
	return outcome{kind: panicked, text: p.Error(), stack: stack, err: c.failure(p)}
}

// late is the outcome of a handler whose time was up.
func (c *call) late(ctx context.Context) *outcome {
	cause := context.Cause(ctx)
	text := "timeout: ran longer than " + c.h.timeout.String()
	switch {
	case c.isForced():
		cause, text = ErrForced, "forced: cut off by a second signal"
	case errors.Is(cause, ErrGrace):
		text = "timeout: the grace of " + c.run.conf.grace.String() + " has passed"
	}
	if c.fault != nil {
		text += " (injected " + c.fault.what + ")"
	}
	return &outcome{kind: timedOut, text: text, err: c.failure(&timeoutError{text, cause})}
}

// failure says which handler it was, in one line.
func (c *call) failure(err error) error {
	return &handlerError{"handler " + strconv.Quote(c.h.name) + " (" + c.h.source() + "): " + oneLine(err.Error()), err}
}

type handlerError struct {
	text string
	err  error
}

func (e *handlerError) Error() string { return e.text }
func (e *handlerError) Unwrap() error { return e.err }

type timeoutError struct {
	text  string
	cause error
}

func (e *timeoutError) Error() string { return e.text }
func (e *timeoutError) Unwrap() error { return e.cause }

// PanicError is a handler's panic as an error. Logger gets it, wrapped.
type PanicError struct {
	Value any
	Stack []byte // as debug.Stack prints it
}

// Error is "panic: " and the value.
func (e *PanicError) Error() string { return "panic: " + fmt.Sprint(e.Value) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// oneLine makes a message fit to be printed: one line, of a length that a person
// reads, and nothing in it that a terminal would obey.
func oneLine(s string) string {
	s = strings.ReplaceAll(strings.TrimRight(cut(s, 2000), "\n"), "\n", "; ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, s)
}

// inHandler says whether the calling goroutine is that of a handler, of any
// Registry: whether invoke is at the bottom of its stack. Only a nested Exit
// asks, so handlers need not be marked.
func inHandler() bool {
	pcs := make([]uintptr, 64)
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs)
		frames := runtime.CallersFrames(pcs[:n])
		for more := n > 0; more; {
			var f runtime.Frame
			if f, more = frames.Next(); f.Entry == invokeEntry {
				return true
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}

var invokeEntry = reflect.ValueOf((*call).invoke).Pointer()

// goroutine is the number of the calling goroutine, as its stack trace begins:
// "goroutine 12 [running]:".
func goroutine() uint64 {
	var b [32]byte
	f := strings.Fields(string(b[:runtime.Stack(b[:], false)]))
	n, _ := strconv.ParseUint(f[1], 10, 64)
	return n
}
