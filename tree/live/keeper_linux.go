package live

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// keeperWord is the hidden argument. It looks like a flag, so that a program
// which never calls Keeper ends with "unknown flag" instead of doing its work
// a second time.
const keeperWord = "-multiexit.keeper"

// keeper is a process of our own executable that takes the tree down if we die,
// even by SIGKILL: the socket to it ends then. It outlives us because it is in a session of its own and ignores what ends
// others. A nil keeper does nothing.
type keeper struct {
	s    *Session
	fd   int
	pid  int
	todo []byte // what the socket did not take yet
}

// startKeeper starts it. It need not be up on return: what it is told waits in
// the socket, and so does our end.
func startKeeper(s *Session) (*keeper, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(pair[1])
	null, err := unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		unix.Close(pair[0])
		return nil, err
	}
	defer unix.Close(null)
	started.Lock() // not while another session makes its children carry its birthmark
	pid, _, err := syscall.StartProcess(self, []string{"multiexit", keeperWord}, &syscall.ProcAttr{
		Dir:   "/",
		Env:   keeperEnv(),
		Files: []uintptr{uintptr(pair[1]), uintptr(null), uintptr(null)},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	started.Unlock()
	if err != nil {
		unix.Close(pair[0])
		return nil, err
	}
	unix.SetNonblock(pair[0], true)
	k := &keeper{s: s, fd: pair[0], pid: pid}
	s.system.scan.strangers[pid] = startOf(pid)
	if err := s.system.watch(&watch{kind: watchKeeper, fd: k.fd}, unix.EPOLLIN|unix.EPOLLRDHUP); err != nil {
		return k, err
	}
	k.tell("birthmark %d\n", s.system.birthmark)
	return k, nil
}

// keeperEnv keeps the mark of an observer that watches us, so that it does not
// lose sight of our keeper, and little else.
func keeperEnv() []string {
	env := []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}
	if outer := os.Getenv(sockEnv); outer != "" {
		env = append(env, sockEnv+"="+outer)
	}
	return env
}

func startOf(pid int) uint64 {
	st, _ := readStat(pid)
	return st.start
}

func (k *keeper) add(p *proc) { k.tell("+ %d %d\n", p.pid, p.start) }

func (k *keeper) remove(p *proc) { k.tell("- %d\n", p.pid) }

// release lets go of p, which is to live on whatever becomes of us; of everything
// if p is nil. It is not taken back.
func (k *keeper) release(p *proc) {
	if p == nil {
		k.tell("release\n")
		return
	}
	k.tell("release %d %d\n", p.pid, p.start)
}

// tell writes a line.
func (k *keeper) tell(format string, args ...any) {
	if k != nil && k.fd >= 0 {
		k.todo = fmt.Appendf(k.todo, format, args...)
		k.flush()
	}
}

// flush writes what the socket takes; the rest waits for the next time.
func (k *keeper) flush() {
	if k == nil || k.fd < 0 {
		return
	}
	for len(k.todo) > 0 {
		n, err := unix.SendmsgN(k.fd, k.todo, nil, nil, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT)
		if err != nil {
			return
		}
		k.todo = k.todo[n:]
	}
	k.todo = nil
}

// end ends the keeper: there is nothing to keep any more. It is killed before
// our end of the socket is closed, which it would take for our death.
func (k *keeper) end() {
	if k == nil || k.fd < 0 {
		return
	}
	k.reap()
	unix.Close(k.fd)
	k.fd = -1
}

// reap kills the keeper. It is our child and not reaped, so the pid is its own.
func (k *keeper) reap() {
	unix.Kill(k.pid, unix.SIGKILL)
	for {
		if _, err := unix.Wait4(k.pid, nil, 0, nil); err != unix.EINTR {
			return
		}
	}
}

// keeperGone is called when the keeper's end of the socket is closed.
func (s *Session) keeperGone() {
	k := s.system.keeper
	if k == nil || k.fd < 0 {
		return
	}
	s.system.unwatch(k.fd)
	k.fd = -1
	k.reap()
	s.note(nil, "keeper", "the keeper has ended: if multiexit itself is killed, the descendants of the command may live on")
}

// Keeper runs the keeper process, or the first process of a pid namespace, and
// never returns, if args (os.Args with or without the program's name) ask for it.
// Programs and test binaries that start commands call it first thing in main or
// TestMain.
func Keeper(args []string) (handled bool) {
	for i, a := range args[:min(len(args), 2)] {
		switch a {
		case keeperWord:
			keep(os.Stdin)
			os.Exit(0)
		case initWord:
			beInit(args[i+1:])
		}
	}
	return false
}

// keep listens until the end, and takes down then what it was told of.
func keep(in *os.File) {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTTOU, syscall.SIGTTIN, syscall.SIGTSTP, syscall.SIGPIPE)
	c := newCharge()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		c.heed(word, rest)
	}
	c.end(20 * time.Second)
	os.Remove(c.mark)
	os.Remove(filepath.Dir(c.mark))
}

// heed takes one line from the session.
func (c *charge) heed(word, rest string) {
	pid, start, _ := strings.Cut(rest, " ")
	switch word {
	case "mark":
		c.mark = rest
	case "birthmark":
		c.birthmark = birthmark(number([]byte(rest)))
	case "cgroup":
		c.cgroup = &cgroup{path: rest, dir: -1}
	case "+":
		c.add(atoi(pid), uint64(number([]byte(start))))
	case "-":
		c.drop(atoi(pid))
	case "halt":
		c.halted[atoi(pid)] = uint64(number([]byte(start)))
	case "cont":
		delete(c.halted, atoi(pid))
	case "release":
		c.release(atoi(pid), uint64(number([]byte(start))))
	}
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }
