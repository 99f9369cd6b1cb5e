package exitreg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// Cause is why a process exits: what its run began with. The first trigger wins;
// what comes later does not change it.
type Cause struct {
	Signal os.Signal // nil unless a signal began the run
	Code   int       // of Exit or Main; 0 if something else did
	Panic  any       // the value of the panic that Recover or Go met; nil if there was none
}

// Error makes a Cause the cause of a context: "signal: terminated", "exit 3",
// "panic: boom".
func (c *Cause) Error() string {
	switch {
	case c.Signal != nil:
		return "signal: " + c.Signal.String()
	case c.Panic != nil:
		return "panic: " + fmt.Sprint(c.Panic)
	}
	return "exit " + strconv.Itoa(c.Code)
}

// CauseFrom tells why the process exits. It takes a handler's context, Context(),
// or a context derived from either, and returns nil for any other and for
// Context() before a run.
func CauseFrom(ctx context.Context) *Cause {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c.run.cause
	}
	var c *Cause
	if errors.As(context.Cause(ctx), &c) {
		return c
	}
	return nil
}

// Context is cancelled when a run begins, before the first handler, with a
// *Cause as its cause.
func (r *Registry) Context() context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.context()
}

func (r *Registry) context() context.Context {
	if r.ctx == nil {
		r.ctx, r.cancel = context.WithCancelCause(context.Background())
	}
	return r.ctx
}
