package live

import (
	"errors"
	"fmt"
)

// maxInput is how much may wait for a command to read it.
const maxInput = 1 << 20

var errFull = errors.New("its input is full: the program does not read it")

// Input writes to the terminal or the standard input of the command that a node
// belongs to: to all its processes, as they share it. It never blocks; what is not
// taken at once is kept, and an error says when that would be too much. All of
// data is kept or none.
func (s *Session) Input(node string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	in, err := s.inputOf(node)
	switch {
	case err != nil:
		return fmt.Errorf("input to %w", err)
	case len(data) == 0:
		return nil
	}
	in.write(s) // it may have room by now
	switch {
	case in.fd < 0:
		return fmt.Errorf("input to %s: nobody reads it any more", node)
	case len(in.queue)+len(data) > maxInput:
		return fmt.Errorf("input to %s: %w", node, errFull)
	}
	in.give(s, data)
	return nil
}

// CloseInput ends the input of the command that a node belongs to, after what
// waits to be read. A pipe is closed; a second time changes nothing. To a
// terminal its EOF character is typed (Ctrl-D), which is the end for whoever reads
// lines and a key for whoever reads keys; the terminal stays open, and each call
// types it again.
func (s *Session) CloseInput(node string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	in, err := s.inputOf(node)
	switch {
	case err == errShut:
		return nil
	case err != nil:
		return fmt.Errorf("end the input of %w", err)
	case in.terminal:
		in.give(s, in.end())
		return nil
	}
	in.shut = true
	in.write(s)
	return nil
}

// give queues data and writes what can be written.
func (in *input) give(s *Session, data []byte) {
	last := data[len(data)-1]
	in.midline = last != '\n' && last != '\r' && last != 4
	in.queue = append(in.queue, data...)
	in.write(s)
	if len(in.queue) > 0 {
		s.poke()
	}
}

var errShut = errors.New("its input was closed")

// inputOf finds the input of a node's command.
func (s *Session) inputOf(node string) (*input, error) {
	c, err := s.commandOf(node)
	if err != nil {
		return nil, err
	}
	switch in := c.ends.in; {
	case in == nil && !c.PTY && !c.Stdin:
		return nil, errors.New(node + ": its command has neither a terminal nor a pipe as standard input (start it with one)")
	case in == nil || in.fd < 0 && !in.shut:
		return nil, errors.New(node + ": nobody reads it any more")
	case in.shut:
		return nil, errShut
	default:
		return in, nil
	}
}
