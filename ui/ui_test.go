package ui

import (
	"bytes"
	"io"
	"reflect"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// stopper ends everything when asked to stop: the feed gets the end of the story.
type stopper struct {
	spy
	feed *Feed
}

func (s *stopper) Stop() {
	s.spy.Stop()
	s.feed.Add(fall())
	s.feed.Add([]tree.Event{{Kind: "eof", T: ms(1500)}})
	s.feed.Close()
}

// The whole program without a terminal: it shows what comes, stops what lives
// when asked to, and leaves by itself when that is done.
func TestProgram(t *testing.T) {
	in, keys := io.Pipe()
	var out bytes.Buffer
	d := &stopper{feed: NewFeed()}
	came := make(chan struct{}, 100)
	p := NewProgram(New(Options{
		Header: tree.Header{Start: time.Now()}, Feed: d.feed, Driver: d, Motion: true, Input: in, Output: &out,
	}), tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg {
		if _, ok := msg.(feedMsg); ok {
			came <- struct{}{}
		}
		return msg
	}))
	d.feed.Add(shop())
	go func() {
		p.Send(tea.WindowSizeMsg{Width: 100, Height: 30})
		<-came
		io.WriteString(keys, "q")
		io.WriteString(keys, "\r")
	}()
	end := time.AfterFunc(hung, p.Kill)
	defer end.Stop()
	m, err := p.Run()
	keys.Close()
	if err != nil {
		t.Fatal(err)
	}
	if got := d.String(); got != "stop" {
		t.Errorf("the driver was asked for %q", got)
	}
	if w := m.(*Model); w.at != len(shop())+len(fall())+1 || !w.tree.Done {
		t.Errorf("it left at event %d of %d", w.at, w.tape.Len())
	}
	for _, mode := range []string{"\x1b[?1049h", "\x1b[?1049l", "\x1b[?1002h", "\x1b[?1002l"} {
		if !bytes.Contains(out.Bytes(), []byte(mode)) {
			t.Errorf("the terminal was not told %q", mode)
		}
	}
}

// A shot is a function of its arguments.
func TestShot(t *testing.T) {
	rec := &tape.Tape{Events: append(shop(), fall()...)}
	a := Shot(rec, ms(1120), 120, 36, Options{Motion: true})
	if b := Shot(rec, ms(1120), 120, 36, Options{Motion: true}); !reflect.DeepEqual(a.Plain(), b.Plain()) {
		t.Error("two shots of the same moment differ")
	}
	if c := Shot(rec, ms(1400), 120, 36, Options{Motion: true}); a.Plain() == c.Plain() {
		t.Error("shots of different moments are the same")
	}
	for _, size := range [][2]int{{0, 0}, {20, 5}, {80, 24}, {200, 50}} {
		if c := Shot(rec, ms(1120), size[0], size[1], Options{}); c.W != size[0] || c.H != size[1] {
			t.Errorf("%dx%d, want %v", c.W, c.H, size)
		}
	}
}
