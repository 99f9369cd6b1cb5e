package main

import (
	"bytes"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// console is a terminal in the test: a pty with an emulator behind it that
// answers queries as a terminal does.
type console struct {
	t        testing.TB
	ptm, tty *os.File
	emulator *vt.SafeEmulator
	before   *term.State
	silent   atomic.Bool // it answers nothing

	mu    sync.Mutex
	raw   bytes.Buffer // all that was written to the terminal
	modes map[string]bool
	read  chan struct{} // closed when nothing more can come
}

func newConsole(t testing.TB, cols, rows int) *console {
	t.Helper()
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pty: ", err)
	}
	c := &console{t: t, ptm: pollable(t, ptm), tty: tty, emulator: vt.NewSafeEmulator(cols, rows),
		modes: map[string]bool{}, read: make(chan struct{})}
	c.emulator.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { c.modes[ansi.SetMode(m)] = true },
		DisableMode: func(m ansi.Mode) { delete(c.modes, ansi.SetMode(m)) },
	})
	if c.before, err = term.GetState(tty.Fd()); err != nil {
		t.Fatal(err)
	}
	c.resize(cols, rows)
	go c.show()
	go c.answer()
	t.Cleanup(c.close)
	return c
}

// pollable is f with reads that end when it is closed. (File.Fd, which others
// call, makes them block.)
func pollable(t testing.TB, f *os.File) *os.File {
	t.Helper()
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), "ptm")
}

// show feeds what is written to the terminal into the emulator.
func (c *console) show() {
	defer close(c.read)
	buf := make([]byte, 32<<10)
	for {
		n, err := c.ptm.Read(buf)
		c.mu.Lock()
		c.raw.Write(buf[:n])
		c.emulator.Write(buf[:n])
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// answer sends the emulator's replies back.
func (c *console) answer() {
	buf := make([]byte, 1024)
	for {
		n, err := c.emulator.Read(buf)
		if err != nil {
			return
		}
		if !c.silent.Load() {
			c.ptm.Write(buf[:n])
		}
	}
}

func (c *console) close() {
	c.tty.Close()
	c.ptm.Close()
	<-c.read
	c.emulator.InputPipe().(io.Closer).Close() // ends answer
}

// attach starts a command on the terminal, as the leader of its session.
func (c *console) attach(cmd *exec.Cmd) {
	c.t.Helper()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.tty, c.tty, c.tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
}

func (c *console) resize(cols, rows int) {
	c.emulator.Resize(cols, rows)
	if err := pty.Setsize(c.tty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *console) keys(s string) {
	c.t.Helper()
	if _, err := c.ptm.WriteString(s); err != nil {
		c.t.Fatal(err)
	}
}

// text is what the screen shows.
func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return ansi.Strip(c.emulator.Render())
}

// written is all that came, as bytes.
func (c *console) written() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.raw.String()
}

// shows waits until the screen has all of these texts.
func (c *console) shows(texts ...string) {
	c.t.Helper()
	var screen string
	ok := eventually(func() bool {
		screen = c.text()
		return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(screen, s) })
	})
	if !ok {
		c.t.Fatalf("the screen never showed %q:\n%s", texts, screen)
	}
}

// usable fails unless the terminal is as it was.
func (c *console) usable() {
	c.t.Helper()
	var why string
	if !eventually(func() bool { why = c.unusable(); return why == "" }) {
		c.mu.Lock()
		raw := c.raw.String()
		c.mu.Unlock()
		c.t.Errorf("the terminal is not usable: %s; it was written, at last: %q", why, raw[max(0, len(raw)-400):])
	}
}

func (c *console) unusable() string {
	now, err := term.GetState(c.tty.Fd())
	c.mu.Lock()
	defer c.mu.Unlock()
	modes := maps.Clone(c.modes)
	for _, usual := range []ansi.Mode{ansi.ModeTextCursorEnable, ansi.ModeAutoWrap} {
		delete(modes, ansi.SetMode(usual))
	}
	switch {
	case err != nil:
		return err.Error()
	case *now != *c.before:
		return "line modes changed"
	case c.emulator.IsAltScreen():
		return "alternate screen"
	case strings.LastIndex(c.raw.String(), "\x1b[?25l") > strings.LastIndex(c.raw.String(), "\x1b[?25h"):
		return "no cursor"
	case len(modes) > 0:
		return "modes: " + strings.Join(slices.Collect(maps.Keys(modes)), " ")
	}
	return ""
}
