package main

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// glass is a terminal for measuring: it only notes what comes and when. What that
// showed is worked out afterwards, so that the looking takes no time from what is
// looked at.
type glass struct {
	t        testing.TB
	ptm, tty *os.File
	screen   *vt.Emulator
	seen     int // pieces that the screen has

	mu     sync.Mutex
	pieces []piece
	more   chan struct{} // holds a token when pieces have come
	read   chan struct{} // closed when nothing more can come
}

type piece struct {
	at    time.Time
	bytes []byte
}

const answerBackground = "\x1b]11;rgb:0000/0000/0000\x1b\\"

func newGlass(t testing.TB, cols, rows int) *glass {
	t.Helper()
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pty: ", err)
	}
	g := &glass{t: t, ptm: pollable(t, ptm), tty: tty, screen: vt.NewEmulator(cols, rows),
		more: make(chan struct{}, 1), read: make(chan struct{})}
	if err := pty.Setsize(tty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		t.Fatal(err)
	}
	go func() { // the screen answers, late; nobody waits for it
		buf := make([]byte, 1024)
		for {
			if _, err := g.screen.Read(buf); err != nil {
				return
			}
		}
	}()
	go g.note()
	t.Cleanup(g.close)
	return g
}

func (g *glass) note() {
	defer close(g.read)
	buf := make([]byte, 64<<10)
	for {
		n, err := g.ptm.Read(buf)
		at := time.Now()
		if err != nil {
			return
		}
		if strings.Contains(string(buf[:n]), "\x1b]11;?") {
			g.ptm.WriteString(answerBackground)
		}
		g.mu.Lock()
		g.pieces = append(g.pieces, piece{at, append([]byte(nil), buf[:n]...)})
		g.mu.Unlock()
		select {
		case g.more <- struct{}{}:
		default:
		}
	}
}

func (g *glass) close() {
	g.tty.Close()
	g.ptm.Close()
	<-g.read
	if in, ok := g.screen.InputPipe().(io.Closer); ok { // Close of the screen itself races with who reads from it
		in.Close()
	}
}

func (g *glass) attach(cmd *exec.Cmd) {
	g.t.Helper()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = g.tty, g.tty, g.tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
}

// press types keys and says when.
func (g *glass) press(keys string) time.Time {
	g.t.Helper()
	at := time.Now()
	if _, err := g.ptm.WriteString(keys); err != nil {
		g.t.Fatal(err)
	}
	return at
}

// when says when the screen first was as wanted, from the first piece on that was
// not looked at yet.
func (g *glass) when(what string, is func(text string) bool) time.Time {
	g.t.Helper()
	late := time.After(deadline)
	for {
		g.mu.Lock()
		fresh := g.pieces[g.seen:]
		g.mu.Unlock()
		for _, p := range fresh {
			g.screen.Write(p.bytes)
			g.seen++
			if is(g.text()) {
				return p.at
			}
		}
		select {
		case <-g.more:
		case <-late:
			g.t.Fatalf("never on the screen: %s\n%s", what, g.text())
		}
	}
}

func (g *glass) text() string { return ansi.Strip(g.screen.Render()) }

// shows waits for a text on the screen.
func (g *glass) shows(text string) time.Time {
	g.t.Helper()
	return g.when(text, func(screen string) bool { return strings.Contains(screen, text) })
}

// hides waits until a text is not on the screen.
func (g *glass) hides(text string) time.Time {
	g.t.Helper()
	return g.when("no "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

// firstSince is when the first piece after a moment came; the zero time if none
// has.
func (g *glass) firstSince(t time.Time) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := len(g.pieces) - 1; i >= 0; i-- {
		if g.pieces[i].at.Before(t) {
			if i+1 < len(g.pieces) {
				return g.pieces[i+1].at
			}
			break
		}
	}
	return time.Time{}
}
