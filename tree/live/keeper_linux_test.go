package live

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestKeeper: multiexit is killed by SIGKILL; nothing that it started lives on,
// however well hidden, and its socket is gone.
func TestKeeper(t *testing.T) {
	need(t, "bash", "setsid")
	script := `trap "" TERM INT HUP
		(setsid bash -c 'trap "" TERM; while :; do sleep 1000; done' &)
		(setsid setsid sleep 1000 &)
		(while :; do sleep 0.01; done) &
		kill -STOP $BASHPID & sleep 1000 & kill -STOP $!
		"$@" & echo ready; wait`
	cmd := exec.Command(self, append([]string{roleWord, "session", "bash", "-c", script, "bash"}, role("family", "2")...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	mark, keeper := "", 0
	ready, leaf := false, false
	for lines := bufio.NewScanner(out); !(ready && leaf) && lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "mark":
			mark = rest
		case "keeper":
			keeper, _ = strconv.Atoi(rest)
		case "out":
			ready = true
		case "register":
			leaf = true
		}
	}
	if mark == "" || keeper == 0 || len(marked(mark)) < 8 {
		t.Fatalf("mark %q, keeper %d, %d processes", mark, keeper, len(marked(mark)))
	}
	cmd.Process.Kill()
	cmd.Wait()
	waitFor(t, "all processes to be gone", func() bool { return len(marked(mark)) == 0 })
	waitFor(t, "the keeper to be gone", func() bool { st, err := readStat(keeper); return err != nil || st.state == 'Z' })
	if _, err := os.Stat(filepath.Dir(mark)); err == nil {
		t.Errorf("%s is left", filepath.Dir(mark))
	}
}

// TestKeeperIgnoresSignals: what ends multiexit's whole terminal session does not
// end the keeper before its work is done.
func TestKeeperIgnoresSignals(t *testing.T) {
	w := sh(t, "sleep 1000")
	pid := w.system.keeper.pid
	waitFor(t, "the keeper to be up", func() bool {
		m, err := readMasks("/proc/" + strconv.Itoa(pid) + "/status")
		return err == nil && m.ignored&termBit != 0
	})
	for _, sig := range []syscall.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGTTOU} {
		unix.Kill(pid, sig)
	}
	if sid, _ := unix.Getsid(pid); sid != pid {
		t.Errorf("the keeper is in session %d", sid)
	}
	w.Stop()
	w.finish()
	if st, err := readStat(pid); err == nil {
		t.Errorf("the keeper is left: %+v", st)
	}
}

// TestKeeperIsMissed: its own death is told.
func TestKeeperIsMissed(t *testing.T) {
	w := sh(t, "sleep 1000")
	unix.Kill(w.system.keeper.pid, unix.SIGKILL)
	w.noted("keeper has ended")
	w.Stop()
	w.finish()
}

func TestNoKeeperByAccident(t *testing.T) {
	if Keeper([]string{"multiexit", "run", keeperWord}) || Keeper(nil) || Keeper([]string{"x"}) {
		t.Error("taken for a keeper")
	}
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestChargeHas: a pid that was given to somebody else since is not ours, and
// nor is what descends from it; one that is gone still stands for its session.
func TestChargeHas(t *testing.T) {
	self, gone := os.Getpid(), 1<<22+1 // above PID_MAX_LIMIT
	c := charge{known: map[int]*kept{self: {startOf(self), -1}, 1: {startOf(1) + 1, -1}, gone: {1, -1}}}
	if !c.has(self) || c.has(1) || !c.has(gone) || c.has(2) {
		t.Errorf("itself %v, a stranger %v, a dead one %v, one not known %v", c.has(self), c.has(1), c.has(gone), c.has(2))
	}
}
