package exitreg

import (
	"os"
	"time"
)

// Option is an option of Install.
type Option func(*config)

type config struct {
	name      string
	signals   []os.Signal
	grace     time.Duration
	force     int
	status    Status
	lenient   bool
	ifIgnored bool
	log       func(error)
	ignored   map[os.Signal]bool // on entry; set by Install
}

// Status says how a process ends after a signal; see ExitStatus.
type Status int

const (
	// Reraise ends the process by the signal itself: its parent sees death by
	// signal, and only then does a shell stop its loop on Ctrl-C. Where that
	// cannot work (process 1, a signal that was ignored on entry, a process that
	// is still alive after a second, Windows) it is Code128.
	Reraise Status = iota
	// Code128 exits with 128 + the signal's number, as a shell would report it.
	Code128
	// SignalNumber exits with the signal's number: 15 for SIGTERM. The Python
	// package multiexit does so.
	SignalNumber
)

// Signals replaces the signals that begin a run, SIGTERM and SIGINT (on Windows
// os.Interrupt). A program that should also end well when its terminal closes
// adds SIGHUP: Signals(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP). Without
// arguments no signal begins a run.
func Signals(sig ...os.Signal) Option {
	return func(c *config) { c.signals = sig }
}

// Name is what an observer calls this process; the default is the base of
// os.Args[0].
func Name(name string) Option { return func(c *config) { c.name = name } }

// Grace limits the whole run. When it has passed, the running handler's context
// is cancelled with the cause ErrGrace, it has 100 ms to react and is abandoned,
// the rest is skipped and the process ends. The default, 0, is no limit of our
// own; whoever sends the signal has one: docker stop 10 s, Kubernetes 30 s,
// systemd 90 s, then SIGKILL. Stay a little below it.
func Grace(d time.Duration) Option { return func(c *config) { c.grace = max(d, 0) } }

// ForceAfter says with which signal a run is cut short. The default is 2: the
// first signal begins the run; the same signal again, or SIGINT after SIGTERM,
// forces. Signals within 250 ms of the last one that counted are one (a bouncing
// key; a group and a parent that both deliver), and SIGTERM after SIGINT does not
// count (a parent passing it on). In a process with inherited handlers, whose
// parent lives, the second SIGTERM may be the parent passing on what the whole
// group got before, so it takes one more. 0 never forces; 1 is as 2.
func ForceAfter(n int) Option { return func(c *config) { c.force = n } }

// ExitStatus says how the process ends after a signal. The default is Reraise.
func ExitStatus(s Status) Option { return func(c *config) { c.status = s } }

// Lenient lets Exit(0) end with 0 though a handler failed; otherwise it ends
// with 1.
func Lenient() Option { return func(c *config) { c.lenient = true } }

// EvenIfIgnored takes also those signals that were ignored when the process was
// started, as by nohup, or by "command &" in a plain shell. By default they stay
// ignored, as whoever started the process meant it. Go itself respects only an
// ignored SIGHUP and SIGINT; that SIGTERM was ignored cannot be seen in a Go
// program, so it is taken in any case.
func EvenIfIgnored() Option { return func(c *config) { c.ifIgnored = true } }

// Logger is told of each failure instead of standard error: a handler that
// failed, panicked (errors.As finds a *PanicError with the stack) or ran out of
// time, an inherited manifest that could not be read. The error's text is one
// line. A logger that takes longer than 100 ms is not called again.
func Logger(log func(error)) Option { return func(c *config) { c.log = log } }

// Install makes the process exit through its handlers when a signal asks it to.
// It also adopts the shared handlers of the ancestors. Call it once, early in
// main; a second call in one process changes nothing and returns ErrInstalled.
//
// Nothing happens to a program that only imports this package.
func (r *Registry) Install(opts ...Option) error {
	c := defaults()
	for _, o := range opts {
		o(&c)
	}
	unread, err := r.install(c)
	if unread != nil {
		r.say(unread)
	}
	return err
}

// install does it under the lock; what it could not read of the inheritance is
// for the caller to say, for a Logger may call back.
func (r *Registry) install(c config) (unread, err error) {
	sys := r.system()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.phase != idle {
		return nil, ErrExiting
	}
	if r.installed || !sys.claim() {
		return nil, ErrInstalled
	}
	r.installed = true
	take := c.take(sys.ignored)
	r.conf = c
	// The loop is never slow, but it may be late: a burst of one signal must not
	// push out another.
	ch := make(chan os.Signal, 128)
	if len(take) > 0 { // signal.Notify without signals would take them all
		// Before anything is reported: who sees the plan may send at once.
		sys.notify(ch, take...)
	}
	sys.report.hello(c.name, c.grace, take)
	unread = r.adopt()
	if len(take) > 0 {
		go r.listen(ch)
	}
	return unread, nil
}

// take is which signals to listen to. It asks before Notify, after which nobody
// can tell that a signal was ignored.
func (c *config) take(ignored func(os.Signal) bool) (take []os.Signal) {
	c.ignored = map[os.Signal]bool{}
	for _, s := range c.signals {
		if c.ignored[s] = ignored(s); !c.ignored[s] || c.ifIgnored {
			take = append(take, s)
		}
	}
	return take
}

func defaults() config {
	return config{signals: defaultSignals, force: 2}
}
