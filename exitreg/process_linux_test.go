package exitreg

import (
	"os"
	"os/exec"
	"testing"
)

// Rule 26: a process is its pid and its start time, and a zombie is none.
func TestIdentity(t *testing.T) {
	me := identify(os.Getpid())
	if me.Start == 0 || !me.alive() {
		t.Errorf("%+v is not alive", me)
	}
	me.Start++
	if me.alive() || (identity{}).alive() || (identity{PID: -1, Start: 1}).alive() {
		t.Error("somebody else is alive")
	}
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	child := identify(cmd.Process.Pid)
	if !child.alive() {
		t.Errorf("%+v is not alive", child)
	}
	cmd.Process.Kill()
	<-watch(cmd.Process)
	if child.alive() {
		t.Error("a zombie is alive")
	}
	cmd.Wait()
	if child.alive() {
		t.Error("nobody is alive")
	}
	if parent := (identity{PID: os.Getppid()}); !parent.alive() {
		t.Error("without a start time our parent is alive")
	}
}
