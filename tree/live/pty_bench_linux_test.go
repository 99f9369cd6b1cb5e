package live

import (
	"os/exec"
	"testing"
	"time"

	"github.com/creack/pty"

	"multiexit/exitreg"
)

// BenchmarkTerminalFlood compares a flood through our terminal with the same read
// from a bare one by a loop that throws it away.
func BenchmarkTerminalFlood(b *testing.B) {
	need(b, "seq")
	unpaced(b)
	const lines, bytes = "2000000", 16_888_896 // 14,888,896 and the CRs
	var ours, bare time.Duration
	events := 0
	for b.Loop() {
		began := time.Now()
		tty, err := pty.Start(exec.Command("seq", lines))
		if err != nil {
			b.Fatal(err)
		}
		buf, total := make([]byte, 64<<10), 0
		for err == nil {
			var n int
			n, err = tty.Read(buf)
			total += n
		}
		tty.Close()
		bare += time.Since(began)
		if total != bytes {
			b.Fatalf("%d bytes from the bare one", total)
		}

		began = time.Now()
		s, err := Open(Config{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Run(Command{Argv: []string{"seq", lines}, PTY: true}); err != nil {
			b.Fatal(err)
		}
		s.Release()
		total = 0
		for batch := range s.Events() {
			for _, e := range batch {
				if e.Kind == exitreg.KindOut {
					total += len(e.Text)
					events++
				}
			}
		}
		ours += time.Since(began)
		if total != bytes {
			b.Fatalf("%d bytes", total)
		}
	}
	b.SetBytes(bytes)
	b.ReportMetric(float64(bytes*b.N/events), "B/event")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "x-bare")
}
