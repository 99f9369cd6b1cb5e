package exitreg

import (
	"fmt"
	"strconv"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Shared is a handler that can cross exec: a function known by a name.
type Shared struct {
	name string
	fn   Func
}

// defined holds every Define of the program.
var defined struct {
	sync.Mutex
	byName map[string]*Shared
}

// Define gives a function a name under which it can be shared with the processes
// this one starts. Call it at package level, in every program that should be able
// to run the handler, so that it is there before Install:
//
//	var flush = exitreg.Define("flush", func(ctx context.Context) error { ... })
//
// Go has no fork, so what crosses exec is only the name; each program runs its
// own function of that name. A name that is empty, longer than 200 bytes, not
// UTF-8, has control characters, or is defined twice panics, and so does a nil fn.
func Define(name string, fn Func) *Shared {
	if err := nameError(name); err != nil {
		panic("exitreg: Define at " + position(here(1)) + ": " + err.Error())
	}
	if fn == nil {
		panic("exitreg: Define of a nil func for " + strconv.Quote(name) + " at " + position(here(1)))
	}
	defined.Lock()
	defer defined.Unlock()
	if defined.byName[name] != nil {
		panic("exitreg: Define of " + strconv.Quote(name) + " at " + position(here(1)) + ": defined twice")
	}
	if defined.byName == nil {
		defined.byName = map[string]*Shared{}
	}
	s := &Shared{name: name, fn: fn}
	defined.byName[name] = s
	return s
}

// definition is the function of that name, nil if the program has none.
func definition(name string) Func {
	defined.Lock()
	defer defined.Unlock()
	if s := defined.byName[name]; s != nil {
		return s.fn
	}
	return nil
}

func nameError(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("the name is empty")
	case len(name) > 200:
		return fmt.Errorf("the name %.20q... is longer than 200 bytes", name)
	case !utf8.ValidString(name):
		return fmt.Errorf("the name %q is not UTF-8", name)
	}
	for _, c := range name {
		if unicode.IsControl(c) {
			return fmt.Errorf("the name %q has control characters", name)
		}
	}
	return nil
}

// Share puts a shared handler on top of the shared stack. In this process it runs
// after all local handlers. Every process started from now on inherits it: if its
// program has a Define of the same name and calls Install, the handler runs there
// too, as one of the oldest. Processes that run already are not touched, nor are
// parents. Sharing a definition twice makes two handlers; see Key.
//
// What is inherited is recorded in the environment variable MULTIEXIT_SHARED, so
// a plain exec.Command hands it down. A command with an Env of its own needs
// Inherit. If the record would become longer than 64 KiB the handler runs in this
// process only, and its Err says so.
func (r *Registry) Share(s *Shared, opts ...HandlerOption) *Handler {
	return r.share(s, opts, here(1))
}

func (r *Registry) share(s *Shared, opts []HandlerOption, pc uintptr) *Handler {
	if s == nil || s.fn == nil {
		panic("exitreg: Share of nothing at " + position(pc) + " (use Define)")
	}
	h := &Handler{reg: r, name: s.name, fn: s.fn, pc: pc}
	for _, o := range opts {
		o(h)
	}
	sys := r.system()
	h.entry = &entry{Name: h.name, Src: h.source(), Key: h.key, Needs: h.needs, Timeout: h.timeout, identity: sys.self()}
	got, err := r.pushShared(h)
	if err != nil {
		r.say(err)
	}
	return got
}

func (r *Registry) pushShared(h *Handler) (*Handler, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := r.push(&r.shared, h); got != h || h.err != nil {
		return got, nil
	}
	h.err = r.system().family.add(h.entry)
	return h, h.err
}

// adopt makes handlers of what this process has inherited: the oldest shared
// ones, in the order they were shared. It never fails: what cannot be read is
// ignored, and the error says so. An inherited handler whose key was taken before
// Install gives way, as any second registration does.
func (r *Registry) adopt() error {
	sys := r.system()
	inherited, parent, err := sys.family.adopt(sys.self())
	r.parent = parent
	var below *Handler
	for _, e := range inherited {
		if e.Key != "" && r.keys[e.Key] != nil {
			sys.family.drop(e)
			continue
		}
		h := &Handler{
			reg: r, name: e.Name, fn: definition(e.Name), src: e.Src,
			key: e.Key, needs: e.Needs, timeout: e.Timeout, entry: e, adopted: true,
		}
		r.shared.pushAbove(below, h)
		r.know(h)
		below = h
	}
	if err != nil {
		sys.report.note(err.Error())
	}
	return err
}

// Inherited returns the handlers this process has from its ancestors and that
// are still on the stack, oldest first.
func (r *Registry) Inherited() []*Handler {
	r.mu.Lock()
	defer r.mu.Unlock()
	var hs []*Handler
	for h := r.shared.bottom; h != nil; h = h.newer {
		if h.adopted {
			hs = append(hs, h)
		}
	}
	return hs
}
