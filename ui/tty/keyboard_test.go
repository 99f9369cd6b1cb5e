package tty

import (
	"strings"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// TestKeyboard sends a burst of the mouse through a terminal: it arrives whole,
// and a lone escape is a key after a while.
func TestKeyboard(t *testing.T) {
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pty: ", err)
	}
	defer ptm.Close()
	defer tty.Close()
	cooked, err := unix.IoctlGetTermios(int(tty.Fd()), getTermios)
	if err != nil {
		t.Fatal(err)
	}
	raw := rawModes(*cooked)
	if err := unix.IoctlSetTermios(int(tty.Fd()), setTermios, &raw); err != nil {
		t.Fatal(err)
	}
	k, err := openKeyboard(tty)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); k.run() }()
	const wheel, events = "\x1b[<65;10;5M", 200
	go ptm.WriteString(strings.Repeat(wheel, events) + "\x1b")
	buf := make([]byte, 256)
	for i := range events + 1 {
		n, err := k.keys.Read(buf)
		want := wheel
		if i == events {
			want = "\x1b"
		}
		if err != nil || string(buf[:n]) != want {
			t.Fatalf("event %d is %q, %v", i, buf[:n], err)
		}
	}
	k.close()
	<-done
}
