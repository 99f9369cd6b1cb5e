package live

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inCharge starts a shell with a child, in the group of a charge and with its mark.
func inCharge(t *testing.T, c *charge) (pid int) {
	t.Helper()
	need(t, "sh", "sleep")
	cmd := exec.Command("sh", "-c", "sleep 1000; true")
	cmd.Env = append(os.Environ(), sockEnv+"="+c.mark)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if c.cgroup != nil {
		cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, c.cgroup.dir
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid = cmd.Process.Pid
	t.Cleanup(func() { unix.Kill(-pid, unix.SIGKILL); cmd.Wait() })
	waitFor(t, "its child", func() bool { return len(childrenOf(pid)) == 1 })
	c.add(pid, startOf(pid))
	return pid
}

func lives(pid int) bool {
	st, err := readStat(pid)
	return err == nil && st.state != 'Z'
}

// TestChargeReleases: who was let go lives on, and his children; the others do not.
func TestChargeReleases(t *testing.T) {
	for _, grouped := range []bool{true, false} {
		c := newCharge()
		c.mark = "/nowhere/" + strconv.Itoa(os.Getpid()) + strconv.FormatBool(grouped)
		if grouped {
			group, err := newCgroup()
			if err != nil {
				t.Log("no control group:", err)
				continue
			}
			c.cgroup = group
		}
		kept, other := inCharge(t, c), inCharge(t, c)
		orphan := childrenOf(other)[0]
		free := childrenOf(kept)[0]
		c.heed("release", strconv.Itoa(kept)+" "+strconv.FormatUint(startOf(kept), 10))
		c.end(deadline)
		if !lives(kept) || !lives(free) {
			t.Errorf("in a group %v: one that was let go was ended", grouped)
		}
		if lives(other) || lives(orphan) {
			t.Errorf("in a group %v: one that was not let go lives on", grouped)
		}
		if grouped {
			if _, err := os.Stat(c.cgroup.path); err == nil {
				t.Errorf("%s is left", c.cgroup.path)
			}
		}
	}
}

// TestChargeReleasesAll: then nobody is ended.
func TestChargeReleasesAll(t *testing.T) {
	c := newCharge()
	c.mark = "/nowhere/all" + strconv.Itoa(os.Getpid())
	pid := inCharge(t, c)
	c.heed("release", "")
	began := time.Now()
	c.end(deadline)
	if !lives(pid) || time.Since(began) > deadline/2 {
		t.Error("it was ended, or waited for")
	}
}
