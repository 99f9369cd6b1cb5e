package remote

import (
	"time"

	"multiexit/tree"
)

// The session's methods, by wire. What they do is said where the session is.

func (c *Client) Signal(node, sig, scope string) error {
	return c.call(request{Do: "signal", Node: node, Sig: sig, Scope: scope}, nil)
}

func (c *Client) Do(verb, target string, args []string) error {
	return c.call(request{Do: "do", Verb: verb, Target: target, Args: args}, nil)
}

// Order gives a line of the observer's side of the protocol, as {"do":"hold"}, to
// the processes that a pattern means.
func (c *Client) Order(pattern, line string) error {
	return c.call(request{Do: "tell", Node: pattern, Line: line}, nil)
}

func (c *Client) Extend(node string, d time.Duration) error {
	return c.call(request{Do: "extend", Node: node, For: d}, nil)
}

func (c *Client) Next(node string) error { return c.call(request{Do: "next", Node: node}, nil) }

// Stop and Kill are End for those who have no use for an error.
func (c *Client) Stop() { c.End(false) }
func (c *Client) Kill() { c.End(true) }

// End ends everything: step by step, or at once. It returns when that has begun;
// the session may be over before it can answer, which is no error.
func (c *Client) End(kill bool) error {
	r := request{Do: "stop"}
	if kill {
		r.Do = "kill"
	}
	err := c.call(r, nil)
	if err == errOver {
		return nil
	}
	return err
}

func (c *Client) Details(node string) (d tree.Details, err error) {
	err = c.call(request{Do: "details", Node: node}, &d)
	return d, err
}

func (c *Client) Usage(node string) (u Usage, err error) {
	err = c.call(request{Do: "usage", Node: node}, &u)
	return u, err
}

func (c *Client) Preview(sig, scope string, nodes []string) (list []tree.Target, err error) {
	err = c.call(request{Do: "preview", Sig: sig, Scope: scope, Nodes: nodes}, &list)
	return list, err
}

func (c *Client) Input(node string, data []byte) error {
	return c.call(request{Do: "input", Node: node, Data: data}, nil)
}

func (c *Client) Resize(node string, cols, rows int) error {
	return c.call(request{Do: "resize", Node: node, Cols: cols, Rows: rows}, nil)
}

// Cursor tells the others who follow that the selection has moved here. Of a
// read-only client it is nobody's business.
func (c *Client) Cursor(node string) {
	if !c.ReadOnly() {
		c.call(request{Do: "cursor", Node: node}, nil)
	}
}

// Follow gives the node that is selected on the presenter's screen, now and
// whenever that changes; only the newest, if they come faster than they are taken.
// The channel is closed when the session is over. It is the same in every call.
func (c *Client) Follow() (<-chan string, error) {
	c.mu.Lock()
	moved := c.cursor
	if moved == nil {
		moved = make(chan string, 1)
		c.cursor = moved
		if c.err != nil {
			close(moved)
		}
	}
	c.mu.Unlock()
	return moved, c.call(request{Do: "follow"}, nil)
}
