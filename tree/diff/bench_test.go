package diff_test

import (
	"math/rand/v2"
	"testing"

	"multiexit/tree/diff"
)

// BenchmarkCompare is two runs of 10,000 processes.
func BenchmarkCompare(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	p := invent(r, 10_000)
	x, y := run(r, p, false), run(r, p, false)
	for b.Loop() {
		diff.Compare(x, y)
	}
}
