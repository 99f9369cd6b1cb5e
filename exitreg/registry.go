package exitreg

import (
	"context"
	"errors"
	"sync"
)

// Errors that a program may want to tell apart with errors.Is.
var (
	// ErrInstalled is returned by a second Install in one process.
	ErrInstalled = errors.New("exitreg: already installed")
	// ErrExiting is the Err of a handler that came too late: the run had
	// ended, or its deadline had passed. Such a handler never runs.
	ErrExiting = errors.New("exitreg: the process is exiting")
	// ErrHandlerTimeout is the cause of a handler's context when its own
	// Timeout has passed.
	ErrHandlerTimeout = errors.New("exitreg: the handler ran out of time")
	// ErrGrace is the cause of a handler's context when the Grace of the whole
	// run has passed.
	ErrGrace = errors.New("exitreg: the grace period has passed")
	// ErrForced is the cause of a handler's context when a second signal has
	// forced the exit.
	ErrForced = errors.New("exitreg: a second signal forced the exit")
)

// lateMax bounds the registrations during one run, so that a handler that
// registers itself again cannot keep the process alive for ever.
const lateMax = 10_000

// A Registry is the stack of exit handlers of one process. The zero value works;
// nearly every program uses the package functions, which are those of Default.
//
// A run takes the local handlers newest to oldest, then the shared ones newest
// to oldest (those inherited from ancestors are the oldest), strictly one after
// another. A handler is taken off the stack before it is called, so whatever is
// registered or unregistered meanwhile is honoured and nothing runs twice.
//
// All methods may be called from any goroutine.
type Registry struct {
	mu        sync.Mutex
	sys       *system // nil: the real process
	conf      config
	local     stack
	shared    stack
	keys      map[string]*Handler // live handlers that have a Key
	exits     map[uint64]int      // nested Exit calls on their way out, by goroutine
	phase     phase
	late      int
	run       *run
	ctx       context.Context
	cancel    context.CancelCauseFunc
	installed bool
	parent    identity // that adopted us; drives our shutdown while it lives
	presses   presses
	voice     voice
}

// Default is the Registry of the package functions.
var Default = new(Registry)

// phase is where a Registry stands. It only grows.
type phase uint8

const (
	idle    phase = iota
	running       // a run walks the stack; registrations run next
	ended         // nothing is taken any more
)

func (r *Registry) system() *system {
	if r.sys == nil {
		return process
	}
	return r.sys
}

// Register puts a local handler on top of the stack: it runs in this process
// only, before all that were registered earlier. It works before Install and
// without it (then only Exit, Main, Recover and Go run it), and during a run: the
// new handler is the next to run. After the run it returns an inert handler whose
// Err is ErrExiting.
//
// An empty name takes the function's. A nil fn panics. Registering one function
// twice makes two handlers, for Go functions have no identity; see Key.
func (r *Registry) Register(name string, fn Func, opts ...HandlerOption) *Handler {
	return r.register(name, fn, opts, here(1))
}

func (r *Registry) register(name string, fn Func, opts []HandlerOption, pc uintptr) *Handler {
	if fn == nil {
		panic("exitreg: Register of a nil func at " + position(pc))
	}
	if name == "" {
		name = nameOf(fn)
	}
	h := &Handler{reg: r, name: name, fn: fn, pc: pc}
	for _, o := range opts {
		o(h)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.push(&r.local, h)
}

// push puts h on a stack, unless its key is taken or it comes too late. It is
// where a registration happens: with r.mu held, so that against the start and
// the end of a run there is one order.
func (r *Registry) push(s *stack, h *Handler) *Handler {
	if h.key != "" {
		if old := r.keys[h.key]; old != nil {
			return old
		}
	}
	if !r.admits() {
		h.err, h.state = ErrExiting, inert
		return h
	}
	s.push(h)
	r.know(h)
	return h
}

// know files a handler that was put on a stack, and tells the observer.
func (r *Registry) know(h *Handler) {
	if h.key != "" {
		if r.keys == nil {
			r.keys = map[string]*Handler{}
		}
		r.keys[h.key] = h
	}
	r.system().report.registered(h)
}

// admits says whether a registration may still come in, and counts the late ones.
func (r *Registry) admits() bool {
	switch r.phase {
	case idle:
		return true
	case running:
		if r.run.base.Err() != nil || r.late >= lateMax {
			return false
		}
		r.late++
		return true
	}
	return false
}

// pop takes the handler that is next off its stack; nil if there is none.
func (r *Registry) pop() *Handler {
	h := r.local.top
	if h == nil {
		h = r.shared.top
	}
	if h != nil {
		r.take(h)
	}
	return h
}

// take removes a handler from its stack and frees its key.
func (r *Registry) take(h *Handler) {
	h.stack.remove(h)
	if h.key != "" && r.keys[h.key] == h {
		delete(r.keys, h.key)
	}
}

// stack is a list of handlers linked through themselves: a program that
// registers and unregisters a handler for each of its connections pays the same
// for the first and for the hundred thousandth.
type stack struct{ top, bottom *Handler }

func (s *stack) push(h *Handler) {
	h.stack, h.older = s, s.top
	if s.top != nil {
		s.top.newer = h
	} else {
		s.bottom = h
	}
	s.top = h
}

// pushAbove puts h right above below, or at the bottom if below is nil.
func (s *stack) pushAbove(below, h *Handler) {
	if below == s.top {
		s.push(h)
		return
	}
	above := s.bottom
	if below != nil {
		above = below.newer
		below.newer = h
	} else {
		s.bottom = h
	}
	h.stack, h.older, h.newer = s, below, above
	above.older = h
}

func (s *stack) remove(h *Handler) {
	if h.newer != nil {
		h.newer.older = h.older
	} else {
		s.top = h.older
	}
	if h.older != nil {
		h.older.newer = h.newer
	} else {
		s.bottom = h.newer
	}
	h.older, h.newer, h.stack = nil, nil, nil
}
