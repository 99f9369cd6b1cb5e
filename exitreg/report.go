package exitreg

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// budget is how long an observer may hold up a process in its whole life, all
// waits together. An observer that needs more is left.
const budget = 100 * time.Millisecond

// reporter tells the observer what happens, if there is one. It connects at the
// first registration or Install when MULTIEXIT_SOCK is set, and never again: the
// first failure, of whatever kind, disconnects for good. Events are written one
// after another by whoever causes them, under a lock, so that the sequence
// numbers on the wire have no holes.
type reporter struct {
	path   func() string
	orders func() bool // there are some that a run has to wait for; nil: there are none
	dial   func(path string, patience time.Duration) (w wire, waited time.Duration, err error)
	pid    int

	state atomic.Int32 // unasked, unobserved, on, off
	gate  gate
	clock clock
	heard heard
	owed  atomic.Int32  // hellos to which the observer has not given its orders yet
	lost  atomic.Uint64 // events after the disconnection

	mu       sync.Mutex
	conn     wire
	waited   time.Duration // of the budget
	primed   chan struct{} // closed when none is owed
	unprimed bool          // nor waited for any more
	n        uint64        // of the last event
	ids      uint64        // of the last handler
	name     string
	grace    time.Duration
	takes    string // the signals that begin a run
	buf      []byte
}

const (
	unasked    = iota
	unobserved // MULTIEXIT_SOCK is not set
	on
	off // it was set, but the observer is gone or was never there
)

// wire is the connection to the observer.
type wire interface {
	// ready waits until there may be something to take, or the connection has ended.
	ready() error
	// take reads what is there. Nothing is no error; the end is one.
	take(p []byte) (int, error)
	// send writes all of p. It waits for no longer than patience and says how
	// long it did; a write that need not wait is not timed.
	send(p []byte, patience time.Duration) (waited time.Duration, err error)
	Close() error
}

// open connects if it has not been tried yet, and says whether there is an observer.
func (r *reporter) open() bool {
	if s := r.state.Load(); s != unasked {
		return s == on
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.state.Load(); s != unasked {
		return s == on
	}
	path := r.path()
	if path == "" {
		r.state.Store(unobserved)
		return false
	}
	conn, waited, err := r.dial(path, budget)
	r.waited = waited
	if err != nil || r.waited >= budget {
		if err == nil {
			_ = conn.Close()
		}
		r.state.Store(off)
		return false
	}
	r.conn = conn
	r.state.Store(on)
	go r.listen(conn)
	r.greet()
	return r.state.Load() == on
}

// hello opens the conversation, or corrects what was said before Install.
func (r *reporter) hello(name string, grace time.Duration, takes []os.Signal) {
	r.mu.Lock()
	r.name, r.grace, r.takes = name, grace, names(takes)
	r.mu.Unlock()
	was := r.state.Load()
	if r.open() && was == on {
		r.mu.Lock()
		r.greet()
		r.mu.Unlock()
	}
}

// greet writes the hello. r.mu is held.
func (r *reporter) greet() {
	name := r.name
	if name == "" && len(os.Args) > 0 {
		name = filepath.Base(os.Args[0])
	}
	r.owes()
	r.write(&Event{Kind: KindHello, Name: name, Argv: os.Args, Text: r.takes, Timeout: r.grace})
}

// names is "SIGTERM SIGINT".
func names(signals []os.Signal) string {
	var s []string
	for _, sig := range signals {
		s = append(s, signalName(sig))
	}
	return strings.Join(s, " ")
}

// listened says whether it is worth making an event, and counts it if it was
// meant for an observer that is gone.
func (r *reporter) listened() bool {
	s := r.state.Load()
	r.miss(s)
	return s == on
}

// emit tells one event.
func (r *reporter) emit(e *Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write(e)
}

// miss counts an event that an observer should have had.
func (r *reporter) miss(state int32) {
	if state == off {
		r.lost.Add(1)
	}
}

// write stamps and sends an event. r.mu is held.
func (r *reporter) write(e *Event) {
	if s := r.state.Load(); s != on {
		r.miss(s)
		return
	}
	r.n++
	e.At, e.N, e.PID = time.Now().UnixNano(), r.n, r.pid
	r.buf = appendLine(r.buf[:0], e)
	waited, err := r.conn.send(r.buf, budget-r.waited)
	r.waited += waited
	if err != nil || r.waited >= budget {
		r.lost.Add(1)
		r.leaveIt()
	}
}

// leaveIt disconnects for good. r.mu is held.
func (r *reporter) leaveIt() {
	if r.state.CompareAndSwap(on, off) {
		r.gate.end()
		r.clock.end()
		r.forgo()
		_ = r.conn.Close()
	}
}

// drop is leaveIt for those without the lock; holds end even while a write waits.
func (r *reporter) drop() {
	r.gate.end()
	r.clock.end()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leaveIt()
}

func (r *reporter) note(text string) { r.emit(&Event{Kind: KindNote, Text: text}) }

// registered tells of a new handler and numbers it. The registry's lock is held,
// so the numbers are in the order of registration.
func (r *reporter) registered(h *Handler) {
	if !r.open() {
		r.miss(r.state.Load())
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids++
	h.id = "h" + strconv.FormatUint(r.ids, 10)
	e := about(KindRegister, h)
	e.Src, e.Needs, e.Timeout = h.source(), h.needs, h.timeout
	if h.adopted && h.fn == nil {
		e.Text = "unbound"
	}
	r.write(&e)
}

// about is an event of a handler: which one it is, and whose.
func about(k Kind, h *Handler) Event {
	e := Event{Kind: k, ID: h.id, Handler: h.name, Shared: h.entry != nil}
	if h.adopted {
		e.From = strconv.Itoa(h.entry.PID)
	}
	return e
}

// handler tells what happened to a handler.
func (r *reporter) handler(k Kind, h *Handler, text string) {
	if h != nil && r.listened() {
		e := about(k, h)
		e.Text = text
		r.emit(&e)
	}
}

// finished tells how a handler ended. A panic's stack goes along as the text.
func (r *reporter) finished(o *outcome) {
	if !r.listened() {
		return
	}
	e := about(KindEnd, o.h)
	e.Elapsed, e.Err, e.Text = o.elapsed, o.text, string(o.stack)
	r.emit(&e)
}

// delivered tells what a run begins with.
func (r *reporter) delivered(c *Cause) {
	switch {
	case r.state.Load() != on:
	case c.Signal != nil:
		r.emit(&Event{Kind: KindDeliver, Sig: signalName(c.Signal)})
	case c.Panic != nil:
		r.emit(&Event{Kind: KindDeliver, Text: "panic", Err: fmt.Sprint(c.Panic)})
	default:
		r.emit(&Event{Kind: KindDeliver, Text: "exit", Code: &c.Code})
	}
}

// leave is the last word: how the process is about to end.
func (r *reporter) leave(sig os.Signal, code int) {
	e := Event{Kind: KindLeave}
	if sig != nil {
		e.Sig = signalName(sig)
	} else {
		e.Code = &code
	}
	r.emit(&e)
}
