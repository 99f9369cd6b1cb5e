package live

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// cgroup is the control group (version 2) of one session. Every command is born
// in it and nothing that descends from a command can leave it, short of writing
// to the cgroup.procs of a group above. So its list of members is complete, its
// kill reaches all of them at once, and "populated 0" proves that nobody is left
// (cgroups(7), "Cgroup ownership notification and events").
//
// A nil cgroup has no members and does nothing.
type cgroup struct {
	path string // its directory
	name string // as in /proc/PID/cgroup
	dir  int    // open for clone(2), and locked while we live: a group without a lock is a leftover
}

const cgroupPrefix = "multiexit-"

// cgroupMade numbers the groups of this process.
var cgroupMade atomic.Int64

// newCgroup makes a group for a session, below our own. It fails where commands
// could not be started in it or it could not be killed.
func newCgroup() (*cgroup, error) {
	home, name, err := cgroupHome()
	if err != nil {
		return nil, err
	}
	// Who moves a process needs to write both groups and the one above them.
	if err := unix.Faccessat(unix.AT_FDCWD, home+"/cgroup.procs", unix.W_OK, unix.AT_EACCESS); err != nil {
		return nil, fmt.Errorf("%s: %w", home, err)
	}
	// Without its arguments clone3 is invalid; filters of old containers deny it.
	if _, _, err := unix.RawSyscall(unix.SYS_CLONE3, 0, 0, 0); err != unix.EINVAL {
		return nil, fmt.Errorf("clone3: %w", err)
	}
	sweepCgroups(home)
	for range 10 {
		path := filepath.Join(home, fmt.Sprintf("%s%d-%d", cgroupPrefix, os.Getpid(), cgroupMade.Add(1)))
		c, err := makeCgroup(path)
		if errors.Is(err, unix.EEXIST) || errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENOENT) {
			continue // a leftover of one of our pid, or swept away before it was locked
		}
		if err != nil {
			return nil, err
		}
		c.name = filepath.Join(name, filepath.Base(path))
		return c, nil
	}
	return nil, fmt.Errorf("%s: no name left", home)
}

// openCgroup gives the session its group, if there is one to be had.
func (s *Session) openCgroup() {
	if c, err := newCgroup(); err == nil {
		s.system.cgroup = c
		s.system.keeper.tell("cgroup %s\n", c.path)
	}
}

func makeCgroup(path string) (*cgroup, error) {
	if err := unix.Mkdir(path, 0o755); err != nil {
		return nil, fmt.Errorf("mkdir %s: %w", path, err)
	}
	c := &cgroup{path: path, dir: -1}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err == nil {
		c.dir = fd
		err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
	}
	if err == nil {
		err = c.usable()
	}
	if err != nil {
		c.remove()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// usable says whether processes can be put into it and killed in it.
func (c *cgroup) usable() error {
	kind, err := os.ReadFile(c.path + "/cgroup.type")
	if err != nil {
		return err
	}
	if kind := strings.TrimSpace(string(kind)); kind != "domain" {
		return fmt.Errorf("a group of type %q", kind) // below a threaded one
	}
	_, err = os.Stat(c.path + "/cgroup.kill") // Linux 5.14
	return err
}

// sweepCgroups removes the empty groups of sessions that are gone. One with
// members stays: they were left alone on purpose, or are not to be killed.
func sweepCgroups(home string) {
	for _, path := range cgroupsBelow(home) {
		if !strings.HasPrefix(filepath.Base(path), cgroupPrefix) {
			continue
		}
		if fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err == nil {
			if unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) == nil {
				removeCgroup(path)
			}
			unix.Close(fd)
		}
	}
}

// members appends the pids of all in the group and in groups that they made
// below it. A pid of 0 belongs to a process that our pid namespace does not see.
func (c *cgroup) members(dst []int) []int {
	if c == nil {
		return dst
	}
	return cgroupMembers(c.path, dst)
}

func cgroupMembers(path string, dst []int) []int {
	b, _ := os.ReadFile(path + "/cgroup.procs")
	for line := range bytes.Lines(b) {
		if pid := int(number(line)); pid > 0 {
			dst = append(dst, pid)
		}
	}
	for _, below := range cgroupsBelow(path) {
		dst = cgroupMembers(below, dst)
	}
	return dst
}

func cgroupsBelow(path string) (below []string) {
	entries, _ := os.ReadDir(path)
	for _, e := range entries {
		if e.IsDir() {
			below = append(below, filepath.Join(path, e.Name()))
		}
	}
	return below
}

// has says whether pid is a member.
func (c *cgroup) has(pid int) bool {
	if c == nil {
		return false
	}
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cgroup")
	if err != nil {
		return false
	}
	name, ok := unifiedName(string(b))
	return ok && (name == c.name || strings.HasPrefix(name, c.name+"/"))
}

// populated says whether anybody lives in the group or below it. Zombies do not
// count. A group that is gone has nobody.
func (c *cgroup) populated() bool {
	if c == nil {
		return false
	}
	b, err := os.ReadFile(c.path + "/cgroup.events")
	return err == nil && strings.Contains(string(b), "populated 1")
}

// kill sends SIGKILL to all members, those that are just being born included.
func (c *cgroup) kill() error {
	if c == nil {
		return nil
	}
	return writeFile(c.path+"/cgroup.kill", "1")
}

// release moves the members to the group above, which is our own, so that
// nothing of the session is left but they. Groups that they made stay.
func (c *cgroup) release() {
	if c == nil {
		return
	}
	up := filepath.Dir(c.path) + "/cgroup.procs"
	for range 20 { // they may have children meanwhile
		b, _ := os.ReadFile(c.path + "/cgroup.procs")
		if len(bytes.TrimSpace(b)) == 0 {
			return
		}
		for line := range bytes.Lines(b) {
			writeFile(up, string(bytes.TrimSpace(line)))
		}
	}
}

func writeFile(path, text string) error {
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte(text))
	return err
}

// remove removes the group, and says why it could not. It waits a little: a
// member's last moments are over before the kernel has counted it out.
func (c *cgroup) remove() (err error) {
	if c == nil {
		return nil
	}
	for range 20 {
		if err = removeCgroup(c.path); err == nil || !errors.Is(err, unix.EBUSY) || c.populated() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if c.dir >= 0 {
		unix.Close(c.dir)
		c.dir = -1
	}
	return err
}

// removeCgroup removes a group and the empty ones below it.
func removeCgroup(path string) error {
	for _, below := range cgroupsBelow(path) {
		removeCgroup(below)
	}
	err := unix.Rmdir(path)
	if err == unix.ENOENT {
		return nil
	}
	return err
}

// refusedByCgroup says that a start may have failed because of the group.
func refusedByCgroup(err error) bool {
	for _, e := range []error{unix.EBUSY, unix.EOPNOTSUPP, unix.ENODEV, unix.EACCES, unix.EPERM, unix.ENOSYS, unix.EINVAL} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
