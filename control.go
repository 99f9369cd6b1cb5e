package main

import (
	"fmt"

	"multiexit/tree/live"
	"multiexit/tree/remote"
	"multiexit/tree/supervise"
)

// control is the socket by which other programs of the same user watch and drive
// the session. A nil control is none.
type control struct{ server *remote.Server }

// serve opens it. Without it the session goes on, and says so.
func serve(o *options, s *supervise.Supervisor, w *watch) (*control, error) {
	if o.noControl || w.record.spool == nil {
		return nil, nil
	}
	server, err := remote.Serve(remote.ServeOptions{
		Session: controlled{s, w}, Spool: w.record.spool, Header: s.Header(),
	})
	if err != nil {
		return nil, fmt.Errorf("no control socket: %w (multiexit ctl and attach will not find this session)", err)
	}
	return &control{server}, nil
}

func (c *control) close() {
	if c != nil {
		c.server.Close()
	}
}

// cursor tells those who follow where the selection is.
func (c *control) cursor(node string) {
	if c != nil {
		c.server.Cursor(node)
	}
}

// controlled is a session as the socket sees it: names and globs stand for
// processes too.
type controlled struct {
	*supervise.Supervisor
	watch *watch
}

// Signal takes what --send takes for a node.
func (c controlled) Signal(pattern, sig, scope string) error {
	if _, err := live.ParseSignal(sig); err != nil {
		return err
	}
	nodes, err := c.watch.find(pattern)
	reached := false
	var failed error
	for _, node := range nodes {
		if e := c.Supervisor.Signal(node, sig, scope); e == nil {
			reached = true
		} else if failed == nil {
			failed = e // of several the first: an error is one line
		}
	}
	if err == nil && !reached {
		err = failed
	}
	return err
}

func (c controlled) Details(node string) (any, error) { return c.Supervisor.Details(node) }
func (c controlled) Usage(node string) (any, error)   { return c.Supervisor.Usage(node) }

func (c controlled) Preview(sig, scope string, nodes []string) (any, error) {
	return c.Supervisor.Preview(sig, scope, nodes)
}
