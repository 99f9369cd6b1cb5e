package exitreg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Stop is a ready handler that ends a child: SIGTERM, wait up to grace for it to
// go, then SIGKILL. It fails if it had to kill. A child that is gone already is
// fine; a command that was never started is an error. If the handler's own time
// is up before grace is, it kills at once. On Windows there is no SIGTERM: it
// kills, and that is no failure.
//
//	cmd.Start()
//	exitreg.Register("stop worker", exitreg.Stop(cmd, 5*time.Second))
//
// On Linux Stop only watches the child and leaves the reaping to the program, so
// cmd.Wait may be called, be under way, or never be called. Elsewhere it waits for
// the process itself, and a cmd.Wait at the same time may return an error.
//
// A child with shared handlers of ours ignores SIGINT while this process lives.
// So register Stop for each child, or it survives a Ctrl-C.
func Stop(cmd *exec.Cmd, grace time.Duration) Func {
	return func(ctx context.Context) error {
		p := cmd.Process
		if p == nil {
			return errors.New("the command was never started")
		}
		switch err := ask(p); {
		case errors.Is(err, os.ErrProcessDone):
			return nil
		case err != nil:
			return fmt.Errorf("process %d cannot be signalled: %w", p.Pid, err)
		}
		gone := watch(p)
		awaiting(ctx, grace, "SIGKILL", p.Pid)
		up, stop := patience(ctx, grace)
		defer stop()
		why := "after " + grace.String()
		select {
		case <-gone:
			return nil
		case <-up:
		case <-ctx.Done():
			why = "early: " + context.Cause(ctx).Error()
		}
		if err := p.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("process %d cannot be killed: %w", p.Pid, err)
		}
		<-gone
		return fmt.Errorf("process %d had to be killed %s", p.Pid, why)
	}
}

// patience is a timer. That of an observed process stands while it, or the child, is
// held.
func patience(ctx context.Context, d time.Duration) (up <-chan time.Time, stop func()) {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c.run.reg.system().report.timer(d)
	}
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}

// Waiting tells the observer which processes the running handler waits for. It
// is for handlers that end their children in their own way; ctx is the handler's.
// Without an observer, or with another context, it does nothing. Stop tells it by
// itself, and when it is going to kill.
func Waiting(ctx context.Context, pids ...int) { awaiting(ctx, 0, "", pids...) }

// awaiting is Waiting, for no longer than grace if that is not 0; then comes a
// signal.
func awaiting(ctx context.Context, grace time.Duration, then string, pids ...int) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return
	}
	report := c.run.reg.system().report
	for _, pid := range pids {
		if !report.listened() {
			return
		}
		e := about(KindWait, c.h)
		e.Text, e.Timeout, e.Sig = strconv.Itoa(pid), max(grace, 0), then
		report.emit(&e)
	}
}

// Environ returns what a child needs in its environment to inherit the shared
// handlers and to find the observer: "KEY=value" strings, none if there is
// nothing to hand down. It is not the whole environment:
//
//	cmd.Env = append([]string{"PATH=/bin"}, exitreg.Environ()...)
//
// A command whose Env is nil has the environment of this process and needs
// nothing.
func Environ() []string {
	var env []string
	for _, key := range []string{sharedEnv, socketEnv, ordersEnv} {
		if v := os.Getenv(key); v != "" {
			env = append(env, key+"="+v)
		}
	}
	return env
}

// Inherit puts Environ into a command with an Env of its own, in the place of
// what may be there from earlier. Call it right before Start: what is shared
// afterwards is not in it.
func Inherit(cmd *exec.Cmd) {
	if cmd.Env == nil {
		return
	}
	env := make([]string, 0, len(cmd.Env)+3)
	for _, kv := range cmd.Env {
		if key, _, _ := strings.Cut(kv, "="); key != sharedEnv && key != socketEnv && key != ordersEnv {
			env = append(env, kv)
		}
	}
	cmd.Env = append(env, Environ()...)
}
