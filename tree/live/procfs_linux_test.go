package live

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	rest := " S 7 8 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 12345 100 200 18446744073709551615 4194304 5 140720000000000 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 2 3 4 5 6 7 1792\n"
	for comm, want := range map[string]string{
		"sh":               "sh",
		"a) S 1 (b":        "a) S 1 (b",
		"new\nline":        "new\nline",
		"1234567890123456": "1234567890123456",
	} {
		st, ok := parseStat([]byte("42 (" + comm + ")" + rest))
		if !ok || st.pid != 42 || st.name() != want || st.state != 'S' || st.ppid != 7 || st.pgid != 8 || st.sid != 9 ||
			st.threads != 3 || st.start != 12345 || st.mm != [2]uint64{4194304, 140720000000000} || st.exitSignal != 17 || st.exitCode != 1792 {
			t.Errorf("%q: %+v %v", comm, st, ok)
		}
	}
	for _, bad := range []string{"", "42", "42 (sh", ")(", "42 (sh)", "42 (sh) S 1", "x (sh)" + rest} {
		if st, ok := parseStat([]byte(bad)); ok {
			t.Errorf("%q: %+v", bad, st)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("42 (sh) S 7 8 9"))
	f.Fuzz(func(t *testing.T, b []byte) { parseStat(b) })
}

func TestReadStat(t *testing.T) {
	st, err := readStat(os.Getpid())
	if err != nil || st.ppid != os.Getppid() || st.pgid != syscall.Getpgrp() || st.sid != ownSession || st.threads < 2 || st.mm[0] == 0 {
		t.Errorf("%+v %v", st, err)
	}
	if argv := readArgv(os.Getpid()); len(argv) == 0 || !strings.HasSuffix(argv[0], programName(argv, "")) {
		t.Errorf("%q", argv)
	}
}

// TestMissingStatusIsTold: where the kernel cannot tell the status, nobody
// invents one.
func TestMissingStatusIsTold(t *testing.T) {
	s := newSession(Config{})
	p := s.enterRoot("0", 1<<22+1, 1)
	p.handle = handle{pidfd: -1, stat: -1}
	st, again := s.collect(p)
	if again || st.known {
		t.Errorf("%+v %v", st, again)
	}
	s.exited(p, st)
	s.queue.close()
	batch := <-s.Events()
	for more := range s.Events() {
		batch = append(batch, more...)
	}
	if e := batch[len(batch)-1]; e.Code != nil || e.Sig != "" || e.Text != "exit status unknown" {
		t.Errorf("%+v", e)
	}
}

func TestWaitStatus(t *testing.T) {
	for w, want := range map[uint32]status{
		0: {known: true}, 0x700: {known: true, code: 7}, 0xf: {known: true, sig: 15},
		0x8b: {known: true, sig: 11, core: true}, 0xff00: {known: true, code: 255},
	} {
		if got := waitStatus(w); got != want {
			t.Errorf("%#x: %+v", w, got)
		}
	}
}

func TestUsage(t *testing.T) {
	w := sh(t, `while :; do :; done`)
	w.named("bash")
	var u Usage
	var err error
	waitFor(t, "its memory to show", func() bool { u, err = w.Usage("0"); return u.RSS > 1<<20 })
	if err != nil || u.RSS < 100<<10 || u.User == "" || !strings.HasPrefix(u.Cmdline, "bash -c while") {
		t.Errorf("%+v %v", u, err)
	}
	waitFor(t, "its CPU use to show", func() bool {
		time.Sleep(50 * time.Millisecond) // a rate needs some time to be one of
		u, err = w.Usage("0")
		return err == nil && u.CPU > 1
	})
	w.Kill()
	w.finish()
	if _, err := w.Usage("0"); err == nil {
		t.Error("usage of the dead")
	}
}

// BenchmarkScan looks at a tree of 1,000 processes: what a quiet look, a walk
// through the whole tree and a look at every process cost.
func BenchmarkScan(b *testing.B) {
	s := crowd(b, 1000)
	sc := s.system.scan
	per := func(b *testing.B) { b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/process") }
	b.Run("quiet", func(b *testing.B) {
		for b.Loop() {
			sc.newest()
		}
	})
	b.Run("walk", func(b *testing.B) {
		for b.Loop() {
			sc.births(true)
		}
		per(b)
	})
	b.Run("look", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, p := range s.live {
				p.handle.looks = 1
				p.handle.gap = time.Second
				sc.refresh(p)
			}
		}
		per(b)
	})
	b.Run("disposition", func(b *testing.B) {
		for b.Loop() {
			for _, p := range s.live {
				termOf(p)
			}
		}
		per(b)
	})
}

// crowd starts n sleeping processes and returns their session, locked: it does
// nothing by itself until the benchmark ends.
func crowd(b *testing.B, n int) *Session {
	need(b, "bash")
	s, err := Start(Options{Argv: []string{"bash", "-c", fmt.Sprintf("for i in $(seq %d); do sleep 1000 & done; wait", n)}})
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for range s.Events() {
		}
	}()
	for end := time.Now().Add(deadline); ; time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		if len(s.live) > n {
			break
		}
		s.mu.Unlock()
		if time.Now().After(end) {
			b.Fatal("the processes did not start")
		}
	}
	b.Cleanup(func() {
		s.mu.Unlock()
		s.Kill()
		if v := s.Wait(); v.Gone != v.Total {
			b.Errorf("%+v", v)
		}
	})
	return s
}

// BenchmarkIdle is the CPU time that a second of watching 1,000 sleeping
// processes takes.
func BenchmarkIdle(b *testing.B) {
	s := crowd(b, 1000)
	s.mu.Unlock()
	time.Sleep(15 * time.Second) // until it has calmed down
	before := cpu()
	start := time.Now()
	for b.Loop() {
		time.Sleep(5 * time.Second)
	}
	used := cpu() - before
	b.ReportMetric(100*used.Seconds()/time.Since(start).Seconds(), "%core")
	s.mu.Lock()
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSocket is an event from a peer to the stream, beside the same bytes
// read by a bare loop.
func BenchmarkSocket(b *testing.B) {
	const n = 200_000
	b.Run("observed", func(b *testing.B) {
		for b.Loop() {
			s, err := Start(Options{Argv: role("flood", fmt.Sprint(n))})
			if err != nil {
				b.Fatal(err)
			}
			for range s.Events() {
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
	})
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			bareFlood(b, n)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
	})
}

// BenchmarkOutput is how long a child takes to write a million lines, beside one
// that writes to cat.
func BenchmarkOutput(b *testing.B) {
	need(b, "seq", "bash", "cat")
	const script = `s=${EPOCHREALTIME/./}; seq 1000000; e=${EPOCHREALTIME/./}; echo took $((e-s)) >&2`
	took := func(b *testing.B, text string) (us int) {
		if _, err := fmt.Sscanf(text, "took %d", &us); err != nil {
			b.Fatalf("%q: %v", text, err)
		}
		return us
	}
	b.Run("observed", func(b *testing.B) {
		us := 0
		for b.Loop() {
			s, err := Start(Options{Argv: []string{"bash", "-c", "sleep 0.1; " + script}})
			if err != nil {
				b.Fatal(err)
			}
			for batch := range s.Events() {
				for _, e := range batch {
					if e.Stream == "stderr" {
						us += took(b, e.Text)
					}
				}
			}
		}
		b.ReportMetric(float64(us)/1000/float64(b.N), "ms/child")
	})
	b.Run("floor-cat", func(b *testing.B) {
		us := 0
		for b.Loop() {
			cmd := exec.Command("bash", "-c", "sleep 0.1; { "+script+"; } | cat >/dev/null")
			var stderr strings.Builder
			cmd.Stderr = &stderr
			if err := cmd.Run(); err != nil {
				b.Fatal(err)
			}
			us += took(b, stderr.String())
		}
		b.ReportMetric(float64(us)/1000/float64(b.N), "ms/child")
	})
}
