//go:build unix

package exitreg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"multiexit/exitreg"
)

// What the roles are made of. A handler's trace is one line on standard output;
// it goes around package os, for some roles close their output.

func put(s string) { syscall.Write(1, []byte(s+"\n")) }

// says is a handler that prints its name.
func says(name string) exitreg.Func {
	return func(context.Context) error { put(name); return nil }
}

// register registers handlers that print their names, oldest first.
func register(names string) {
	for _, n := range strings.Fields(names) {
		exitreg.Register(n, says(n))
	}
}

// The shared handlers of the tests. In a process with EXITREG_TEST_BARE only s3
// is known.
var (
	s1, s2 *exitreg.Shared
	s3     = exitreg.Define("s3", says("s3"))
)

func init() {
	if os.Getenv("EXITREG_TEST_BARE") == "" {
		s1, s2 = exitreg.Define("s1", says("s1")), exitreg.Define("s2", says("s2"))
	}
}

func install(opts ...exitreg.Option) {
	if err := exitreg.Install(opts...); err != nil {
		put("install: " + err.Error())
	}
}

// ignore makes this process deaf to a signal.
func ignore(s os.Signal) { signal.Ignore(s) }

// await tells the test that all is set up and waits for a signal.
func await() {
	put("ready")
	forever()
}

// forever is not select{}: the runtime would call a process that waits for no
// signal deadlocked.
func forever() {
	for {
		time.Sleep(time.Hour)
	}
}

func fail(name string) {
	exitreg.Register(name, func(context.Context) error { put(name); return errors.New("no luck") })
}

func panics(name string, v any) {
	exitreg.Register(name, func(context.Context) error { put(name); panic(v) })
}

func hangs(name string, opts ...exitreg.HandlerOption) {
	exitreg.Register(name, func(ctx context.Context) error {
		put(name)
		<-ctx.Done()
		put(name + ":" + shortly(context.Cause(ctx)))
		select {}
	}, opts...)
}

// shortly is which of the package's errors it is.
func shortly(err error) string {
	switch {
	case errors.Is(err, exitreg.ErrHandlerTimeout):
		return "timeout"
	case errors.Is(err, exitreg.ErrGrace):
		return "grace"
	case errors.Is(err, exitreg.ErrForced):
		return "forced"
	}
	return fmt.Sprint(err)
}

// slow registers a handler that takes its time, whatever its context says.
func slow(name string, d time.Duration) {
	exitreg.Register(name, func(context.Context) error { put(name); time.Sleep(d); return nil })
}

func goexits(name string) {
	exitreg.Register(name, func(context.Context) error { put(name); runtime.Goexit(); return nil })
}
