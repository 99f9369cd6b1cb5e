package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// marker is the hidden first argument that makes this program play a process of a
// scenario. Behind it: the scenario, its size, and the path of the process.
const marker = "demo-worker"

// lifetime is how long a process that does nothing does it. Long, not for ever:
// one that somehow escapes everything is gone the next day.
const lifetime = 24 * time.Hour

// linger is how long a process that leaves its children stays with them: long
// enough to be seen.
const linger = 300 * time.Millisecond

func (s Scenario) args(path string) []string {
	return []string{marker, s.Name, strconv.Itoa(s.N), path}
}

// worker is this process while it plays one of a scenario.
type worker struct {
	scenario Scenario
	path     string
	line     []*Spec // the specs from the root down to its own
	kids     kids
}

// self is the worker this process plays; nil in any other process. The shared
// handlers, which exist since the start of the program, find it here.
var self *worker

// shared are the shared handlers of all scenarios, by name. They are defined in
// every process before main begins: what crosses exec is only the name.
var shared = map[string]*exitreg.Shared{}

func init() {
	for _, s := range List() {
		s.Root.each(func(p *Spec) {
			for _, h := range p.Handlers {
				if h.Shared && shared[h.Name] == nil {
					shared[h.Name] = exitreg.Define(h.Name, func(ctx context.Context) error {
						return self.runShared(ctx, h.Name)
					})
				}
			}
		})
	}
}

// Worker plays a process of a scenario if args, those behind the program's name,
// say so, and then exits; otherwise it returns false at once. main calls it before
// anything else: a worker must not touch the terminal.
func Worker(args []string) (handled bool) {
	if len(args) == 0 || args[0] != marker {
		return false
	}
	w, err := parse(args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "multiexit:", err)
		os.Exit(2)
	}
	self = w
	w.play()
	os.Exit(0)
	return true
}

func parse(args []string) (*worker, error) {
	if len(args) != 3 {
		return nil, fmt.Errorf("%s: got %d arguments: it takes scenario, size, path (it is for multiexit's own use)", marker, len(args))
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, fmt.Errorf("%s: size %q is not a number (0 is the default)", marker, args[1])
	}
	s, err := Find(args[0], n)
	if err != nil {
		return nil, err
	}
	line := s.line(args[2])
	if line == nil {
		return nil, fmt.Errorf("%s: scenario %s has no process %q (paths count from 0, as in 0.1.2)", marker, s.Name, args[2])
	}
	return &worker{scenario: s, path: args[2], line: line}, nil
}

func (w *worker) spec() *Spec { return w.line[len(w.line)-1] }

// play is the life of the process. It returns only when the process has nothing
// more to do; the handlers' run ends it otherwise.
func (w *worker) play() {
	p := w.spec()
	if p.Term != tree.Unknown {
		become(p.Name, p.Term)
	}
	// A line printed to an observer that is gone must fail, not kill.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if p.Leaves {
		w.startKids()
		time.Sleep(linger)
		return
	}
	if err := exitreg.Install(exitreg.Name(p.Name)); err != nil {
		fmt.Fprintf(os.Stderr, "multiexit: %s: %v\n", p.Name, err)
	}
	// The children come last: they inherit what is shared, and a signal that
	// arrives while they start finds the handler that ends them.
	for _, h := range p.Handlers {
		w.register(h)
	}
	w.startKids()
	if p.Says != "" {
		fmt.Println(p.Says)
	}
	if p.Stopped {
		syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	}
	time.Sleep(lifetime)
	exitreg.Exit(0)
}

func (w *worker) register(h Handler) {
	var opts []exitreg.HandlerOption
	if src := source(w.scenario.Name, w.spec().Name, h.Name); src != "" {
		opts = append(opts, exitreg.At(src))
	}
	if h.Limit > 0 {
		opts = append(opts, exitreg.Timeout(h.Limit))
	}
	if h.Shared {
		exitreg.Share(shared[h.Name], opts...)
		return
	}
	r := exitreg.Register(h.Name, func(ctx context.Context) error { return w.run(ctx, h) }, opts...)
	if h.Revoked {
		r.Unregister()
	}
}

// runShared runs the shared handler of that name as the nearest ancestor, or the
// process itself, specifies it.
func (w *worker) runShared(ctx context.Context, name string) error {
	for i := len(w.line) - 1; i >= 0; i-- {
		for _, h := range w.line[i].Handlers {
			if h.Shared && h.Name == name {
				return w.run(ctx, h)
			}
		}
	}
	return fmt.Errorf("no ancestor of %s shares %s", w.path, name)
}

// run does what the specification of the handler says.
func (w *worker) run(ctx context.Context, h Handler) error {
	if h.Then != nil {
		w.register(*h.Then)
	}
	if h.Grace > 0 {
		if err := w.kids.stop(ctx, h.Grace); err != nil {
			return err
		}
	}
	if err := work(ctx, h); err != nil {
		return err
	}
	if h.Says != "" {
		fmt.Println(h.Says)
	}
	switch {
	case h.Panic != "":
		panic(h.Panic)
	case h.Exit != 0:
		exitreg.Exit(h.Exit)
	case h.Err != "":
		return errors.New(h.Err)
	}
	return nil
}

// work takes the handler's time. Unless it is deaf it gives up when its time is over.
func work(ctx context.Context, h Handler) error {
	if h.Deaf {
		ctx = context.Background()
	}
	pause(ctx, h.Takes)
	return context.Cause(ctx)
}
