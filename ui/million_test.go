package ui

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/tree/worlds"
	"multiexit/ui/canvas"
)

// playing is the screen of a recording of n events of a world, as soon as all of
// it is known.
func playing(tb testing.TB, w worlds.World, n int) *Model {
	tb.Helper()
	var r tape.Reel
	w.Tell(n, r.Append)
	m := New(Options{Header: tree.Header{Start: epoch}, Tape: tape.Of(&r), Theme: "dark", Profile: canvas.TrueColor, Motion: true, Now: time.Now})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	for !m.prepared {
		m.Update(learnMsg{m})
	}
	return m
}

// BenchmarkSeekMillion is a jump to anywhere in a recording of a million events,
// until the frame is painted, with the log and then with the output shown. The
// floor is what it takes without anything that is remembered: to fold from the
// beginning. The bar is a frame or two of a screen of 60 a second: 33 ms.
func BenchmarkSeekMillion(b *testing.B) {
	for _, w := range worlds.All {
		before := heapNow()
		m := playing(b, w, 1_000_000)
		size := 0
		for i := range m.tape.Len() {
			size += len(m.event(i).AppendJSON(nil)) + 1
		}
		for _, low := range []pane{paneLog, paneOutput} {
			name := w.Name + map[pane]string{paneLog: "/log", paneOutput: "/output"}[low]
			b.Run(name, func(b *testing.B) {
				m.turnTo(low)
				m.focus = paneTree
				rnd := rand.New(rand.NewPCG(1, 1))
				var all []time.Duration
				for range b.N {
					i := rnd.IntN(m.tape.Len() + 1)
					start := time.Now()
					m.seek(i, m.when(i))
					m.refresh()
					m.serve()
					m.View()
					all = append(all, time.Since(start))
				}
				b.StopTimer()
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2])/1e6, "ms-p50")
				b.ReportMetric(float64(all[len(all)*9/10])/1e6, "ms-p90")
				b.ReportMetric(float64(all[len(all)-1])/1e6, "ms-max")
				b.ReportMetric(float64(heapNow()-before)/float64(size), "x-file")
			})
		}
		list := w.Events(1_000_000)
		b.Run(w.Name+"/floor", func(b *testing.B) {
			rnd := rand.New(rand.NewPCG(1, 1))
			for range b.N {
				tree.Fold(list[:rnd.IntN(len(list))])
			}
		})
		runtime.KeepAlive(m)
	}
}

// BenchmarkLiveTape is an event of a session that is shown as it comes, in batches
// of a frame, nothing painted. The floor is the same without any moment of it being
// remembered, so that nobody could go back.
func BenchmarkLiveTape(b *testing.B) {
	for _, w := range worlds.All {
		list := w.Events(400_000)
		for name, span := range map[string]int{"live": tree.Every, "floor": 1 << 60} {
			b.Run(w.Name+"/"+name, func(b *testing.B) {
				was := markSpan
				markSpan = span
				defer func() { markSpan = was }()
				for done := 0; done < b.N; {
					b.StopTimer()
					m := New(Options{Header: tree.Header{Start: epoch}, Feed: NewFeed(), Theme: "dark", Profile: canvas.TrueColor, Now: time.Now})
					runtime.GC()
					b.StartTimer()
					for i := 0; i < len(list) && done < b.N; i += 500 {
						batch := list[i:min(len(list), i+500, i+b.N-done)]
						m.take(feedMsg{events: batch, at: epoch})
						done += len(batch)
					}
				}
			})
		}
	}
}

// BenchmarkBackFromLive is the first step back from a long session that is shown
// live, after which its past has a tree of its own, and the way to live again.
func BenchmarkBackFromLive(b *testing.B) {
	for _, w := range worlds.All {
		m := New(Options{Header: tree.Header{Start: epoch}, Feed: NewFeed(), Theme: "dark", Profile: canvas.TrueColor, Now: time.Now})
		m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
		m.take(feedMsg{events: w.Events(1_000_000), at: epoch})
		b.Run(w.Name, func(b *testing.B) {
			var worst time.Duration
			for i := range b.N {
				start := time.Now()
				at := (m.tape.Len() - 1 - 777_777*i%m.tape.Len()) % m.tape.Len()
				m.seek(at, m.when(at))
				m.refresh()
				m.View()
				if d := time.Since(start); i > 0 {
					worst = max(worst, d)
				} else {
					b.ReportMetric(float64(d)/1e6, "ms-first")
				}
				m.catchUp()
				m.refresh()
			}
			b.ReportMetric(float64(worst)/1e6, "ms-max")
		})
	}
}

func heapNow() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
