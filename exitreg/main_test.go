//go:build unix

package exitreg_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
)

// The test binary plays its own child processes: with roleEnv set it is the
// role of that name and never reaches the tests.
const roleEnv = "EXITREG_TEST_ROLE"

// patience is how long a test waits for what must come. It is never reached
// unless something is broken.
const patience = 30 * time.Second

var (
	roles   = map[string]func(){}
	usedMu  sync.Mutex
	used    = map[string]bool{}
	started = map[int]bool{} // process groups
)

// role adds a process that tests can start.
func role(name string, play func()) string {
	if roles[name] != nil {
		panic("role defined twice: " + name)
	}
	roles[name] = play
	return name
}

func TestMain(m *testing.M) {
	if name := os.Getenv(roleEnv); name != "" {
		play := roles[name]
		if play == nil {
			fmt.Fprintf(os.Stderr, "no role %q\n", name)
			os.Exit(99)
		}
		play()
		return // as a plain return from main does
	}
	flag.Parse()
	// A test run in the background of a shell has SIGINT ignored, and its
	// children would inherit that. What is caught is reset on exec instead.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGHUP)
	os.Unsetenv("MULTIEXIT_SOCK") // somebody may watch the tests
	os.Unsetenv("MULTIEXIT_SHARED")
	if os.Getenv("GORACE") == "" {
		os.Setenv("GORACE", "atexit_sleep_ms=1") // else each child ends a second late
	}
	exitreg.Rehearse()
	code := m.Run()
	if code == 0 {
		code = unusedRoles() + leftovers()
	}
	os.Exit(code)
}

// unusedRoles makes a role that no test plays fail a complete run.
func unusedRoles() (code int) {
	for _, f := range []string{"test.run", "test.list", "test.skip", "test.fuzz"} {
		if flag.Lookup(f).Value.String() != "" {
			return 0
		}
	}
	if testing.Short() {
		return 0
	}
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		if !used[name] {
			fmt.Fprintf(os.Stderr, "role %q is not used by any test\n", name)
			code = 1
		}
	}
	return code
}

// leftovers makes a process that outlived its test fail the run. One that was
// told to end may still be on its way out; a zombie is for process 1 to reap.
func leftovers() int {
	for until := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		left := living()
		if len(left) == 0 {
			return 0
		}
		if time.Now().After(until) {
			fmt.Fprintf(os.Stderr, "left behind: process groups %v\n", left)
			for _, pgid := range left {
				syscall.Kill(-pgid, syscall.SIGKILL)
			}
			return 1
		}
	}
}

// living is the groups of those we started that have a member which is no zombie.
func living() (left []int) {
	out, err := exec.Command("ps", "-A", "-o", "pgid=,stat=").Output()
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(out)) {
		var pgid int
		var stat string
		fmt.Sscan(line, &pgid, &stat)
		if started[pgid] && !strings.HasPrefix(stat, "Z") && !slices.Contains(left, pgid) {
			left = append(left, pgid)
		}
	}
	return left
}

// proc is a started role. Its process group is its own.
type proc struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser // of a family
	lines  chan string    // of stdout; closed at its end
	stderr bytes.Buffer
	seen   []string
	silent chan struct{} // closed when stderr is complete
	pid    int
}

// start plays a role in a new process, with env added to the environment.
func start(t *testing.T, name string, env ...string) *proc {
	t.Helper()
	return startCommand(t, playing(t, name, env...))
}

// playing is the command that plays a role.
func playing(t *testing.T, name string, env ...string) *exec.Cmd {
	t.Helper()
	use(t, name)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), roleEnv+"="+name), env...)
	return cmd
}

// use marks a role as played; a role that only other roles start is used too.
func use(t *testing.T, names ...string) {
	t.Helper()
	usedMu.Lock()
	defer usedMu.Unlock()
	for _, name := range names {
		if roles[name] == nil {
			t.Fatalf("no role %q", name)
		}
		used[name] = true
	}
}

func startCommand(t *testing.T, cmd *exec.Cmd) *proc {
	t.Helper()
	p := &proc{t: t, cmd: cmd, lines: make(chan string, 100_000), silent: make(chan struct{})}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	// Pipes of our own: those of package exec would make Wait wait for
	// grandchildren.
	out, w := pipe(t)
	errs, ew := pipe(t)
	if cmd.Stdout == nil {
		cmd.Stdout = w
	}
	if cmd.Stderr == nil {
		cmd.Stderr = ew
	}
	err := cmd.Start()
	w.Close()
	ew.Close()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.silent)
		defer errs.Close()
		io.Copy(&p.stderr, errs)
	}()
	p.pid = cmd.Process.Pid
	usedMu.Lock()
	started[p.pid] = true
	usedMu.Unlock()
	go func() {
		defer close(p.lines)
		defer out.Close()
		in := bufio.NewScanner(out)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			p.lines <- in.Text()
		}
	}()
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			syscall.Kill(-p.pid, syscall.SIGKILL)
			cmd.Wait()
		}
	})
	return p
}

// limitEnv is the limit of a role that has one.
const limitEnv = "EXITREG_TEST_LIMIT"

func limited() time.Duration {
	d, err := time.ParseDuration(os.Getenv(limitEnv))
	if err != nil {
		panic(err)
	}
	return d
}

// patiently has try play with a limit, a grace or such, that is not to be over before
// something else has happened. On a busy machine a short one may be: then the next one
// is ten times as long. try says what went wrong.
func patiently(t *testing.T, try func(limit time.Duration) (wrong string)) {
	t.Helper()
	var wrong string
	for _, limit := range []time.Duration{100 * time.Millisecond, time.Second, 10 * time.Second} {
		if wrong = try(limit); wrong == "" {
			return
		}
	}
	t.Error(wrong)
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// line is the next line of output; ok is false at its end.
func (p *proc) line() (s string, ok bool) {
	p.t.Helper()
	select {
	case s, ok = <-p.lines:
		return s, ok
	case <-time.After(patience):
		p.t.Fatalf("no more output within %v; so far %q, stderr %q", patience, p.seen, p.stderr.String())
	}
	return "", false
}

// await reads up to the line that begins with prefix and returns the rest of it.
// What it passes is kept for end.
func (p *proc) await(prefix string) string {
	p.t.Helper()
	for {
		s, ok := p.line()
		if !ok {
			p.t.Fatalf("the output ended before %q; seen %q, stderr %s", prefix, p.seen, p.stderr.String())
		}
		if rest, found := strings.CutPrefix(s, prefix); found {
			return strings.TrimSpace(rest)
		}
		p.seen = append(p.seen, s)
	}
}

func (p *proc) kill(sig syscall.Signal) {
	p.t.Helper()
	if err := syscall.Kill(p.pid, sig); err != nil {
		p.t.Fatal(err)
	}
}

// killGroup is what Ctrl-C in a terminal does.
func (p *proc) killGroup(sig syscall.Signal) {
	p.t.Helper()
	if err := syscall.Kill(-p.pid, sig); err != nil {
		p.t.Fatal(err)
	}
}

// end waits for the end of the output and of the process: "a b c", "signal 15".
func (p *proc) end() (ran, status string) {
	p.t.Helper()
	for {
		s, ok := p.line()
		if !ok {
			break
		}
		p.seen = append(p.seen, s)
	}
	done := make(chan struct{})
	go func() { p.cmd.Wait(); <-p.silent; close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		p.t.Fatalf("still alive after %v; output %q", patience, p.seen)
	}
	return strings.Join(p.seen, " "), statusOf(p.cmd.ProcessState)
}

// statusOf is "code 0" or "signal 15".
func statusOf(s *os.ProcessState) string {
	ws := s.Sys().(syscall.WaitStatus)
	if ws.Signaled() {
		return fmt.Sprintf("signal %d", int(ws.Signal()))
	}
	return fmt.Sprintf("code %d", ws.ExitStatus())
}

// want checks what ran and how the process ended.
func (p *proc) want(ran, status string) {
	p.t.Helper()
	if wrong := p.differs(ran, status); wrong != "" {
		p.t.Error(wrong)
	}
}

// differs says what is not as want wants it; "": nothing.
func (p *proc) differs(ran, status string) string {
	p.t.Helper()
	gotRan, gotStatus := p.end()
	if gotRan == ran && gotStatus == status {
		return ""
	}
	return fmt.Sprintf("ran %q, %s; want %q, %s\nstderr: %s", gotRan, gotStatus, ran, status, p.stderr.String())
}
