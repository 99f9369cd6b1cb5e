package live

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// socketDirs are where the socket's directory may be made, best first. Tests
// replace it.
var socketDirs = func() []string {
	return []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp", "/dev/shm"}
}

// openSocket makes the directory and listens. Without either the session goes on:
// the path is still the mark that the processes of the tree carry.
func (s *Session) openSocket() error {
	var id [8]byte
	rand.Read(id[:])
	err := errors.New("no directory for it")
	for _, base := range socketDirs() {
		if base == "" || len(base) > 60 { // a socket's path has room for 107 bytes
			continue
		}
		dir := filepath.Join(base, "multiexit-"+hex.EncodeToString(id[:]))
		s.sock = filepath.Join(dir, "sock")
		s.system.keeper.tell("mark %s\n", s.sock)
		if err = os.Mkdir(dir, 0o700); err != nil {
			continue
		}
		if err = s.system.listen(s.sock); err == nil {
			s.system.dir = dir
			return nil
		}
		os.Remove(s.sock)
		os.Remove(dir)
	}
	return err
}

func (sys *system) listen(path string) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err = unix.Bind(fd, &unix.SockaddrUnix{Name: path}); err == nil {
		if err = unix.Listen(fd, 4096); err == nil {
			err = sys.watch(&watch{kind: watchListener, fd: fd}, unix.EPOLLIN)
		}
	}
	if err != nil {
		unix.Close(fd)
		return err
	}
	sys.listener = fd
	return nil
}

func (sys *system) closeSocket(path string) {
	if sys.listener >= 0 {
		unix.Close(sys.listener)
		os.Remove(path)
		os.Remove(sys.dir)
	}
}

// accept takes in all who knock.
func (s *Session) accept() {
	for range 1024 {
		fd, _, err := unix.Accept4(s.system.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if err == unix.EINTR || err == unix.ECONNABORTED {
			continue
		}
		if err != nil {
			if err == unix.EMFILE || err == unix.ENFILE {
				s.note(nil, "fds", "a connection could not be taken: %v", err)
				s.system.deaf = true
				s.system.interest(s.system.watches[int32(s.system.listener)], 0)
			}
			return
		}
		if err := s.admit(fd); err != nil {
			s.note(nil, "refused", "a connection was refused: %v", err)
			unix.Close(fd)
		}
	}
}

// admit checks the peer by what the kernel knows of it: the same user, and a
// process of the tree.
func (s *Session) admit(fd int) error {
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return err
	}
	pid := int(cred.Pid)
	if int(cred.Uid) != os.Geteuid() {
		return fmt.Errorf("pid %d belongs to another user (uid %d)", pid, cred.Uid)
	}
	p := s.locate(pid)
	if p != nil {
		if _, err := p.look(); err != nil { // its pid may be another's by now
			s.die(p)
			p = s.locate(pid)
		}
	}
	if p == nil {
		return fmt.Errorf("pid %d is not in the tree", pid)
	}
	if len(p.conns) >= maxConns || s.system.fds >= s.system.fdBudget+reserveFDs/2 {
		return fmt.Errorf("%s (pid %d) has too many", p.name, pid)
	}
	s.system.observer.refresh(p) // an exec must be told before the new program speaks
	s.announce(p)
	c := &conn{p: p, fd: fd}
	if m, err := readMasks("/proc/" + strconv.Itoa(pid) + "/status"); err == nil {
		c.inner = m.inner
	}
	if err := s.system.watch(&watch{kind: watchConn, fd: fd, c: c, p: p}, unix.EPOLLIN); err != nil {
		return err
	}
	s.system.fds++
	p.conns, p.muted = append(p.conns, c), time.Time{}
	return nil
}

// readConn reads once; the loop comes again while there is more.
func (s *Session) readConn(w *watch) (n int) {
	c := w.c
	if s.full(c) {
		s.pause(w)
		return 0
	}
	n, err := unix.Read(w.fd, s.system.buf[:maxWire])
	if n > 0 {
		if s.feed(c, s.system.buf[:n]) {
			return n
		}
	} else if err == unix.EAGAIN || err == unix.EINTR {
		return 0
	}
	s.closeConn(c)
	return 0
}

// pause stops reading from a peer that is too far ahead.
func (s *Session) pause(w *watch) {
	if w.c.paused {
		return
	}
	w.c.paused = true
	s.system.interest(w, 0)
	s.system.paused = append(s.system.paused, w)
}

// resume reads again from those whom the reader of the stream has caught up with.
func (s *Session) resume() {
	rest := s.system.paused[:0]
	for _, w := range s.system.paused {
		switch {
		case w.c.finished:
		case s.full(w.c):
			rest = append(rest, w)
		default:
			w.c.paused = false
			s.system.interest(w, unix.EPOLLIN)
		}
	}
	s.system.paused = rest
}

func (sys *system) interest(w *watch, events uint32) {
	ev := unix.EpollEvent{Events: events, Fd: int32(w.fd), Pad: w.gen}
	unix.EpollCtl(sys.epoll, unix.EPOLL_CTL_MOD, w.fd, &ev)
}

// drain reads what p has said by now. It is bounded by the socket's buffer and
// does not wait: p is dead, or has become another program.
func (s *Session) drain(p *proc) {
	for _, c := range append([]*conn(nil), p.conns...) {
		w := s.system.watches[int32(c.fd)]
		c.window, c.mark = 0, 0
		for left := drainMost; left > 0 && !c.finished; {
			n := s.readConn(w)
			if n == 0 {
				break
			}
			left -= n
		}
	}
	s.passOn()
}

func (s *Session) closeConns(p *proc) {
	for len(p.conns) > 0 {
		s.closeConn(p.conns[0])
	}
}

func (s *Session) closeConn(c *conn) {
	if c.finished {
		return
	}
	c.finished, c.part = true, nil
	s.system.unwatch(c.fd)
	s.system.fds--
	p := c.p
	for i, other := range p.conns {
		if other == c {
			p.conns = append(p.conns[:i], p.conns[i+1:]...)
			break
		}
	}
	if len(p.conns) == 0 {
		p.muted = time.Now()
	}
}

// write sends a line to a peer, whole or not at all.
func (s *Session) write(c *conn, line string) error {
	n, err := unix.SendmsgN(c.fd, []byte(line), nil, nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
	switch {
	case err != nil:
		return fmt.Errorf("%s: cannot be reached: %w", c.p.id, err)
	case n < len(line):
		s.closeConn(c) // half a line would spoil the next one
		return fmt.Errorf("%s: does not read what it is told", c.p.id)
	}
	return nil
}
