package ui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"multiexit/tree"
)

// forest is a random tree of n processes, some of them exiting or gone.
func forest(r *rand.Rand, n int) []tree.Event {
	ids, kids := []string{"0"}, map[string]int{}
	es := []tree.Event{born(0, "0", "p0")}
	for i := 1; i < n; i++ {
		p := ids[r.IntN(len(ids))]
		if r.IntN(4) == 0 {
			p = ids[len(ids)-1] // some depth
		}
		id := fmt.Sprintf("%s.%d", p, kids[p])
		kids[p]++
		ids = append(ids, id)
		es = append(es, born(i, id, fmt.Sprintf("p%d", i%17)))
		switch r.IntN(6) {
		case 0:
			es = append(es, on(i, "signal", id, ""))
		case 1:
			es = append(es, on(i, "exit", id, ""))
		}
	}
	return es
}

// plainRows says what flatten shall do, in the most stupid way: a node is shown
// if no ancestor is folded, or with a filter if it or anything below it matches.
func plainRows(m *Model) (ids []string, last []uint64) {
	var below func(n *tree.Node) bool
	below = func(n *tree.Node) bool {
		return m.filter.match(n) || slices.ContainsFunc(n.Kids, below)
	}
	shown := func(n *tree.Node) bool {
		if m.filter.active() {
			return below(n)
		}
		for p := n.Parent; p != nil; p = p.Parent {
			if m.folded[p.ID] {
				return false
			}
		}
		return true
	}
	lastOf := func(n *tree.Node) bool {
		among := m.tree.Roots
		if n.Parent != nil {
			among = n.Parent.Kids
		}
		for i := len(among) - 1; i >= 0; i-- {
			if shown(among[i]) {
				return among[i] == n
			}
		}
		return false
	}
	var walk func(ns []*tree.Node)
	walk = func(ns []*tree.Node) {
		for _, n := range ns {
			if !shown(n) {
				continue
			}
			mask := uint64(0)
			for p := n; p != nil; p = p.Parent {
				if lastOf(p) {
					mask |= 1 << p.Depth
				}
			}
			ids, last = append(ids, n.ID), append(last, mask)
			walk(n.Kids)
		}
	}
	walk(m.tree.Roots)
	return ids, last
}

func TestRowsAgainstBruteForce(t *testing.T) {
	filters := []string{"", "", "p1", "p16", "state:exiting", "p3 state:gone", "nothing", "pid:1"}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := watching(t, forest(r, 1+r.IntN(120)))
		w.ended = true // what thins the rows has its own test
		for _, n := range w.tree.Nodes {
			if r.IntN(5) == 0 {
				w.folded[n.ID] = true
			}
		}
		w.search(filters[r.IntN(len(filters))])
		w.refresh()
		ids, last := plainRows(w.Model)
		if len(ids) != len(w.rows) {
			t.Fatalf("seed %d, filter %q: %d rows, want %d", seed, w.filter.text, len(w.rows), len(ids))
		}
		for i, row := range w.rows {
			if row.node.ID != ids[i] || row.last != last[i] || int(w.pos[row.node.Index]) != i {
				t.Fatalf("seed %d, filter %q, row %d: %s %b at %d, want %s %b", seed, w.filter.text, i,
					row.node.ID, row.last, w.pos[row.node.Index], ids[i], last[i])
			}
		}
		if len(w.rows) > 0 && w.line(w.cursor) < 0 {
			t.Fatalf("seed %d: the cursor %q is nowhere", seed, w.cursor)
		}
	}
}

// A birth, a death or a fold elsewhere never moves the cursor to another node.
func TestCursorStays(t *testing.T) {
	w := watching(t, shop())
	w.press("j", "j", "j")
	w.feed(born(50, "0.0.2", "worker-3"), born(51, "0.2", "late"))
	if w.cursor != "0.0.1" {
		t.Errorf("after births the cursor is at %s", w.cursor)
	}
	w.toggleFold("0.0")
	w.refresh()
	if w.cursor != "0.0" {
		t.Errorf("folded away, the cursor is at %s, want the parent", w.cursor)
	}
	w.toggleFold("0.0")
	w.refresh()
	if w.cursor != "0.0.1" {
		t.Errorf("unfolded again, the cursor is at %s", w.cursor)
	}
}

func TestFlattenAllocatesNothing(t *testing.T) {
	w := watching(t, forest(rand.New(rand.NewPCG(1, 2)), 1000))
	if n := testing.AllocsPerRun(20, w.flatten); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFlatten10k(b *testing.B) {
	w := watching(b, forest(rand.New(rand.NewPCG(1, 2)), 10_000))
	b.ReportAllocs()
	for b.Loop() {
		w.flatten()
	}
}

func BenchmarkFilter10k(b *testing.B) {
	w := watching(b, forest(rand.New(rand.NewPCG(1, 2)), 10_000))
	w.filter.set("p16")
	b.ReportAllocs()
	for b.Loop() {
		w.flatten()
	}
}

// BenchmarkUpdateBatch10k is a frame's worth of events on 10,000 processes:
// taken in, rows and cursor kept, nothing painted.
func BenchmarkUpdateBatch10k(b *testing.B) {
	w := watching(b, forest(rand.New(rand.NewPCG(1, 2)), 10_000))
	w.Model.opts.Motion = false
	batch := make([]tree.Event, 0, 100)
	for i := range 50 {
		id := w.tree.Nodes[i*199].ID
		batch = append(batch, on(20_000+i, "begin", id, "h1"), on(20_000+i, "end", id, "h1"))
	}
	b.ReportAllocs()
	for b.Loop() {
		w.feed(batch...)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch)), "ns/event")
}
