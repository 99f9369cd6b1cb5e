package supervise

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/live"
)

// launch starts a command, whatever others do. Its failure is its state then.
func (s *Supervisor) launch(c *command) {
	c.rest()
	if !c.fresh {
		c.node = s.eng.Reserve()
		s.owner[c.node] = c
	}
	c.fresh, c.failure, c.code, c.sig = false, nil, 0, ""
	r := &run{node: c.node, began: time.Now()}
	c.run = r
	first := s.alone() && c.state == tree.CommandWaiting && c.node == "0"
	if !first {
		s.set(c, tree.CommandStarting, "")
	}
	s.listen(c, r)
	if _, err := s.eng.Run(s.process(c)); err != nil {
		s.watched.forget(r.node)
		c.run = nil
		s.unstartable(c, err)
		return
	}
	if first {
		s.set(c, tree.CommandStarting, "")
	}
	s.follow(r.node, func() { s.emptied(c, r) })
	s.awaitReady(c, r)
}

// process is what the session is to start for a command.
func (s *Supervisor) process(c *command) live.Command {
	o := &s.options
	return live.Command{
		Node: c.node, Name: c.name,
		Argv: c.spec.Argv, Dir: c.spec.Dir, Env: s.environ(c),
		PTY: c.spec.PTY || o.PTY, Cols: o.Cols, Rows: o.Rows,
		Stdin:        c.spec.Stdin,
		PIDNamespace: o.PIDNamespace,
	}
}

// environ is ours and the command's. The last of several values counts, wherever
// a program looks.
func (s *Supervisor) environ(c *command) []string {
	base := s.options.Env
	if base == nil {
		base = os.Environ()
	}
	env := make([]string, 0, len(base)+len(c.spec.Env))
	at := map[string]int{}
	for _, list := range [][]string{base, c.spec.Env} {
		for _, one := range list {
			key, _, _ := strings.Cut(one, "=")
			if i, ok := at[key]; ok {
				env[i] = one
				continue
			}
			at[key] = len(env)
			env = append(env, one)
		}
	}
	return env
}

// follow runs a task when a root and all below it are gone.
func (s *Supervisor) follow(node string, task func()) {
	emptied := s.eng.Emptied(node)
	go func() {
		select {
		case <-emptied:
			s.inbox.put(task)
		case <-s.over:
		}
	}()
}

// unstartable takes in that a command could not be started. What cannot be
// executed now cannot be executed in a second either; a want of processes or
// memory may pass.
func (s *Supervisor) unstartable(c *command, err error) {
	c.failure, c.code = err, failedToStart
	why := err.Error()
	if fault := (*live.CommandError)(nil); errors.As(err, &fault) {
		c.retries = 0
		if errors.Is(err, exec.ErrNotFound) {
			c.code = failedToFind
		}
		s.final(c, tree.CommandFailed, "cannot be started: "+why)
		return
	}
	if errors.Is(err, fs.ErrNotExist) {
		c.code = failedToFind
	}
	s.conclude(c, false, fmt.Sprintf("cannot be started: %v", why))
}

// The exit statuses of shells for commands that were not executed.
const (
	failedToStart = 126
	failedToFind  = 127
)
