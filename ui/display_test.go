package ui

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/vt"

	"multiexit/ui/canvas"
)

// hung is when what has not happened yet never will, on a busy machine too.
const hung = time.Minute

// glass is a terminal behind a pipe: it shows what a display writes once it is read.
type glass struct {
	*display
	t   *testing.T
	out *os.File

	mu  sync.Mutex
	em  *vt.Emulator
	raw strings.Builder
}

func newGlass(t *testing.T, w, h int) *glass {
	t.Helper()
	r, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	g := &glass{display: newDisplay(out), t: t, out: r, em: vt.NewEmulator(w, h)}
	t.Cleanup(func() { out.Close(); r.Close() })
	return g
}

// read shows what is written from now on.
func (g *glass) read() *glass {
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := g.out.Read(buf)
			if err != nil {
				return
			}
			g.mu.Lock()
			g.raw.Write(buf[:n])
			g.em.Write(buf[:n])
			g.mu.Unlock()
		}
	}()
	return g
}

// sees waits until what is shown and what was written are as wanted.
func (g *glass) sees(what string, as func(screen, written string) bool) {
	g.t.Helper()
	screen, written := "", ""
	for end := time.Now().Add(hung); time.Now().Before(end); time.Sleep(time.Millisecond) {
		g.mu.Lock()
		screen, written = g.em.String(), g.raw.String()
		g.mu.Unlock()
		if as(screen, written) {
			return
		}
	}
	g.t.Fatalf("never seen: %s\nthe screen:\n%s\nwritten: %.1000q", what, screen, written)
}

func (g *glass) shows(want string) {
	g.t.Helper()
	g.sees(want, func(screen, _ string) bool { return strings.Contains(screen, want) })
}

// rests waits until nothing is left to be written, and nobody there to write it.
func (g *glass) rests() {
	g.t.Helper()
	for end := time.Now().Add(hung); time.Now().Before(end); time.Sleep(time.Millisecond) {
		g.display.mu.Lock()
		busy := g.busy
		g.display.mu.Unlock()
		if !busy {
			return
		}
	}
	g.t.Fatal("it writes and writes")
}

func frameOf(text string) *canvas.Canvas {
	c := canvas.New(40, 5, canvas.TrueColor)
	c.Text(0, 1, text, canvas.Style{}, 40)
	return c
}

// Frames are drawn between the modes of the alternate screen and nowhere else, those
// of Bubble Tea never, and after a clear screen all of the last one.
func TestDisplay(t *testing.T) {
	g := newGlass(t, 40, 5).read()
	g.show(frameOf("too early"))
	g.rests()
	g.WriteString("\x1b[?1049h")
	g.shows("too early")
	g.show(frameOf("first"))
	g.shows("first")
	g.WriteString("\x1b[H line of Bubble Tea")
	g.WriteString("\x1b[2J")
	g.WriteString("\x1b[H")
	g.shows("first")
	g.show(frameOf("second"))
	g.shows("second")
	g.WriteString("\x1b[?1049l")
	g.show(frameOf("too late"))
	g.rests()
	g.sees("the alternate screen first and last, and no other's frames", func(_, written string) bool {
		return strings.HasPrefix(written, "\x1b[?1049h") && strings.HasSuffix(written, "\x1b[?1049l") &&
			!strings.Contains(written, "Bubble") && !strings.Contains(written, "late")
	})
}

// A terminal that stands still holds up nobody who shows, and gets the newest frame
// when it goes on, not all that were missed.
func TestDisplayStandsStill(t *testing.T) {
	g := newGlass(t, 40, 5)
	g.open = true
	for i := range 5000 {
		g.show(frameOf(strings.Repeat(string(rune('a'+i%26)), 40)))
	}
	g.show(frameOf("the newest"))
	g.read().shows("the newest")
	g.sees("little", func(_, written string) bool { return len(written) < 100<<10 })
}

// A storm of frames is not drawn faster than anybody sees it.
func TestDisplayStorm(t *testing.T) {
	g := newGlass(t, 40, 5).read()
	g.open, g.sync = true, true
	begin := time.Now()
	for i := range 20000 {
		g.show(frameOf(strings.Repeat(string(rune('a'+i%26)), 40)))
	}
	g.show(frameOf("the last"))
	g.shows("the last")
	most := int(time.Since(begin)/shortestGap) + 1
	g.sees("no more frames than there was time for", func(_, written string) bool {
		return strings.Count(written, "\x1b[?2026h") <= most
	})
}

// A frame that the terminal took only in part, or not at all, is made good by the next.
func TestDisplayFails(t *testing.T) {
	g := newGlass(t, 40, 5).read()
	g.open = true
	if err := g.File.SetWriteDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	g.show(frameOf("the same in both: one"))
	g.rests()
	if err := g.File.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	g.show(frameOf("the same in both: two"))
	g.shows("the same in both: two")
}

// A clear screen holds nobody up who types at a terminal that stands still; what is
// written last is waited for.
func TestDisplayClearsLater(t *testing.T) {
	g := newGlass(t, 40, 5)
	g.open = true
	cleared, left := make(chan bool), make(chan bool)
	go func() {
		for range 20000 { // more than a pipe holds
			g.WriteString("\x1b[2J")
		}
		close(cleared)
		g.WriteString("\x1b[?1049l")
		close(left)
	}()
	select {
	case <-cleared:
	case <-time.After(hung):
		t.Fatal("a clear screen waits for the terminal")
	}
	select {
	case <-left:
		t.Error("the screen was left before the terminal took it")
	default:
	}
	g.read()
	select {
	case <-left:
	case <-time.After(hung):
		t.Fatal("the screen is never left")
	}
}

// A frame is asked to be shown at once, and nothing is written for one that is no other.
func TestDisplaySynchronizes(t *testing.T) {
	g := newGlass(t, 40, 5).read()
	g.open, g.sync = true, true
	g.show(frameOf("x"))
	g.show(frameOf("x"))
	g.rests()
	g.show(frameOf("x"))
	g.rests()
	g.show(frameOf("y"))
	g.shows("y")
	g.rests()
	g.sees("two frames", func(_, written string) bool {
		return strings.HasPrefix(written, "\x1b[?2026h") && strings.HasSuffix(written, "y\x1b[?2026l") &&
			strings.Count(written, "\x1b[?2026h") == 2 && strings.Count(written, "\x1b[?2026l") == 2
	})
}

// still is a model that is always the same picture.
type still struct {
	tea.Model
	frame *canvas.Canvas
}

func (s still) Update(tea.Msg) (tea.Model, tea.Cmd) { return s, nil }
func (s still) picture() *canvas.Canvas             { return s.frame }

// A window that is made smaller and as large as before in one go has lost what was on
// it, and tells no other size.
func TestDisplayThereAndBack(t *testing.T) {
	g := newGlass(t, 40, 5).read()
	g.open = true
	var m tea.Model = displayed{still{frame: frameOf("the whole of it")}, g.display}
	m.View()
	g.shows("the whole of it")
	g.rests()
	g.mu.Lock()
	g.em.Resize(9, 1)
	g.em.Resize(40, 5)
	g.mu.Unlock()
	m, _ = m.Update(tea.WindowSizeMsg{Width: 40, Height: 5})
	m.View()
	g.shows("the whole of it")
}
