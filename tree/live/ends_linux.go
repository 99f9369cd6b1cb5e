package live

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// ends are our ends of the standard streams of a command.
type ends struct {
	out  []*watch  // what we read: its pipes
	term *terminal // or its terminal; nil once it is closed
	in   *input    // what we write to
}

// theirs are the command's ends: its descriptors 0, 1 and 2.
type theirs [3]int

func (t *theirs) files() []uintptr {
	return []uintptr{uintptr(t[0]), uintptr(t[1]), uintptr(t[2])}
}

// close closes them here; the command has its own by then.
func (t *theirs) close() {
	for i, fd := range t {
		if fd >= 0 && (i == 0 || fd != t[i-1]) { // a terminal is all three
			unix.Close(fd)
		}
		t[i] = -1
	}
}

// openEnds opens both ends of the standard streams. They are not read before
// watchEnds: what comes out of them belongs to a process that is known.
func (s *Session) openEnds(c *command) (t theirs, err error) {
	t = theirs{-1, -1, -1}
	if c.PTY {
		fd, err := openTerminal(c)
		if err != nil {
			c.ends.close()
		}
		return theirs{fd, fd, fd}, err
	}
	if c.Stdin {
		t[0], err = openStdin(c)
	} else if t[0], err = unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		err = fmt.Errorf("open %s: %w", os.DevNull, err)
	}
	if err != nil {
		return t, err
	}
	for i, stream := range []string{"stdout", "stderr"} {
		w, fd, err := s.system.openPipe(stream)
		if err != nil {
			t.close()
			c.ends.close()
			return t, fmt.Errorf("make a pipe: %w", err)
		}
		w.l.command = c
		t[i+1], c.ends.out = fd, append(c.ends.out, w)
	}
	return t, nil
}

// watchEnds begins to read.
func (s *Session) watchEnds(c *command) {
	switch {
	case c.ends.term != nil:
		s.watchTerminal(c)
	case c.ends.in != nil:
		s.watchStdin(c)
	}
	for _, w := range c.ends.out {
		if err := s.system.watch(w, unix.EPOLLIN); err != nil {
			s.note(c.root, "pipe", "%s of %s cannot be read: %v", w.l.stream, c.root.name, err)
			unix.Close(w.fd)
			continue
		}
		s.system.pipes = append(s.system.pipes, w)
	}
}

// close closes the ends of a command that did not start.
func (e *ends) close() {
	for _, w := range e.out {
		unix.Close(w.fd)
	}
	if e.in != nil { // it is the terminal's, if there is one
		unix.Close(e.in.fd)
	}
	*e = ends{}
}
