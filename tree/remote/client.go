package remote

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"multiexit/tree"
)

// Client watches and drives a session from another process. It is safe for
// concurrent use. Its calls block until the session has answered; after the end
// of the session they return an error.
type Client struct {
	path     string
	nc       net.Conn
	greeting greeting

	writing sync.Mutex

	mu     sync.Mutex
	last   uint64
	calls  map[uint64]chan answer // those that wait, by id
	cursor chan string            // nil: nobody follows
	stream *stream                // nil: nobody asked for events
	err    error                  // why it is gone
	gone   chan struct{}
}

// Usage is what a process consumes.
type Usage struct {
	CPU     float64 // percent of one core
	RSS     uint64  // bytes
	User    string
	Cmdline string
}

// Header is the first line of the session's recording.
func (c *Client) Header() tree.Header { return c.greeting.Header }

// PID is that of the multiexit that runs the session.
func (c *Client) PID() int { return c.greeting.PID }

// Path is that of the socket.
func (c *Client) Path() string { return c.path }

// ReadOnly says that whatever changes anything will be refused.
func (c *Client) ReadOnly() bool { return c.greeting.ReadOnly }

// Seq is that of the last event when the client came: who has read the events up
// to it knows how things stand.
func (c *Client) Seq() uint64 { return c.greeting.Seq }

// Closed is closed when the session is over or cannot be reached any more.
func (c *Client) Closed() <-chan struct{} { return c.gone }

// Close leaves the session, which goes on.
func (c *Client) Close() error {
	c.leave(errors.New("closed"))
	return nil
}

func (c *Client) leave(err error) {
	c.nc.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return
	}
	c.err = err
	if c.stream != nil && err != errOver { // else the last events are still to come
		c.stream.close()
	}
	if c.cursor != nil {
		close(c.cursor)
	}
	close(c.gone)
}

// read takes the answers.
func (c *Client) read(r *bufio.Reader) {
	for {
		line, err := readLine(r)
		if err != nil {
			c.leave(errOver)
			return
		}
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			c.leave(errors.New("what the session answers is no JSON"))
			return
		}
		if a.ID == 0 && a.Error != "" {
			c.leave(errors.New(tree.Clean(a.Error)))
			return
		}
		c.take(a)
	}
}

func (c *Client) take(a answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.Cursor != nil && c.cursor != nil && c.err == nil {
		select {
		case <-c.cursor: // one that nobody has looked at
		default:
		}
		c.cursor <- *a.Cursor
		return
	}
	if reply := c.calls[a.ID]; reply != nil {
		delete(c.calls, a.ID)
		reply <- a
	}
}

// call asks, and waits for the answer, which it writes to result if there is one.
func (c *Client) call(r request, result any) error {
	reply := make(chan answer, 1)
	c.mu.Lock()
	c.last++
	r.ID = c.last
	c.calls[r.ID] = reply
	c.mu.Unlock()
	defer c.forget(r.ID)
	if err := c.send(r); err != nil {
		return err
	}
	timer := time.NewTimer(callTime)
	defer timer.Stop()
	select {
	case a := <-reply:
		return a.into(result)
	case <-c.gone:
	case <-timer.C:
		return fmt.Errorf("session %d does not answer (is it stopped?)", c.PID())
	}
	select {
	case a := <-reply: // it came just before the end
		return a.into(result)
	default:
		return c.reason()
	}
}

func (a answer) into(result any) error {
	if a.Error != "" {
		return errors.New(tree.Clean(a.Error))
	}
	if result == nil || a.Result == nil {
		return nil
	}
	return json.Unmarshal(a.Result, result)
}

func (c *Client) forget(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, id)
}

// reason is why the client is gone.
func (c *Client) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		return errOver
	}
	return c.err
}

func (c *Client) send(r request) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if len(line) >= maxRequest {
		return fmt.Errorf("%s: a request of %d bytes is too long", r.Do, len(line))
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.nc.SetWriteDeadline(time.Now().Add(callTime))
	if _, err = c.nc.Write(append(line, '\n')); err == nil {
		return nil
	}
	select {
	case <-c.gone:
		return c.reason()
	default:
		return errors.New(plainly(err))
	}
}
