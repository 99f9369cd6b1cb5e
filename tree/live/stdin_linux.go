package live

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// input is what a command is written to through: the pipe that is its standard
// input, or its terminal.
type input struct {
	command  *command
	fd       int // -1: closed
	terminal bool
	queue    []byte // not written yet
	shut     bool   // to be closed once the queue is empty
	midline  bool   // what was given last does not end a line
}

// openStdin makes the pipe that is the standard input of a command.
func openStdin(c *command) (theirs int, err error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return -1, fmt.Errorf("make a pipe: %w", err)
	}
	unix.SetNonblock(fds[1], true)
	c.ends.in = &input{command: c, fd: fds[1]}
	return fds[0], nil
}

// watchStdin makes the loop write what could not be written at once.
func (s *Session) watchStdin(c *command) {
	in := c.ends.in
	w := &watch{kind: watchInput, fd: in.fd}
	if err := s.system.watch(w, unix.EPOLLOUT|unix.EPOLLET); err != nil {
		s.note(c.root, "stdin", "standard input of %s cannot be written: %v", c.root.name, err)
		unix.Close(in.fd)
		in.fd = -1
		return
	}
	s.system.inputs = append(s.system.inputs, in)
}

// write writes what can be written without waiting.
func (in *input) write(s *Session) {
	for len(in.queue) > 0 && in.fd >= 0 {
		n, err := unix.Write(in.fd, in.queue)
		switch {
		case n > 0:
			in.queue = in.queue[n:]
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			return
		default: // nobody reads it, nor will
			in.queue = nil
			s.closeInput(in)
			return
		}
	}
	in.queue = nil
	if in.shut {
		s.closeInput(in)
	}
}

// writeInputs goes on with what is waiting. It is tried at each turn of the loop:
// a terminal does not always say that it has room again.
func (s *Session) writeInputs() {
	for i := len(s.system.inputs) - 1; i >= 0; i-- { // one may be closed by it
		if in := s.system.inputs[i]; len(in.queue) > 0 {
			in.write(s)
		}
	}
}

// closeInput closes a pipe. A terminal is closed with its output.
func (s *Session) closeInput(in *input) {
	if in.terminal || in.fd < 0 {
		return
	}
	s.system.inputs = slices.DeleteFunc(s.system.inputs, func(i *input) bool { return i == in })
	s.system.unwatch(in.fd)
	in.fd = -1
}

// end is what is typed to end the input of a terminal: its EOF character
// (termios(3)), Ctrl-D unless it was set to another. In the middle of a line it only
// hands the line over, and a second one is the end.
func (in *input) end() []byte {
	eof := byte(4)
	t, err := unix.IoctlGetTermios(in.fd, unix.TCGETS)
	if err == nil && t.Lflag&unix.ICANON != 0 && t.Cc[unix.VEOF] != 0 {
		eof = t.Cc[unix.VEOF]
	}
	if in.midline && err == nil && t.Lflag&unix.ICANON != 0 {
		return []byte{eof, eof}
	}
	return []byte{eof}
}
