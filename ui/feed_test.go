package ui

import (
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// next waits for a batch and says how long that took.
func next(f *Feed, last time.Time, spare []tree.Event) (feedMsg, time.Duration) {
	from := time.Now()
	msg := f.wait(last, time.Second/60, spare, time.Now)().(feedMsg)
	return msg, time.Since(from)
}

func TestFeedBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := NewFeed()
		f.Add(shop()[:2])
		msg, d := next(f, time.Time{}, nil)
		if len(msg.events) != 2 || d != 0 {
			t.Fatalf("first: %d events after %v, want 2 at once", len(msg.events), d)
		}
		go func() {
			for _, e := range shop() {
				time.Sleep(time.Millisecond)
				f.Add([]tree.Event{e})
			}
		}()
		msg, d = next(f, msg.at, msg.events)
		if len(msg.events) != len(shop()) || d != time.Second/60 {
			t.Errorf("then: %d events after %v, want all in one slot", len(msg.events), d)
		}
		time.Sleep(time.Second)
		f.Add(shop())
		msg, d = next(f, msg.at, nil)
		if d != 0 {
			t.Errorf("after a silence it took %v, want none", d)
		}
		if msg.closed {
			t.Error("closed before Close")
		}
	})
}

func TestFeedDeliversBeforeClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := NewFeed()
		f.Add(shop())
		f.Close()
		f.Close()
		f.Add(shop()) // too late
		msg, _ := next(f, time.Time{}, nil)
		if len(msg.events) != len(shop()) || !msg.closed {
			t.Errorf("%d events, closed %v", len(msg.events), msg.closed)
		}
	})
}

// Events that arrive while the screen is busy are never lost, repeated or
// reordered, and the slices that go round are not written to while in use.
func TestFeedIsAQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const total = 10_000
		f := NewFeed()
		go func() {
			for i := range total {
				f.Add([]tree.Event{{Seq: uint64(i + 1)}})
				if i%97 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
			f.Close()
		}()
		seq, at := uint64(0), time.Time{}
		var spare []tree.Event
		for closed := false; !closed; {
			msg, _ := next(f, at, spare)
			for _, e := range msg.events {
				if seq++; e.Seq != seq {
					t.Fatalf("event %d where %d belongs", e.Seq, seq)
				}
			}
			at, spare, closed = msg.at, msg.events, msg.closed
		}
		if seq != total {
			t.Errorf("%d events, want %d", seq, total)
		}
	})
}

// The model asks for the next batch after each, and for none after the last.
func TestModelSubscribes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watching(t)
		f := w.opts.Feed
		f.Add(shop())
		cmd := w.Init()
		for range 3 {
			_, cmd = w.Update(cmd())
			w.asking = true
			if cmd == nil {
				break
			}
			if w.at == len(shop()) {
				f.Close()
			}
			if b, ok := cmd().(tea.BatchMsg); ok {
				cmd = b[0]
			}
		}
		if w.at != len(shop()) || len(w.tree.Nodes) != 6 {
			t.Errorf("%d events shown", w.at)
		}
		if w.play.growing {
			t.Error("the tape still grows after Close")
		}
	})
}
