//go:build unix

package exitreg

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Each benchmark has its floor beside it: what the same would cost with nothing
// of ours.

func nothing(context.Context) error { return nil }

func BenchmarkRegister(b *testing.B) {
	b.Run("floor", func(b *testing.B) { // append under a lock, and the caller's position
		var mu sync.Mutex
		var stack []*Handler
		b.ReportAllocs()
		for b.Loop() {
			h := &Handler{name: "h", fn: nothing, pc: here(0)}
			mu.Lock()
			stack = append(stack, h)
			mu.Unlock()
		}
		runtime.KeepAlive(stack)
	})
	b.Run("unobserved", func(b *testing.B) {
		r := benchRegistry("")
		b.ReportAllocs()
		for b.Loop() {
			r.Register("h", nothing)
		}
	})
	b.Run("and unregister", func(b *testing.B) {
		r := benchRegistry("")
		b.ReportAllocs()
		for b.Loop() {
			r.Register("h", nothing).Unregister()
		}
	})
	b.Run("observed", func(b *testing.B) {
		r := benchRegistry(reading(b))
		b.ReportAllocs()
		for b.Loop() {
			r.Register("h", nothing)
			r.sys.report.waited = 0 // a flood is not what the budget is for
		}
		watched(b, r)
	})
}

// BenchmarkHandler is from one handler to the next.
func BenchmarkHandler(b *testing.B) {
	walk := func(b *testing.B, path string) {
		r := benchRegistry(path)
		for range b.N {
			r.Register("h", nothing)
			r.sys.report.waited = 0
		}
		r.sys.saw = func(outcome) { r.sys.report.waited = 0 } // see BenchmarkRegister
		run := r.begin(&Cause{})
		runtime.GC()
		b.ReportAllocs()
		b.ResetTimer()
		run.walk()
		b.StopTimer()
		if path != "" {
			watched(b, r)
		}
	}
	b.Run("floor", func(b *testing.B) { // a goroutine each, with a context of its own
		base, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.ReportAllocs()
		for range b.N {
			ctx, cancel := context.WithCancel(base)
			done := make(chan error, 1)
			go func() { done <- nothing(ctx) }()
			<-done
			cancel()
		}
	})
	b.Run("unobserved", func(b *testing.B) { walk(b, "") })
	b.Run("floor observed", func(b *testing.B) { // two writes to a socket that is read
		w, _, err := dial(reading(b), budget)
		if err != nil {
			b.Fatal(err)
		}
		line := make([]byte, 100)
		b.ResetTimer()
		for range 2 * b.N {
			if _, err := w.send(line, 10*time.Second); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("observed", func(b *testing.B) { walk(b, reading(b)) })
}

// BenchmarkSignal is from a signal sent to the first handler. Both kinds take
// turns, so that they meet the same machine.
func BenchmarkSignal(b *testing.B) {
	var floor, ours time.Duration
	for range b.N {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		runtime.Gosched()
		began := time.Now()
		syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
		<-c
		floor += time.Since(began)
		signal.Stop(c)

		r := benchRegistry("")
		var ch chan<- os.Signal
		r.sys.notify = func(c chan<- os.Signal, s ...os.Signal) { ch = c; signal.Notify(c, s...) }
		left := make(chan bool)
		r.sys.raise = func(os.Signal) { close(left); runtime.Goexit() }
		if err := r.Install(Signals(syscall.SIGUSR1)); err != nil {
			b.Fatal(err)
		}
		first := make(chan time.Time, 1)
		r.Register("h", func(context.Context) error { first <- time.Now(); return nil })
		runtime.Gosched()
		began = time.Now()
		syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
		ours += (<-first).Sub(began)
		<-left
		signal.Stop(ch)
		close(ch)
	}
	b.ReportMetric(float64(floor)/float64(b.N), "floor-ns/op")
	b.ReportMetric(float64(ours)/float64(b.N), "ours-ns/op")
	b.ReportMetric(float64(ours)/float64(floor), "x-floor")
}

func BenchmarkEncode(b *testing.B) {
	e := encodings[1]
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = appendLine(buf[:0], &e)
	}
}

func benchRegistry(path string) *Registry {
	return &Registry{sys: &system{
		exit: func(int) { runtime.Goexit() }, park: runtime.Goexit, claim: func() bool { return true },
		notify: signal.Notify, ignored: func(os.Signal) bool { return false },
		self: func() identity { return identity{} }, alive: identity.alive, stderr: func([]byte) {},
		family: &family{getenv: func(string) string { return "" }},
		report: &reporter{path: func() string { return path }, dial: dial},
	}}
}

// watched makes sure that the observer was there to the end.
func watched(b *testing.B, r *Registry) {
	b.Helper()
	if rep := r.sys.report; rep.state.Load() != on || rep.lost.Load() > 0 {
		b.Fatalf("%d events lost", rep.lost.Load())
	}
}

// reading is the path of an observer that reads all it can.
func reading(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("", "exitreg")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	path := fmt.Sprint(dir, "/s")
	l, err := net.Listen("unix", path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, 1<<20))
		}
	}()
	return path
}
