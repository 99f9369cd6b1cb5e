package tree_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"multiexit/tree"
)

// Fold of the first i events is what applying one by one has come to.
func TestFoldIsApply(t *testing.T) {
	for _, s := range stories {
		list, grown := s.events(), new(tree.Tree)
		for i := range list {
			grown.Apply(&list[i])
			if got, want := picture(grown), picture(tree.Fold(list[:i+1])); got != want {
				t.Fatalf("%s, %d events: applied\n%s\nfolded\n%s", s.name, i+1, got, want)
			}
			if err := sound(grown); err != nil {
				t.Fatalf("%s, %d events: %v", s.name, i+1, err)
			}
		}
	}
}

// A repeated event changes nothing, whether or not it has a number.
func TestRepetition(t *testing.T) {
	for _, s := range stories {
		for _, numbered := range []bool{true, false} {
			list := s.events()
			if numbered { // only the number tells a repetition from a second one of what is but counted
				list = append(list, tree.Event{Seq: uint64(len(list) + 1), Kind: "wonder", Node: "0"})
			}
			once, twice := new(tree.Tree), new(tree.Tree)
			for i := range list {
				if !numbered {
					list[i].Seq = 0
				}
				once.Apply(&list[i])
				twice.Apply(&list[i])
				before := twice.Shape
				twice.Apply(&list[i])
				if got, want := picture(twice), picture(once); got != want || twice.Shape != before {
					t.Fatalf("%s: event %d (%s) twice\n%s\nonce\n%s", s.name, i, list[i].Kind, got, want)
				}
			}
		}
	}
}

// A whole stream told twice ends as one told once: the second time, nothing is
// news. (Stop and cont are no facts but changes; they even out here.)
func TestStreamTwice(t *testing.T) {
	for _, s := range stories {
		list := s.events()
		once, twice := tree.Fold(list), tree.Fold(append(slices.Clone(list), list...))
		for i, n := range once.Nodes {
			m := twice.Nodes[i]
			if n.State != m.State || n.Outcome() != m.Outcome() || len(n.Ran()) != len(m.Ran()) || n.Remark() != m.Remark() {
				t.Errorf("%s: node %s: once %v %s %q, twice %v %s %q", s.name, n.ID, n.State, n.Outcome(), n.Remark(), m.State, m.Outcome(), m.Remark())
			}
		}
		if once.Counts != twice.Counts {
			t.Errorf("%s: once %+v, twice %+v", s.name, once.Counts, twice.Counts)
		}
	}
}

// Whatever is lost, repeated or out of order: the tree stays sound.
func TestAnyOrder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		list := stories[rnd.IntN(len(stories))].events()
		if rnd.IntN(2) == 0 {
			rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		tr := new(tree.Tree)
		for i := range list {
			for range rnd.IntN(3) {
				tr.Apply(&list[i])
			}
			if i%16 == 0 {
				if err := sound(tr); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := sound(tr); err != nil {
			t.Fatal(err)
		}
	}
}

// Processes of their own order can be interleaved in any way: what each of them
// is afterwards does not change, as long as the observer's own order per process
// is kept.
func TestInterleaving(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, s := range stories {
		list := s.events()
		want := tree.Fold(list)
		for range 20 {
			got := tree.Fold(interleave(rnd, list))
			for _, n := range want.Nodes {
				m := got.Node(n.ID)
				if m == nil || n.State != m.State || n.Outcome() != m.Outcome() || n.Remark() != m.Remark() || n.Cause != m.Cause || names(n.Ran()) != names(m.Ran()) {
					t.Fatalf("%s: node %s came out differently:\n%s\n%s", s.name, n.ID, picture(want), picture(got))
				}
			}
		}
	}
}

func interleave(rnd *rand.Rand, list []tree.Event) []tree.Event {
	queues := map[string][]tree.Event{}
	var order []string
	for _, e := range list {
		if queues[e.Node] == nil {
			order = append(order, e.Node)
		}
		queues[e.Node] = append(queues[e.Node], e)
	}
	end := queues[""] // eof comes last
	order = slices.DeleteFunc(order, func(id string) bool { return id == "" })
	var mixed []tree.Event
	for len(order) > 0 {
		i := rnd.IntN(len(order))
		id := order[i]
		mixed = append(mixed, queues[id][0])
		if queues[id] = queues[id][1:]; len(queues[id]) == 0 {
			order = slices.Delete(order, i, i+1)
		}
	}
	return append(mixed, end...)
}

func names(list []*tree.Handler) string {
	var s string
	for _, h := range list {
		s += h.Name + " "
	}
	return s
}

// Apply keeps nothing of the event that a caller may use again.
func TestApplyKeepsNoReference(t *testing.T) {
	var buffer tree.Event
	reused := new(tree.Tree)
	list := faulty()
	for _, e := range list {
		buffer = e
		reused.Apply(&buffer)
		buffer = tree.Event{Kind: "spoilt", Node: "9", Text: "spoilt", Err: "spoilt"}
	}
	if got, want := picture(reused), picture(tree.Fold(list)); got != want {
		t.Errorf("reused\n%s\nfresh\n%s", got, want)
	}
}

// An event survives the way through its JSON.
func TestEventRoundTrip(t *testing.T) {
	for _, s := range stories {
		for _, e := range s.events() {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if got := events(t, string(line)); !reflect.DeepEqual(got[0], e) {
				t.Errorf("%+v became %+v", e, got[0])
			}
		}
	}
}

// A path that is no path makes no nodes without end.
func TestWildPaths(t *testing.T) {
	tr := new(tree.Tree)
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = "0."[i%2]
	}
	for _, id := range []string{".", "..", "0.", ".0", "0..0", "a.b", "-1", string(long), string(long[:20000]), "\x00", "0.0 .1"} {
		tr.Apply(&tree.Event{Kind: "spawn", Node: id})
		tr.Apply(&tree.Event{Kind: "wait", Node: "0", ID: "h", Text: id})
		tr.Apply(&tree.Event{Kind: "register", Node: "0", ID: "h", From: id})
	}
	if err := sound(tr); err != nil {
		t.Fatal(err)
	}
	if tr.Unknown != 1 {
		t.Errorf("%d events refused, want the one with a path of 1 MiB", tr.Unknown)
	}
}

// What arrives is any JSON: nothing panics, and the tree is sound after each
// event.
func FuzzApply(f *testing.F) {
	for _, s := range stories {
		var text []byte
		for _, e := range s.events() {
			line, err := json.Marshal(e)
			if err != nil {
				f.Fatal(err)
			}
			text = append(append(text, line...), '\n')
		}
		f.Add(text)
	}
	for _, c := range applyCases {
		f.Add([]byte(c.events))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tr := new(tree.Tree)
		for line := range bytes.Lines(text) {
			var e tree.Event
			if json.Unmarshal(line, &e) != nil {
				continue
			}
			tr.Apply(&e)
			_ = tr.Describe(&e)
			tr.Apply(&e)
		}
		if err := sound(tr); err != nil {
			t.Fatal(err)
		}
		tr.Apply(&tree.Event{Kind: "eof"})
		if err := sound(tr); err != nil {
			t.Fatal(err)
		}
		_ = picture(tr)
	})
}
