package tape_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// many is a session of several commands with very different floods.
func many(n int) (list []tree.Event) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		node := []string{"0", "0", "0", "0", "1", "1", "1.4.2", "2"}[rnd.IntN(8)]
		if i%3000 == 17 {
			node = "30"
		}
		text := fmt.Sprintf("line %d <%s> \x1b[1mbold\x1b[0m %s", i, node, strings.Repeat("x", rnd.IntN(100)))
		e := out(i+1, node, []string{"stdout", "stderr", "pty"}[rnd.IntN(3)], text)
		if i%5 == 0 {
			e = tree.Event{Seq: uint64(i + 1), Kind: exitreg.KindNote, Node: node, Text: "line kind"}
		}
		if i == n/2 {
			e = out(i+1, "0", "stdout", strings.Repeat("long ", 30000)) // longer than any buffer
		}
		list = append(list, e)
	}
	return list
}

// naive is what Lines has to find.
func naive(list []tree.Event, q tape.LineQuery) (found []tape.Line) {
	for _, e := range list {
		of := q.Nodes == nil
		for _, n := range q.Nodes {
			of = of || e.Node == n || strings.HasPrefix(e.Node, n+".")
		}
		if e.Kind == exitreg.KindOut && of && e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) && (q.Raw || e.Stream != "pty") && (q.Match == nil || q.Match(e.Text)) {
			found = append(found, tape.Line{Seq: e.Seq, T: e.T, Node: e.Node, Stream: e.Stream, Text: e.Text})
		}
	}
	if q.Backward {
		return found[max(0, len(found)-q.Max):]
	}
	return found[:min(len(found), q.Max)]
}

func TestSpoolLines(t *testing.T) {
	list := many(8000)
	s, _ := newSpool(t, 0)
	for i := 0; i < len(list); i += 50 {
		s.Write(list[i : i+50])
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	match := func(s string) bool { return strings.Contains(s, "77") }
	for range 200 {
		q := tape.LineQuery{Max: 1 + rnd.IntN(300), Backward: rnd.IntN(2) == 0, Raw: rnd.IntN(3) == 0}
		q.Nodes = [][]string{nil, {"0"}, {"1"}, {"30"}, {"3"}, {"30", "2"}, {"1.4"}, {"0", "1", "2"}, {}}[rnd.IntN(9)]
		if rnd.IntN(2) == 0 {
			q.After = uint64(rnd.IntN(len(list) + 10))
		}
		if rnd.IntN(2) == 0 {
			q.Before = uint64(rnd.IntN(len(list) + 10))
		}
		if rnd.IntN(3) == 0 {
			q.Match = match
		}
		want := naive(list, q)
		got, err := s.Lines(q)
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v: %d lines, want %d, %v", q, len(got), len(want), err)
		}
	}
}

// Pages backwards while the file grows meet every line once.
func TestSpoolPages(t *testing.T) {
	list := many(12000)
	s, _ := newSpool(t, 0)
	s.Write(list[:6000])
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 6000; i < len(list); i += 10 {
			s.Write(list[i : i+10])
		}
	})
	var got []tape.Line
	q := tape.LineQuery{Nodes: []string{"1", "0"}, Max: 73, Backward: true, Before: 6001}
	for {
		page, err := s.Lines(q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		got = append(page, got...)
		q.Before = page[0].Seq
	}
	wg.Wait()
	if want := naive(list[:6000], tape.LineQuery{Nodes: q.Nodes, Max: 1 << 30}); !reflect.DeepEqual(got, want) {
		t.Errorf("%d lines, want %d", len(got), len(want))
	}
}

func TestSpoolLinesCancelled(t *testing.T) {
	s, _ := newSpool(t, 0)
	s.Write(many(5000))
	ctx, cancel := context.WithCancel(context.Background())
	seen := 0
	q := tape.LineQuery{Context: ctx, Max: 1 << 20, Match: func(string) bool {
		if seen++; seen == 100 {
			cancel()
		}
		return true
	}}
	for _, q.Backward = range []bool{false, true} {
		got, err := s.Lines(q)
		if err != context.Canceled || len(got) > 1000 {
			t.Errorf("%d lines, %v", len(got), err)
		}
	}
}
