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

// birth is what a command is started with.
type birth struct {
	path string
	argv []string
	attr *syscall.ProcAttr
	mark birthmark
	root int
	in   *enclosure // nil: it lives in our pid namespace
}

// spawn starts a command. On return it has been through exec. The session is
// locked, so that nobody looks around before the command is entered: it would be
// taken for an orphan.
func (s *Session) spawn(c *command, path string) error {
	theirs, err := s.openEnds(c)
	if err != nil {
		return err
	}
	defer theirs.close()
	pidfd := -1
	b := birth{path: path, argv: c.Argv, attr: &syscall.ProcAttr{
		Dir:   c.Dir,
		Env:   environ(&c.Command, s.sock, len(s.orders) > 0),
		Files: theirs.files(),
		Sys:   &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL, PidFD: &pidfd},
	}}
	if c.PTY {
		b.attr.Sys.Setctty, b.attr.Sys.Ctty = true, 0
	}
	b.mark, b.root = s.system.birthmark, atoi(c.Node)
	c.asked = s.now()
	pid, err := s.bear(&b, c)
	if err != nil {
		c.ends.close()
		return err
	}
	s.adoptRoot(c, pid, pidfd)
	s.watchEnds(c)
	c.Argv, c.Env = nil, nil // it is remembered for as long as the session lasts
	return nil
}

// bear starts a command, in the control group and in a pid namespace of its own
// if there is to be one.
func (s *Session) bear(b *birth, c *command) (pid int, err error) {
	if c.PIDNamespace {
		if b.in, err = enclose(b.attr, b.path, b.argv); err != nil {
			return 0, enclosureError(c.Argv[0], err)
		}
		defer b.in.close()
	}
	group := s.system.cgroup
	b.attr.Sys.UseCgroupFD = group != nil
	if group != nil {
		b.attr.Sys.CgroupFD = group.dir
	}
	pid, err = b.start()
	if group != nil && refusedByCgroup(err) {
		why := err
		b.attr.Sys.UseCgroupFD = false
		if pid, err = b.start(); err == nil {
			s.note(nil, "cgroup", "%s is not in the control group of the session: %v", c.Argv[0], why)
		}
	}
	switch {
	case b.in == nil && err != nil:
		return 0, startError(&c.Command, b.path, err)
	case err != nil:
		return 0, enclosureError(c.Argv[0], err)
	case b.in == nil:
		return pid, nil
	}
	step, err := b.in.await(pid)
	switch {
	case step == "exec":
		err = startError(&c.Command, b.path, err)
	case err != nil:
		err = enclosureError(c.Argv[0], fmt.Errorf("%s: %w", step, err))
	}
	if err != nil {
		started.Lock()
		delete(started.pids, pid)
		started.Unlock()
		unix.Close(*b.attr.Sys.PidFD)
	}
	return pid, err
}

// start runs clone and exec on the spawner's thread.
func (b *birth) start() (pid int, err error) {
	done := make(chan error)
	started.Lock() // before it can be seen
	defer started.Unlock()
	spawner() <- func() {
		off := b.mark.wear(b.root)
		var err error
		if b.in != nil {
			pid, err = b.in.start(b.attr)
		} else {
			pid, _, err = syscall.StartProcess(b.path, b.argv, b.attr)
		}
		off()
		done <- err
	}
	if err = <-done; err == nil {
		started.pids[pid] = true
	}
	return pid, err
}

// adoptRoot enters the process of a command.
func (s *Session) adoptRoot(c *command, pid, pidfd int) {
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
	p := s.foundRoot(&st, c)
	h := &p.handle
	if h.pidfd < 0 && pidfd >= 0 { // no /proc: the one from clone will do
		h.pidfd, pidfd = pidfd, -1
		s.system.fds++
		s.system.watch(&watch{kind: watchDeath, fd: h.pidfd, p: p}, unix.EPOLLIN|unix.EPOLLET)
	}
	if pidfd >= 0 {
		unix.Close(pidfd)
	}
	name, now := c.Name, p.argv
	if name == "" {
		name = filepath.Base(c.Argv[0])
	}
	p.argv, p.name = cleanArgs(slices.Clone(c.Argv)), clean(name, maxName)
	s.system.scan.prove(pid)
	s.system.keeper.add(p)
	s.announce(p)
	s.system.quicken()
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

// leave tells the keeper that what the command of p leaves behind is let alone.
func (s *Session) leave(p *proc) {
	for _, q := range s.live {
		if q.below(p) {
			s.system.keeper.release(q)
		}
	}
}

// killAll kills everything at once, where the system can do that.
func (s *Session) killAll() {
	if err := s.system.cgroup.kill(); err != nil {
		s.note(nil, "cgroup", "the control group cannot be killed as a whole: %v", err)
	}
}
