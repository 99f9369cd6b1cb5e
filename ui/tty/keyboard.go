package tty

import (
	"bytes"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// keyboard reads the terminal for the screen and hands on what it reads one key,
// mouse event or paste at a time.
//
// Bubble Tea v1 takes what one read returns for whole: an escape sequence torn
// over two reads, or by the end of its buffer of 256 bytes, arrives as keys that
// nobody pressed, and several letters in one read as one key of no meaning. So
// it reads here from a datagram socket: one read, one sequence. What the terminal
// answers to queries, early or late, never gets there.
type keyboard struct {
	keys    *os.File      // where the screen reads
	replies chan []byte   // answers to queries; dropped when nobody takes them
	lost    chan struct{} // closed when the terminal is gone

	tty     int
	out     func([]byte) error // sends into keys
	stop    *os.File
	stopped *os.File
	pasting bool
}

const (
	// escapeTime is how long the rest of a sequence may be in coming. After it an
	// ESC was the key.
	escapeTime = 25 * time.Millisecond
	// datagram is less than Bubble Tea's buffer, for a read that fills it would
	// mean that there is more.
	datagram = 128
	// longest is more than any sequence; a string that has no end is not kept.
	longest = 64 << 10
)

// openKeyboard starts to read tty, which should be in raw mode soon: what was
// typed before is read too.
func openKeyboard(tty *os.File) (*keyboard, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return nil, os.NewSyscallError("socketpair", err)
	}
	for _, fd := range pair {
		unix.CloseOnExec(fd)
	}
	k := &keyboard{
		keys:    os.NewFile(uintptr(pair[0]), "keys"),
		replies: make(chan []byte, 16),
		lost:    make(chan struct{}),
		tty:     int(tty.Fd()),
		out:     sendTo(pair[1]),
	}
	k.stopped, k.stop, err = os.Pipe()
	return k, err
}

// close ends run.
func (k *keyboard) close() { k.stop.Close() }

// run reads until the terminal is gone or close.
func (k *keyboard) run() {
	var pending []byte
	for {
		wait := -1
		if len(pending) > 0 {
			wait = int(escapeTime / time.Millisecond)
		}
		ready, closed := k.poll(wait)
		if closed {
			return
		}
		if !ready { // the rest did not come: these are keys
			k.hand(pending)
			pending = nil
			continue
		}
		buf := make([]byte, 1024)
		n, err := unix.Read(k.tty, buf)
		if err == unix.EINTR || err == unix.EAGAIN {
			continue
		}
		if err != nil || n <= 0 {
			close(k.lost)
			return
		}
		pending = k.take(append(pending, buf[:n]...))
	}
}

// poll waits for input, in milliseconds; -1 is for ever.
func (k *keyboard) poll(wait int) (ready, closed bool) {
	fds := []unix.PollFd{{Fd: int32(k.tty), Events: unix.POLLIN}, {Fd: int32(k.stopped.Fd()), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(fds, wait)
		if err == unix.EINTR {
			continue
		}
		return fds[0].Revents != 0, err != nil || fds[1].Revents != 0
	}
}

// unread says that there is input which run has not read yet.
func (k *keyboard) unread() bool {
	fds := []unix.PollFd{{Fd: int32(k.tty), Events: unix.POLLIN}}
	n, _ := unix.Poll(fds, 0)
	return n > 0 && fds[0].Revents&unix.POLLIN != 0
}

// take hands on all whole sequences and returns the incomplete rest.
func (k *keyboard) take(b []byte) []byte {
	for len(b) > 0 {
		n, whole := sequence(b)
		if !whole && n < longest {
			return b
		}
		k.hand(b[:n])
		b = b[n:]
	}
	return nil
}

func (k *keyboard) hand(seq []byte) {
	switch {
	case bytes.Equal(seq, pasteBegin):
		k.pasting = true
	case bytes.Equal(seq, pasteEnd):
		k.pasting = false
	case isReply(seq) && !k.pasting:
		select {
		case k.replies <- seq:
		default:
		}
		return
	}
	for len(seq) > 0 { // only what is no key at all is longer than one
		n := min(len(seq), datagram)
		if err := k.out(seq[:n]); err != nil {
			return
		}
		seq = seq[n:]
	}
}

// sendTo writes to a datagram socket, and waits while its queue is full.
func sendTo(fd int) func([]byte) error {
	return func(b []byte) error {
		for {
			_, err := unix.Write(fd, b)
			switch {
			case errors.Is(err, unix.EINTR):
			case errors.Is(err, unix.ENOBUFS): // darwin does not wait
				time.Sleep(time.Millisecond)
			default:
				return err
			}
		}
	}
}
