package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"multiexit/exitreg"
)

// A supervisor that rolls through its children is kinder to what they all depend
// on, and the eye can follow it: between is the pause between the SIGTERMs to two
// of them, and rolling the most it takes for all.
const (
	between = 40 * time.Millisecond
	rolling = 600 * time.Millisecond
)

// kids are the children a process has started, in order.
type kids struct {
	mu       sync.Mutex
	cmds     []*exec.Cmd
	stopping bool // no child is started from now on
}

func (w *worker) startKids() {
	program, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "multiexit: own executable:", err)
		return
	}
	for i := range w.spec().Kids {
		if err := w.kids.start(w.command(program, i)); err != nil {
			fmt.Fprintln(os.Stderr, "multiexit:", err)
		}
	}
}

// command is the i-th child: the same program under the child's name. The shared
// handlers go along in the environment, as they would to any program.
func (w *worker) command(program string, i int) *exec.Cmd {
	p := w.spec().Kids[i]
	cmd := exec.Command(program)
	cmd.Args = append([]string{p.Name}, w.scenario.args(fmt.Sprintf("%s.%d", w.path, i))...)
	if p.Session {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		return cmd
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

// start starts a child and reaps it as soon as it exits.
func (k *kids) start(cmd *exec.Cmd) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stopping {
		return nil
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	k.cmds = append(k.cmds, cmd)
	go cmd.Wait()
	return nil
}

// stop ends the children, all at about the same time, and returns when they are
// gone. The error names those that did not go by themselves.
func (k *kids) stop(ctx context.Context, grace time.Duration) error {
	k.mu.Lock()
	k.stopping = true
	k.mu.Unlock()
	errs := make([]error, len(k.cmds))
	var all sync.WaitGroup
	for i, cmd := range k.cmds {
		all.Go(func() {
			if err := exitreg.Stop(cmd, grace)(ctx); err != nil {
				errs[i] = fmt.Errorf("%s: %w", cmd.Args[0], err)
			}
		})
		pause(ctx, min(between, rolling/time.Duration(len(k.cmds))))
	}
	all.Wait()
	return errors.Join(errs...)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
