//go:build unix

package exitreg_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"multiexit/exitreg"
)

// The shape of a program: a signal cancels Context, the program stops what it
// does, the handlers run, and the process ends by that signal.
func ExampleMain() {
	exitreg.Install()
	exitreg.Register("close database", func(ctx context.Context) error {
		fmt.Println("close database,", exitreg.CauseFrom(ctx))
		return nil
	})
	exitreg.Main(func() int {
		syscall.Kill(os.Getpid(), syscall.SIGTERM) // somebody wants us to end
		<-exitreg.Context().Done()
		return 0
	})
	// Output:
	// close database, signal: terminated
	// ended by SIGTERM
}

// A parent ends its children in the order it chooses.
func ExampleStop() {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
	}
	exitreg.Register("close database", say("close database"))
	exitreg.Register("reap worker", func(context.Context) error {
		fmt.Println("worker:", cmd.Wait())
		return nil
	})
	exitreg.Register("stop worker", exitreg.Stop(cmd, 10*time.Second))
	exitreg.Exit(0)
	// Output:
	// worker: signal: terminated
	// close database
	// exit status 0
}
