//go:build unix

package exitreg

import (
	"io"
	"os"
	"syscall"
	"time"
)

// socket is a stream socket, made by hand: package net would bring the C library
// into programs that only wanted to exit well.
type socket struct {
	*os.File
	raw syscall.RawConn

	// Of the send under way; the reporter sends one at a time. attempt is a
	// method value made once, for sends must not allocate.
	attempt  func(fd uintptr) bool
	p        []byte
	err      error
	patience time.Duration
	since    time.Time

	// Of the take under way; those who take hold the reporter's lock for it.
	grab   func(fd uintptr)
	into   []byte
	got    int
	gotErr error
}

// dial connects to a Unix socket. A full backlog (many processes start at once)
// is worth a few more tries within patience; anything else is final. What it waited
// is the time from the first full backlog on: a connection that is to be had at once
// is had however long the process lacks a processor.
func dial(path string, patience time.Duration) (w wire, waited time.Duration, err error) {
	fd, err := newSocket()
	if err != nil {
		return nil, 0, err
	}
	var since time.Time
	for nap := time.Millisecond; ; nap *= 2 {
		err = syscall.Connect(fd, &syscall.SockaddrUnix{Name: path})
		if err == syscall.EINTR {
			continue
		}
		if err == syscall.EAGAIN && since.IsZero() {
			since = time.Now()
		}
		if err != syscall.EAGAIN || time.Since(since)+nap > patience/2 {
			break
		}
		time.Sleep(nap)
	}
	if !since.IsZero() {
		waited = time.Since(since)
	}
	if err != nil {
		_ = syscall.Close(fd)
		return nil, waited, os.NewSyscallError("connect", err)
	}
	s, err := newWire(os.NewFile(uintptr(fd), "multiexit observer"))
	return s, waited, err
}

func newWire(f *os.File) (wire, error) {
	raw, err := f.SyscallConn()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	s := &socket{File: f, raw: raw}
	s.attempt, s.grab = s.try, s.read
	return s, nil
}

// newSocket is non-blocking, so that the runtime polls it, and closed on exec.
func newSocket() (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	syscall.CloseOnExec(fd)
	// As much room as an ordinary process may have (the kernel cuts it): an
	// observer that is busy for a moment costs nothing. A failure changes nothing.
	_ = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_SNDBUF, 1<<20)
	if err := syscall.SetNonblock(fd, true); err != nil {
		_ = syscall.Close(fd)
		return -1, os.NewSyscallError("setnonblock", err)
	}
	return fd, nil
}

func (s *socket) send(p []byte, patience time.Duration) (time.Duration, error) {
	s.p, s.err, s.patience, s.since = p, nil, patience, time.Time{}
	err := s.raw.Write(s.attempt)
	if s.err != nil {
		err = s.err
	}
	if s.since.IsZero() {
		return 0, err
	}
	_ = s.SetWriteDeadline(time.Time{})
	return time.Since(s.since), err
}

// try writes what it can and says whether it is done. Only when the socket is
// full does a clock begin to run, so what is timed is waiting, never the lack of
// a processor.
func (s *socket) try(fd uintptr) bool {
	for len(s.p) > 0 {
		n, err := syscall.SendmsgN(int(fd), s.p, nil, nil, sendFlags)
		switch err {
		case nil:
			s.p = s.p[n:]
		case syscall.EINTR:
		case syscall.EAGAIN:
			if s.since.IsZero() {
				s.since = time.Now()
				s.err = s.SetWriteDeadline(s.since.Add(s.patience))
			}
			return s.err != nil
		default:
			s.err = os.NewSyscallError("sendmsg", err)
			return true
		}
	}
	return true
}

func (s *socket) ready() error {
	var one [1]byte
	return s.raw.Read(func(fd uintptr) bool {
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK)
		return err != syscall.EAGAIN
	})
}

// take goes past the lock that a ready under way has on reads.
func (s *socket) take(p []byte) (int, error) {
	s.into = p
	if err := s.raw.Control(s.grab); err != nil {
		return 0, err
	}
	return s.got, s.gotErr
}

func (s *socket) read(fd uintptr) {
	for {
		n, err := syscall.Read(int(fd), s.into)
		s.got, s.gotErr = max(n, 0), nil
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
		case err != nil:
			s.gotErr = os.NewSyscallError("read", err)
		case n == 0:
			s.gotErr = io.EOF
		}
		return
	}
}
