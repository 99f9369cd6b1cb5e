package tape_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
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
	s, f := newSpool(t, 0)
	for i := 0; i < len(list); i += 50 {
		s.Write(list[i : i+50])
	}
	opened, err := tape.OpenSpool(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Free()
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
		for _, sp := range []*tape.Spool{s, opened} {
			got, err := sp.Lines(q)
			if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v: %d lines, want %d, %v", q, len(got), len(want), err)
			}
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

// Files that are broken, or were not written here, are paged through for what is
// good in them.
func TestOpenSpool(t *testing.T) {
	line := func(seq int, text string) string {
		return fmt.Sprintf(`{"text":%q, "kind":"out","seq":%d,"node":"0"}`+"\n", text, seq)
	}
	for _, c := range []struct{ name, text, want string }{
		{"whole", head + line(1, "a") + line(2, "b") + eof, "a b"},
		{"torn", head + line(1, "a") + line(2, "b")[:20], "a"},
		{"no end", head + line(1, "a") + strings.TrimSuffix(line(2, "b"), "\n"), "a b"},
		{"garbage", head + line(1, "a") + "garbage\n\x00\n" + line(2, "b"), "a b"},
		{"endless line", head + line(1, "a") + strings.Repeat("x", 5<<20) + "\n" + line(2, "b"), "a b"},
		{"another order", head + line(5, "a") + line(2, "b") + line(3, "c"), "a b c"},
		{"header only", head, ""},
	} {
		path := filepath.Join(t.TempDir(), "x")
		os.WriteFile(path, []byte(c.text), 0o600)
		s, err := tape.OpenSpool(path)
		if err != nil {
			t.Fatal(c.name, err)
		}
		for _, back := range []bool{false, true} {
			got, err := s.Lines(tape.LineQuery{Backward: back})
			var texts []string
			for _, l := range got {
				texts = append(texts, l.Text)
			}
			if err != nil || strings.Join(texts, " ") != c.want {
				t.Errorf("%s: %v, %v", c.name, texts, err)
			}
		}
		tp, err := tape.Read(bytes.NewReader(readAll(t, s.Reader(0), 64<<10)))
		if err != nil || len(tp.Events) < len(strings.Fields(c.want)) {
			t.Errorf("%s: read %v, %v", c.name, tp, err)
		}
		s.Free()
	}
	path := filepath.Join(t.TempDir(), "none")
	os.WriteFile(path, []byte("hello\n"), 0o600)
	if _, err := tape.OpenSpool(path); err == nil || !strings.HasPrefix(err.Error(), path+":1: not a recording") {
		t.Error(err)
	}
}
