package live

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestFewDescriptors: beyond the budget processes are watched by pid and start
// time.
func TestFewDescriptors(t *testing.T) {
	need(t, "bash")
	g := newGate(t)
	script := `for i in $(seq 30); do sleep 1000 & done; read x <"$0"; kill -KILL $(jobs -p); wait; exit 6`
	cmd := exec.Command("bash", "-c", `ulimit -n 100; exec "$@"`, "bash", self, roleWord, "session", "bash", "-c", script, g.path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(deadline, func() { cmd.Process.Kill() }).Stop()
	text, born := "", 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		text += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "spawn 0.") {
			if born++; born == 30 {
				g.open()
			}
		}
	}
	if err := cmd.Wait(); cmdCode(err) != 6 || !strings.Contains(text, "too many open files") || strings.Count(text, "\nexit 0.") < 30 {
		t.Errorf("%v\n%s", err, text)
	}
}

// TestNoProc: without /proc only the command itself is seen, and that is said.
func TestNoProc(t *testing.T) {
	need(t, "unshare", "umount", "bash")
	if os.Geteuid() != 0 {
		t.Skip("needs root to unmount /proc")
	}
	out, err := exec.Command("unshare", "-m", "bash", "-c", `umount -l /proc || exit 77; exec "$@"`, "bash",
		self, roleWord, "session", "bash", "-c", "echo seen; bash -c 'exit 3'; exit 8").CombinedOutput()
	if cmdCode(err) == 77 || cmdCode(err) == 1 {
		t.Skipf("cannot unmount /proc here: %s", out)
	}
	text := string(out)
	if cmdCode(err) != 8 || !strings.Contains(text, "no /proc") || !strings.Contains(text, "out 0 seen") || !strings.Contains(text, "exit 0 ") {
		t.Errorf("%v\n%s", err, text)
	}
}

// TestNoDirectoryForTheSocket: exit handlers are not seen then; all else is.
func TestNoDirectoryForTheSocket(t *testing.T) {
	real := socketDirs
	socketDirs = func() []string { return []string{"/proc/none", "/" + strings.Repeat("long", 30)} }
	defer func() { socketDirs = real }()
	w := observe(t, Options{Argv: role("handlers", "a")})
	w.noted("no socket")
	w.said("ready")
	if !strings.Contains(w.Header().Observer, "no socket") {
		t.Errorf("the header does not say so: %q", w.Header().Observer)
	}
	w.Stop()
	w.said("ran a")
	if _, v := w.finish(); v.Sig != "SIGTERM" {
		t.Errorf("%+v", v)
	}
}

func cmdCode(err error) int {
	if e, ok := err.(*exec.ExitError); ok {
		return e.ExitCode()
	}
	return 0
}
