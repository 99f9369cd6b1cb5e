package live

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	roles["recycle"] = recycleRole
	roles["regroup"] = regroupRole
}

// recycles are cases in which a pid is given to a stranger while it is still
// believed to belong to a process of the tree.
var recycles = map[string]func() error{
	"handle without a pidfd": func() error { return recycleHandle(false) },
	"handle with a pidfd":    func() error { return recycleHandle(true) },
	"session without pidfds": func() error { return recycleSession(0) },
	"session with pidfds":    func() error { return recycleSession(100) },
	"keeper without a pidfd": func() error { return recycleCharge(false) },
	"keeper with a pidfd":    func() error { return recycleCharge(true) },
	"group that p has left":  func() error { return recycleGroup(false) },
	"group that p died in":   func() error { return recycleGroup(true) },
	"what the keeper let go": recycleFree,
}

// TestRecycled: nobody who was given the pid, or the process group, of one of ours
// is ever signalled. In a pid namespace of its own the next pid can be chosen.
func TestRecycled(t *testing.T) {
	need(t, "bash", "sh", "sleep")
	if os.Geteuid() != 0 {
		t.Skip("needs root to choose a pid")
	}
	for name := range recycles {
		t.Run(name, func(t *testing.T) {
			null, err := os.Open(os.DevNull)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close()
			cmd := exec.Command(self, initWord, "3", self, self, roleWord, "recycle", name)
			cmd.ExtraFiles = []*os.File{null} // failures before the role show as its exit status
			cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS}
			out, err := cmd.CombinedOutput()
			if errors.Is(err, unix.EPERM) || cmdCode(err) == 125 || cmdCode(err) == 77 {
				t.Skipf("no pid namespace here, or no choice of pids: %v %s", err, out)
			}
			if err != nil || strings.TrimSpace(string(out)) != "unharmed" {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func recycleRole(args []string) int {
	if err := recycles[args[0]](); err != nil {
		fmt.Println(err)
		if errors.Is(err, errNoChoice) {
			return 77
		}
		return 1
	}
	fmt.Println("unharmed")
	return 0
}

// regroupRole leaves its process group when told, or ends.
func regroupRole(args []string) int {
	fmt.Println("there")
	os.Stdin.Read(make([]byte, 1))
	unix.Setsid()
	fmt.Println("left")
	time.Sleep(time.Hour)
	return 0
}

var errNoChoice = errors.New("the next pid cannot be chosen")

// stranger starts a process, and a child of it, that has nothing to do with us,
// with a pid that was another's. It leads a session and so a process group.
func stranger(pid int) (*exec.Cmd, error) {
	gone := func() bool { return unix.Kill(pid, 0) == unix.ESRCH }
	for end := time.Now().Add(deadline); !gone(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return nil, fmt.Errorf("pid %d is not given back", pid)
		}
	}
	time.Sleep(3 * time.Second / ticks) // its start time is another
	for range 200 {
		if err := writeFile("/proc/sys/kernel/ns_last_pid", strconv.Itoa(pid-1)); err != nil {
			return nil, fmt.Errorf("%w: %w", errNoChoice, err)
		}
		cmd := exec.Command("sh", "-c", "sleep 1000; true")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		if cmd.Process.Pid == pid {
			for end := time.Now().Add(deadline); len(childrenOf(pid)) == 0; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					return nil, errors.New("the stranger has no child")
				}
			}
			return cmd, nil
		}
		unix.Kill(-cmd.Process.Pid, unix.SIGKILL) // a thread was quicker
		cmd.Wait()
	}
	return nil, errNoChoice
}

func childrenOf(pid int) []int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	var kids []int
	for _, word := range strings.Fields(string(b)) {
		kids = append(kids, atoi(word))
	}
	return kids
}

// unharmed says that a stranger and its child live. A signal that was sent has
// taken effect by the time that both have run again.
func unharmed(cmd *exec.Cmd) error {
	time.Sleep(50 * time.Millisecond)
	for _, pid := range append(childrenOf(cmd.Process.Pid), cmd.Process.Pid) {
		if st, err := readStat(pid); err != nil || strings.ContainsRune("ZXT", rune(st.state)) {
			return fmt.Errorf("the stranger %d was signalled: state %c, %v", pid, st.state, err)
		}
	}
	if len(childrenOf(cmd.Process.Pid)) != 1 {
		return errors.New("the stranger's child was signalled")
	}
	return nil
}

// victim starts a process and says what is known of it.
func victim(pidfd bool) (*exec.Cmd, *proc, error) {
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	p := &proc{id: "0", pid: cmd.Process.Pid, start: startOf(cmd.Process.Pid), handle: handle{pidfd: -1, stat: -1}}
	if pidfd {
		fd, err := unix.PidfdOpen(p.pid, 0)
		if err != nil {
			return nil, nil, err
		}
		p.handle.pidfd = fd
	}
	return cmd, p, nil
}

func recycleHandle(pidfd bool) error {
	cmd, p, err := victim(pidfd)
	if err != nil {
		return err
	}
	s := newSession(Config{})
	cmd.Process.Kill()
	cmd.Wait()
	other, err := stranger(p.pid)
	if err != nil {
		return err
	}
	if err := s.deliver(p, unix.SIGKILL); err != unix.ESRCH {
		return fmt.Errorf("deliver: %v", err)
	}
	p.pgid = p.pid
	s.live = []*proc{p}
	if _, err := s.deliverGroup(p, unix.SIGKILL); err != unix.ESRCH {
		return fmt.Errorf("deliverGroup: %v", err)
	}
	return unharmed(other)
}

// recycleSession gives the pid of a process to a stranger while the watching
// goroutine is held up; what it is told to send then, and all that it does by
// itself, must miss.
func recycleSession(descriptors int) error {
	s, err := Open(Config{Argv: []string{"bash"}, Grace: time.Second})
	if err != nil {
		return err
	}
	go func() {
		for range s.Events() {
		}
	}()
	s.mu.Lock()
	s.system.fdBudget = descriptors
	s.mu.Unlock()
	if _, err := s.Run(Command{Argv: []string{"bash", "-c", "set -m; sleep 1000 & wait; sleep 1000"}}); err != nil {
		return err
	}
	var p *proc
	for end := time.Now().Add(deadline); p == nil; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		if q := s.byID["0.0"]; q != nil && q.name == "sleep" {
			p = q
		}
		if time.Now().After(end) {
			return errors.New("no sleep was seen")
		}
		if p == nil {
			s.mu.Unlock()
		}
	}
	unix.Kill(p.pid, unix.SIGKILL)
	other, err := stranger(p.pid)
	if err != nil {
		return err
	}
	one := s.deliver(p, unix.SIGKILL)
	_, group := s.deliverGroup(p, unix.SIGKILL)
	s.mu.Unlock()
	if one != unix.ESRCH || group != unix.ESRCH {
		return fmt.Errorf("deliver: %v, deliverGroup: %v", one, group)
	}
	s.Signal("0.0", "KILL", "group")
	s.Stop()
	s.Wait()
	return unharmed(other)
}

func recycleCharge(pidfd bool) error {
	cmd, p, err := victim(false)
	if err != nil {
		return err
	}
	c := newCharge()
	c.add(p.pid, p.start)
	if k := c.known[p.pid]; !pidfd {
		unix.Close(k.pidfd)
		k.pidfd = -1
	}
	cmd.Process.Kill()
	cmd.Wait()
	other, err := stranger(p.pid)
	if err != nil {
		return err
	}
	c.search()
	if len(c.known) != 1 {
		return fmt.Errorf("a stranger was taken in: %v", c.known)
	}
	if n := c.kill(); n != 0 {
		return fmt.Errorf("%d were killed", n)
	}
	c.add(p.pid, p.start) // what it is told of late
	c.end(time.Second)
	return unharmed(other)
}

// recycleFree: who was given the pid of one that was let go is not free by that.
func recycleFree() error {
	cmd, p, err := victim(false)
	if err != nil {
		return err
	}
	c := newCharge()
	c.release(p.pid, p.start)
	cmd.Process.Kill()
	cmd.Wait()
	other, err := stranger(p.pid)
	if err != nil {
		return err
	}
	for _, pid := range append(childrenOf(p.pid), p.pid) {
		if st, _ := readStat(pid); c.isFree(&st) {
			return fmt.Errorf("%d is taken for one that was let go", pid)
		}
	}
	return unharmed(other)
}

// recycleGroup: the leader of a group is gone, p has left it or died in it, and
// the number belongs to a stranger's group.
func recycleGroup(dies bool) error {
	leader := exec.Command("sleep", "1000")
	leader.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := leader.Start(); err != nil {
		return err
	}
	group := leader.Process.Pid
	member := exec.Command(self, roleWord, "regroup")
	member.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: group}
	in, _ := member.StdinPipe()
	out, _ := member.StdoutPipe()
	if err := member.Start(); err != nil {
		return err
	}
	buf := make([]byte, 64)
	out.Read(buf) // "there"
	p := &proc{id: "0", pid: member.Process.Pid, start: startOf(member.Process.Pid), pgid: group, handle: handle{pidfd: -1, stat: -1}}
	s := newSession(Config{})
	s.live, s.byPID[p.pid] = []*proc{p}, p
	s.byPID[group] = &proc{id: "1", pid: group, start: startOf(group), pgid: group, handle: handle{pidfd: -1, stat: -1}}
	leader.Process.Kill()
	leader.Wait()
	if dies {
		member.Process.Kill()
		member.Wait()
	} else {
		in.Write([]byte("x"))
		out.Read(buf) // "left"
	}
	other, err := stranger(group)
	if err != nil {
		return err
	}
	_, err = s.deliverGroup(p, unix.SIGKILL)
	if dies != (err == unix.ESRCH) {
		return fmt.Errorf("deliverGroup: %v", err)
	}
	return unharmed(other)
}
