//go:build !linux

package live

import (
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

// Details tells what the system knows of the process of a node at this moment, as
// far as gopsutil can ask for it here. The rest is named in Denied.
func (s *Session) Details(node string) (tree.Details, error) {
	s.mu.Lock()
	p := s.byID[node]
	switch {
	case p == nil:
		s.mu.Unlock()
		return tree.Details{}, fmt.Errorf("details of %w", s.unknown(node))
	case p.dead:
		s.mu.Unlock()
		return tree.Details{}, fmt.Errorf("details of %s: process %d is gone", node, p.pid)
	}
	d := tree.Details{PID: p.pid, Argv: p.argv, Started: time.UnixMilli(int64(p.start)),
		Denied: []string{"environment, limits and signals: not to be had on this system"}}
	c := p.count()
	s.mu.Unlock()
	c.describe(&d)
	c.mu.Lock()
	defer c.mu.Unlock()
	if ppid, err := c.detail.Ppid(); err == nil {
		d.PPID = int(ppid)
	}
	d.PGID, _ = unix.Getpgid(d.PID)
	d.SID, _ = unix.Getsid(d.PID)
	d.Exe, _ = c.detail.Exe()
	d.Dir, _ = c.detail.Cwd()
	d.Exe, d.Dir = clean(d.Exe, maxText), clean(d.Dir, maxText)
	return d, nil
}

// expect cannot tell what a signal would do: there are no masks to read.
func expect(t *tree.Target, _ *proc, sig syscall.Signal) {
	t.Effect = tree.EffectDefault
	t.Unsure = sig != syscall.SIGKILL && sig != syscall.SIGSTOP
}
