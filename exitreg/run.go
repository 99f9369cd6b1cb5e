package exitreg

import (
	"context"
	"errors"
	"os"
)

// run is the one shutdown of a process.
type run struct {
	reg    *Registry
	conf   config
	cause  *Cause
	base   context.Context // of all handlers; ends with the grace or by force
	cancel context.CancelCauseFunc
	stop   context.CancelFunc // the grace's timer
	forced chan struct{}      // closed when a second signal cut the run short
	sig    os.Signal          // the signal that did; guarded by reg.mu until the run has ended, not written after
	code   int
	coded  bool    // a handler called Exit: its code is the result
	errs   []error // what went wrong, in the order in which it ran
}

// start begins the run unless there is one already. r.mu is held: whoever
// registers sees the run from here on.
func (r *Registry) start(c *Cause) *run {
	if r.phase != idle {
		return nil
	}
	run := &run{reg: r, conf: r.conf, cause: c, code: c.Code, forced: make(chan struct{}), stop: func() {}}
	parent := context.Background()
	if g := r.conf.grace; g > 0 {
		parent, run.stop = r.system().report.limit(parent, g, ErrGrace)
	}
	run.base, run.cancel = context.WithCancelCause(parent)
	r.phase, r.run = running, run
	r.system().report.delivered(c)
	r.context()
	r.cancel(c)
	return run
}

// begin is start for those who do not hold the lock.
func (r *Registry) begin(c *Cause) *run {
	r.system().report.prime()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.start(c)
}

// walk runs the handlers: pop, unlock, call, until none is left.
func (r *run) walk() {
	defer r.stop()
	report := r.reg.system().report
	if sig := r.cause.Signal; sig != nil && report.gate.closed.Load() {
		report.hold(atSignal(sig), r.base.Done())
	}
	for {
		report.heed()
		led := report.gate.closed.Load()
		if led {
			report.hold(r.reg.ahead, r.base.Done())
			report.hold(r.reg.atExit, r.forced)
		}
		h, skip := r.next()
		if h == nil {
			return
		}
		var f *fault
		if led && skip == "" {
			if f = report.inject(h); f.skips() {
				skip = "injected"
			}
		}
		if skip != "" {
			report.handler(KindSkip, h, skip)
			r.saw(&outcome{h: h, kind: skippedIt, why: skip})
			continue
		}
		out := r.call(h, f)
		if out.exits {
			r.code, r.coded = out.code, true
		}
		r.saw(out)
		if out.err != nil {
			r.errs = append(r.errs, out.err)
			r.reg.say(out.err)
		}
	}
}

// next pops a handler and says why it must not run, if it must not. With none
// left the run has ended, in the same moment as registrations are refused.
func (r *run) next() (h *Handler, skip string) {
	r.reg.mu.Lock()
	defer r.reg.mu.Unlock()
	if h = r.reg.pop(); h == nil {
		r.reg.phase = ended
		return nil, ""
	}
	if h.fn == nil {
		h.fn = definition(h.name) // a Define that came after Install
	}
	switch {
	case r.base.Err() == nil && h.fn == nil:
		skip = "unbound"
	case r.base.Err() == nil:
	case errors.Is(context.Cause(r.base), ErrForced):
		skip = "forced"
	default:
		skip = "deadline"
	}
	if h.state = begun; skip != "" {
		h.state = skipped
	}
	return h, skip
}

// peek is what would run next.
func (r *Registry) peek() *Handler {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.local.top != nil {
		return r.local.top
	}
	return r.shared.top
}

func (r *run) saw(o *outcome) {
	if saw := r.reg.system().saw; saw != nil {
		saw(*o)
	}
}

// err joins what went wrong; nil if nothing did.
func (r *run) err() error { return errors.Join(r.errs...) }
