//go:build unix

package exitreg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var failing = role("many failures", func() {
	register("a")
	for i := range 200 {
		exitreg.Register(fmt.Sprint(i), func(context.Context) error { return errors.New(strings.Repeat("x", 1500)) })
	}
	exitreg.Exit(3)
})

var standsStill = role("standing still while it logs", func() {
	told := func() { os.Stdin.Read(make([]byte, 1)) }
	install(exitreg.Logger(func(error) {
		put("log")
		syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		told()
	}))
	exitreg.Register("last", func(context.Context) error { told(); return nil }) // else it might be gone before it stops
	for range stills {
		exitreg.Register("h", func(context.Context) error { told(); return errors.New("no luck") })
	}
	exitreg.Exit(0)
})

const stills = 5

// A process that stands still, or has no processor, while it tells of a failure tells of
// the next one all the same: it was not the logger that took too long.
func TestStandsStillWhileItLogs(t *testing.T) {
	t.Parallel()
	cmd := playing(t, standsStill)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := startCommand(t, cmd)
	for range stills {
		in.Write([]byte("x"))
		p.await("log")
		p.standsStill()
		time.Sleep(200 * time.Millisecond) // longer than a logger may take
		in.Write([]byte("x"))
		p.kill(syscall.SIGCONT)
	}
	in.Close()
	p.want("", "code 1")
}

// Rule 9: a standard error that is closed, broken or never read neither kills the
// process nor costs a handler its turn.
func TestStderr(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(t *testing.T) *os.File{
		"never read": func(t *testing.T) *os.File {
			r, w := pipe(t)
			t.Cleanup(func() { r.Close() })
			return w
		},
		"broken pipe": func(t *testing.T) *os.File {
			r, w := pipe(t)
			r.Close()
			return w
		},
		"not writable": func(t *testing.T) *os.File {
			f, err := os.Open(os.DevNull)
			if err != nil {
				t.Fatal(err)
			}
			return f
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := playing(t, failing)
			f := give(t)
			defer f.Close()
			cmd.Stderr = f
			startCommand(t, cmd).want("a", "code 3")
		})
	}
}
