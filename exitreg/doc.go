// Package exitreg runs exit handlers, last in first out, however a process comes
// to its end: it returns from its main function, calls Exit, panics, or is asked
// to go by SIGTERM or Ctrl-C. Handlers can be shared with the processes it starts,
// so that a whole tree of processes ends well. It needs the standard library only.
//
// # Three calls
//
// Install once, register as you go, and let Main be the last thing that main does:
//
//	func main() {
//		exitreg.Install()
//		exitreg.Main(run)
//	}
//
//	func run() int {
//		db := open()
//		exitreg.Register("close database", func(ctx context.Context) error {
//			return db.Close()
//		})
//		serve(exitreg.Context()) // cancelled when the process is to end
//		return 0
//	}
//
// Importing the package does nothing: no goroutine, no signal taken. Register
// works without Install too; then only Exit, Main, Recover and Go run the
// handlers, and a signal does what it always did.
//
// # The order
//
// A process's own handlers run first, newest to oldest; then the shared ones,
// newest to oldest, those it inherited being the oldest. They run strictly one
// after another, each in a goroutine of its own. That is the order in which things
// were set up, read backwards: what was built last may lean on what was built
// before it.
//
// A handler is taken off the stack before it is called. So a handler may register
// another one, which is the next to run, or unregister one that has not begun,
// which then never runs. Nothing runs twice. After the last handler, nothing is
// taken any more: Register returns a handler whose Err is ErrExiting.
//
// # When a handler fails
//
// A handler can return an error, panic, call runtime.Goexit, or hang. None of this
// costs another handler its turn. Each failure is one line on standard error (or
// goes to the Logger), and turns an exit status of 0 into 1, unless Lenient.
//
// Against a handler that hangs there is a Timeout of its own and the Grace of
// all of them together. When it is over, the handler's context ends, it has 100 ms
// to react, and then nobody waits for it any more. Go cannot stop a goroutine: an
// abandoned handler goes on until the process ends.
//
// A person who has lost patience presses Ctrl-C again: a second signal, at least
// 250 ms after the first, cuts the run short (ForceAfter).
//
// # How the process ends
//
//	Main, Exit(c)      status c; 1 if c is 0 and a handler failed
//	a signal           death by that same signal, which a shell reports as 128+n
//	a panic            the panic goes on after the handlers: its trace, status 2
//	a second signal    death by the second one
//
// Death by the signal, not an exit status that looks like it: only then does a
// shell stop its loop on Ctrl-C. ExitStatus chooses otherwise, and where a process
// cannot die by a signal (process 1 of a container, Windows) it exits with 128+n.
//
// The first trigger wins and there is one run. Exit inside a handler ends that
// handler and sets the status. Exit anywhere else during a run blocks for ever,
// for the process is ending already. CauseFrom tells a handler what it was.
//
// # A tree of processes
//
// Go has no fork, so a handler cannot be copied into a child. Its name can. Define
// a function under a name in every program that should know it, and Share it where
// it is needed:
//
//	var flush = exitreg.Define("flush", func(ctx context.Context) error { ... })
//
//	func main() {
//		exitreg.Install()
//		exitreg.Share(flush)
//		cmd := exec.Command("worker") // inherits flush if it installs, too
//		...
//
// A child that starts after Share has the handler, below all of its own; one that
// started before has not. The names travel in the environment variable
// MULTIEXIT_SHARED, so any way to start a process will do (for a command with an
// Env of its own see Inherit), and they pass through programs that know nothing of
// them. A program that lacks the Define skips the handler. Parent and child can
// each Unregister theirs; neither touches the other's. Local handlers are never
// inherited.
//
// Ctrl-C reaches every process of a terminal's foreground group at once. A child
// that has inherited something leaves it to its parent: it ignores SIGINT as long
// as the process that handed it down lives. That parent ends its children in its
// own time, in the place it chose for that in its own order:
//
//	cmd.Start()
//	exitreg.Register("stop worker", exitreg.Stop(cmd, 10*time.Second))
//
// # Being watched
//
// With the environment variable MULTIEXIT_SOCK set to the path of a Unix socket,
// each process connects at its first registration and tells what happens as one
// JSON Event a line; the program multiexit draws it. The observer can hold a
// process before its next handler, or before one it names, at the signal that begins
// the run, or when all handlers are done, and let it step, for as long as it is
// connected. While the process is held, or the observer says that another one is, time
// stands: no Timeout, no Grace and no patience of Stop runs out, and the deadlines of
// the handlers' contexts move. What it said before it sent a signal stands when the
// signal has come. It does no harm by itself: all of its delays together
// cost a process at most 100 ms in its life, and after the first failure it is
// left for good. (That includes up to 80 ms before the first handler, where
// MULTIEXIT_ORDERS says that the observer has something to say before that.) No
// handler, no order and no exit status depends on it, unless a
// person who wants to see what becomes of it has the observer put a fault into a
// handler: delay it, hang it, skip it, let it fail, panic or exit, stop or kill the
// process in it; or have the process make nothing of a signal. Each says so in
// an Event before it shows and in its error, and ends with the connection. One
// thing is different in any case: a goroutine that reads from the observer keeps
// the runtime from noticing a deadlock, as Install's listening to signals does in
// any case.
//
// # What it cannot do
//
// No handler runs, and no library can change that, when a process
//   - returns from main without Main or Exit,
//   - calls os.Exit, or log.Fatal, which does,
//   - panics in a goroutine that was not started by Go and does not defer Recover,
//   - meets a fatal error of the runtime: a deadlock, concurrent map writes,
//   - is killed by SIGKILL, or by a signal that was not given to Install.
//
// A program that waits for Context() and then returns from main races against its
// own handlers: end main with Main or Exit, which wait.
//
// SIGINT is left to the adopting parent by process identity (pid and start time),
// not by terminal: a child in a process group or session of its own ignores it
// too, unless it was started without MULTIEXIT_SHARED.
//
// Outside Linux a process's start time is not read, and a parent counts as alive
// as long as it is our own parent. On Windows there is no SIGTERM and no death by
// signal: Install listens to os.Interrupt, the status is 128+n, Stop kills, and
// nobody can watch.
package exitreg
