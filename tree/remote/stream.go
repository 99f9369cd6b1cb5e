package remote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

const maxBatch = 1024 // events

// stream is the events of a session as they come in.
type stream struct {
	nc     net.Conn
	d      *tape.Decoder
	events chan []tree.Event
	quit   chan struct{}
	once   sync.Once

	batch []tree.Event

	mu  sync.Mutex
	err error
}

func (s *stream) close() {
	s.once.Do(func() { close(s.quit) })
	s.nc.Close()
}

// Events gives all events of the session, from its first on, in batches that are
// the receiver's. It is closed when the session is over, or cannot be reached any
// more, which Err tells. No more is read ahead than a batch: if the receiver is
// slow the session keeps the rest, on disk. It is the same in every call.
func (c *Client) Events() <-chan []tree.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil {
		return c.stream.events
	}
	s := &stream{events: make(chan []tree.Event), quit: make(chan struct{})}
	c.stream = s
	if s.err = c.err; s.err == nil {
		s.nc, s.err = c.subscribe(0)
	}
	if s.err != nil {
		s.nc = noConn{}
		close(s.events)
		return s.events
	}
	go s.run()
	return s.events
}

type noConn struct{ net.Conn }

func (noConn) Close() error { return nil }

// Err is why Events was closed; nil if the recording is whole.
func (c *Client) Err() error {
	c.mu.Lock()
	s := c.stream
	c.mu.Unlock()
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// subscribe asks for events on a connection of its own.
func (c *Client) subscribe(from uint64) (net.Conn, error) {
	nc, err := connect(c.path)
	if err != nil {
		return nil, err
	}
	line, _ := json.Marshal(hello{Version: version, Want: "events", ReadOnly: true, From: from})
	nc.SetWriteDeadline(time.Now().Add(answerTime))
	if _, err := nc.Write(append(line, '\n')); err != nil {
		nc.Close()
		return nil, errors.New(plainly(err))
	}
	return nc, nil
}

// CopyEvents writes the recording of the session to w, line by line as it comes,
// until the session is over or w fails: the header, and the events whose Seq is
// from or greater.
func (c *Client) CopyEvents(w io.Writer, from uint64) error {
	nc, err := c.subscribe(from)
	if err != nil {
		return err
	}
	defer nc.Close()
	watch := make(chan struct{})
	defer close(watch)
	go func() {
		select {
		case <-c.gone:
			if c.reason() != errOver {
				nc.Close() // the client was closed
			}
		case <-watch:
		}
	}()
	return copyLines(w, nc)
}

// copyLines copies, after a look at whether the first line is a refusal.
func copyLines(w io.Writer, nc net.Conn) error {
	buf := make([]byte, 64<<10)
	for first := true; ; first = false {
		n, err := nc.Read(buf)
		if first && n > 0 {
			if why := refusal(buf[:n]); why != nil {
				return why
			}
		}
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return errors.New(plainly(err))
		}
	}
}

// refusal is what a first line says that is no header.
func refusal(line []byte) error {
	var a answer
	if !bytes.HasPrefix(line, []byte(`{"error":`)) || json.Unmarshal(bytes.TrimSpace(line), &a) != nil {
		return nil
	}
	return errors.New(tree.Clean(a.Error))
}

// run decodes. The decoder asks for more just when all that has come is decoded,
// and that is when a batch goes on its way.
func (s *stream) run() {
	defer close(s.events)
	defer s.close()
	s.d = tape.NewDecoder(handOver{s})
	if _, err := s.d.Header(); err != nil {
		if why := refusal(s.d.Line()); why != nil {
			err = why
		}
		s.fail(err)
		return
	}
	var e tree.Event
	for {
		err := s.d.Decode(&e)
		if damage := (*tape.Damage)(nil); errors.As(err, &damage) {
			continue // one line is lost, the rest is not
		}
		if err == nil {
			s.batch = append(s.batch, e)
		}
		if err == nil && len(s.batch) < maxBatch {
			continue
		}
		if sent := s.deliver(); err != nil || !sent {
			s.fail(err)
			return
		}
	}
}

func (s *stream) fail(err error) {
	if err == nil || err == io.EOF || errors.Is(err, net.ErrClosed) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = fmt.Errorf("events: %s", plainly(err))
}

// deliver waits until the batch is taken.
func (s *stream) deliver() bool {
	if len(s.batch) == 0 {
		return true
	}
	select {
	case s.events <- s.batch:
		// The next one is about as long. It is a new one: this one is the receiver's.
		s.batch = make([]tree.Event, 0, min(len(s.batch)+len(s.batch)/4+1, maxBatch))
		return true
	case <-s.quit:
		return false
	}
}

// handOver is the connection as the decoder reads it.
type handOver struct{ s *stream }

func (h handOver) Read(p []byte) (int, error) {
	if !h.s.deliver() {
		return 0, net.ErrClosed
	}
	return h.s.nc.Read(p)
}
