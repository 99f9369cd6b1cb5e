package tty

import (
	"io"
	"os"
	"sync"
	"time"
)

// stray catches what is written to standard output and error while the screen is
// shown: one line there would scroll the picture away for good. It is printed
// when the screen has gone.
type stray struct {
	terminal *os.File // what standard output was
	errors   *os.File // what standard error was
	done     chan struct{}

	mu   sync.Mutex
	text []byte
}

// strayMost bounds what is kept.
const strayMost = 64 << 10

func catchStray() (*stray, error) {
	s := &stray{done: make(chan struct{})}
	var err error
	if s.terminal, err = duplicate(stdout, "stdout"); err != nil {
		return nil, err
	}
	if s.errors, err = duplicate(stderr, "stderr"); err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	dup2(int(w.Fd()), stdout)
	dup2(int(w.Fd()), stderr)
	w.Close()
	go s.collect(r)
	return s, nil
}

func (s *stray) collect(r *os.File) {
	defer close(s.done)
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		s.mu.Lock()
		s.text = append(s.text, buf[:min(n, strayMost-len(s.text))]...)
		s.mu.Unlock()
		if err != nil {
			if err != io.EOF {
				r.Close()
			}
			return
		}
	}
}

// close gives the descriptors back and returns what was caught.
func (s *stray) close() string {
	dup2(int(s.terminal.Fd()), stdout)
	dup2(int(s.errors.Fd()), stderr)
	select { // the last writing ends of the pipe were those two, as far as we know
	case <-s.done:
	case <-time.After(patience / 2):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}
