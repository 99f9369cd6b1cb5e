package exitreg

import (
	"os"
	"runtime"
)

// Main calls run, runs the handlers, and exits with the result of run. It
// recovers as Recover does.
func (r *Registry) Main(run func() int) {
	defer func() { r.recovered(recover()) }()
	r.Exit(run())
}

// Exit runs the handlers and exits with code; see the function Exit.
func (r *Registry) Exit(code int) {
	if r.nested(code) {
		runtime.Goexit()
	}
	run := r.begin(&Cause{Code: code})
	if run == nil {
		r.system().park()
		return
	}
	run.walk()
	run.leave()
}

// nested notes the code of an Exit inside a handler, for the end of its goroutine.
func (r *Registry) nested(code int) bool {
	r.mu.Lock()
	exiting := r.phase == running
	r.mu.Unlock()
	if !exiting || !inHandler() {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.exits == nil {
		r.exits = map[uint64]int{}
	}
	r.exits[goroutine()] = code
	return true
}

// exiting says whether the calling goroutine ends because it called Exit.
func (r *Registry) exiting() (code int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := goroutine()
	code, ok = r.exits[g]
	delete(r.exits, g)
	return code, ok
}

// Recover is to be deferred; see the function Recover.
func (r *Registry) Recover() { r.recovered(recover()) }

// Go starts fn in a goroutine whose panic runs the handlers.
func (r *Registry) Go(fn func()) {
	go func() {
		defer func() { r.recovered(recover()) }()
		fn()
	}()
}

// recovered runs the handlers for a panic and panics on. During a run a further
// panic must not end the process before the other handlers had their turn: that
// of a handler is the handler's outcome, that of another goroutine is said and
// its goroutine stays where it is.
func (r *Registry) recovered(v any) {
	if v == nil {
		return
	}
	run := r.begin(&Cause{Panic: v})
	if run == nil {
		if inHandler() {
			panic(v)
		}
		r.say(&PanicError{Value: v})
		r.system().park()
		return
	}
	run.walk()
	run.leave()
	panic(v)
}

// leave ends the process as the run demands. Only after a panic does it return,
// for the caller to panic on.
func (r *run) leave() {
	sys := r.reg.system()
	sig, code := r.result()
	sys.report.leave(sig, code)
	if r.panics() {
		return
	}
	if sig != nil {
		sys.raise(sig)
		code = 128 + number(sig)
	}
	sys.exit(code)
}

func (r *run) panics() bool { return r.cause.Panic != nil && r.sig == nil }

// result is how the process is to end: by a signal to raise, or else with a code.
func (r *run) result() (os.Signal, int) {
	sig := r.sig // the one that forced
	if sig == nil && !r.coded {
		sig = r.cause.Signal
	}
	switch {
	case r.panics():
		return nil, 2 // what the runtime exits with after a panic
	case sig != nil:
		return r.bySignal(sig)
	case r.code < 0 || r.code > 255:
		return nil, 255
	case r.code == 0 && !r.conf.lenient && r.err() != nil:
		return nil, 1
	}
	return nil, r.code
}

// bySignal is the exit status after a signal. Process 1 and a signal that was
// ignored on entry cannot die by it: the kernel shields the one, and the default
// action given back to the other is to ignore.
func (r *run) bySignal(sig os.Signal) (os.Signal, int) {
	switch n := number(sig); {
	case r.conf.status == SignalNumber:
		return nil, n
	case r.conf.status == Code128, !canRaise, r.reg.system().pid == 1, r.conf.ignored[sig]:
		return nil, 128 + n
	}
	return sig, 0
}
