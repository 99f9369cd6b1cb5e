package live

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// single runs one command as a session of its own.
func single(t *testing.T, c Command) *observed {
	t.Helper()
	s, err := Open(Config{Argv: c.Argv, Grace: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	w := watched(t, s)
	if _, err := s.Run(c); err != nil {
		t.Fatal(err)
	}
	s.Release()
	return w
}

// onTerminal runs a script in a terminal.
func onTerminal(t *testing.T, script string, args ...string) *observed {
	t.Helper()
	need(t, "bash")
	return single(t, Command{Argv: append([]string{"bash", "-c", script, "bash"}, args...), PTY: true})
}

// text is what came out of the terminal, with w locked.
func (w *observed) text() string {
	var b strings.Builder
	for _, e := range w.events {
		if e.Kind == exitreg.KindOut && e.Stream == "pty" {
			b.WriteString(e.Text)
		}
	}
	return b.String()
}

func (w *observed) shows(what string) {
	w.t.Helper()
	w.until(fmt.Sprintf("the terminal to show %q", what), func() bool { return strings.Contains(w.text(), what) })
}

func (w *observed) types(text string) {
	w.t.Helper()
	if err := w.Input("0", []byte(text)); err != nil {
		w.t.Fatal(err)
	}
}

func TestTerminal(t *testing.T) {
	t.Setenv("COLUMNS", "7")
	t.Setenv("TERM", "dumb")
	need(t, "bash", "stty", "tty")
	w := single(t, Command{Argv: []string{"bash", "-c", `echo "c=$COLUMNS t=$TERM"; [ -t 0 -a -t 1 -a -t 2 ] && tty; stty size </dev/tty`}, PTY: true})
	events, v := w.finish()
	if v.Code != 0 {
		t.Errorf("%+v", v)
	}
	got := w.text()
	if !strings.HasPrefix(got, "c= t=xterm-256color\r\n/dev/pts/") || !strings.HasSuffix(got, "\r\n24 80\r\n") {
		t.Errorf("%q", got)
	}
	exit, out := 0, 0
	for i, e := range events {
		if e.Kind == exitreg.KindOut {
			out = i
		} else if e.Kind == exitreg.KindExit && e.Node == "0" {
			exit = i
		}
	}
	if exit < out {
		t.Error("the exit came before the last words")
	}
}

func TestTerminalEnv(t *testing.T) {
	t.Setenv("TERM", "screen")
	for _, c := range []struct{ in, want string }{
		{"A=1 TERM=screen LINES=3", "A=1 TERM=xterm-256color"},
		{"TERM=vt100 COLUMNS=9", "TERM=vt100"},
		{"A=1", "A=1 TERM=xterm-256color"},
	} {
		if got := strings.Join(terminalEnv(strings.Fields(c.in)), " "); got != c.want {
			t.Errorf("%s: %s", c.in, got)
		}
	}
}

// TestTerminalResize: from a node below the command, too.
func TestTerminalResize(t *testing.T) {
	need(t, "bash", "stty", "sleep")
	w := single(t, Command{Argv: []string{"bash", "-c",
		`trap 'stty size; exit 3' WINCH; stty size; sleep 1000 & while :; do wait; done`}, PTY: true, Cols: 100, Rows: 30})
	w.shows("30 100\r\n")
	w.named("sleep")
	if err := w.Resize("0.9", 10, 10); err == nil {
		t.Error("there is no such node")
	}
	if err := w.Resize("0", 0, 10); err == nil {
		t.Error("that is no size")
	}
	sleeper := w.named("sleep").ID
	if err := w.Resize(sleeper, 132, 43); err != nil {
		t.Fatal(err)
	}
	w.shows("43 132\r\n")
	if e := w.kind("0", exitreg.KindExit); e.Code == nil || *e.Code != 3 {
		t.Errorf("%+v", e)
	}
	w.finish() // the kernel hangs up on the sleep, which is in the foreground
	if err := w.Resize("0", 80, 24); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Error(err)
	}
}

// TestTerminalKeys: Ctrl-C, typed, is SIGINT for the foreground process group.
func TestTerminalKeys(t *testing.T) {
	w := onTerminal(t, `trap 'echo got INT; exit 4' INT; echo ready; read -r line; echo "<$line>"; sleep 1000`)
	w.shows("ready")
	w.types("hello\r")
	w.shows("hello\r\n<hello>\r\n")
	w.named("sleep")
	w.types("\x03")
	w.shows("^C")
	if e := w.kind("0", exitreg.KindExit); e.Code == nil || *e.Code != 4 {
		t.Errorf("%+v", e)
	}
	w.finish()
	if err := w.Input("0", []byte("x")); err == nil {
		t.Error("there is nobody to type for")
	}
}

// TestTerminalEOF: in the middle of a line and at its beginning.
func TestTerminalEOF(t *testing.T) {
	w := onTerminal(t, `echo ready; cat; echo; echo end1; cat; echo end2`)
	w.shows("ready")
	w.types("half")
	if err := w.CloseInput("0"); err != nil {
		t.Fatal(err)
	}
	w.shows("end1")
	w.types("full\r")
	w.shows("full\r\nfull")
	if err := w.CloseInput("0"); err != nil {
		t.Fatal(err)
	}
	w.shows("end2")
	w.finish()
}

// TestTerminals: each command has one of its own, and what is typed goes there.
func TestTerminals(t *testing.T) {
	need(t, "bash")
	w := held(t, Config{Grace: 20 * time.Second})
	for i := range 2 {
		script := fmt.Sprintf(`read x; echo "%d got $x"`, i)
		if _, err := w.Run(Command{Argv: []string{"bash", "-c", script}, PTY: true}); err != nil {
			t.Fatal(err)
		}
	}
	for i, text := range []string{"zero", "one"} {
		if err := w.Input(fmt.Sprint(i), []byte(text+"\r")); err != nil {
			t.Fatal(err)
		}
		w.shows(fmt.Sprintf("%d got %s", i, text))
		wait(t, "everybody to be gone", w.Emptied(fmt.Sprint(i)))
	}
	for _, e := range w.all() {
		if e.Kind == exitreg.KindOut && e.Scope == "" && (strings.Contains(e.Text, "zero") != (e.Node == "0") || e.PID == 0) {
			t.Errorf("%+v", e)
		}
	}
	w.Session.mu.Lock()
	if n := len(w.system.terminals) + len(w.system.inputs); n != 0 {
		t.Errorf("%d are left open", n)
	}
	w.Session.mu.Unlock()
	w.Release()
	w.finish()
}

// TestTerminalOfPID1: the first process of a pid namespace can have one, too.
func TestTerminalOfPID1(t *testing.T) {
	enclosed(t, "true").finish() // or skip
	w := single(t, Command{Argv: []string{"bash", "-c", `echo "$$"; stty size </dev/tty; read x; echo "<$x>"`}, PTY: true, PIDNamespace: true})
	w.shows("1\r\n24 80\r\n")
	w.types("hello\r")
	w.shows("<hello>")
	w.finish()
}

// TestTerminalWithoutProgram: what was opened for a command that cannot start is
// closed.
func TestTerminalWithoutProgram(t *testing.T) {
	script := filepath.Join(t.TempDir(), "script")
	write(t, script, "#!/no/such/interpreter\n", 0o755)
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	before := openedBy(t, s)
	for range 3 {
		if _, err := s.Run(Command{Argv: []string{script}, PTY: true}); err == nil {
			t.Fatal("it has started")
		}
		if _, err := s.Run(Command{Argv: []string{script}, Stdin: true}); err == nil {
			t.Fatal("it has started")
		}
	}
	if after := openedBy(t, s); after > before {
		t.Errorf("%d open files, %d before", after, before)
	}
	s.Release()
	for range s.Events() {
	}
}

// unpaced reads terminals as fast as they give.
func unpaced(t testing.TB) {
	burst := termBurst
	termBurst = 1e12
	t.Cleanup(func() { termBurst = burst })
}

// TestTerminalFlood: while nobody reads the stream, the program waits and little is
// kept; then everything comes.
func TestTerminalFlood(t *testing.T) {
	need(t, "seq")
	unpaced(t)
	s, err := Open(Config{Grace: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	const lines = 2_500_000 // 21 MB
	const room = 4 << 20    // for the test's sake: else it takes too much to fill it
	s.queue.mu.Lock()
	s.queue.outBytes = maxOutBytes - room
	s.queue.mu.Unlock()
	if _, err := s.Run(Command{Argv: []string{"seq", fmt.Sprint(lines)}, PTY: true}); err != nil {
		t.Fatal(err)
	}
	s.Release()
	waitFor(t, "the stream to be full", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.system.held
	})
	s.mu.Lock()
	if n := s.queue.outBytes; n > maxOutBytes+termTurn {
		t.Errorf("%d bytes are kept", n)
	}
	if s.root.dead {
		t.Error("it has ended already")
	}
	s.mu.Unlock()
	next, rest := 1, ""
	for batch := range s.Events() {
		for _, e := range batch {
			if e.Kind != exitreg.KindOut {
				continue
			}
			text := rest + e.Text
			for {
				line, more, ok := strings.Cut(text, "\r\n")
				if !ok {
					break
				}
				if line != fmt.Sprint(next) {
					t.Fatalf("line %d is %q", next, line)
				}
				next, text = next+1, more
			}
			rest = text
		}
	}
	if next != lines+1 || rest != "" {
		t.Errorf("%d lines, and %q", next-1, rest)
	}
	if v := s.Wait(); v.Code != 0 || len(v.Survivors) > 0 {
		t.Errorf("%+v", v)
	}
}

// TestTerminalPace: beyond the burst a flood comes at the rate, and all of it does.
func TestTerminalPace(t *testing.T) {
	burst, rate := termBurst, termRate
	termBurst, termRate = 20_000, 1e6
	defer func() { termBurst, termRate = burst, rate }()
	w := onTerminal(t, `seq 40000`) // 268,894 bytes
	events, _ := w.finish()
	began := w.event("output", func(e *tree.Event) bool { return e.Kind == exitreg.KindOut }).T
	if got := events[len(events)-1].T - began; got < 200*time.Millisecond {
		t.Errorf("it took only %v", got)
	}
	if text := w.text(); len(text) != 268_894 || !strings.HasSuffix(text, "39999\r\n40000\r\n") {
		t.Errorf("%d bytes, ending in %.20q", len(text), text[max(0, len(text)-20):])
	}
}

// TestTerminalLastWords: what stands in the terminal at the exit.
func TestTerminalLastWords(t *testing.T) {
	for range 20 {
		w := onTerminal(t, `printf '%04000d' 7; printf 'no end \033[3'; exit 5`)
		_, v := w.finish()
		if text := w.text(); v.Code != 5 || len(text) != 4000+10 || !strings.HasSuffix(text, "7no end \x1b[3") {
			t.Fatalf("%d bytes, %+v", len(text), v)
		}
	}
}

// TestTerminalOutlivesLeader: a process that has left the foreground is not hung up
// by the end of the command, and may open the terminal again, which is there as
// long as it is.
func TestTerminalOutlivesLeader(t *testing.T) {
	need(t, "setsid", "tty")
	g := newGate(t)
	w := onTerminal(t, `t=$(tty); trap "" HUP; setsid bash -c 'trap "echo hup >\"$2.hup\"" HUP; echo up; read x <"$1"; echo again >"$0"; read x <"$1"; echo last >"$0"' "$t" "$1" "$2" & until [ -e "$2" ]; do sleep 0.01; done; exit 6`,
		g.path, filepath.Join(t.TempDir(), "go"))
	w.shows("up")
	hup := w.argv("0", -1)
	write(t, hup, "", 0o644)
	if e := w.kind("0", exitreg.KindExit); e.Code == nil || *e.Code != 6 {
		t.Errorf("%+v", e)
	}
	g.open()
	w.shows("again\r\n") // after nobody had held it
	g.open()
	w.shows("last\r\n")
	w.finish()
	if _, err := os.Stat(hup + ".hup"); err == nil {
		t.Error("it got SIGHUP")
	}
}

// argv is an argument of a node's command line; -1 is the last.
func (w *observed) argv(node string, i int) string {
	e := w.kind(node, exitreg.KindSpawn)
	if i < 0 {
		i += len(e.Argv)
	}
	return e.Argv[i]
}

// TestTerminalIdle: a terminal that nobody holds costs nothing.
func TestTerminalIdle(t *testing.T) {
	need(t, "setsid")
	g := newGate(t)
	w := onTerminal(t, `setsid bash -c 'echo up; exec <"$0" >/dev/null 2>&1; read x' "$1" & wait`, g.path)
	w.shows("up")
	w.kill("0")
	before := cpuTime(t)
	unix.Poll(nil, 500) // idleness is what is measured
	if spent := cpuTime(t) - before; spent > 250*time.Millisecond {
		t.Errorf("%v spent on nothing", spent)
	}
	g.open()
	w.finish()
}

// kill ends the process of a node and waits for that.
func (w *observed) kill(node string) {
	w.t.Helper()
	if err := w.Signal(node, "KILL", ""); err != nil {
		w.t.Fatal(err)
	}
	w.kind(node, exitreg.KindExit)
}

// cpuTime is what this process has used.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
