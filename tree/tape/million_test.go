package tape_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/tree/worlds"
)

// million writes a recording of a million events of a world to a file.
func million(tb testing.TB, world worlds.World) (path string, size int64) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), world.Name+".jsonl")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w, err := tape.NewWriter(f, tree.Header{})
	batch := make([]tree.Event, 0, 1000)
	world.Tell(1_000_000, func(e *tree.Event) {
		if batch = append(batch, *e); len(batch) == cap(batch) {
			err = w.Write(batch)
			batch = batch[:0]
		}
	})
	if err == nil {
		err = w.Write(batch)
	}
	if err != nil {
		tb.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		tb.Fatal(err)
	}
	return path, info.Size()
}

// BenchmarkLoadMillion is a recording of a million events read from its file to be
// played, and what it takes of the heap then, beside the size of the file. The
// floors: to read the file line by line and check with json.Valid, the cheapest
// there is, that each line is JSON; and what json.Decoder takes to cut it into
// values without looking into them.
func BenchmarkLoadMillion(b *testing.B) {
	for _, w := range worlds.All {
		path, size := million(b, w)
		each := func(b *testing.B, read func(io.Reader) error) {
			b.SetBytes(size)
			for range b.N {
				f, err := os.Open(path)
				if err == nil {
					err = read(f)
				}
				if err != nil {
					b.Fatal(err)
				}
				f.Close()
			}
		}
		b.Run(w.Name+"/load", func(b *testing.B) {
			before := heap()
			var t *tape.Tape
			each(b, func(r io.Reader) (err error) { t, err = tape.Load(r); return err })
			b.StopTimer()
			b.ReportMetric(float64(heap()-before)/float64(size), "x-file")
			runtime.KeepAlive(t)
		})
		b.Run(w.Name+"/read", func(b *testing.B) {
			before := heap()
			var t *tape.Tape
			each(b, func(r io.Reader) (err error) { t = nil; t, err = tape.Read(r); return err })
			b.StopTimer()
			b.ReportMetric(float64(heap()-before)/float64(size), "x-file")
			runtime.KeepAlive(t)
		})
		b.Run(w.Name+"/floor-valid", func(b *testing.B) {
			each(b, func(r io.Reader) error {
				s := bufio.NewScanner(r)
				for s.Scan() {
					json.Valid(s.Bytes())
				}
				return s.Err()
			})
		})
		b.Run(w.Name+"/floor-decoder", func(b *testing.B) {
			each(b, func(r io.Reader) error {
				d := json.NewDecoder(r)
				var raw json.RawMessage
				for {
					if err := d.Decode(&raw); err == io.EOF {
						return nil
					} else if err != nil {
						return err
					}
				}
			})
		})
	}
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
