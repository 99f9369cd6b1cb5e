package live

import "golang.org/x/sys/unix"

const (
	pipeSize  = 1 << 20 // asked for: a writer in a hurry waits less often
	drainMost = 4 << 20 // what is read of one pipe at one death: an endless writer must not hold up its exit
)

// openPipe makes a pipe whose read end the loop watches. The write end is for
// the child.
func (sys *system) openPipe(stream string) (child int, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return -1, err
	}
	unix.SetNonblock(fds[0], true)
	unix.FcntlInt(uintptr(fds[0]), unix.F_SETPIPE_SZ, pipeSize) // not granted to everyone
	w := &watch{kind: watchPipe, fd: fds[0], l: &lines{stream: stream}}
	if err := sys.watch(w, unix.EPOLLIN); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return -1, err
	}
	sys.pipes = append(sys.pipes, w)
	return fds[1], nil
}

// readPipe reads once; the loop comes again while there is more.
func (s *Session) readPipe(w *watch) (n int) {
	n, err := unix.Read(w.fd, s.system.buf)
	if n > 0 {
		w.l.feed(s, s.system.buf[:n])
		return n
	}
	if err == unix.EAGAIN || err == unix.EINTR {
		return 0
	}
	w.l.flush(s) // nobody holds the other end any more
	s.system.unwatch(w.fd)
	for i, q := range s.system.pipes {
		if q == w {
			s.system.pipes = append(s.system.pipes[:i], s.system.pipes[i+1:]...)
			break
		}
	}
	return 0
}

// drainPipes reads what has been written by now, without waiting for more: a
// grandchild that holds a pipe open holds nobody up.
func (s *Session) drainPipes() {
	for i := len(s.system.pipes) - 1; i >= 0; i-- {
		w := s.system.pipes[i]
		for left := drainMost; left > 0; {
			n := s.readPipe(w)
			if n == 0 {
				break
			}
			left -= n
		}
	}
}

// flushPipes emits what has come of lines whose ends have not.
func (s *Session) flushPipes() {
	for _, w := range s.system.pipes {
		w.l.flush(s)
	}
}
