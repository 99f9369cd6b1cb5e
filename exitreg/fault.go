package exitreg

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"
)

// fault is what an observer wants to go wrong in a handler, or in the process if it
// aims at none, to show what the program makes of it. It is gone with the observer.
type fault struct {
	aim
	what string
	ns   time.Duration // of a delay or a kill
	code int           // of an exit
	sig  string        // of an ignore: a glob; empty: any
}

// What a fault does in the place of the handler's function, or before it.
const (
	faultDelay = "delay" // sleeps, then the handler runs
	faultHang  = "hang"  // sleeps as long as the observer wants, deaf to its context; then the handler runs
	faultFail  = "fail"  // an error; the handler does not run
	faultPanic = "panic" // the same with a panic
	faultSkip  = "skip"  // the handler has no turn
	faultExit  = "exit"  // os.Exit: no handler has a turn any more
	faultKill  = "kill"  // SIGKILL, a while after its begin
	faultStop  = "stop"  // SIGSTOP; once the process is continued the handler runs
	faultNone  = "none"  // no fault: takes one back

	faultIgnore = "ignore" // of the process: a signal comes and nothing is made of it
)

var faults = []string{faultDelay, faultHang, faultFail, faultPanic, faultSkip, faultExit, faultKill, faultStop, faultNone, faultIgnore}

const aimsMax = 1000 // faults, and breakpoints, that an observer may set

var errInjected = errors.New("injected failure")

// rig sets a fault. One of the same aim gives way: the newest word counts.
// g.mu is held.
func (g *gate) rig(o order) (why string) {
	f := &fault{aim: o.aim(), what: o.Fault, ns: max(time.Duration(o.NS), 0), code: o.Code, sig: o.Sig}
	if f.code < 0 || f.code > 255 {
		f.code = 255 // as Exit has it
	}
	switch {
	case !slices.Contains(faults, f.what):
		return "the fault " + oneLine(cut(f.what, 40)) + " is not known"
	case f.empty() && f.what != faultIgnore && f.what != faultNone:
		return "a fault was meant for no handler"
	case !f.empty() && f.what == faultIgnore:
		return "the fault ignore is for a process, not for a handler"
	}
	g.faults = slices.DeleteFunc(g.faults, func(old *fault) bool {
		return old.aim == f.aim && (old.sig == f.sig || f.what == faultNone)
	})
	switch {
	case f.what == faultNone:
	case len(g.faults) >= aimsMax:
		return "too many faults"
	default:
		g.faults = append(g.faults, f)
	}
	return ""
}

// fault is the newest one that is meant for h; nil if there is none.
func (g *gate) fault(h *Handler) *fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range slices.Backward(g.faults) {
		if f.hits(h) {
			return f
		}
	}
	return nil
}

// linger waits as long as the fault is wanted, but not beyond a word of either
// channel.
func (g *gate) linger(f *fault, t <-chan time.Time, done <-chan struct{}) {
	for {
		g.mu.Lock()
		wanted, moved := slices.Contains(g.faults, f), g.waiting()
		g.mu.Unlock()
		if !wanted {
			return
		}
		select {
		case <-t:
			return
		case <-done:
			return
		case <-moved:
		}
	}
}

// inject finds the fault for a handler whose turn it is, and tells of it before
// it shows: nobody shall take it for a real one.
func (r *reporter) inject(h *Handler) *fault {
	f := r.gate.fault(h)
	if f == nil || !r.listened() {
		return nil
	}
	e := about(KindFault, h)
	e.Text = f.what
	switch f.what {
	case faultDelay, faultKill:
		e.Timeout = f.ns
	case faultExit:
		e.Code = &f.code
	}
	r.emit(&e)
	if r.state.Load() != on {
		return nil // it went with the observer
	}
	return f
}

// skips says that the handler has no turn. f may be nil.
func (f *fault) skips() bool { return f != nil && f.what == faultSkip }

// suffer is the handler's function with a fault in it. A handler whose time was
// up meanwhile does not run: by then nobody waits for it.
func (c *call) suffer(ctx context.Context) error {
	sys := c.run.reg.system()
	switch f := c.fault; f.what {
	case faultDelay:
		t := time.NewTimer(f.ns)
		defer t.Stop()
		sys.report.gate.linger(f, t.C, ctx.Done())
	case faultHang:
		sys.report.gate.linger(f, nil, nil)
	case faultFail:
		return errInjected
	case faultPanic:
		panic("injected panic")
	case faultExit:
		sys.exit(f.code)
	case faultKill:
		defer sys.doom(f).Stop()
	case faultStop:
		sys.halt()
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return c.h.fn(ctx)
}

// doom kills the process, at once or later, if the fault is wanted by then.
func (sys *system) doom(f *fault) *time.Timer {
	if f.ns == 0 {
		sys.strike()
	}
	return time.AfterFunc(f.ns, func() {
		if sys.report.gate.wants(f) {
			sys.strike()
		}
	})
}

func (g *gate) wants(f *fault) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(g.faults, f)
}

// deaf says that nothing is to be made of a signal that has come, and tells so.
func (r *reporter) deaf(sig os.Signal) bool {
	if !r.gate.closed.Load() {
		return false
	}
	name := signalName(sig)
	if !r.gate.ignores(name) || !r.listened() {
		return false
	}
	r.emit(&Event{Kind: KindFault, Text: faultIgnore, Sig: name})
	return r.state.Load() == on // else it went with the observer
}

func (g *gate) ignores(sig string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.ContainsFunc(g.faults, func(f *fault) bool { return f.what == faultIgnore && meansSignal(f.sig, sig) })
}
