package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// ServeOptions say what is served, and where.
type ServeOptions struct {
	Session  Control
	Spool    *tape.Spool // what those who want events get
	Header   tree.Header
	Dir      string // of the socket; "": $XDG_RUNTIME_DIR/multiexit, else /tmp/multiexit-UID
	ReadOnly bool   // nobody may change anything
}

// Server lets clients in and serves each in goroutines of its own, so that one
// that does not read, or says nothing, is nobody's but its own trouble.
type Server struct {
	o    ServeOptions
	ln   *net.UnixListener
	path string
	ctx  context.Context // ends with the session
	end  context.CancelFunc
	once sync.Once

	wg      sync.WaitGroup // all goroutines
	streams sync.WaitGroup // those who get events

	mu      sync.Mutex
	closing bool
	clients map[*client]struct{}
	cursor  string
}

// Serve makes the socket and listens. Only processes of the same user and of root
// are let in.
func Serve(o ServeOptions) (*Server, error) {
	ln, path, err := listenIn(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, ln: ln, path: path, clients: map[*client]struct{}{}}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.wg.Go(s.accept)
	return s, nil
}

// listenIn listens in the first of the directories that can be had.
func listenIn(dir string) (*net.UnixListener, string, error) {
	if dir != "" {
		return listen(dir)
	}
	var failed error
	for _, dir := range dirs() {
		ln, path, err := listen(dir)
		if err == nil {
			return ln, path, nil
		}
		failed = err
	}
	return nil, "", failed
}

// Path is that of the socket.
func (s *Server) Path() string { return s.path }

// Cursor tells those who follow which node is selected. It does not block.
func (s *Server) Cursor(node string) { s.moveCursor(node, nil) }

func (s *Server) moveCursor(node string, by *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cursor = node
	for c := range s.clients {
		if c != by {
			c.follow.tell(node)
		}
	}
}

func (s *Server) accept() {
	for {
		nc, err := s.ln.AcceptUnix()
		switch {
		case err == nil:
			s.admit(nc)
		case errors.Is(err, net.ErrClosed):
			return
		default: // no file descriptor is free; there may be one later
			select {
			case <-time.After(100 * time.Millisecond):
			case <-s.ctx.Done():
				return
			}
		}
	}
}

// admit lets one in, or says why not.
func (s *Server) admit(nc *net.UnixConn) {
	uid, err := peer(nc)
	switch {
	case err != nil:
		refuse(nc, "refused: "+err.Error())
		return
	case uid != os.Geteuid() && uid != 0:
		refuse(nc, fmt.Sprintf("refused: the session belongs to another user (uid %d, you are %d)", os.Geteuid(), uid))
		return
	}
	c := &client{server: s, nc: nc}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closing:
		nc.Close()
	case len(s.clients) >= maxClients:
		refuse(nc, fmt.Sprintf("refused: %d clients are connected already (close one)", maxClients))
	default:
		s.clients[c] = struct{}{}
		s.wg.Go(func() {
			c.serve()
			c.nc.Close()
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(s.clients, c)
		})
	}
}

// refuse tells why. There is room for the line in the socket, so it does not wait.
func refuse(nc *net.UnixConn, why string) {
	line, _ := json.Marshal(answer{Error: why})
	nc.SetWriteDeadline(time.Now().Add(time.Second))
	nc.Write(append(line, '\n'))
	nc.Close()
}

// streaming counts one who gets events, unless Close waits for their end already.
func (s *Server) streaming() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.streams.Add(1)
	}
	return !s.closing
}

const (
	patience = 300 * time.Millisecond // with one that does not read the rest
	parting  = 3 * time.Second        // with all
)

// Close ends the service and removes the socket. Those who want events get the
// rest of them first, as long as they read: it is best called after Close of the
// Spool. It is quick if nobody is behind, and takes no longer than a few seconds,
// whatever clients do. A request that the session is still busy with gets no answer.
func (s *Server) Close() { s.once.Do(s.close) }

func (s *Server) close() {
	s.mu.Lock()
	s.closing = true
	all := make([]*client, 0, len(s.clients))
	for c := range s.clients {
		all = append(all, c)
	}
	s.mu.Unlock()
	os.Remove(s.path)
	s.ln.Close()
	s.end()
	for _, c := range all {
		c.nc.SetReadDeadline(time.Now())
		c.nc.SetWriteDeadline(time.Now().Add(patience))
	}
	select {
	case <-after(&s.wg):
		return
	case <-time.After(patience): // some request is worked on, or somebody is behind
	}
	select {
	case <-after(&s.streams):
	case <-time.After(parting):
	}
	for _, c := range all {
		c.nc.Close()
	}
}

// after is closed when all that wg counts is over.
func after(wg *sync.WaitGroup) <-chan struct{} {
	over := make(chan struct{})
	go func() {
		wg.Wait()
		close(over)
	}()
	return over
}
