package tree_test

import (
	"fmt"
	"testing"

	"multiexit/tree"
)

// BenchmarkApply is one event of a session in which many processes register,
// run their handlers side by side and end. The floor beside it does the least
// that any fold must: find the node by its id and keep a copy of the event.
func BenchmarkApply(b *testing.B) {
	for _, size := range []struct{ processes, handlers int }{{20, 4}, {1000, 10}, {10000, 10}} {
		list := wide(size.processes, size.handlers)
		name := fmt.Sprintf("%dx%d", size.processes, size.handlers)
		b.Run(name+"/apply", func(b *testing.B) {
			b.ReportAllocs()
			for done := 0; done < b.N; done += len(list) {
				tr := new(tree.Tree)
				for i := range list[:min(len(list), b.N-done)] {
					tr.Apply(&list[i])
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mev/s")
		})
		b.Run(name+"/floor", func(b *testing.B) {
			b.ReportAllocs()
			for done := 0; done < b.N; done += len(list) {
				last := map[string]*tree.Event{}
				for i := range list[:min(len(list), b.N-done)] {
					e := &list[i]
					copied := last[e.Node]
					if copied == nil {
						copied = new(tree.Event)
						last[e.Node] = copied
					}
					*copied = *e
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mev/s")
		})
	}
}

// BenchmarkPlan is what a frame asks of each row.
func BenchmarkPlan(b *testing.B) {
	list := wide(40, 10)
	tr := tree.Fold(list[:len(list)/3])
	var plan []*tree.Handler
	b.ReportAllocs()
	for i := range b.N {
		plan = tr.Nodes[i%len(tr.Nodes)].AppendPlan(plan[:0])
	}
}
