package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// roleWord marks the test binary's own children: what follows is a role and its
// arguments.
const roleWord = "-live.role"

func TestMain(m *testing.M) {
	Keeper(os.Args)
	if len(os.Args) > 2 && os.Args[1] == roleWord {
		role := roles[os.Args[2]]
		if role == nil {
			fmt.Fprintln(os.Stderr, "no role", os.Args[2])
			os.Exit(99)
		}
		os.Exit(role(os.Args[3:]))
	}
	os.Exit(m.Run())
}

var self, _ = os.Executable()

// role is the command line of a process that plays a role.
func role(name string, args ...string) []string {
	return append([]string{self, roleWord, name}, args...)
}

// deadline is for everything that must happen at all; nothing waits for it when
// all is well.
const deadline = time.Minute

// observed is a session and what its stream has told.
type observed struct {
	*Session
	t *testing.T

	mu     sync.Mutex
	events []tree.Event
	news   chan struct{}
	eof    bool
}

// observe starts a command under observation.
func observe(t *testing.T, o Options) *observed {
	t.Helper()
	if o.Grace == 0 {
		o.Grace = 20 * time.Second
	}
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	return watched(t, s)
}

// watched reads the stream of a session.
func watched(t *testing.T, s *Session) *observed {
	t.Helper()
	w := &observed{Session: s, t: t, news: make(chan struct{}, 1)}
	go w.collect()
	t.Cleanup(func() {
		s.Kill()
		verdict := s.Wait()
		w.until("the end of the stream", func() bool { return w.eof })
		if len(verdict.Survivors) > 0 && !s.config.Keep {
			t.Errorf("survivors: %v", verdict.Survivors)
		}
		if s.config.Keep {
			w.release(verdict)
		}
		if left := marked(s.sock); len(left) > 0 {
			t.Errorf("processes with the mark of the session are left: %v", left)
		}
		if _, err := os.Stat(filepath.Dir(s.sock)); err == nil {
			t.Errorf("%s is left", filepath.Dir(s.sock))
		}
		if t.Failed() {
			w.dump()
		}
	})
	return w
}

// release ends what was left alone.
func (w *observed) release(v Verdict) {
	for _, left := range v.Survivors {
		syscall.Kill(left.PID, syscall.SIGKILL)
	}
	waitFor(w.t, "those left alone to be gone", func() bool {
		for _, left := range v.Survivors {
			syscall.Wait4(left.PID, nil, syscall.WNOHANG, nil) // orphans are ours
		}
		return len(marked(w.sock)) == 0
	})
}

func sh(t *testing.T, script string, args ...string) *observed {
	t.Helper()
	need(t, "bash")
	return observe(t, Options{Argv: append([]string{"bash", "-c", script, "bash"}, args...)})
}

func need(t testing.TB, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here", tool)
		}
	}
}

func (w *observed) collect() {
	for batch := range w.Events() {
		w.mu.Lock()
		w.events = append(w.events, batch...)
		w.mu.Unlock()
		w.wake()
	}
	w.mu.Lock()
	w.eof = true
	w.mu.Unlock()
	w.wake()
}

func (w *observed) wake() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// until waits until ok holds; it is asked again after each batch of events.
func (w *observed) until(what string, ok func() bool) {
	w.t.Helper()
	end := time.After(deadline)
	tick := time.NewTicker(20 * time.Millisecond) // for what no event tells
	defer tick.Stop()
	for {
		w.mu.Lock()
		done := ok()
		w.mu.Unlock()
		if done {
			return
		}
		select {
		case <-w.news:
		case <-tick.C:
		case <-end:
			w.dump()
			w.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// event waits for an event that fits and returns it.
func (w *observed) event(what string, fits func(*tree.Event) bool) (e tree.Event) {
	w.t.Helper()
	w.until(what, func() bool {
		i := slices.IndexFunc(w.events, func(e tree.Event) bool { return fits(&e) })
		if i >= 0 {
			e = w.events[i]
		}
		return i >= 0
	})
	return e
}

// kind waits for the first event of a kind about a node.
func (w *observed) kind(node string, k exitreg.Kind) tree.Event {
	w.t.Helper()
	return w.event(fmt.Sprintf("%s of %s", k, node), func(e *tree.Event) bool { return e.Node == node && e.Kind == k })
}

// term waits until SIGTERM is known to do d to a node.
func (w *observed) term(node string, d tree.Disposition) {
	w.t.Helper()
	w.until(fmt.Sprintf("SIGTERM to be %q for %s", d, node), func() bool {
		last := tree.Disposition("?")
		for _, e := range w.events {
			if e.Node == node && e.Kind == exitreg.KindDisposition {
				last = tree.Disposition(e.Text)
			}
		}
		return last == d
	})
}

// named waits for a living process of that program and returns its node.
func (w *observed) named(name string) *tree.Node {
	w.t.Helper()
	var found *tree.Node
	w.until("a process called "+name, func() bool {
		for _, n := range tree.Fold(w.events).Nodes {
			if n.Name == name && n.Alive() {
				found = n
			}
		}
		return found != nil
	})
	return found
}

// said waits for a line of output.
func (w *observed) said(text string) tree.Event {
	w.t.Helper()
	return w.event("the output "+strconv.Quote(text), func(e *tree.Event) bool { return e.Kind == exitreg.KindOut && e.Text == text })
}

// noted waits for a note that contains text.
func (w *observed) noted(text string) tree.Event {
	w.t.Helper()
	return w.event("a note with "+strconv.Quote(text), func(e *tree.Event) bool {
		return e.Kind == exitreg.KindNote && strings.Contains(e.Text, text)
	})
}

// all returns the events so far.
func (w *observed) all() []tree.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

// finish waits for the end of the stream and checks it as a whole.
func (w *observed) finish() ([]tree.Event, Verdict) {
	w.t.Helper()
	w.until("the end of the stream", func() bool { return w.eof })
	verdict := w.Wait()
	lawful(w.t, w.events)
	return w.events, verdict
}

// lawful checks what holds for every stream.
func lawful(t *testing.T, events []tree.Event) {
	t.Helper()
	born, dead := map[string]bool{}, map[string]bool{}
	for i, e := range events {
		if e.Seq != uint64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, e.Seq)
		}
		if e.T < 0 {
			t.Errorf("seq %d lies before the start", e.Seq)
		}
		switch {
		case e.Kind == exitreg.KindSpawn && born[e.Node]:
			t.Errorf("%s is born twice", e.Node)
		case e.Kind == exitreg.KindSpawn:
			born[e.Node] = true
			if parent, _, ok := cutLast(e.Node); ok && !born[parent] {
				t.Errorf("%s is born before its parent", e.Node)
			}
		case e.Kind == exitreg.KindExit && dead[e.Node]:
			t.Errorf("%s dies twice", e.Node)
		case e.Kind == exitreg.KindExit:
			dead[e.Node] = true
		case e.Node != "" && e.Kind != exitreg.KindOut && e.Kind != exitreg.KindCommand && !born[e.Node]:
			t.Errorf("%s of %s before its birth", e.Kind, e.Node)
		case e.Prov == exitreg.ProvSelf && e.Kind != exitreg.KindSignal && dead[e.Node]:
			t.Errorf("%s of %s after its death", e.Kind, e.Node)
		}
	}
	for id := range born {
		if !dead[id] {
			t.Errorf("%s was born and never died", id)
		}
	}
	if len(events) == 0 || events[len(events)-1].Kind != exitreg.KindEOF {
		t.Error("the stream does not end with eof")
	}
}

func cutLast(id string) (parent, last string, ok bool) {
	i := strings.LastIndexByte(id, '.')
	if i < 0 {
		return "", id, false
	}
	return id[:i], id[i+1:], true
}

func (w *observed) dump() {
	w.mu.Lock()
	defer w.mu.Unlock()
	var b bytes.Buffer
	for i, e := range w.events {
		if i > 60 {
			fmt.Fprintf(&b, "... %d more\n", len(w.events)-i)
			break
		}
		line, _ := json.Marshal(e)
		b.Write(append(line, '\n'))
	}
	w.t.Logf("the stream of %q:\n%s", w.header.Argv, b.String())
}

// marked lists the processes of this machine that carry a session's mark.
func marked(mark string) (pids []int) {
	all, _ := readDir("/proc", make([]byte, 32<<10), nil)
	for _, pid := range all {
		if m, _ := environMark(pid); m == mark {
			if st, err := readStat(pid); err == nil && st.state != 'Z' {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// gate is a named pipe that holds processes up: what reads from it waits until
// it is opened.
type gate struct {
	t    *testing.T
	path string
}

func newGate(t *testing.T) gate {
	t.Helper()
	need(t, "mkfifo")
	path := filepath.Join(t.TempDir(), "gate")
	if out, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	return gate{t, path}
}

// open lets one reader of a line through.
func (g gate) open() {
	g.t.Helper()
	f, err := os.OpenFile(g.path, os.O_RDWR, 0) // not O_WRONLY: the reader may not be there yet
	if err != nil {
		g.t.Fatal(err)
	}
	f.WriteString("go\n")
	g.t.Cleanup(func() { f.Close() })
}
