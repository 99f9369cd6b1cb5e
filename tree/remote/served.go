package remote

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"multiexit/tree"
)

const helloTime = 10 * time.Second // for the first line

// client is one that the server has let in.
type client struct {
	server   *Server
	nc       *net.UnixConn
	readonly bool
	follow   follower

	writing sync.Mutex
	working sync.WaitGroup
}

// serve returns when the client has gone, or is dropped.
func (c *client) serve() {
	r := bufio.NewScanner(c.nc)
	r.Buffer(make([]byte, 4<<10), maxRequest)
	c.nc.SetReadDeadline(time.Now().Add(helloTime))
	var h hello
	if !r.Scan() {
		if r.Err() == bufio.ErrTooLong {
			c.drop("the first line is longer than 1 MiB")
		}
		return
	}
	if err := json.Unmarshal(r.Bytes(), &h); err != nil || h.Version == 0 {
		c.drop(`the first line has to be {"multiexit":1,"want":"control"} or {"multiexit":1,"want":"events"}`)
		return
	}
	c.nc.SetReadDeadline(time.Time{})
	if c.server.ctx.Err() != nil {
		return
	}
	switch {
	case h.Version != version:
		c.drop(fmt.Sprintf("this session speaks version %d, not %d (use the same multiexit)", version, h.Version))
	case h.Want == "control":
		c.readonly = h.ReadOnly || c.server.o.ReadOnly
		c.control(r)
	case h.Want == "events" && c.server.o.Spool == nil:
		c.drop("no events: the session has no recording behind it")
	case h.Want == "events":
		c.events(h.From)
	default:
		c.drop(fmt.Sprintf("nothing to give for want %.40q (want control or events)", h.Want))
	}
}

// drop tells why the client is not served any more.
func (c *client) drop(why string) {
	c.nc.SetWriteDeadline(time.Now().Add(time.Second))
	c.write(answer{Error: why})
}

// write writes a line. It blocks while the client does not read.
func (c *client) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err = c.nc.Write(append(line, '\n'))
	return err
}

// events gives the client the recording, as fast as it reads.
func (c *client) events(from uint64) {
	if !c.server.streaming() {
		return
	}
	defer c.server.streams.Done()
	ctx, cancel := context.WithCancel(c.server.ctx)
	defer cancel()
	c.server.wg.Go(func() {
		c.await(ctx)
		cancel()
	})
	reader, buf := c.server.o.Spool.Reader(from), make([]byte, 64<<10)
	for first := true; ; first = false {
		lines, err := reader.Next(ctx, buf)
		if err != nil {
			if first {
				c.drop("no events: " + err.Error())
			}
			return
		}
		if c.give(lines) != nil {
			return
		}
	}
}

// give writes lines. When the service ends it waits by spells for one who does not read:
// a time in which we, or both, have no processor is one of them, however long.
func (c *client) give(lines []byte) error {
	const spells = 3
	for n := 1; ; n++ {
		if c.server.ctx.Err() != nil {
			c.nc.SetWriteDeadline(time.Now().Add(patience / spells))
		}
		wrote, err := c.nc.Write(lines)
		if wrote > 0 {
			lines, n = lines[wrote:], 0
		}
		if n >= spells || !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
}

// await returns when the client has gone. One that has only said that it will
// write no more, as "echo ... | nc -U" does, is still there.
func (c *client) await(ctx context.Context) {
	buf := make([]byte, 512)
	for {
		if _, err := c.nc.Read(buf); err != nil {
			break
		}
	}
	for !hungUp(c.nc) {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

// control answers requests until there are no more. Those whose order matters, and
// large ones, are done before the next is read; of the others some at a time, so
// that a slow one does not hold up the next. Only so many answers can wait to be
// read.
func (c *client) control(r *bufio.Scanner) {
	s := c.server
	g := greeting{Version: version, PID: os.Getpid(), ReadOnly: c.readonly, Header: s.o.Header}
	if s.o.Spool != nil {
		g.Seq = s.o.Spool.Seq()
	}
	defer c.working.Wait()
	defer c.follow.stop()
	if c.write(g) != nil {
		return
	}
	slots := make(chan struct{}, maxPending)
	var gone atomic.Bool // nobody takes an answer any more, though more requests may have been read
	for !gone.Load() && r.Scan() {
		req := new(request)
		if err := json.Unmarshal(r.Bytes(), req); err != nil {
			c.drop("a request has to be one JSON object a line: " + tree.Clean(err.Error()))
			return
		}
		if req.inOrder() || len(r.Bytes()) > largeRequest {
			if c.write(c.do(req)) != nil {
				return
			}
			continue
		}
		slots <- struct{}{}
		c.working.Go(func() {
			if c.write(c.do(req)) != nil {
				gone.Store(true)
			}
			<-slots
		})
	}
	if r.Err() == bufio.ErrTooLong {
		c.drop("a request is longer than 1 MiB")
	}
}
