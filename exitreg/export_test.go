package exitreg

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
)

// GateClosed says that an observer holds or slows down this process.
func GateClosed() bool { return process.report.gate.closed.Load() }

// GatePaced says that an observer slows this process down, however little.
func GatePaced() bool {
	g := &process.report.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.pace > 0
}

// Rehearse makes Default a registry that only says how the process would end, so
// that the examples can be programs and tests at once. After each end, but
// that by a panic, there is a new one.
func Rehearse() {
	left := make(chan struct{})
	var signals chan<- os.Signal
	var once sync.Once
	end := func(how ...any) {
		once.Do(func() {
			fmt.Println(how...)
			if signals != nil {
				signal.Stop(signals)
				close(signals)
			}
			close(left)
		})
	}
	env := map[string]string{}
	Default = &Registry{sys: &system{
		exit:    func(code int) { end("exit status", code); Rehearse() },
		raise:   func(sig os.Signal) { end("ended by", signalName(sig)); runtime.Goexit() },
		park:    func() { <-left; Rehearse() },
		claim:   func() bool { return true },
		notify:  func(c chan<- os.Signal, sig ...os.Signal) { signals = c; signal.Notify(c, sig...) },
		ignored: func(os.Signal) bool { return false },
		self:    func() identity { return identity{PID: os.Getpid()} },
		alive:   identity.alive,
		stderr:  func([]byte) {},
		family: &family{
			getenv:   func(k string) string { return env[k] },
			setenv:   func(k, v string) error { env[k] = v; return nil },
			unsetenv: func(k string) error { delete(env, k); return nil },
		},
		report: &reporter{path: func() string { return "" }},
	}}
}
