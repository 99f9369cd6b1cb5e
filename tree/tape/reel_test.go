package tape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/tree/worlds"
)

// unreel takes all events off a reel again.
func unreel(r *tape.Reel) []tree.Event {
	list := make([]tree.Event, r.Len())
	for i := range list {
		r.Event(i, &list[i])
	}
	return list
}

// What comes off a reel is what was put on it, and it is the same in any order.
func TestReel(t *testing.T) {
	var list []tree.Event
	for _, w := range worlds.All {
		list = append(list, w.Events(3000)...)
	}
	for _, line := range oddLines {
		var e tree.Event
		if json.Unmarshal([]byte(line), &e) == nil {
			list = append(list, e)
		}
	}
	files, _ := filepath.Glob("../testdata/*.jsonl")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, read(t, string(text)).Events...)
	}
	code := 1 << 40
	list = append(list,
		tree.Event{T: -5, At: -1, PID: -7, N: 1 << 63, Seq: 1<<64 - 1, Kind: "x", Elapsed: -1, Timeout: 1 << 62, Code: &code, Argv: []string{}},
		tree.Event{Kind: "out", Text: strings.Repeat("long ", 200_000), Node: strings.Repeat("0.", 500) + "0"},
		tree.Event{Kind: "spawn", Argv: []string{"a", "b"}}, tree.Event{Kind: "register", Needs: []string{"a", "b"}}, tree.Event{Kind: "spawn", Argv: []string{"ab", ""}, Needs: []string{"c"}}, tree.Event{Kind: "spawn", Argv: []string{"a", "b"}})
	for i := range 300 { // more kinds than have a number
		list = append(list, tree.Event{Kind: exitreg.Kind(fmt.Sprint("kind", i)), T: time.Duration(i)})
	}
	var r tape.Reel
	for i := range list {
		e := list[i]
		r.Append(&e)
		e = tree.Event{Kind: "spoilt", Text: "spoilt"}
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	last := time.Duration(0)
	var e tree.Event
	for n := range 2 * len(list) {
		i := n
		if n >= len(list) {
			i = rnd.IntN(len(list))
		} else {
			last = max(last, list[i].T)
			if r.Due(i) != last {
				t.Fatalf("event %d is due at %v, want %v", i, r.Due(i), last)
			}
		}
		if r.Event(i, &e); !reflect.DeepEqual(e, list[i]) {
			t.Fatalf("event %d:\n got %+v\nwant %+v", i, e, list[i])
		}
		if r.Kind(i) != e.Kind {
			t.Fatalf("event %d is a %s, want %s", i, r.Kind(i), e.Kind)
		}
	}
	if r.Duration() != last || r.At(last) != len(list) || r.At(-1) != 0 {
		t.Errorf("%v, %d of %d", r.Duration(), r.At(last), len(list))
	}
}

// Load reads what Read reads.
func TestLoad(t *testing.T) {
	text := head + spawn + "garbage\n" + `{"seq":2,"kind":"wonder","node":"0","cgroup":"/x"}` + "\n" + exit + eof
	want := read(t, text)
	got, err := tape.Load(strings.NewReader(text))
	if err != nil || got.Events != nil {
		t.Fatalf("%v, %v", got, err)
	}
	if !reflect.DeepEqual(unreel(got.Reel()), want.Events) || !reflect.DeepEqual(unreel(want.Reel()), want.Events) {
		t.Errorf("%+v", unreel(got.Reel()))
	}
	for i, e := range got.All() {
		if !reflect.DeepEqual(*e, want.Events[i]) || got.Due(i) != want.Due(i) || got.At(e.T) != want.At(e.T) {
			t.Errorf("%d: %+v", i, *e)
		}
		if i == 1 {
			break
		}
	}
	if a, b := got.Fold(), want.Fold(); a.Counts != b.Counts || len(a.Nodes) != 1 || a.Last != b.Last {
		t.Errorf("folded: %+v, want %+v", a.Counts, b.Counts)
	}
	if !reflect.DeepEqual(got.Header, want.Header) || !reflect.DeepEqual(got.Damage, want.Damage) || got.Unknown != want.Unknown || got.Duration() != want.Duration() {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A frame that looks at events takes no memory.
func TestReelAllocatesNothing(t *testing.T) {
	var r tape.Reel
	for _, w := range worlds.All {
		for _, e := range w.Events(4000) {
			r.Append(&e)
		}
	}
	var e tree.Event
	if n := testing.AllocsPerRun(10, func() {
		for i := range r.Len() {
			r.Event(i, &e)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzReel(f *testing.F) {
	for _, line := range oddLines {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var want, got tree.Event
		if json.Unmarshal(line, &want) != nil {
			return
		}
		var r tape.Reel
		for range 2 {
			r.Append(&want)
		}
		if r.Event(1, &got); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
		if !bytes.Equal(got.AppendJSON(nil), want.AppendJSON(nil)) {
			t.Fatal("written differently")
		}
	})
}
