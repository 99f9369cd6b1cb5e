// Package tty is the terminal, kept usable whatever happens: it is given back as
// it was after a normal end, a signal, a panic, a SIGKILL (by the guard, a small
// process of its own), and while the program is suspended. What the terminal
// sends is taken apart into whole keys, and what it can do is found out without
// waiting long.
//
// It knows nothing of what is drawn: the program wires it to the screen.
package tty

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Terminal is the terminal of the process, its standard input and output, while
// the screen has it. There is one at a time. All its methods may be called from
// any goroutine.
//
// Bubble Tea sees neither the terminal's input (see keyboard) nor its modes: raw
// mode is entered and left here, so that every way out can undo it.
type Terminal struct {
	out   *os.File // what the screen is drawn on: a descriptor of its own, closed in children
	keys  *keyboard
	stray *stray
	guard *guard

	cooked  *unix.Termios // as it was
	crashes *os.File      // where the Go runtime writes what nobody recovers

	mu   sync.Mutex
	over bool
}

// resetModes undoes all that the screen may have switched on: synchronized
// output, mouse reports, focus reports, bracketed paste, hidden cursor, alternate
// screen, colours. It may come in the middle of a sequence, or of a character, that was
// never written to its end: CAN ends either and does nothing else, and there are three
// for terminals that take whatever follows for the rest of the character.
const resetModes = "\x18\x18\x18\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[m"

// patience is how long the terminal may take over what it is given, before it is
// left to the guard.
const patience = time.Second

// Open prepares everything and changes no mode yet. From here until Restore or
// Abandon what is written to descriptors 1 and 2 is kept from the screen; draw on
// Output. It fails if standard input is no terminal.
func Open() (*Terminal, error) {
	t := &Terminal{}
	var err error
	if t.cooked, err = unix.IoctlGetTermios(stdin, getTermios); err != nil {
		return nil, fmt.Errorf("terminal modes: %w", err)
	}
	if t.out, err = duplicate(stdout, "terminal"); err != nil {
		return nil, err
	}
	if t.keys, err = openKeyboard(os.Stdin); err != nil {
		return nil, err
	}
	if t.crashes, err = createReport(); err == nil {
		debug.SetCrashOutput(t.crashes, debug.CrashOptions{})
	}
	if t.guard, err = startGuard(t); err != nil {
		t.discardReport()
		return nil, err
	}
	t.stray, err = catchStray()
	return t, err
}

// Keys is where the screen reads: each read gives one key, mouse event or piece
// of a paste, whole. It needs ReadKeys.
func (t *Terminal) Keys() *os.File { return t.keys.keys }

// Output is where the screen is drawn.
func (t *Terminal) Output() *os.File { return t.out }

// ReadKeys feeds Keys until the terminal is gone or given back. It is called
// once, in a goroutine of its own.
func (t *Terminal) ReadKeys() { t.keys.run() }

// Lost is closed when ReadKeys finds that the terminal is gone.
func (t *Terminal) Lost() <-chan struct{} { return t.keys.lost }

const stdin, stdout, stderr = 0, 1, 2

// duplicate makes a second descriptor of fd that children do not inherit.
func duplicate(fd int, name string) (*os.File, error) {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, os.NewSyscallError("dup", err)
	}
	return os.NewFile(uintptr(n), name), nil
}

// Raw gives every key to us at once and unchanged. Once the terminal was given
// back it does nothing.
func (t *Terminal) Raw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return nil
	}
	m := rawModes(*t.cooked)
	return unix.IoctlSetTermios(stdin, setTermios, &m)
}

// rawModes are line modes changed as cfmakeraw(3) changes them.
func rawModes(m unix.Termios) unix.Termios {
	m.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	m.Oflag &^= unix.OPOST
	m.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	m.Cflag = m.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	m.Cc[unix.VMIN], m.Cc[unix.VTIME] = 1, 0
	return m
}

// unraw gives the modes back as they were.
func (t *Terminal) unraw() error {
	return unix.IoctlSetTermios(stdin, setTermios, t.cooked)
}

// Restore gives the terminal back after the screen has left it by itself. It
// returns what was written to standard output and error meanwhile. Twice, or
// after Abandon: no change, "".
func (t *Terminal) Restore() (stray string) { return t.end(false) }

// Abandon takes the terminal away from the screen, wherever that is: what it
// still draws goes nowhere. A terminal that does not take what is written to it
// is left to the guard after a second, and gets no further word from us. Twice,
// or after Restore: no change.
func (t *Terminal) Abandon() { t.end(true) }

func (t *Terminal) end(byForce bool) (stray string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return ""
	}
	t.over = true
	t.keys.close()
	taken := true
	if byForce {
		taken = t.wrest()
	}
	t.unraw()
	stray = t.stray.close()
	t.discardReport()
	if taken {
		t.guard.bye()
	} else {
		nowhere(stdout, stderr)
	}
	return stray
}

// nowhere lets what is written to these descriptors vanish: a write to a
// terminal that stands still would never return.
func nowhere(fds ...int) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer null.Close()
	for _, fd := range fds {
		dup2(int(null.Fd()), fd)
	}
}

// wrest sends the screen's further output nowhere and resets the modes itself.
func (t *Terminal) wrest() (taken bool) {
	t.unraw()
	nowhere(int(t.out.Fd()))
	done := make(chan struct{})
	go func() {
		t.stray.terminal.WriteString(resetModes)
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(patience):
		return false
	}
}

// discardReport removes the file for crashes of the runtime, as there was none.
func (t *Terminal) discardReport() {
	if t.crashes != nil {
		debug.SetCrashOutput(nil, debug.CrashOptions{})
		os.Remove(t.crashes.Name())
		t.crashes.Close()
		t.crashes = nil
	}
}
