package tree_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/worlds"
)

const million = 1_000_000

// BenchmarkPastApply is one event into a tree that remembers. The floor is the
// same into one that does not.
func BenchmarkPastApply(b *testing.B) {
	for _, w := range worlds.All {
		list := w.Events(300_000)
		b.Run(w.Name+"/past", func(b *testing.B) {
			b.ReportAllocs()
			for done := 0; done < b.N; done += len(list) {
				p := tree.NewPast(0)
				for i := range list[:min(len(list), b.N-done)] {
					p.Apply(&list[i])
				}
			}
		})
		b.Run(w.Name+"/floor", func(b *testing.B) {
			b.ReportAllocs()
			for done := 0; done < b.N; done += len(list) {
				t := new(tree.Tree)
				for i := range list[:min(len(list), b.N-done)] {
					t.Apply(&list[i])
				}
			}
		})
	}
}

// BenchmarkPastSeek is a jump to anywhere in a million events, back or on. It
// tells the slowest of them and what the Past takes of the heap, beside the bytes
// of the events in a file. The floor is to fold again from the beginning.
func BenchmarkPastSeek(b *testing.B) {
	for _, w := range worlds.All {
		list := w.Events(million)
		b.Run(w.Name+"/seek", func(b *testing.B) {
			var size int
			for i := range list {
				size += len(list[i].AppendJSON(nil)) + 1
			}
			before := heap()
			p := tree.NewPast(0)
			for i := range list {
				p.Apply(&list[i])
			}
			grown := heap() - before
			t, rnd := new(tree.Tree), rand.New(rand.NewPCG(1, 1))
			var all []time.Duration
			b.ResetTimer()
			for range b.N {
				to := rnd.IntN(len(list))
				start := time.Now()
				for i := p.Restore(t, to); i < to; i++ {
					t.Apply(&list[i])
				}
				all = append(all, time.Since(start))
			}
			b.StopTimer()
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)-1])/1e6, "ms-max")
			b.ReportMetric(float64(all[len(all)*99/100])/1e6, "ms-p99")
			b.ReportMetric(float64(grown)/float64(size), "x-file")
			b.ReportMetric(float64(heap()-before)/float64(size), "x-file-both")
			runtime.KeepAlive(p)
			runtime.KeepAlive(t)
		})
		b.Run(w.Name+"/floor", func(b *testing.B) {
			rnd := rand.New(rand.NewPCG(1, 1))
			for range b.N {
				tree.Fold(list[:rnd.IntN(len(list))])
			}
		})
	}
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
