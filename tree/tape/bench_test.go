package tape_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// session is a recording of n events as they are: begins and ends, and a line of
// output here and there.
func session(n int) ([]tree.Event, []byte) {
	list := make([]tree.Event, n)
	for i := range list {
		e := tree.Event{
			Seq: uint64(i + 1), T: time.Duration(i) * time.Microsecond, Kind: exitreg.KindBegin,
			Node: fmt.Sprintf("0.%d", i%40), PID: 40000 + i%40, N: uint64(i/40 + 1), ID: fmt.Sprintf("h%d", i%7), Handler: "close-database", Prov: exitreg.ProvSelf,
		}
		switch i % 4 {
		case 1, 3:
			e.Kind, e.Elapsed = exitreg.KindEnd, 1234567
		case 2:
			e = tree.Event{Seq: e.Seq, T: e.T, Kind: exitreg.KindOut, Node: e.Node, Stream: "stdout", Text: fmt.Sprintf("%d rows written, all of them in order", i)}
		}
		list[i] = e
	}
	var b bytes.Buffer
	w, err := tape.NewWriter(&b, tree.Header{})
	if err == nil {
		err = w.Write(list)
	}
	if err != nil {
		panic(err)
	}
	return list, b.Bytes()
}

const events = 10000

// BenchmarkRead is one event read. The floors beside it: to find the line ends
// and check that it is JSON at all, and what encoding/json takes for the same.
func BenchmarkRead(b *testing.B) {
	_, text := session(events)
	each := func(b *testing.B, read func() int) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text) / events))
		for done := 0; done < b.N; done += events {
			if got := read(); got != events {
				b.Fatalf("%d events", got)
			}
		}
	}
	b.Run("decoder", func(b *testing.B) {
		each(b, func() (n int) {
			d := tape.NewDecoder(bytes.NewReader(text))
			var e tree.Event
			for _, err := d.Header(); err == nil; n++ {
				err = d.Decode(&e)
			}
			return n - 1
		})
	})
	b.Run("tape", func(b *testing.B) {
		each(b, func() int {
			tp, _ := tape.Read(bytes.NewReader(text))
			return len(tp.Events)
		})
	})
	lines := func(line func([]byte)) (n int) {
		s := bufio.NewScanner(bytes.NewReader(text))
		for s.Scan() {
			line(s.Bytes())
			n++
		}
		return n - 1
	}
	b.Run("floor-valid", func(b *testing.B) {
		each(b, func() int { return lines(func(l []byte) { json.Valid(l) }) })
	})
	b.Run("floor-unmarshal", func(b *testing.B) {
		var e tree.Event
		each(b, func() int { return lines(func(l []byte) { e = tree.Event{}; json.Unmarshal(l, &e) }) })
	})
}

// BenchmarkWrite is one event written. The floors: to copy the same bytes, and
// what encoding/json takes.
func BenchmarkWrite(b *testing.B) {
	list, text := session(events)
	each := func(b *testing.B, write func()) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text) / events))
		for done := 0; done < b.N; done += events {
			write()
		}
	}
	b.Run("writer", func(b *testing.B) {
		w, _ := tape.NewWriter(io.Discard, tree.Header{})
		each(b, func() {
			for i := 0; i < events; i += 100 {
				w.Write(list[i : i+100])
			}
		})
	})
	b.Run("floor-copy", func(b *testing.B) {
		buf := make([]byte, 0, len(text))
		each(b, func() { buf = append(buf[:0], text...) })
	})
	b.Run("floor-marshal", func(b *testing.B) {
		enc := json.NewEncoder(io.Discard)
		each(b, func() {
			for i := range list {
				enc.Encode(&list[i])
			}
		})
	})
}
