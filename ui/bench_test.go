package ui

import (
	"cmp"
	"slices"
	"strconv"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// crowd is n processes with ten handlers each, all signalled and running; half
// of the handlers had their turn.
func crowd(n int) (es []tree.Event) {
	names := []string{"drain-conns", "flush-wal", "close-db-pool", "unlink-socket", "save-cursor", "cancel-jobs", "sync-fs", "rotate-log", "release-lease", "flush-metrics"}
	ids := []string{"0"}
	kids := map[string]int{}
	for i := range n {
		id := ids[i]
		for k := 0; k < 4 && len(ids) < n; k++ {
			ids = append(ids, id+"."+strconv.Itoa(kids[id]))
			kids[id]++
		}
		t := time.Duration(i) * time.Microsecond
		es = append(es, tree.Event{T: t, Kind: "spawn", Node: id, PID: 10000 + i, Name: "worker-" + strconv.Itoa(i)},
			tree.Event{T: t, Kind: "hello", Node: id, Name: "worker-" + strconv.Itoa(i)})
		for h, name := range names {
			es = append(es, tree.Event{T: t, Kind: "register", Node: id, ID: "h" + strconv.Itoa(h), Handler: name, Shared: h < 3, From: ids[0], Src: "main.go:42", Timeout: 5 * time.Second})
		}
	}
	for i, id := range ids {
		t := firstSignal + time.Duration(i)*50*time.Microsecond
		es = append(es, tree.Event{T: t, Kind: "signal", Node: id, Sig: "SIGTERM", Sender: "multiexit"}, tree.Event{T: t, Kind: "deliver", Node: id, Sig: "SIGTERM"})
		for h := 9; h >= 4; h-- {
			t += 100 * time.Millisecond
			es = append(es, tree.Event{T: t, Kind: "begin", Node: id, ID: "h" + strconv.Itoa(h)})
			if h > 4 {
				es = append(es, tree.Event{T: t + 90*time.Millisecond, Kind: "end", Node: id, ID: "h" + strconv.Itoa(h), Elapsed: 90 * time.Millisecond})
			}
		}
	}
	slices.SortStableFunc(es, func(a, b tree.Event) int { return cmp.Compare(a.T, b.T) })
	return es
}

// big is a screen of 200x50 with 10,000 processes and 100,000 handlers in the
// middle of a shutdown.
func big(tb testing.TB) *Model {
	m := stage(tb, scene{w: 200, h: 50, at: 1200 * time.Millisecond, events: crowd(10000)})
	m.choose(30)
	m.refresh()
	m.paint()
	return m
}

// BenchmarkFrame is the time of a frame in which everything moves, as the display has
// it; its floor is Clear and Append of the same canvas with the same cells. "paint" is
// without what is written, "calm" the frame in which nothing has changed, "whole" one
// that is written from the first cell to the last.
func BenchmarkFrame(b *testing.B) {
	m := big(b)
	buf := make([]byte, 0, 1<<20)
	d := &display{}
	written := func() {
		d.next.Copy(m.canvas)
		buf = d.frame()
	}
	frame := func(b *testing.B, step time.Duration, out func()) {
		start, bytes := m.now, 0
		b.ReportAllocs()
		for i := range b.N {
			m.now = start + time.Duration(i%30)*step
			m.paint()
			buf = buf[:0]
			out()
			bytes += len(buf)
		}
		b.ReportMetric(float64(bytes)/float64(b.N), "written/op")
	}
	b.Run("moving", func(b *testing.B) { frame(b, 33*time.Millisecond, written) })
	b.Run("calm", func(b *testing.B) { frame(b, 0, written) })
	b.Run("paint", func(b *testing.B) { frame(b, 33*time.Millisecond, func() {}) })
	b.Run("whole", func(b *testing.B) { frame(b, 33*time.Millisecond, func() { buf = m.canvas.Append(buf[:0]) }) })
	b.Run("floor", func(b *testing.B) {
		c := m.canvas
		other := canvas.New(c.W, c.H, c.Profile)
		b.ReportAllocs()
		for i := range b.N {
			other.Clear()
			for y := range c.H {
				for x := range c.W {
					*other.At(x, y) = *c.At(x, y)
				}
				other.At(0, y).R = rune('a' + i%2) // no row is as before
			}
			buf = other.Append(buf[:0])
		}
	})
}

func TestFrameAllocatesNothing(t *testing.T) {
	m := big(t)
	d := &display{}
	draw := func(c *canvas.Canvas) {
		d.next.Copy(c)
		d.frame()
	}
	for _, moving := range []bool{true, false} {
		m.motion = moving
		m.paint()
		draw(m.canvas)
		if n := testing.AllocsPerRun(20, func() {
			m.now += time.Millisecond
			m.paint()
			draw(m.canvas)
		}); n != 0 {
			t.Errorf("motion %v: a frame costs %v allocations", moving, n)
		}
	}
	for _, size := range [][2]int{{120, 36}, {80, 24}, {59, 15}} {
		s := stage(t, scene{w: size[0], h: size[1], at: running, cursor: "worker-2"})
		s.paint()
		draw(s.canvas)
		if n := testing.AllocsPerRun(20, func() {
			s.now += time.Millisecond
			s.paint()
			draw(s.canvas)
		}); n != 0 {
			t.Errorf("%v: a frame costs %v allocations", size, n)
		}
	}
}
