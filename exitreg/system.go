package exitreg

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
)

// system is everything a Registry takes from its process. There is one real
// value; tests put their own in its place.
type system struct {
	exit    func(code int)      // does not return
	raise   func(sig os.Signal) // as if sig had come and nobody had asked for it; returns if the process lives on
	park    func()              // blocks for ever
	claim   func() bool         // true once in a process
	notify  func(c chan<- os.Signal, sig ...os.Signal)
	ignored func(sig os.Signal) bool
	pid     int
	self    func() identity
	alive   func(identity) bool
	strike  func()            // as if SIGKILL had come
	halt    func()            // as if SIGSTOP had; returns when the process is continued
	stderr  func(line []byte) // must not kill, whatever became of it
	family  *family
	report  *reporter
	saw     func(outcome) // of tests only: each handler's end or skip; else nil
}

var taken atomic.Bool

var process = &system{
	exit:    os.Exit,
	raise:   raise,
	park:    func() { select {} },
	claim:   func() bool { return taken.CompareAndSwap(false, true) },
	notify:  signal.Notify,
	ignored: signal.Ignored,
	pid:     os.Getpid(),
	self:    sync.OnceValue(func() identity { return identify(os.Getpid()) }),
	alive:   identity.alive,
	stderr:  writeStderr,
	family:  &family{getenv: os.Getenv, setenv: os.Setenv, unsetenv: os.Unsetenv},
	report: &reporter{
		path:   func() string { return os.Getenv(socketEnv) },
		orders: func() bool { return os.Getenv(ordersEnv) != "" },
		dial:   dial, pid: os.Getpid(),
	},
	strike: strike,
	halt:   halt,
}

// identity is one process for good: a pid alone may be another process a moment
// later. Start is the kernel's start time in ticks since boot, 0 where it cannot
// be read.
type identity struct {
	PID   int    `json:"pid"`
	Start uint64 `json:"start,omitempty"`
}
