package tape_test

import (
	"strings"
	"testing"

	"multiexit/tree/tape"
)

// BenchmarkSpoolLines looks lines up among a million: a page in the middle, and a
// text that is nowhere.
func BenchmarkSpoolLines(b *testing.B) {
	s, _ := newSpool(b, 0)
	const n = 1_000_000
	list := many(10_000)
	for i := 0; i < n; i += len(list) {
		for j := range list {
			list[j].Seq = uint64(i + j + 1)
		}
		if err := s.Write(list); err != nil {
			b.Fatal(err)
		}
	}
	look := func(name string, q tape.LineQuery, want int) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				got, err := s.Lines(q)
				if err != nil || len(got) != want {
					b.Fatalf("%d lines, %v", len(got), err)
				}
			}
		})
	}
	look("page", tape.LineQuery{Nodes: []string{"0"}, Before: n / 2, Max: 100, Backward: true}, 100)
	look("page-of-all", tape.LineQuery{Before: n / 2, Max: 100, Backward: true}, 100)
	look("page-of-quiet", tape.LineQuery{Nodes: []string{"30"}, Before: n / 2, Max: 20, Backward: true}, 20)
	look("search-all", tape.LineQuery{Match: func(s string) bool { return strings.Contains(s, "nowhere") }}, 0)
}
