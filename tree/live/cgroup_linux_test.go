package live

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

func TestCgroupDir(t *testing.T) {
	const (
		hybrid  = "30 25 0:26 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
		unified = "29 23 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup rw,nsdelegate\n"
		bound   = "40 23 0:25 /user.slice /mnt/a\\040b rw shared:3 - cgroup2 cgroup rw\n"
		old     = "31 25 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
	)
	for _, c := range []struct{ mounts, groups, dir, name string }{
		{old + hybrid, "8:pids:/x\n0::/\n", "/sys/fs/cgroup/unified", "/"},
		{unified, "0::/user.slice/a.scope\n", "/sys/fs/cgroup/user.slice/a.scope", "/user.slice/a.scope"},
		{bound, "0::/user.slice/a.scope\n", "/mnt/a b/a.scope", "/user.slice/a.scope"},
		{bound, "0::/system.slice\n", "", "/system.slice"},
		{unified, "0::/../outside\n", "", "/../outside"},
		{old, "0::/x\n", "", "/x"},
	} {
		name, ok := unifiedName(c.groups)
		dir, err := cgroupDir(c.mounts, name)
		if !ok || name != c.name || dir != c.dir || (err == nil) != (c.dir != "") {
			t.Errorf("%q in %q: %q, %q, %v", c.groups, c.mounts, name, dir, err)
		}
	}
	if _, ok := unifiedName("8:pids:/x\n"); ok {
		t.Error("version 1 is taken for version 2")
	}
}

// grouped starts a command whose session has a control group.
func grouped(t *testing.T, script string) *observed {
	t.Helper()
	w := sh(t, script)
	if w.system.cgroup == nil {
		_, err := newCgroup()
		t.Skipf("no control groups to be had: %v", err)
	}
	return w
}

// TestCgroupHoldsAll: what has left its parent, its session and its environment is
// a member; the end is proved by the group, which is gone then.
func TestCgroupHoldsAll(t *testing.T) {
	need(t, "setsid", "env")
	w := grouped(t, `(env -i setsid sleep 1000 &); sleep 1000 & wait`)
	c := w.system.cgroup
	w.until("two sleeps", func() bool { return len(sleepers(w.events)) == 2 })
	for _, n := range tree.Fold(w.all()).Nodes {
		if n.Alive() && !c.has(n.PID) && lives(n.PID) { // else its end is only to be told
			t.Errorf("%s %s is not in the group", n.ID, n.Name)
		}
	}
	if c.has(os.Getpid()) || c.has(w.system.keeper.pid) || !c.populated() {
		t.Error("we or the keeper are in it, or nobody is")
	}
	if !strings.Contains(w.Header().Observer, "cgroup v2") {
		t.Errorf("the header does not say so: %q", w.Header().Observer)
	}
	w.Kill()
	if _, v := w.finish(); v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
	if _, err := os.Stat(c.path); err == nil {
		t.Errorf("%s is left", c.path)
	}
}

// TestWithoutCgroup: all goes on in the old way, and the header says which.
func TestWithoutCgroup(t *testing.T) {
	real := cgroupHome
	cgroupHome = func() (string, string, error) { return "", "", errors.New("none") }
	defer func() { cgroupHome = real }()
	w := sh(t, `(env -i setsid sleep 1000 &); sleep 1000 & wait`)
	w.until("two sleeps", func() bool { return len(sleepers(w.events)) == 2 })
	if !strings.Contains(w.Header().Observer, "groups+mark+subreaper") {
		t.Errorf("the header does not say so: %q", w.Header().Observer)
	}
	w.Kill()
	if _, v := w.finish(); v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
}

// TestCgroupRelease: who is to live on is moved to the group above, and ours goes.
func TestCgroupRelease(t *testing.T) {
	c, err := newCgroup()
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command("sleep", "1000")
	cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: c.dir}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if !c.has(cmd.Process.Pid) {
		t.Error("it is not in the group")
	}
	if err := removeCgroup(c.path); err != unix.EBUSY {
		t.Errorf("a group with members: %v", err)
	}
	c.release()
	if err := c.remove(); err != nil {
		t.Error(err)
	}
	if unix.Kill(cmd.Process.Pid, 0) != nil {
		t.Error("it was ended")
	}
}

// TestCgroupKeeps: what a command leaves behind lives on in our own group, and
// nothing of the session is left but it.
func TestCgroupKeeps(t *testing.T) {
	need(t, "sh", "setsid")
	s, err := Open(Config{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	w := watched(t, s)
	c := s.system.cgroup
	if c == nil {
		t.Skip("no control groups to be had")
	}
	if _, err := s.Run(Command{Argv: []string{"sh", "-c", "(setsid sleep 1000 >/dev/null 2>&1 &); read x </dev/zero"}}); err != nil {
		t.Fatal(err)
	}
	left := w.named("sleep").PID
	defer unix.Kill(left, unix.SIGKILL)
	s.Signal("0", "KILL", "")
	s.Release()
	w.until("the end of the stream", func() bool { return w.eof })
	if v := s.Wait(); len(v.Survivors) != 1 || v.Survivors[0].PID != left {
		t.Errorf("%+v", v)
	}
	if !lives(left) {
		t.Error("it was ended")
	}
	if _, err := os.Stat(c.path); err == nil {
		t.Errorf("%s is left", c.path)
	}
	unix.Kill(left, unix.SIGKILL)
	s.verdict.Survivors = nil // for the end of the test
	waitFor(t, "the one left alone to be gone", func() bool { return !lives(left) })
}

// TestNestedSessions: a session inside of another one ends with it, though it has
// a keeper and a group of its own.
func TestNestedSessions(t *testing.T) {
	need(t, "sh", "setsid", "env")
	id := fmt.Sprintf("1000.%07d99", os.Getpid())
	dir := t.TempDir() // the inner keeper dies with the rest, and leaves its socket
	env := append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "TMPDIR="+dir)
	w := observe(t, Options{Env: env, Argv: role("session", "sh", "-c", "(env -i setsid sleep "+id+" &); sleep "+id+" & echo up; wait")})
	w.said("out 0 up")
	w.until("both sleeps", func() bool { return len(sleepers(w.events)) == 2 })
	c := w.system.cgroup
	w.Kill()
	w.finish()
	if left := carriers(id); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if c != nil {
		if _, err := os.Stat(c.path); err == nil {
			t.Errorf("%s is left", c.path)
		}
	}
}

// TestSweepCgroups: groups of dead sessions go, those of living ones stay.
func TestSweepCgroups(t *testing.T) {
	mine, err := newCgroup()
	if err != nil {
		t.Skip(err)
	}
	defer mine.remove()
	left, err := newCgroup()
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkdir(left.path+"/inner", 0o755); err != nil {
		t.Fatal(err)
	}
	unix.Close(left.dir) // as its session's death does
	sweepCgroups(filepath.Dir(left.path))
	if _, err := os.Stat(left.path); err == nil {
		t.Errorf("%s is left", left.path)
	}
	if _, err := os.Stat(mine.path); err != nil {
		t.Error(err)
	}
}

// TestBirthmark: it is inherited by all, whatever they do, and tells the command.
func TestBirthmark(t *testing.T) {
	need(t, "env", "setsid", "sleep")
	m := newBirthmark()
	if m == 0 {
		t.Skip("the limit is in use here")
	}
	other := newBirthmark()
	started.Lock()
	off := m.wear(3)
	cmd := exec.Command("sh", "-c", "exec env -i setsid sleep 1000")
	err := cmd.Start()
	off()
	started.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	waitFor(t, "sleep", func() bool { st, _ := readStat(cmd.Process.Pid); return st.name() == "sleep" })
	if root, ok := m.on(cmd.Process.Pid); !ok || root != 3 {
		t.Errorf("command %d, %v", root, ok)
	}
	if _, ok := other.on(cmd.Process.Pid); ok {
		t.Error("it carries the mark of another session")
	}
	if _, ok := m.on(os.Getpid()); ok {
		t.Error("we carry it ourselves")
	}
}
