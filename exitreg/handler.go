package exitreg

import (
	"context"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Func is an exit handler. Its context ends when the handler's time is up (see
// Timeout, Grace), when a second signal forces the exit, and after it returned;
// context.Cause tells which, and CauseFrom why the process exits at all. It is
// never ended when the handler begins.
type Func func(ctx context.Context) error

// Handler is a registered exit handler. It is its own identity.
type Handler struct {
	reg     *Registry
	name    string
	fn      Func // nil: inherited, and this program does not define it
	id      string
	key     string
	timeout time.Duration
	needs   []string
	pc      uintptr // where it was registered
	src     string  // the same, if it was in another process or At says so
	entry   *entry  // of a shared one: how children hear of it
	adopted bool    // inherited, not shared here
	err     error

	// Guarded by reg.mu.
	state        state
	stack        *stack
	older, newer *Handler
}

type state uint8

const (
	pending state = iota // on a stack
	begun                // and perhaps ended
	removed              // unregistered
	skipped              // will not run: forced, deadline, unbound
	inert                // registered too late
)

// HandlerOption is an option of Register and Share.
type HandlerOption func(*Handler)

// Timeout limits how long a handler may run; without it only Grace does. When it
// has passed, the handler's context is cancelled with the cause
// ErrHandlerTimeout; the handler has 100 ms to react and is then abandoned (its
// goroutine goes on, nobody waits for it), and the next one runs. A duration of
// 0 or less is no limit.
func Timeout(d time.Duration) HandlerOption {
	return func(h *Handler) { h.timeout = max(d, 0) }
}

// Key makes a registration happen once: while a handler with the key is on the
// stack, registering another one returns the existing handler, which keeps its
// position. After Unregister, or once it has begun, the key is free again. An
// empty key is none. A shared handler's key goes with it to the children.
func Key(k string) HandlerOption {
	return func(h *Handler) { h.key = k }
}

// Needs says that the handler uses what other handlers close, so that they must
// not begin before it has ended: "close-db", or "db-writer/close-db" for one of
// another process of the tree. Both parts may be globs, and the process a command,
// a path id or "pid:N". That process closes what is needed by going, too.
//
// Nothing runs in another order because of it. Last in first out keeps it when
// what is needed was set up first; Share, Key and other processes can break it. It
// is for whoever watches: multiexit says where the order would break it, before a
// signal, and where it did. A shared handler's needs go with it to the children.
func Needs(names ...string) HandlerOption {
	return func(h *Handler) { h.needs = append(h.needs, names...) }
}

// At says where a handler was registered, as "file.go:88", for packages that
// register on behalf of others; the default is the caller of Register or Share.
func At(source string) HandlerOption {
	return func(h *Handler) { h.src = source }
}

// Name returns the handler's name.
func (h *Handler) Name() string { return h.name }

// Err is nil for a handler that is, or was, on the stack. It is ErrExiting for one
// registered too late, which will never run, and it says why when a shared
// handler could not be handed down to children.
func (h *Handler) Err() error { return h.err }

// Unregister takes a handler back that has not begun; it then never runs. It is
// true exactly once: false for a handler that has begun, has run, was skipped or
// is unregistered already. A shared handler is no longer handed down to children
// that start from now on; those that run already keep their copy.
func (h *Handler) Unregister() bool {
	if h == nil || h.reg == nil {
		return false
	}
	r := h.reg
	r.mu.Lock()
	defer r.mu.Unlock()
	if h.state != pending {
		return false
	}
	r.take(h)
	h.state = removed
	if h.entry != nil {
		r.system().family.drop(h.entry)
	}
	r.system().report.handler(KindUnregister, h, "")
	return true
}

// source is "file.go:88", where the handler was registered.
func (h *Handler) source() string {
	if h.src != "" {
		return h.src
	}
	return position(h.pc)
}

// here is the position of the caller's caller, skip frames further up.
func here(skip int) uintptr {
	var pc [1]uintptr
	runtime.Callers(skip+2, pc[:])
	return pc[0]
}

// position is "file.go:88". It is looked up only when somebody wants to see it.
func position(pc uintptr) string {
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	if f.File == "" {
		return "?"
	}
	return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
}

// nameOf is the function's own name: "main.flush", "main.main.func1".
func nameOf(fn Func) string {
	name := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name()
	return name[strings.LastIndexByte(name, '/')+1:]
}
