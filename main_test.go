package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/tree/live"
)

// The test binary is multiexit itself when it is asked to be: by us, or by a
// multiexit that starts itself again.
func TestMain(m *testing.M) {
	if live.Keeper(os.Args[1:]) { // it is started with hardly an environment
		return
	}
	if len(os.Args) > 1 && roles[os.Args[1]] != nil {
		os.Exit(roles[os.Args[1]](os.Args[2:]))
	}
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// roles are the programs that this test binary can be besides multiexit, by their
// first argument.
var roles = map[string]func(args []string) int{}

const asProgram = "MULTIEXIT_TEST_AS_PROGRAM"

// deadline bounds every wait of a test. It is far more than anything needs, on a busy
// machine too: what is not there by then hangs.
const deadline = 90 * time.Second

// world is the surroundings of one multiexit: an environment that marks every
// process that comes of it, so that a test can find what is left.
type world struct {
	t    testing.TB
	mark string
	dir  string
	env  []string
}

func newWorld(t testing.TB, env ...string) *world {
	t.Helper()
	w := &world{t: t, mark: "MULTIEXIT_TEST_MARK=" + rand.Text(), dir: t.TempDir()}
	for _, kv := range os.Environ() {
		switch key, _, _ := strings.Cut(kv, "="); key {
		case "CI", "NO_COLOR", "COLORTERM", "COLORFGBG", "LC_ALL", "LC_CTYPE", "LANG", "SSH_CONNECTION", "TMUX",
			"CLICOLOR", "CLICOLOR_FORCE", "XDG_STATE_HOME", "MULTIEXIT_SOCK", "MULTIEXIT_SHARED", "MULTIEXIT_NO_RECORD":
		default:
			w.env = append(w.env, kv)
		}
	}
	w.env = append(w.env, asProgram+"=1", w.mark, "TERM=xterm-256color", "LANG=C.UTF-8", "TMPDIR="+w.dir, "MULTIEXIT_RUNTIME_DIR="+t.TempDir(), "HOME="+t.TempDir())
	w.env = append(w.env, env...)
	t.Cleanup(w.clear)
	return w
}

// clear ends what a test that failed has left.
func (w *world) clear() {
	for _, p := range w.processes() {
		pid, _, _ := strings.Cut(p, ":")
		if n, err := strconv.Atoi(pid); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
}

// command is multiexit with these arguments.
func (w *world) command(args ...string) *exec.Cmd {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env, cmd.Dir = w.env, w.dir
	return cmd
}

// result is what a multiexit said and how it ended.
type result struct {
	stdout, stderr string
	status         int
}

// run runs multiexit without a terminal and checks that nothing is left.
func (w *world) run(args ...string) result {
	w.t.Helper()
	cmd := w.command(args...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Start(); e != nil {
		w.t.Fatal(e)
	}
	status := w.wait(cmd)
	w.nothingLeft()
	return result{out.String(), err.String(), status}
}

// wait waits for a multiexit to end; -n is a death by signal n.
func (w *world) wait(cmd *exec.Cmd) int {
	w.t.Helper()
	late := time.AfterFunc(deadline, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	if !late.Stop() {
		w.t.Fatalf("multiexit did not end")
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code >= 0 {
		return code
	}
	return -int(signalOf(cmd.ProcessState))
}

// processes are the command lines of all living processes of this world.
func (w *world) processes() []string {
	var found []string
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environs {
		if env, err := os.ReadFile(path); err != nil || !bytes.Contains(env, []byte(w.mark)) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		found = append(found, filepath.Base(filepath.Dir(path))+": "+strings.ReplaceAll(string(line), "\x00", " "))
	}
	return found
}

// find is the pid of the process of this world whose command line ends so.
func (w *world) find(end string) int {
	w.t.Helper()
	for _, p := range w.processes() {
		if pid, line, _ := strings.Cut(p, ":"); strings.HasSuffix(strings.TrimSpace(line), end) {
			n, _ := strconv.Atoi(pid)
			return n
		}
	}
	w.t.Fatalf("no %q in %q", end, w.processes())
	return 0
}

// nothingLeft fails if a process of this world still lives after a while: the
// keeper and the terminal's guard end a little later than multiexit.
func (w *world) nothingLeft() {
	w.t.Helper()
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		return
	}
	var left []string
	if !eventually(func() bool { left = w.processes(); return len(left) == 0 }) {
		w.t.Errorf("left behind:\n%s", strings.Join(left, "\n"))
	}
}

// eventually waits until something that nobody announces is true.
func eventually(is func() bool) bool {
	for end := time.Now().Add(deadline); ; time.Sleep(5 * time.Millisecond) {
		switch {
		case is():
			return true
		case time.Now().After(end):
			return false
		}
	}
}

func signalOf(p *os.ProcessState) syscall.Signal { return p.Sys().(syscall.WaitStatus).Signal() }

// pending says that a signal sent to a process has not been taken yet.
func pending(pid int, sig syscall.Signal) bool {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return false
	}
	if strings.Contains(string(status), "State:\tZ") {
		return false
	}
	for line := range strings.Lines(string(status)) {
		if mask, ok := strings.CutPrefix(line, "ShdPnd:\t"); ok {
			bits, _ := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			return bits&(1<<(sig-1)) != 0
		}
	}
	return false
}
