package remote

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"multiexit/tree"
)

const control = `{"multiexit":1,"want":"control"}` + "\n"

// What makes no sense is told, and is the end of the connection.
func TestGarbage(t *testing.T) {
	st := serve(t, nil)
	huge := strings.Repeat("x", 2<<20)
	for _, c := range []struct{ text, want string }{
		{"hello\n", `the first line has to be {"multiexit":1`},
		{"\n", "the first line has to be"},
		{"{}\n", "the first line has to be"},
		{`{"multiexit":2,"want":"control"}` + "\n", "this session speaks version 1, not 2"},
		{`{"multiexit":1}` + "\n", `nothing to give for want ""`},
		{`{"multiexit":1,"want":"attach"}` + "\n", `nothing to give for want "attach"`},
		{huge, "the first line is longer than 1 MiB"},
		{control + "garbage\n", "a request has to be one JSON object a line"},
		{control + "[1]\n", "a request has to be one JSON object a line"},
		{control + "\x00\x1b[2J\xff\n", "a request has to be one JSON object a line"},
		{control + `{"id":-1}` + "\n", "a request has to be one JSON object a line"},
		{control + `{"id":1,"do":"input","data":"?"}` + "\n", "a request has to be one JSON object a line"},
		{control + strings.Repeat("[", 100_000) + "\n", "a request has to be one JSON object a line"},
		{control + huge, "a request is longer than 1 MiB"},
		{control + `{"id":1,"do":"signal","node":"` + huge, "a request is longer than 1 MiB"},
	} {
		nc := raw(t, st, c.text)
		text, err := io.ReadAll(nc) // it ends: the connection is closed
		last := text[bytes.LastIndexByte(bytes.TrimSpace(text), '\n')+1:]
		if !bytes.HasPrefix(last, []byte(`{"error":"`)) || !strings.Contains(strings.ReplaceAll(string(last), `\"`, `"`), c.want) || bytes.ContainsAny(last, "\x1b\x00") {
			t.Errorf("%.60q: %.200q, %v", c.text, last, err)
		}
	}
	if got := st.session.list(); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// Thousands come, say something or half of it, and go; the service goes on.
func TestRandomClients(t *testing.T) {
	st := serve(t, nil)
	st.spool.Write(lines(1, 100))
	rnd := rand.New(rand.NewPCG(5, 6))
	whole := control + `{"id":1,"do":"details","node":"0"}` + "\n" + `{"id":2,"do":"follow"}` + "\n" + `{"id":3,"do":"preview","nodes":["0"]}` + "\n"
	before := runtime.NumGoroutine()
	for range 3000 {
		text := []byte(whole)
		switch rnd.IntN(4) {
		case 0:
			text = text[:rnd.IntN(len(text))]
		case 1:
			for range 1 + rnd.IntN(20) {
				text[rnd.IntN(len(text))] = byte(rnd.IntN(256))
			}
		case 2:
			text = []byte(`{"multiexit":1,"want":"events"}` + "\n")
		}
		nc, err := net.Dial("unix", st.Path())
		if err != nil {
			t.Fatal(err)
		}
		nc.Write(text)
		nc.Close()
	}
	eventually(t, "those who wait to be let in are through", func() bool {
		c, err := Dial(st.Path(), false)
		if err != nil {
			return false
		}
		defer c.Close()
		return c.Next("") == nil
	})
	eventually(t, "the clients have gone", func() bool { return runtime.NumGoroutine() <= before })
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("never: ", what)
		}
	}
}

// There is room for so many and no more; who leaves makes room.
func TestTooMany(t *testing.T) {
	st := serve(t, nil)
	var all []net.Conn
	for range maxClients {
		nc := raw(t, st, control)
		if line, err := bufio.NewReader(nc).ReadString('\n'); err != nil || !strings.Contains(line, `"pid":`) {
			t.Fatal(line, err)
		}
		all = append(all, nc)
	}
	if _, err := Dial(st.Path(), false); err == nil || !strings.Contains(err.Error(), "refused: 64 clients are connected already") {
		t.Error(err)
	}
	all[7].Close()
	eventually(t, "there is room again", func() bool {
		c, err := Dial(st.Path(), false)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// Clients that never read hold nobody up, and cost no memory: a million events
// go by, and one who reads gets them all.
func TestStalled(t *testing.T) {
	n := 1_000_000
	if testing.Short() || raced {
		n = 50_000
	}
	goroutines := runtime.NumGoroutine()
	st := serve(t, nil)
	for range 10 {
		raw(t, st, `{"multiexit":1,"want":"events"}`+"\n")
		asks := raw(t, st, control)
		go func() { // it asks for ever, and reads no answer
			asks.SetDeadline(time.Time{})
			for {
				if _, err := io.WriteString(asks, `{"id":1,"do":"details","node":"0"}`+"\n"); err != nil {
					return
				}
			}
		}()
	}
	reads := dial(t, st, true)
	got := make(chan int)
	go func() {
		sum := 0
		for batch := range reads.Events() {
			sum += len(batch)
		}
		got <- sum
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	batch := lines(1, 1000)
	for i := 0; i < n; i += len(batch) {
		for j := range batch {
			batch[j].Seq = uint64(i + j + 1)
		}
		if err := st.spool.Write(batch); err != nil {
			t.Fatal(err)
		}
		if i%10_000 == 0 {
			st.Cursor(fmt.Sprint(i))
		}
	}
	st.spool.Close()
	if sum := <-got; sum != n || reads.Err() != nil {
		t.Errorf("%d events, %v", sum, reads.Err())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d events, %d KiB more memory, %d goroutines", n, grown>>10, runtime.NumGoroutine())
	if grown > 64<<20 {
		t.Errorf("%d MiB", grown>>20)
	}
	begin := time.Now()
	st.Close()
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("closing took %v", took)
	}
	eventually(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// One who is far behind when the session ends gets the rest if it reads.
func TestRest(t *testing.T) {
	st := serve(t, nil)
	c := dial(t, st, true)
	events := c.Events()
	const n = 10_000 // more than a socket holds, and soon read: there are a few seconds for it
	st.spool.Write(lines(1, n))
	sum := len(<-events)
	st.spool.Close()
	closed := make(chan struct{})
	go func() {
		st.Close()
		close(closed)
	}()
	for batch := range events {
		sum += len(batch)
	}
	<-closed
	if sum != n || c.Err() != nil {
		t.Errorf("%d events, %v", sum, c.Err())
	}
}

// A session that hangs does not keep us from leaving.
func TestCloseWhileBusy(t *testing.T) {
	st := serve(t, nil)
	st.session.block = make(chan struct{})
	defer close(st.session.block)
	c := dial(t, st, false)
	done := make(chan error)
	go func() {
		_, err := c.Details("0")
		done <- err
	}()
	c.Next("") // its answer comes after the other request was sent
	st.Close()
	if err := <-done; err == nil {
		t.Error("an answer from nowhere")
	}
}

// BenchmarkEvents is a million events written, and read by so many clients. The
// floor is to write the same lines to a file.
func BenchmarkEvents(b *testing.B) {
	const n = 1_000_000
	batch := lines(1, 1000)
	write := func(w func([]tree.Event) error) {
		for i := 0; i < n; i += len(batch) {
			for j := range batch {
				batch[j].Seq = uint64(i + j + 1)
			}
			if err := w(batch); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("file", func(b *testing.B) {
		for range b.N {
			f, err := os.Create(b.TempDir() + "/x")
			if err != nil {
				b.Fatal(err)
			}
			var text []byte
			write(func(list []tree.Event) error {
				text = text[:0]
				for i := range list {
					text = append(list[i].AppendJSON(text), '\n')
				}
				_, err := f.Write(text)
				return err
			})
			f.Close()
		}
	})
	for _, clients := range []int{0, 1, 4} {
		b.Run(fmt.Sprintf("spool-%d-clients", clients), func(b *testing.B) {
			for range b.N {
				st := serve(b, nil)
				done := make(chan error)
				for range clients {
					c := dial(b, st, true)
					go func() { done <- c.CopyEvents(io.Discard, 0) }()
				}
				write(st.spool.Write)
				st.spool.Close()
				for range clients {
					if err := <-done; err != nil {
						b.Error(err)
					}
				}
				st.Close()
			}
		})
	}
	b.Run("spool-1-decoding", func(b *testing.B) {
		for range b.N {
			st := serve(b, nil)
			c := dial(b, st, true)
			sum, done := 0, make(chan struct{})
			go func() {
				defer close(done)
				for batch := range c.Events() {
					sum += len(batch)
				}
			}()
			write(st.spool.Write)
			st.spool.Close()
			if <-done; sum != n {
				b.Errorf("%d events", sum)
			}
			st.Close()
		}
	})
}

// TestCloseWhileTheyCome: those who come at the end get something or nothing, and
// nobody is left.
func TestCloseWhileTheyCome(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		st := serve(t, nil)
		st.spool.Write(lines(1, 10))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				nc, err := net.Dial("unix", st.Path())
				if err != nil {
					return
				}
				defer nc.Close()
				io.WriteString(nc, `{"multiexit":1,"want":"events"}`+"\n")
				io.Copy(io.Discard, nc)
			})
		}
		st.spool.Close()
		st.Close()
		wg.Wait()
	}
	eventually(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before })
}
