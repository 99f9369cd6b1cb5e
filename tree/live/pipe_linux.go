package live

import (
	"slices"

	"golang.org/x/sys/unix"
)

const (
	pipeSize  = 1 << 20 // asked for: a writer in a hurry waits less often
	readSize  = 256 << 10
	rawMost   = 16 << 20 // what is read of one pipe before it is looked at
	drainMost = 4 << 20  // what is read of one pipe at one death: an endless writer must not hold up its exit
)

// openPipe makes a pipe whose read end is for the loop to watch. The write end is
// for the child.
func (sys *system) openPipe(stream string) (w *watch, child int, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return nil, -1, err
	}
	unix.SetNonblock(fds[0], true)
	if size, err := unix.FcntlInt(uintptr(fds[0]), unix.F_SETPIPE_SZ, pipeSize); err != nil || size < pipeSize {
		sys.smallPipes = true // not granted to everyone
	}
	return &watch{kind: watchPipe, fd: fds[0], l: &lines{stream: stream}}, fds[1], nil
}

// readPipe reads once; the loop comes again while there is more. What is read is
// made into events by digest, which a writer in a hurry does not wait for.
func (s *Session) readPipe(w *watch) (n int) {
	l := w.l
	n, err := unix.Read(w.fd, l.room(&s.system))
	if n > 0 {
		last := &l.raw[len(l.raw)-1]
		*last = (*last)[:len(*last)+n]
		if l.size += n; l.size >= rawMost {
			l.digest(s)
		}
		return n
	}
	if last := len(l.raw) - 1; len(l.raw[last]) == 0 { // the next one who reads will use it
		s.system.spare, l.raw[last] = l.raw[last], nil
		l.raw = l.raw[:last]
	}
	if err == unix.EAGAIN || err == unix.EINTR {
		return 0
	}
	l.digest(s)
	l.flush(s) // nobody holds the other end any more
	s.closePipe(w)
	return 0
}

// closePipe closes a pipe and forgets it. The command does not keep it either: it
// is remembered when it has ended.
func (s *Session) closePipe(w *watch) {
	w.closed = true
	s.system.unwatch(w.fd)
	is := func(q *watch) bool { return q == w }
	s.system.pipes = slices.DeleteFunc(s.system.pipes, is)
	if t := s.notes[w.l.tally()]; t != nil && t.left == 0 {
		delete(s.notes, w.l.tally())
	}
	c := w.l.command
	c.ends.out = slices.DeleteFunc(c.ends.out, is)
}

// room is where to read to. Blocks are shared by all pipes: most of them are idle.
func (l *lines) room(sys *system) []byte {
	if n := len(l.raw); n > 0 {
		if last := l.raw[n-1]; cap(last)-len(last) >= readSize/4 {
			return last[len(last):cap(last)]
		}
	}
	block := sys.spare
	if sys.spare = nil; block == nil {
		block = make([]byte, 0, readSize)
	}
	l.raw = append(l.raw, block)
	return block[:readSize]
}

// digest makes events of what was read. One block is kept for the next one who reads.
func (l *lines) digest(s *Session) {
	for _, block := range l.raw {
		for data := range slices.Chunk(block, readSize/4) {
			l.feed(s, data)
		}
	}
	if len(l.raw) > 0 {
		s.system.spare = l.raw[0][:0]
	}
	l.raw, l.size = nil, 0
}

// digestRest makes events of what was read in this turn. A pipe of which much
// comes is not waited for any longer, but read every millisecond, and looked at
// when no more comes: each wake-up of ours is paid for by the writer. It reports
// whether there is such a pipe.
func (s *Session) digestRest() (busy bool) {
	for i := len(s.system.pipes) - 1; i >= 0; i-- {
		w := s.system.pipes[i]
		switch {
		case w.paced && s.drainPipe(w) > 0:
			busy = true
		case w.paced && !w.closed:
			w.paced = false
			w.l.digest(s)
			s.system.interest(w, unix.EPOLLIN)
		case w.l.size < readSize/4 || s.system.smallPipes:
			w.l.digest(s)
		default:
			w.paced, busy = true, true
			s.system.interest(w, 0)
		}
	}
	return busy
}

// drainPipes reads what has been written by now, without waiting for more: a
// grandchild that holds a pipe open holds nobody up.
func (s *Session) drainPipes() {
	for i := len(s.system.pipes) - 1; i >= 0; i-- {
		w := s.system.pipes[i]
		s.drainPipe(w)
		w.l.digest(s)
	}
}

func (s *Session) drainPipe(w *watch) (total int) {
	for total < drainMost {
		n := s.readPipe(w)
		if n == 0 {
			break
		}
		total += n
	}
	return total
}

// flushPipes emits what has come of lines of a command whose ends have not.
func (s *Session) flushPipes(c *command) {
	for _, w := range s.system.pipes {
		if w.l.command == c {
			w.l.digest(s)
			w.l.flush(s)
		}
	}
}
