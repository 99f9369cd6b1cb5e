package main

import (
	"fmt"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"multiexit/tree"
)

// progress is a file that says on the terminal how far it has been read, if that
// takes so long that somebody may wonder.
type progress struct {
	f     *os.File
	name  string
	size  int64 // 0: nobody knows
	read  int64
	shown time.Time // zero: nothing was said yet
	begun time.Time
	quiet bool
}

func newProgress(f *os.File, name string) *progress {
	p := &progress{f: f, name: name, begun: time.Now(), quiet: !term.IsTerminal(os.Stderr.Fd())}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		p.size = info.Size()
	}
	return p
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.f.Read(b)
	p.read += int64(n)
	const wonder, again = 300 * time.Millisecond, 100 * time.Millisecond
	if now := time.Now(); !p.quiet && now.Sub(p.begun) > wonder && now.Sub(p.shown) > again {
		p.shown = now
		how := fmt.Sprintf("%d MB", p.read>>20)
		if p.size > 0 {
			how = fmt.Sprintf("%d %%", 100*p.read/p.size)
		}
		fmt.Fprintf(os.Stderr, "\rmultiexit: reading %s: %s\x1b[K", tree.Clean(p.name), how)
	}
	return n, err
}

// done takes the line away again.
func (p *progress) done() {
	if !p.shown.IsZero() {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
}
