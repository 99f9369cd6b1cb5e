package live

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

// reserveFDs are left to the rest of the program when descriptors are counted.
const reserveFDs = 256

// Open makes a session without processes. It is held: it is not over before
// Release, Stop or Kill.
func Open(c Config) (*Session, error) {
	s := newSession(c)
	if err := s.open(); err != nil {
		s.abandon()
		return nil, err
	}
	sys := &s.system
	var err error
	sys.birthmark = newBirthmark()
	sys.keeper, err = startKeeper(s) // first: it tidies up whatever we are killed in the middle of
	sockErr := s.openSocket()
	s.openCgroup()
	s.header = s.newHeader(sockErr)
	// Orphans of the tree come to us instead of to pid 1. It holds for the whole
	// process and is never taken back.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		s.note(nil, "subreaper", "orphans cannot be adopted: %v", err)
	}
	var boot unix.Timespec
	unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot)
	sys.boot = time.Duration(boot.Nano())
	if err != nil {
		s.note(nil, "keeper", "no keeper: if multiexit itself is killed, the descendants of the command may live on (%v)", err)
	}
	if !sys.scan.able {
		s.note(nil, "proc", "no /proc: only the command itself is watched, not what it starts; what it leaves in its process group is killed (mount -t proc proc /proc)")
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
	sys.fdBudget = fdBudget()
	sys.scan = newScan(s)
	sys.observer = sys.scan
	if fd := sys.observer.fd(); fd >= 0 {
		if err := sys.watch(&watch{kind: watchObserver, fd: fd}, unix.EPOLLIN); err != nil {
			return err
		}
	}
	s.queue.relief = func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(sys.paused) > 0 || sys.held {
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
func (s *Session) newHeader(sockErr error) tree.Header {
	name := "linux " + s.system.observer.name() + "+pidfd"
	if !s.system.scan.able {
		name += ", no /proc: only the command itself is seen"
	} else {
		name += ", births by looking (processes shorter than 20 ms may be missed), senders of signals not seen"
	}
	if s.system.cgroup != nil {
		name += ", contained by cgroup v2"
	} else {
		name += ", contained by groups+mark+subreaper"
	}
	if !exitInfo() {
		name += ", exit statuses of descendants not always (before Linux 6.15)"
	}
	if sockErr != nil {
		name += ", no socket: exit handlers not seen"
	}
	host, _ := os.Hostname()
	return tree.Header{Version: 1, Start: time.Now(), Argv: s.config.Argv, Host: host, Observer: name}
}

// exitInfo says whether the kernel tells the status of a process that somebody
// else has reaped.
func exitInfo() bool {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return false
	}
	major, minor := 0, 0
	fmt.Sscanf(unix.ByteSliceToString(u.Release[:]), "%d.%d", &major, &minor)
	return major > 6 || major == 6 && minor >= 15
}
