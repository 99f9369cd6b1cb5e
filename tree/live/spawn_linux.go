package live

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

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
	name, now := o.Name, p.argv
	if name == "" {
		name = filepath.Base(o.Argv[0])
	}
	p.argv, p.name = cleanArgs(slices.Clone(o.Argv)), clean(name, maxName)
	s.system.scan.prove(pid)
	s.system.keeper.add(p)
	s.announce(p)
	if err == nil && len(now) > 0 && !slices.Equal(now, p.argv) && !interprets(now, p.argv) {
		s.became(p, now, st.name()) // a quick shell has become its last command by now
	}
}

// interprets says that argv is what exec makes of a script's: the interpreter and
// its argument before the path of the script (execve(2)).
func interprets(argv, script []string) bool {
	more := len(argv) - len(script)
	return (more == 1 || more == 2) && slices.Equal(argv[more+1:], script[1:])
}
