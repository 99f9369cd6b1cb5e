package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	nastyRounds = flag.Int("nasty.rounds", 0, "how often TestNastyFile starts a file and ends it; 0: as many as fit into a normal run")
	nastySeed   = flag.Uint64("nasty.seed", 0, "what TestNastyFile draws its moments from; 0: the clock")
)

// nastyFile has commands that are hard to end. %[1]s is in the environment or the
// arguments of everybody.
const nastyFile = `
version: 1
grace: 300ms
commands:
  session: {command: "setsid sleep %[1]s & wait"}
  daemon: {command: "(env -i setsid sh -c 'sleep %[1]s; true' &); sleep %[1]s"}
  orphan: {command: "(env -i setsid sh -c \"trap '' TERM HUP INT; sleep %[1]s; sleep %[1]s\" &); exit 0"}
  deaf: {command: "trap '' TERM HUP INT; sleep %[1]s | cat"}
  stopped: {command: "sleep %[1]s & kill -STOP $$; wait"}
  bomb: {command: "trap 'for i in $(seq 25); do sleep %[1]s & setsid sleep %[1]s & done' TERM; sleep %[1]s & while :; do wait; done"}
  leader: {command: "sleep %[1]s & setsid sleep %[1]s & exit 0"}
  again: {command: "sleep 0.05; sleep %[1]s & exit 1", restart: {policy: always, delay: 50ms}}
  terminal: {command: "sleep %[1]s & trap '' HUP; sleep %[1]s; sleep %[1]s", pty: true}
`

// nastyEnds are the ways in which multiexit ends in the middle of it.
var nastyEnds = []struct {
	name   string
	end    func(*console, *exec.Cmd)
	killed bool // multiexit itself takes nothing down
	closed bool // the terminal is gone
}{
	{"quit", func(c *console, _ *exec.Cmd) { c.keys("q\r") }, false, false},
	{"SIGTERM", func(_ *console, cmd *exec.Cmd) { cmd.Process.Signal(syscall.SIGTERM) }, false, false},
	{"closed terminal", func(c *console, _ *exec.Cmd) { c.tty.Close(); c.ptm.Close() }, false, true},
	{"SIGKILL", func(_ *console, cmd *exec.Cmd) { cmd.Process.Kill() }, true, false},
	{"SIGKILL of a stop", func(_ *console, cmd *exec.Cmd) {
		cmd.Process.Signal(syscall.SIGTERM)
		time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
		cmd.Process.Kill()
	}, true, false},
}

// TestNastyFile ends a screen with everything that is hard to end on it, at any
// moment and in every way: nobody lives on. When multiexit has come to its own
// end, they are gone by then. More rounds: -run NastyFile -nasty.rounds 100.
func TestNastyFile(t *testing.T) {
	for _, need := range []string{"sh", "setsid", "env", "sleep", "cat", "seq"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skip(need, " is not installed")
		}
	}
	rounds, seed := *nastyRounds, *nastySeed
	if rounds == 0 {
		rounds = 2 * len(nastyEnds)
		if testing.Short() {
			rounds = len(nastyEnds)
		}
	}
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("%d rounds, -nasty.seed %d", rounds, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for n := range rounds {
		how, mark := n%len(nastyEnds), fmt.Sprintf("1000.%07d%05d", os.Getpid(), n)
		when := time.Duration(random.IntN(1000)) * time.Millisecond
		t.Run(fmt.Sprintf("%s/%d", nastyEnds[how].name, n), func(t *testing.T) { nastyRound(t, how, when, mark) })
	}
}

func nastyRound(t *testing.T, how int, when time.Duration, mark string) {
	e := nastyEnds[how]
	w := newWorld(t, "NASTY="+mark)
	c := newConsole(t, 120, 36)
	cmd := w.command("run", "-f", w.write("nasty.yaml", fmt.Sprintf(nastyFile, mark)))
	t.Cleanup(func() {
		for _, pid := range carriers(mark) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	c.attach(cmd)
	if e.name == "quit" { // before there is a screen, nobody reads keys
		c.shows("Processes")
	}
	time.Sleep(when) // the moment
	alive := len(carriers(mark))
	e.end(c, cmd)
	w.wait(cmd)
	left := carriers(mark)
	if len(left) > 0 && !e.killed {
		t.Errorf("after %v, with %d alive: multiexit has ended and %d live:\n%s", when, alive, len(left), portrait(left))
	}
	if !eventually(func() bool { left = carriers(mark); return len(left) == 0 }) {
		t.Errorf("after %v, with %d alive: left behind:\n%s", when, alive, portrait(left))
	}
	w.nothingLeft()
	if !e.closed {
		c.usable()
	}
	t.Logf("after %v, with %d alive", when, alive)
}

// carriers are the processes that have a mark in their environment or their
// arguments, but for those of multiexit that outlive it.
func carriers(mark string) (pids []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		argv, _ := os.ReadFile(dir + "/cmdline")
		env, _ := os.ReadFile(dir + "/environ")
		stat, _ := os.ReadFile(dir + "/stat")
		if !bytes.Contains(argv, []byte(mark)) && !bytes.Contains(env, []byte(mark)) ||
			bytes.Contains(stat, []byte(") Z ")) || bytes.Contains(env, []byte(asProgram)) && ours(argv) {
			continue
		}
		var pid int
		if fmt.Sscan(filepath.Base(dir), &pid); pid > 0 {
			pids = append(pids, pid)
		}
	}
	return pids
}

// ours says that arguments are those of multiexit itself.
func ours(argv []byte) bool {
	self, _ := os.Executable()
	first, _, _ := bytes.Cut(argv, []byte{0})
	return string(first) == self
}

func portrait(pids []int) string {
	var b strings.Builder
	for _, pid := range pids {
		argv, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		fmt.Fprintf(&b, "\t%q %.60s\n", argv, stat)
	}
	return b.String()
}
