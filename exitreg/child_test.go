//go:build unix

package exitreg_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

var (
	obedient = role("obedient child", func() { await() })
	deaf     = role("deaf child", func() { ignore(syscall.SIGTERM); await() })
)

// child starts a role under package exec alone and waits until it is ready.
func child(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	cmd := playing(t, name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// Rule 25: what Stop does and answers.
func TestStop(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("obeys", func(t *testing.T) {
		cmd := child(t, obedient)
		if err := exitreg.Stop(cmd, time.Minute)(ctx); err != nil {
			t.Error(err)
		}
		cmd.Wait()
		if s := statusOf(cmd.ProcessState); s != "signal 15" {
			t.Errorf("status %s", s)
		}
	})
	t.Run("while another goroutine waits", func(t *testing.T) {
		cmd := child(t, obedient)
		waited := make(chan error)
		go func() { waited <- cmd.Wait() }()
		if err := exitreg.Stop(cmd, time.Minute)(ctx); err != nil {
			t.Error(err)
		}
		var status *exec.ExitError
		if err := <-waited; !errors.As(err, &status) {
			t.Errorf("Wait: %v", err)
		}
	})
	t.Run("gone", func(t *testing.T) {
		cmd := child(t, obedient)
		cmd.Process.Kill()
		cmd.Wait()
		for range 2 {
			if err := exitreg.Stop(cmd, time.Minute)(ctx); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("a zombie", func(t *testing.T) {
		cmd := child(t, obedient)
		cmd.Process.Kill()
		if err := exitreg.Stop(cmd, time.Minute)(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Run("deaf", func(t *testing.T) {
		cmd := child(t, deaf)
		if err := exitreg.Stop(cmd, 50*time.Millisecond)(ctx); err == nil || !strings.Contains(err.Error(), "had to be killed after 50ms") {
			t.Error(err)
		}
		cmd.Wait()
		if s := statusOf(cmd.ProcessState); s != "signal 9" {
			t.Errorf("status %s", s)
		}
	})
	t.Run("out of time", func(t *testing.T) {
		cmd := child(t, deaf)
		ctx, cancel := context.WithTimeoutCause(ctx, 50*time.Millisecond, exitreg.ErrHandlerTimeout)
		defer cancel()
		if err := exitreg.Stop(cmd, time.Hour)(ctx); err == nil || !strings.Contains(err.Error(), "killed early") {
			t.Error(err)
		}
	})
	t.Run("never started", func(t *testing.T) {
		if err := exitreg.Stop(exec.Command(os.Args[0]), time.Second)(ctx); err == nil {
			t.Error("no error")
		}
	})
}
