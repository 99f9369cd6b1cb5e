package remote

import (
	"encoding/json"
	"errors"
	"fmt"
)

// inOrder says that a request is done before the next one is read. None of these
// takes long.
func (r *request) inOrder() bool {
	switch r.Do {
	case "input", "resize", "cursor", "follow", "tell":
		return true
	}
	return false
}

// tells says that a request changes nothing.
func (r *request) tells() bool {
	switch r.Do {
	case "details", "preview", "usage", "follow":
		return true
	}
	return false
}

var errReadOnly = errors.New("this connection is read-only")

// do does what is asked for.
func (c *client) do(r *request) answer {
	result, err := c.try(r)
	if err == nil && result != nil {
		var text []byte
		if text, err = json.Marshal(result); err == nil {
			return answer{ID: r.ID, OK: true, Result: text}
		}
	}
	if err != nil {
		return answer{ID: r.ID, Error: err.Error()}
	}
	return answer{ID: r.ID, OK: true}
}

func (c *client) try(r *request) (any, error) {
	if c.readonly && !r.tells() {
		return nil, errReadOnly
	}
	s := c.server.o.Session
	switch r.Do {
	case "details":
		return s.Details(r.Node)
	case "usage":
		return s.Usage(r.Node)
	case "preview":
		return s.Preview(r.Sig, r.Scope, r.Nodes)
	case "follow":
		c.startFollow()
		return nil, nil
	case "cursor":
		c.server.moveCursor(r.Node, c)
		return nil, nil
	}
	return nil, r.change(s)
}

// change does what is refused to one who may only read.
func (r *request) change(s Control) error {
	switch r.Do {
	case "signal":
		return s.Signal(r.Node, r.Sig, r.Scope)
	case "do":
		return s.Do(r.Verb, r.Target, r.Args)
	case "stop":
		s.Stop()
	case "kill":
		s.Kill()
	case "tell":
		return s.Order(r.Node, r.Line)
	case "next":
		return s.Next(r.Node)
	case "extend":
		if r.For <= 0 {
			return fmt.Errorf("extend by %v: no time", r.For)
		}
		return s.Extend(r.Node, r.For)
	case "input":
		return s.Input(r.Node, r.Data)
	case "resize":
		if r.Cols < 1 || r.Rows < 1 || r.Cols > maxCells || r.Rows > maxCells {
			return fmt.Errorf("resize to %dx%d: no size of a terminal", r.Cols, r.Rows)
		}
		return s.Resize(r.Node, r.Cols, r.Rows)
	default:
		return fmt.Errorf("cannot do %.40q", r.Do)
	}
	return nil
}

// startFollow tells the client where the cursor is, from now on.
func (c *client) startFollow() {
	c.server.mu.Lock()
	node := c.server.cursor
	begun := c.follow.start(node)
	c.server.mu.Unlock()
	if begun {
		c.working.Go(func() {
			c.follow.run(func(node string) error { return c.write(answer{Cursor: &node}) })
		})
	}
}
