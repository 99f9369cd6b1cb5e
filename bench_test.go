package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkFirstFrame: from the start of the program until there is a screen full
// of it, beside htop, which takes turns with it.
func BenchmarkFirstFrame(b *testing.B) {
	besideHtop(b, func(g *glass, start time.Time) time.Duration {
		return g.when("a frame", full).Sub(start)
	})
}

// BenchmarkKey: from a key to the first byte of what it changes, nothing else going
// on, beside htop.
func BenchmarkKey(b *testing.B) {
	besideHtop(b, func(g *glass, _ time.Time) time.Duration {
		g.when("a frame", full)
		var took []float64
		for _, key := range []string{"\x1b[B", "\x1b[A", "\x1b[B", "\x1b[A", "\x1b[B"} {
			time.Sleep(400 * time.Millisecond) // until it is still
			pressed := g.press(key)
			eventually(func() bool { return !g.firstSince(pressed).IsZero() })
			took = append(took, float64(g.firstSince(pressed).Sub(pressed)))
		}
		return time.Duration(middle(took))
	})
}

// besideHtop measures the demo and htop in turn.
func besideHtop(b *testing.B, measure func(g *glass, start time.Time) time.Duration) {
	if _, err := exec.LookPath("htop"); err != nil {
		b.Skip(err)
	}
	w := newWorld(b)
	one := func(cmd *exec.Cmd) float64 {
		g := newGlass(b, 120, 36)
		defer g.close()
		start := time.Now()
		g.attach(cmd)
		took := measure(g, start)
		cmd.Process.Signal(syscall.SIGTERM)
		w.wait(cmd)
		return float64(took) / float64(time.Millisecond)
	}
	var ours, theirs []float64
	for b.Loop() {
		htop := exec.Command("htop", "-d", "100")
		htop.Env = w.env
		ours = append(ours, one(w.command("demo", "readme", "--grace", "100ms")))
		theirs = append(theirs, one(htop))
	}
	w.nothingLeft()
	b.ReportMetric(middle(ours), "ms")
	b.ReportMetric(middle(theirs), "ms-htop")
	b.ReportMetric(middle(ours)/middle(theirs), "x-htop")
}

// full says that there is something on most of the screen.
func full(screen string) bool {
	lines := 0
	for line := range strings.Lines(screen) {
		if strings.TrimSpace(line) != "" {
			lines++
		}
	}
	return lines > 20
}
