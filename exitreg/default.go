package exitreg

import "context"

// Install makes the process exit through its handlers when a signal asks it to:
// SIGTERM or SIGINT, unless Signals says otherwise. It also adopts the shared
// handlers of the ancestors. Call it once, early in main; a second call in one
// process changes nothing and returns ErrInstalled.
func Install(opts ...Option) error { return Default.Install(opts...) }

// Register puts a local handler on top of the stack: it runs in this process
// only, before all that were registered earlier. See Registry.Register for what
// happens during and after a run.
func Register(name string, fn Func, opts ...HandlerOption) *Handler {
	return Default.register(name, fn, opts, here(1))
}

// Share puts a shared handler on top of the shared stack: it runs in this
// process, after all local handlers, and in every process started from now on
// whose program has the same Define and calls Install. See Registry.Share.
func Share(s *Shared, opts ...HandlerOption) *Handler {
	return Default.share(s, opts, here(1))
}

// Inherited returns the handlers this process has from its ancestors and that
// are still on the stack, oldest first; for a program that wants to Unregister
// one of them for itself and its children. It is empty before Install.
func Inherited() []*Handler { return Default.Inherited() }

// Main calls run, runs the handlers, and exits with the result of run. It
// recovers as Recover does. It is the last thing main does:
//
//	func main() { exitreg.Main(run) }
func Main(run func() int) { Default.Main(run) }

// Exit runs the handlers and exits with code, or with 1 if code is 0 and a
// handler failed (see Lenient). A code outside 0..255 becomes 255. It does not
// return.
//
// Inside a handler it ends that handler as well done, sets the code (the last
// one wins) and the other handlers run as if it had returned. From any other
// goroutine during a run it blocks for ever: the process is exiting already.
func Exit(code int) { Default.Exit(code) }

// Recover is to be deferred, in main or in a goroutine. On a panic it runs the
// handlers and panics on with the same value, so that the trace is printed and
// the status is 2. Otherwise it does nothing. A panic in a goroutine that defers
// nothing of the sort ends a Go program at once; no handler runs, and no library
// can change that (golang/go#16340, #32333).
func Recover() { Default.recovered(recover()) }

// Go starts fn in a goroutine whose panic runs the handlers, as Recover does.
func Go(fn func()) { Default.Go(fn) }

// Context is cancelled when a run begins, before the first handler, with a
// *Cause as its cause. It is for the work of the program, which should stop; the
// contexts of the handlers are not derived from it.
func Context() context.Context { return Default.Context() }
