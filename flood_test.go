package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

const (
	floodWord  = "test-flood"
	someLines  = 200_000 // so many that some are left out
	floodLines = 1_000_000
)

func init() { roles[floodWord] = floodRole }

// floodRole waits until the file args[0] can be opened for reading (a FIFO that
// somebody opens for writing), prints args[2] lines, and writes the nanoseconds
// that took to the file args[1]. With args[3] "lines" every line is a write of its own,
// else they go as from C's stdio. 0 lines: without an end.
func floodRole(args []string) int {
	gate, err := os.Open(args[0])
	if err != nil {
		return 1
	}
	gate.Close()
	n, _ := strconv.Atoi(args[2])
	size := 4096
	if args[3] == "lines" {
		size = 16
	}
	out := bufio.NewWriterSize(os.Stdout, size)
	start := time.Now()
	line := make([]byte, 0, 64)
	for i := 1; i <= n || n == 0; i++ {
		line = fmt.Appendf(line[:0], "line %07d of what nobody can read as fast\n", i)
		if _, err := out.Write(line); err != nil {
			return 1
		}
	}
	out.Flush()
	os.WriteFile(args[1], strconv.AppendInt(nil, int64(time.Since(start)), 10), 0o644)
	return 0
}

// flood is a child that floods and says how long that took it.
type flood struct {
	w          *world
	gate, took string
	argv       []string
}

func newFlood(w *world, n int, how string) *flood {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	f := &flood{w: w, gate: filepath.Join(w.dir, "gate"), took: filepath.Join(w.dir, "took")}
	if err := syscall.Mkfifo(f.gate, 0o600); err != nil {
		w.t.Fatal(err)
	}
	f.argv = []string{self, floodWord, f.gate, f.took, strconv.Itoa(n), how}
	return f
}

// open lets it begin.
func (f *flood) open() {
	gate, err := os.OpenFile(f.gate, os.O_WRONLY, 0)
	if err != nil {
		f.w.t.Fatal(err)
	}
	gate.Close()
}

// time is how long its printing took.
func (f *flood) time() time.Duration {
	f.w.t.Helper()
	var n int64
	if !eventually(func() bool {
		text, _ := os.ReadFile(f.took)
		n, _ = strconv.ParseInt(string(text), 10, 64)
		return n > 0
	}) {
		f.w.t.Fatal("the flood did not end")
	}
	os.Remove(f.took)
	return time.Duration(n)
}

// intoCat is its time when cat throws away what it prints.
func (f *flood) intoCat() time.Duration {
	f.w.t.Helper()
	cat := exec.Command("sh", "-c", `"$@" | cat >/dev/null`, "sh")
	cat.Args = append(cat.Args, f.argv...)
	cat.Env = f.w.env
	if err := cat.Start(); err != nil {
		f.w.t.Fatal(err)
	}
	f.open()
	took := f.time()
	cat.Wait()
	return took
}

// intoLines is its time under multiexit whose lines nobody reads.
func (f *flood) intoLines() time.Duration {
	f.w.t.Helper()
	cmd := f.w.command(append([]string{"run", "--plain", "--"}, f.argv...)...)
	if err := cmd.Start(); err != nil {
		f.w.t.Fatal(err)
	}
	f.open()
	took := f.time()
	f.w.wait(cmd)
	return took
}

// onScreen is its time on a screen whose output pane follows it.
func (f *flood) onScreen() time.Duration {
	f.w.t.Helper()
	g, cmd := f.screen()
	f.open()
	took := f.time()
	f.leave(g, cmd)
	return took
}

// screen is multiexit with the flood's output pane open.
func (f *flood) screen() (*glass, *exec.Cmd) {
	f.w.t.Helper()
	g := newGlass(f.w.t, 120, 36)
	cmd := f.w.command(append([]string{"run", "--"}, f.argv...)...)
	g.attach(cmd)
	g.shows("LIVE")
	g.press("o")
	g.shows("nothing was printed")
	return g, cmd
}

func (f *flood) leave(g *glass, cmd *exec.Cmd) {
	f.w.t.Helper()
	cmd.Process.Signal(syscall.SIGTERM)
	f.w.wait(cmd)
	g.close()
	f.w.nothingLeft()
}

// BenchmarkFlood: what multiexit costs a child that prints a million lines, beside
// cat >/dev/null, which takes turns with it.
func BenchmarkFlood(b *testing.B) {
	for _, how := range []string{"stdio", "lines"} {
		for name, into := range map[string]func(*flood) time.Duration{"plain": (*flood).intoLines, "screen": (*flood).onScreen} {
			b.Run(how+"/"+name, func(b *testing.B) {
				w := newWorld(b)
				f := newFlood(w, floodLines, how)
				var ratios []float64
				for b.Loop() {
					floor := f.intoCat()
					ratios = append(ratios, float64(into(f))/float64(floor))
				}
				b.ReportMetric(middle(ratios), "x-floor")
			})
		}
	}
}

// BenchmarkFloodKeys: how long after a key its frame is on the terminal while a
// flood without an end goes over the screen, in frames of a terminal (16.7 ms).
func BenchmarkFloodKeys(b *testing.B) {
	for _, how := range []string{"stdio", "lines"} {
		b.Run(how, func(b *testing.B) {
			w := newWorld(b)
			f := newFlood(w, 0, how)
			g, cmd := f.screen()
			f.open()
			g.shows("of what nobody can read as fast")
			frame := float64(time.Second) / 60
			var frames []float64
			for b.Loop() {
				for _, key := range []struct {
					press string
					done  func(string) time.Time
				}{{"?", g.shows}, {"?", g.hides}} {
					pressed := g.press(key.press)
					time.Sleep(150 * time.Millisecond) // what the screen does now is not to be disturbed
					frames = append(frames, float64(key.done("repaint").Sub(pressed))/frame)
				}
			}
			b.StopTimer()
			f.leave(g, cmd)
			b.ReportMetric(middle(frames), "frames-p50")
			b.ReportMetric(quantile(frames, 0.95), "frames-p95")
			b.ReportMetric(quantile(frames, 1), "frames-max")
		})
	}
}

// middle is the median.
func middle(values []float64) float64 { return quantile(values, 0.5) }

func quantile(values []float64, q float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[min(len(values)-1, int(q*float64(len(values))))]
}

// lastWords are the last lines of a flood of someLines.
func lastWords(n int) (lines []string) {
	for i := someLines - n + 1; i <= someLines; i++ {
		lines = append(lines, fmt.Sprintf("line %07d of what nobody can read as fast", i))
	}
	return lines
}

// lastLogs are the logs of a command, as they come, up to a line: the end of them.
func (w *world) lastLogs(name, last string) string {
	w.t.Helper()
	cmd := w.command("ctl", "logs", "-f", name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	defer w.wait(cmd)
	defer cmd.Process.Kill()
	hung := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	defer hung.Stop()
	var lines []string
	for s := bufio.NewScanner(out); s.Scan(); {
		if lines = append(lines, s.Text()); s.Text() == last {
			break
		}
		if len(lines) > 200 {
			lines = lines[100:]
		}
	}
	return strings.Join(lines, "\n")
}

// TestLastWords: of a flood lines are left out, but never the last ones: not in
// the stream, not in the logs, not on the screen.
func TestLastWords(t *testing.T) {
	words := strings.Join(lastWords(100), "\n")
	t.Run("stream", func(t *testing.T) {
		w := newWorld(t)
		f := newFlood(w, someLines, "stdio")
		b := w.begin(append([]string{"run", "--json", "--"}, f.argv...)...)
		f.open()
		w.wait(b.cmd)
		var printed []string
		for _, e := range w.stream(b.stdout.String()) {
			if e.Kind == exitreg.KindOut {
				printed = append(printed, e.Text)
			}
		}
		if !strings.HasSuffix(strings.Join(printed, "\n"), words) {
			t.Errorf("of %d lines the last is %q", len(printed), printed[max(0, len(printed)-1):])
		}
		w.nothingLeft()
	})
	t.Run("screen", func(t *testing.T) {
		w := newWorld(t)
		f := newFlood(w, someLines, "stdio")
		g, cmd := f.screen()
		f.open()
		f.time()
		if got := w.lastLogs(filepath.Base(f.argv[0]), lastWords(1)[0]); !strings.HasSuffix(got, words) {
			t.Errorf("the logs end with %q", got)
		}
		g.press("z") // the pane alone
		last := lastWords(20)
		g.when(last[19], func(screen string) bool {
			return !slices.ContainsFunc(last, func(s string) bool { return !strings.Contains(screen, s) })
		})
		f.leave(g, cmd)
	})
}
