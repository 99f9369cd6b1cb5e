//go:build !linux

package live

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

func (s *Session) openSocket() error {
	dir, err := os.MkdirTemp("", "multiexit-") // 0700
	if err != nil {
		return err
	}
	s.sock, s.system.dir = filepath.Join(dir, "sock"), dir
	s.system.listener, err = net.Listen("unix", s.sock)
	return err
}

func (s *Session) closeSocket() {
	if s.system.listener != nil {
		s.system.listener.Close()
	}
	os.Remove(s.sock)
	os.Remove(s.system.dir)
}

func (s *Session) serve() {
	for {
		nc, err := s.system.listener.Accept()
		if err != nil {
			return
		}
		go s.converse(nc.(*net.UnixConn))
	}
}

// converse reads one peer until its end.
func (s *Session) converse(nc *net.UnixConn) {
	defer nc.Close()
	pid, uid, err := peer(nc)
	s.mu.Lock()
	p := s.locate(pid)
	if err != nil || uid != os.Geteuid() || p == nil {
		s.note(nil, "refused", "a connection was refused: pid %d is not in the tree or belongs to another user", pid)
		s.mu.Unlock()
		return
	}
	c := &conn{p: p}
	p.conns = append(p.conns, c)
	s.system.conns[c] = nc
	s.mu.Unlock()
	buf := make([]byte, maxWire)
	for more := true; more; {
		n, err := nc.Read(buf)
		s.mu.Lock()
		more = s.feed(c, buf[:n]) && err == nil
		s.passOn()
		for s.full(c) && more {
			s.mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			s.mu.Lock()
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	delete(s.system.conns, c)
	p.conns = slices.DeleteFunc(p.conns, func(o *conn) bool { return o == c })
	s.mu.Unlock()
}

func (s *Session) write(c *conn, line string) error {
	nc := s.system.conns[c]
	nc.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := nc.Write([]byte(line)); err != nil {
		return fmt.Errorf("%s: cannot be reached: %w", c.p.id, err)
	}
	return nil
}
