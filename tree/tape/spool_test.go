package tape_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

var spoolHeader = tree.Header{Start: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Argv: []string{"x"}}

func newSpool(t testing.TB, limit int64) (*tape.Spool, *os.File) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	s, err := tape.NewSpool(f, spoolHeader, limit)
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

// readAll reads to the end, through a buffer of n bytes.
func readAll(t testing.TB, r *tape.Reader, n int) []byte {
	t.Helper()
	var all []byte
	buf := make([]byte, n)
	for {
		lines, err := r.Next(context.Background(), buf)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Error(err)
			return all
		}
		if len(lines) == 0 || lines[len(lines)-1] != '\n' {
			t.Errorf("torn: %q", lines)
			return all
		}
		all = append(all, lines...)
	}
}

func out(seq int, node, stream, text string) tree.Event {
	return tree.Event{Seq: uint64(seq), T: time.Duration(seq), Kind: exitreg.KindOut, Node: node, Stream: stream, Text: text}
}

// Readers that come early and late, fast and slow, get what a Writer writes.
func TestSpoolReaders(t *testing.T) {
	list, want := session(20000)
	s, f := newSpool(t, 0)
	var wg sync.WaitGroup
	read := make([][]byte, 6)
	start := func(i int) {
		wg.Go(func() { read[i] = readAll(t, s.Reader(0), 4096<<i) })
	}
	for i := range 3 {
		start(i)
	}
	for i := 0; i < len(list); i += 97 {
		if err := s.Write(list[i:min(i+97, len(list))]); err != nil {
			t.Fatal(err)
		}
		if i == 97*100 {
			start(3)
			start(4)
		}
	}
	s.Close()
	start(5)
	wg.Wait()
	_, want, _ = bytes.Cut(want, []byte("\n"))
	for i, got := range read {
		head, got, _ := bytes.Cut(got, []byte("\n"))
		if !bytes.Equal(got, want) || !bytes.HasPrefix(head, []byte(`{"multiexit":1,"start":"2026-`)) {
			t.Errorf("reader %d: %d bytes of %d, header %s", i, len(got), len(want), head)
		}
	}
	if disk, err := os.ReadFile(f.Name()); err != nil || !bytes.Equal(disk, read[0]) {
		t.Errorf("the file is another: %v", err)
	}
	if err := s.Write(list[:1]); err != tape.ErrClosed {
		t.Errorf("a write after the end: %v", err)
	}
	if s.Seq() != 20000 || s.Size() != int64(len(read[0])) {
		t.Errorf("seq %d, size %d", s.Seq(), s.Size())
	}
}

func TestSpoolReaderFrom(t *testing.T) {
	list, _ := session(20000)
	s, _ := newSpool(t, 0)
	s.Write(list)
	s.Close()
	all := readAll(t, s.Reader(0), 64<<10)
	head, rest, _ := bytes.Cut(all, []byte("\n"))
	lines := bytes.SplitAfter(rest, []byte("\n"))
	for _, from := range []int{1, 2, 3, 999, 1000, 12345, 20000, 20001, 1 << 40} {
		got := readAll(t, s.Reader(uint64(from)), 4096)
		want := append(bytes.Clone(head), '\n')
		if from <= len(list) {
			want = append(want, bytes.Join(lines[from-1:], nil)...)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("from %d: %d bytes, want %d", from, len(got), len(want))
		}
	}
}

// A reader that waits can be called off, and reads on later.
func TestSpoolReaderContext(t *testing.T) {
	s, _ := newSpool(t, 0)
	r := s.Reader(0)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if lines, err := r.Next(ctx, nil); err != nil || len(lines) == 0 {
		t.Fatalf("what is there is not read: %v", err)
	}
	if _, err := r.Next(ctx, nil); err != context.Canceled {
		t.Fatal(err)
	}
	s.Write([]tree.Event{out(1, "0", "stdout", "a")})
	if lines, err := r.Next(context.Background(), nil); err != nil || !bytes.Contains(lines, []byte(`"text":"a"`)) {
		t.Fatalf("%s, %v", lines, err)
	}
}

// Beyond the limit output is left out, which is said once; the rest is kept.
func TestSpoolLimit(t *testing.T) {
	s, f := newSpool(t, 4<<10)
	var list []tree.Event
	for i := 1; i <= 1000; i++ {
		list = append(list, out(2*i-1, "0", "stdout", strings.Repeat("x", 50)), tree.Event{Seq: uint64(2 * i), Kind: exitreg.KindNote, Text: "n"})
	}
	for _, e := range list {
		if err := s.Write([]tree.Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	tp, err := tape.Open(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	lines, notes, told, last := 0, 0, 0, uint64(0)
	for _, e := range tp.Events {
		switch {
		case e.Kind == exitreg.KindOut:
			lines++
		case e.Text == "n":
			notes++
		case strings.HasPrefix(e.Text, "from here on output is not kept"):
			told++
		}
		if e.Seq <= last {
			t.Errorf("seq %d after %d", e.Seq, last)
		}
		last = e.Seq
	}
	if lines < 20 || lines > 60 || notes != 1000 || told != 1 {
		t.Errorf("%d lines, %d notes, told %d times", lines, notes, told)
	}
}

// A line that nobody could read is told, not kept.
func TestSpoolHugeEvent(t *testing.T) {
	s, f := newSpool(t, 0)
	s.Write([]tree.Event{out(1, "0", "stdout", strings.Repeat("x", 2<<20)), out(2, "0", "stdout", "y")})
	s.Close()
	tp, err := tape.Open(f.Name())
	if err != nil || len(tp.Events) != 2 || tp.Events[0].Kind != exitreg.KindNote || tp.Events[1].Text != "y" {
		t.Errorf("%+v, %v", tp, err)
	}
}

// A file that fails is told once; what is good stays, and no line is torn.
func TestSpoolWriteError(t *testing.T) {
	s, f := newSpool(t, 0)
	if err := s.Write([]tree.Event{out(1, "0", "stdout", "a")}); err != nil {
		t.Fatal(err)
	}
	fullDisk(t, f, s.Size()+100)
	var list []tree.Event
	for i := 2; i < 20; i++ {
		list = append(list, out(i, "0", "stdout", "b"))
	}
	err := s.Write(list)
	if err == nil {
		t.Fatal("no error")
	}
	for range 2 {
		if err := s.Write(list); err != nil {
			t.Errorf("told again: %v", err)
		}
	}
	r := s.Reader(0)
	var all []byte
	for {
		lines, e := r.Next(context.Background(), nil)
		if e != nil {
			if !errors.Is(err, e) {
				t.Errorf("the reader got %v, not %v", e, err)
			}
			break
		}
		all = append(all, lines...)
	}
	if n := bytes.Count(all, []byte("\n")); n != 3 || all[len(all)-1] != '\n' { // the header, a, one b
		t.Errorf("%d lines: %s", n, all)
	}
	if got, err := s.Lines(tape.LineQuery{}); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if disk, _ := os.ReadFile(f.Name()); !bytes.Equal(disk, all) {
		t.Errorf("torn on disk: %q", disk)
	}
}

// What goes to a pipe, a device or a file that cannot be read is written all the
// same.
func TestSpoolBlind(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s, err := tape.NewSpool(w, spoolHeader, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Write([]tree.Event{out(1, "0", "stdout", "a")})
	w.Close()
	if tp, err := tape.Read(r); err != nil || len(tp.Events) != 1 {
		t.Errorf("%v, %v", tp, err)
	}
	r.Close()
	path := filepath.Join(t.TempDir(), "x")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	only, err := tape.NewSpool(f, spoolHeader, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*tape.Spool{s, only} {
		if _, err := s.Lines(tape.LineQuery{}); err != tape.ErrBlind {
			t.Error(err)
		}
		if _, err := s.Reader(0).Next(context.Background(), nil); err != tape.ErrBlind {
			t.Error(err)
		}
	}
}

// The index of a million lines is small.
func TestSpoolMemory(t *testing.T) {
	s, _ := newSpool(t, 0)
	batch := make([]tree.Event, 1000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 1000 {
		for j := range batch {
			batch[j] = out(i*1000+j+1, "0", "stdout", "a line of output as there are many, and not the shortest")
		}
		if err := s.Write(batch); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d KiB for 1,000,000 lines in %d MiB", grown>>10, s.Size()>>20)
	if grown > 4<<20 {
		t.Errorf("%d KiB", grown>>10)
	}
	if got, err := s.Lines(tape.LineQuery{Max: 10, Before: 500_001, Backward: true}); err != nil || len(got) != 10 || got[9].Seq != 500_000 {
		t.Errorf("%v, %v", got, err)
	}
}
