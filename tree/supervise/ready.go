package supervise

import (
	"context"
	"time"

	"multiexit/tree"
	"multiexit/tree/spec"
)

// listen looks out for the event that will make a run ready, before there can be
// any.
func (s *Supervisor) listen(c *command, r *run) {
	p := c.spec.Ready
	if p == nil || p.Log == nil && p.Handler == "" {
		return
	}
	one := &sign{line: p.Log, seen: func() { s.inbox.put(func() { s.ready(c, r) }) }}
	if p.Handler != "" {
		one.handler = glob(p.Handler)
	}
	s.watched.add(r.node, one)
}

// awaitReady has a run become ready: at once, by what its probe finds, or never.
func (s *Supervisor) awaitReady(c *command, r *run) {
	p := c.spec.Ready
	if p == nil {
		s.ready(c, r)
		return
	}
	if p.Timeout > 0 {
		r.late = s.after(p.Timeout, func() { s.unready(c, r, p) })
	}
	if try := attempt(p, c.spec.Dir); try != nil {
		ctx, cancel := context.WithCancel(context.Background())
		r.cancel = cancel
		interval := p.Interval
		if interval <= 0 {
			interval = defaultInterval
		}
		go poll(ctx, interval, try, func() { s.inbox.put(func() { s.ready(c, r) }) })
	}
}

// ready takes in that a run is ready.
func (s *Supervisor) ready(c *command, r *run) {
	if c.run != r || r.readied || r.exited || r.stop != nil {
		return
	}
	r.readied = true
	s.hush(r)
	s.set(c, tree.CommandReady, "")
}

// unready takes in that a run has had its time to become ready. It counts as
// failed, so it is ended.
func (s *Supervisor) unready(c *command, r *run, p *spec.Probe) {
	if c.run != r || r.readied || r.exited || c.ending {
		return
	}
	c.ending, c.fate = true, fateFailed
	c.blame = "not ready within " + tree.Took(p.Timeout) + " (" + sought(p) + ")"
}

// hush ends the search for readiness.
func (s *Supervisor) hush(r *run) {
	r.rest()
	s.watched.forget(r.node)
}

// sought says in words what would have made a command ready.
func sought(p *spec.Probe) string {
	switch {
	case p.Log != nil:
		return "no line matched " + p.Log.String()
	case p.TCP != "":
		return "nothing listened on " + p.TCP
	case p.HTTP != "":
		return "no good answer from " + p.HTTP
	case p.File != "":
		return "no file " + p.File
	case p.Handler != "":
		return "no exit handler " + p.Handler + " was registered"
	}
	return "it has not exited"
}

// defaultInterval is short, for the next command waits for it, and long enough
// not to be seen in anybody's CPU time.
const defaultInterval = 250 * time.Millisecond
