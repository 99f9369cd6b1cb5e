package ui

import (
	"bytes"
	"os"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/ui/canvas"
)

// display is a terminal that is told only which cells have changed. Bubble Tea draws
// whole lines, looks sixty times a second whether there are any, and stands still
// while the terminal does; so it only switches the terminal's modes, and frames go by
// it: one goroutine, which is there while there is something to write, draws the
// newest one whenever the terminal takes it.
//
// It embeds the file for Bubble Tea, which asks that for its size.
type display struct {
	*os.File
	gap  time.Duration // at least between two frames
	sync bool          // the terminal is asked to show each frame at once

	mu      sync.Mutex
	done    sync.Cond // modes have been written
	busy    bool      // the goroutine is there
	queue   []byte    // modes to be written
	sending bool      // they are being written
	open    bool      // the alternate screen is on: frames may be drawn
	lost    bool      // nobody knows what is shown
	stale   bool      // next is not what is shown
	next    canvas.Canvas
	shown   canvas.Canvas
	buf     []byte
	drawn   time.Time // the last frame
}

// shortestGap is between two frames where none is asked for: no screen shows more in
// a second, and those of a turning mouse wheel would be that many.
const shortestGap = time.Second / 240

func newDisplay(f *os.File) *display {
	d := &display{File: f, gap: shortestGap}
	d.done.L = &d.mu
	return d
}

// show draws a frame as soon as the terminal takes one. It does not wait for it.
func (d *display) show(c *canvas.Canvas) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next.Same(c) && !d.lost {
		return
	}
	d.next.Copy(c)
	d.stale = true
	d.wake()
}

// forget says that nobody knows what is shown: the next frame is drawn whole.
func (d *display) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost = true
}

// Write is for Bubble Tea, which writes modes in its loop. While the screen is shown
// it does not wait for the terminal, for keys would wait too; before and after that, and
// when the screen is left, all is written when it returns. Frames of Bubble Tea go
// nowhere.
func (d *display) Write(p []byte) (int, error) {
	const home = "\x1b[H"
	if len(p) > len(home) && bytes.HasPrefix(p, []byte(home)) {
		return len(p), nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case bytes.Contains(p, []byte("\x1b[?1049h")):
		d.open, d.lost = true, true
	case bytes.Contains(p, []byte("\x1b[?1049l")):
		d.open = false
	case bytes.Contains(p, []byte("\x1b[2J")):
		d.lost = true
	}
	d.queue = append(d.queue, p...)
	d.wake()
	for !d.open && (len(d.queue) > 0 || d.sending) {
		d.done.Wait()
	}
	return len(p), nil
}

func (d *display) WriteString(s string) (int, error) { return d.Write([]byte(s)) }

// wake starts the goroutine if it is not there. d.mu is held.
func (d *display) wake() {
	if !d.busy {
		d.busy = true
		go d.work()
	}
}

// work writes until there is nothing to write.
func (d *display) work() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		switch rest := d.gap - time.Since(d.drawn); {
		case len(d.queue) > 0:
			out := d.queue
			d.queue, d.sending = nil, true
			_ = d.send(out)
			d.sending = false
			d.done.Broadcast()
		case !d.open || !d.stale && !d.lost:
			d.busy = false
			return
		case rest > 0:
			d.mu.Unlock()
			time.Sleep(rest)
			d.mu.Lock()
		default:
			d.drawn = time.Now()
			if b := d.frame(); len(b) > 0 && d.send(b) != nil {
				d.shown.Forget() // some of it is there, perhaps: the next one will be whole
			}
		}
	}
}

// send writes p without the lock. A terminal that is gone is noticed by its reader.
func (d *display) send(p []byte) error {
	d.mu.Unlock()
	defer d.mu.Lock()
	_, err := d.File.Write(p)
	return err
}

// frame is what makes the terminal show the newest frame.
func (d *display) frame() []byte {
	if d.lost {
		d.shown.Forget()
	}
	d.lost, d.stale = false, false
	const begin, end = "\x1b[?2026h", "\x1b[?2026l" // synchronized output
	b := d.buf[:0]
	if d.sync {
		b = append(b, begin...)
	}
	empty := len(b)
	if b = d.next.AppendDiff(b, &d.shown); len(b) == empty {
		return nil
	}
	if d.sync {
		b = append(b, end...)
	}
	d.buf = b
	return b
}

// pictured is a model that paints on a canvas.
type pictured interface {
	tea.Model
	picture() *canvas.Canvas // as it is now; the model's own
}

// displayed is a model whose frames go to a display, by Bubble Tea.
type displayed struct {
	pictured
	on *display
}

func (d displayed) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, resized := msg.(tea.WindowSizeMsg); resized {
		d.on.forget() // there and back again is the same size, and has cut the picture
	}
	m, cmd := d.pictured.Update(msg)
	d.pictured = m.(pictured)
	return d, cmd
}

// View is the same for ever, so that Bubble Tea finds nothing to draw.
func (d displayed) View() string {
	d.on.show(d.pictured.picture())
	return " "
}
