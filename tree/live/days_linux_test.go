package live

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// grown runs what is to be repeated in a held session and returns what one of n
// leaves behind: bytes of memory, and descriptors and goroutines of all.
func grown(t *testing.T, s *Session, n int, repeat func()) (each float64, files, routines int) {
	t.Helper()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	files, routines = -openedBy(t, s), -runtime.NumGoroutine()
	repeat()
	had, ran := files, routines
	for end := time.Now().Add(deadline); ; time.Sleep(5 * time.Millisecond) { // who is on its way out may lack a processor
		files, routines = had+openedBy(t, s), ran+runtime.NumGoroutine()
		if files <= 0 && routines <= 0 || time.Now().After(end) {
			break
		}
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / float64(n), files, routines
}

// many is how many processes the tests of long sessions start.
func many(n int) int {
	if more, err := strconv.Atoi(os.Getenv("MULTIEXIT_TEST_MANY")); err == nil {
		return more
	}
	return n
}

// TestRestartsLeaveLittle: a command that is started again and again.
func TestRestartsLeaveLittle(t *testing.T) {
	need(t, "true")
	s := opened(t)
	runs := 0
	once := func() { // with pipes and with a terminal
		runs++
		node, err := s.Run(Command{Argv: []string{"true"}, Stdin: true, PTY: runs%4 == 0})
		if err != nil {
			t.Fatal(err)
		}
		<-s.Emptied(node)
	}
	for range 10 {
		once()
	}
	n := many(100)
	each, files, routines := grown(t, s, n, func() {
		for range n {
			once()
		}
	})
	t.Logf("%d runs: %.0f bytes each, %d files and %d goroutines in all", n, each, files, routines)
	if each > 2000 || files > 0 || routines > 0 {
		t.Errorf("%d runs left %.0f bytes each, %d files and %d goroutines", n, each, files, routines)
	}
}

// TestEndedChildrenLeaveNothing: a command that starts processes all day.
func TestEndedChildrenLeaveNothing(t *testing.T) {
	need(t, "sh", "sleep")
	defer func(most int) { remembered = most }(remembered)
	remembered = 64
	s := opened(t)
	n := many(1000)
	run := func(n int) {
		node, err := s.Run(Command{Argv: []string{"sh", "-c", fmt.Sprintf(
			`i=0; while [ $i -lt %d ]; do sleep 0.05 & i=$((i+1)); [ $((i %% 50)) = 0 ] && wait; done; wait`, n)}})
		if err != nil {
			t.Fatal(err)
		}
		<-s.Emptied(node)
	}
	run(100)
	seen := s.total
	each, files, routines := grown(t, s, n, func() { run(n) })
	t.Logf("%d processes seen: %.0f bytes each, %d files and %d goroutines in all", s.total-seen, each, files, routines)
	if err := s.Signal("1.0", "TERM", ""); err == nil || !strings.Contains(err.Error(), "1.0: it is gone") {
		t.Errorf("%v of a process that is forgotten", err)
	}
	<-s.Emptied("1.0")
	if each > 200 || files > 0 || routines > 0 {
		t.Errorf("%d processes left %.0f bytes each, %d files and %d goroutines", n, each, files, routines)
	}
}

// opened opens a session whose events nobody keeps.
func opened(t *testing.T) *Session {
	t.Helper()
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		for range s.Events() {
		}
		close(over)
	}()
	t.Cleanup(func() {
		s.Kill()
		<-over
	})
	return s
}

// TestIdlePipesHoldNoMemory: what is read to is shared by all pipes.
func TestIdlePipesHoldNoMemory(t *testing.T) {
	w := sh(t, "echo ready; echo too >&2; sleep 1000 & wait")
	w.said("ready")
	w.said("too")
	w.Session.mu.Lock()
	defer w.Session.mu.Unlock()
	if n := len(w.system.pipes); n != 2 {
		t.Errorf("%d pipes", n)
	}
	for _, p := range w.system.pipes {
		if raw := p.l.raw[:cap(p.l.raw)]; slices.ContainsFunc(raw, func(block []byte) bool { return block != nil }) {
			t.Errorf("%s keeps a block", p.l.stream)
		}
	}
}

// openedBy is openFiles while the session does nothing: it has files open for a
// moment whenever it looks around.
func openedBy(t *testing.T, s *Session) int {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	return openFiles(t)
}

func openFiles(t *testing.T) int {
	t.Helper()
	fds, err := readDir("/proc/self/fd", make([]byte, 4096), nil)
	if err != nil {
		t.Fatal(err)
	}
	return len(fds)
}
