package live

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

// reserveFDs are left to the rest of the program when descriptors are counted.
const reserveFDs = 256

// Start runs the command and watches it. Errors that concern the command are
// one line and match exec.ErrNotFound (exit status 127) or fs.ErrPermission
// (126); any other means that multiexit itself could not (125).
func Start(o Options) (*Session, error) {
	path, err := lookup(o)
	if err != nil {
		return nil, err
	}
	s := newSession(o)
	if err := s.open(); err != nil {
		s.abandon()
		return nil, fmt.Errorf("watch %s: %w", o.Argv[0], err)
	}
	sys := &s.system
	sockErr := s.openSocket()
	s.header = s.newHeader(o, sockErr)
	var boot unix.Timespec
	unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot)
	sys.boot = time.Duration(boot.Nano())
	sys.keeper, err = startKeeper(s)
	if err := s.spawn(o, path); err != nil {
		sys.keeper.end()
		sys.closeSocket(s.sock)
		s.abandon()
		return nil, err
	}
	if err != nil {
		s.note(nil, "keeper", "no keeper: if multiexit itself is killed, the descendants of the command may live on (%v)", err)
	}
	if !sys.scan.able {
		s.note(nil, "proc", "no /proc: only the command itself is watched, not what it starts (mount -t proc proc /proc)")
	}
	if sockErr != nil {
		s.note(nil, "socket", "no socket, so exit handlers cannot be seen: %v (set TMPDIR to a directory that can be written)", sockErr)
	}
	sys.quicken()
	go s.loop()
	return s, nil
}

// open prepares the system side.
func (s *Session) open() (err error) {
	sys := &s.system
	*sys = system{epoll: -1, wake: -1, listener: -1, watches: map[int32]*watch{}, gap: lookFast,
		buf: make([]byte, 256<<10)}
	if sys.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	unix.SetNonblock(sys.epoll, true) // what makes NewFile give it to the poller
	sys.file = os.NewFile(uintptr(sys.epoll), "epoll")
	if sys.raw, err = sys.file.SyscallConn(); err != nil {
		return err
	}
	if err = sys.file.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	if sys.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return err
	}
	if err = sys.watch(&watch{kind: watchWake, fd: sys.wake}, unix.EPOLLIN); err != nil {
		return err
	}
	// Orphans of the tree come to us instead of to pid 1. It holds for the whole
	// process and is never taken back.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		s.note(nil, "subreaper", "orphans cannot be adopted: %v", err)
	}
	sys.fdBudget = fdBudget()
	sys.scan = newScan(s)
	sys.observer = sys.scan
	s.queue.relief = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(sys.paused) > 0 {
			s.poke()
		}
	}
	return nil
}

// fdBudget is how many descriptors may be spent on watching. The Go runtime has
// raised the soft limit to the hard one when it started, and gives children the
// former one back (os/rlimit.go, Go issue 46279).
func fdBudget() int {
	var lim unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &lim); err != nil {
		return 512
	}
	return max(int(min(lim.Cur, 1<<20))-reserveFDs, 16)
}

// abandon gives back what a failed start has opened.
func (s *Session) abandon() {
	sys := &s.system
	for _, w := range sys.pipes {
		unix.Close(w.fd)
	}
	if sys.scan != nil {
		sys.scan.close()
	}
	if sys.wake >= 0 {
		unix.Close(sys.wake)
	}
	if sys.file != nil {
		sys.file.Close() // epoll
	}
	s.queue.close()
	go func() {
		for range s.queue.out {
		}
	}()
}

// newHeader names the observer and what it cannot see.
func (s *Session) newHeader(o Options, sockErr error) tree.Header {
	name := "linux " + s.system.observer.name() + "+pidfd"
	if !s.system.scan.able {
		name += ", no /proc: only the command itself is seen"
	} else {
		name += ", births by looking (processes shorter than 20 ms may be missed), senders of signals not seen"
	}
	if sockErr != nil {
		name += ", no socket: exit handlers not seen"
	}
	host, _ := os.Hostname()
	return tree.Header{Version: 1, Start: time.Now(), Argv: o.Argv, Host: host, Observer: name}
}

// spawner runs functions one after another on one thread that never ends: the
// parent-death signal of a child is sent when the *thread* that started it ends
// (prctl(2), Go issue 27505), and Go ends threads as it likes.
var spawner = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range calls {
			f()
		}
	}()
	return calls
})

// started are the commands that sessions of this program have started. A session
// that meets the command of another one must not take it for an orphan of its own.
var started = struct {
	sync.Mutex
	pids map[int]bool
}{pids: map[int]bool{}}

func startedHere(pid int) bool {
	started.Lock()
	defer started.Unlock()
	return started.pids[pid]
}

// spawn starts the command. On return it has been through exec.
func (s *Session) spawn(o Options, path string) error {
	sys := &s.system
	null, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", os.DevNull, err)
	}
	defer unix.Close(null)
	stdout, err := sys.openPipe("stdout")
	if err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	defer unix.Close(stdout)
	stderr, err := sys.openPipe("stderr")
	if err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	defer unix.Close(stderr)
	pidfd := -1
	attr := &syscall.ProcAttr{
		Dir:   o.Dir,
		Env:   environ(o, s.sock),
		Files: []uintptr{uintptr(null), uintptr(stdout), uintptr(stderr)},
		Sys:   &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL, PidFD: &pidfd},
	}
	var pid int
	done := make(chan error)
	started.Lock() // before it can be seen
	spawner() <- func() {
		var err error
		pid, _, err = syscall.StartProcess(path, o.Argv, attr)
		done <- err
	}
	err = <-done
	if err == nil {
		started.pids[pid] = true
	}
	started.Unlock()
	if err != nil {
		return startError(o, path, err)
	}
	s.adoptRoot(o, pid, pidfd)
	return nil
}

// adoptRoot enters the command as node 0.
func (s *Session) adoptRoot(o Options, pid, pidfd int) {
	st, err := readStat(pid)
	// The kernel closes our pipe early in exec. What it puts into stat later would
	// look like a second one.
	for i := 0; i < 50 && err == nil && st.mm[0] == 0; i++ {
		time.Sleep(100 * time.Microsecond)
		st, err = readStat(pid)
	}
	if err != nil {
		st = stat{pid: pid, ppid: os.Getpid(), pgid: pid, sid: pid}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.found(&st, nil, false)
	h := &p.handle
	if h.pidfd < 0 && pidfd >= 0 { // no /proc: the one from clone will do
		h.pidfd, pidfd = pidfd, -1
		s.system.fds++
		s.system.watch(&watch{kind: watchDeath, fd: h.pidfd, p: p}, unix.EPOLLIN|unix.EPOLLET)
	}
	if pidfd >= 0 {
		unix.Close(pidfd)
	}
	p.argv, p.name = o.Argv, o.Name
	if p.name == "" {
		p.name = filepath.Base(o.Argv[0])
	}
	p.argv, p.name = cleanArgs(append([]string(nil), o.Argv...)), clean(p.name, maxName)
	s.system.scan.prove(pid)
	s.system.keeper.add(p)
	s.announce(p)
}
