//go:build unix

package exitreg

import (
	"errors"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// lame is a connection that makes every write wait.
type lame struct {
	each  time.Duration
	fails bool
	sends int
	end   chan bool
}

func (l *lame) ready() error             { <-l.end; return io.EOF }
func (l *lame) take([]byte) (int, error) { return 0, nil }
func (l *lame) Close() error             { close(l.end); return nil }
func (l *lame) send(_ []byte, patience time.Duration) (time.Duration, error) {
	l.sends++
	if l.fails || l.each > patience {
		return min(l.each, patience), errors.New("too late")
	}
	return l.each, nil
}

// Rule 27: the budget is for the whole life, not for one write; what came after
// it is counted.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		name   string
		wire   lame
		sends  int           // of 10,000 events and the hello
		dialed time.Duration // what the connection took of it
	}{
		{"quick", lame{}, 10_001, 0},
		{"connected late", lame{each: 3 * time.Millisecond}, 17, 50 * time.Millisecond},
		{"connected too late", lame{}, 0, budget},
		{"always a little late", lame{each: 3 * time.Millisecond}, 34, 0},
		{"late once", lame{each: time.Second}, 1, 0},
		{"fails", lame{fails: true}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.wire.end = make(chan bool)
			r := &reporter{path: func() string { return "x" }, dial: func(string, time.Duration) (wire, time.Duration, error) { return &c.wire, c.dialed, nil }}
			r.open()
			for range 10_000 {
				r.emit(&Event{Kind: KindBegin})
			}
			if c.wire.sends != c.sends {
				t.Errorf("%d sends, want %d", c.wire.sends, c.sends)
			}
			lost := 10_001 - c.sends
			switch c.sends {
			case 10_001:
			case 0:
				lost-- // there was no hello
			default:
				lost++ // the one that broke it
			}
			if got := r.lost.Load(); got != uint64(lost) {
				t.Errorf("%d lost, want %d", got, lost)
			}
			r.drop()
			r.drop() // twice is once
		})
	}
}

// A full socket is waited for as long as patience lasts, and goes on when there
// is room again.
func TestSendWaits(t *testing.T) {
	dir, err := os.MkdirTemp("", "exitreg")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := net.Listen("unix", dir+"/s")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w, waited, err := dial(dir+"/s", budget)
	if waited != 0 {
		t.Errorf("a connection that is to be had at once took %v", waited)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	big := make([]byte, 4<<20)
	for try := 0; ; try++ { // a reader may be so quick that the socket is never full
		done := make(chan bool)
		go func() { io.CopyN(io.Discard, c, int64(len(big))); close(done) }()
		waited, err := w.send(big, time.Minute)
		<-done
		if err != nil || try == 50 {
			t.Fatalf("waited %v, %v", waited, err)
		}
		if waited > 0 {
			break
		}
	}
	time.Sleep(time.Second) // the patience of one send is not that of the next
	if waited, err := w.send(big[:1], time.Second); err != nil || waited != 0 {
		t.Errorf("with room: waited %v, %v", waited, err)
	}
	waited, err = w.send(big, 20*time.Millisecond)
	if !errors.Is(err, os.ErrDeadlineExceeded) || waited < 20*time.Millisecond {
		t.Errorf("nobody reads: waited %v, %v", waited, err)
	}
	c.Close()
	// Watching changes nothing: a program that asked for SIGPIPE gets none
	// because its observer died.
	pipes := make(chan os.Signal, 1)
	signal.Notify(pipes, syscall.SIGPIPE)
	defer signal.Stop(pipes)
	for range 2 { // the first may be told of the reset instead
		if _, err := w.send(big, time.Second); err == nil {
			t.Error("a closed connection took it")
		}
	}
	select {
	case <-pipes:
		if runtime.GOOS == "linux" { // elsewhere it cannot be had
			t.Error("SIGPIPE")
		}
	case <-time.After(50 * time.Millisecond):
	}
}
