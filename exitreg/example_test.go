package exitreg_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"multiexit/exitreg"
)

// say is a handler that has nothing better to do than to say so.
func say(s string) exitreg.Func {
	return func(context.Context) error { fmt.Println(s); return nil }
}

// Last in, first out.
func Example() {
	exitreg.Register("remove temporary files", say("remove temporary files"))
	exitreg.Register("close database", say("close database"))
	exitreg.Register("stop server", say("stop server"))
	exitreg.Exit(0)
	// Output:
	// stop server
	// close database
	// remove temporary files
	// exit status 0
}

var goodbye = exitreg.Define("goodbye", say("goodbye, from this process and all its children"))

// Shared handlers run after the process's own, and in every child that is started
// from now on and installs.
func ExampleShare() {
	exitreg.Share(goodbye)
	exitreg.Register("own", say("own handlers come first"))
	exitreg.Exit(0)
	// Output:
	// own handlers come first
	// goodbye, from this process and all its children
	// exit status 0
}

// A handler that fails costs no other one its turn, but the exit status tells.
func ExampleRegister_error() {
	exitreg.Register("first", say("still runs"))
	exitreg.Register("flush", func(context.Context) error { return errors.New("disk full") })
	exitreg.Register("last", say("runs"))
	exitreg.Exit(0)
	// Output:
	// runs
	// still runs
	// exit status 1
}

// A handler that panics neither. The logger gets the panic with its stack.
func ExampleLogger() {
	exitreg.Install(exitreg.Logger(func(err error) {
		var p *exitreg.PanicError
		if errors.As(err, &p) {
			fmt.Println("a handler panicked:", p.Value, len(p.Stack) > 0)
		}
	}))
	exitreg.Register("first", say("still runs"))
	exitreg.Register("panics", func(context.Context) error { panic("oops") })
	exitreg.Exit(7)
	// Output:
	// a handler panicked: oops true
	// still runs
	// exit status 7
}

// A handler that hangs is left behind when its time is up.
func ExampleTimeout() {
	exitreg.Register("first", say("still runs"))
	exitreg.Register("hangs", func(ctx context.Context) error {
		<-ctx.Done()
		fmt.Println(context.Cause(ctx))
		select {}
	}, exitreg.Timeout(10*time.Millisecond))
	exitreg.Exit(0)
	// Output:
	// exitreg: the handler ran out of time
	// still runs
	// exit status 1
}

// A handler may register another one: it is the next to run.
func ExampleRegister_late() {
	exitreg.Register("first", say("first"))
	exitreg.Register("last", func(context.Context) error {
		fmt.Println("last")
		exitreg.Register("late", say("late"))
		return nil
	})
	exitreg.Exit(0)
	// Output:
	// last
	// late
	// first
	// exit status 0
}

// What is done in good time need not be done at the exit.
func ExampleHandler_Unregister() {
	h := exitreg.Register("remove lock file", say("remove lock file"))
	fmt.Println(h.Unregister())
	fmt.Println(h.Unregister())
	exitreg.Exit(0)
	// Output:
	// true
	// false
	// exit status 0
}

// With a key a handler is registered once, however often the code comes by.
func ExampleKey() {
	for range 3 {
		exitreg.Register("close log", say("close log"), exitreg.Key("log"))
	}
	exitreg.Exit(0)
	// Output:
	// close log
	// exit status 0
}

// Exit inside a handler ends this handler and sets the status.
func ExampleExit() {
	exitreg.Register("first", say("still runs"))
	exitreg.Register("decides", func(context.Context) error {
		exitreg.Exit(9)
		panic("not reached")
	})
	exitreg.Exit(0)
	// Output:
	// still runs
	// exit status 9
}

// The handlers of a panic run before its trace is printed.
func ExampleRecover() {
	defer func() { fmt.Println("goes on:", recover()); exitreg.Rehearse() }() // in place of the trace
	defer exitreg.Recover()
	exitreg.Register("close database", func(ctx context.Context) error {
		fmt.Println("close database,", exitreg.CauseFrom(ctx))
		return nil
	})
	panic("index out of range")
	// Output:
	// close database, panic: index out of range
	// goes on: index out of range
}
