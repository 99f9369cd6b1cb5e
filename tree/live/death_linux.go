package live

import (
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// die takes note of the death of p, which a wake-up or a look has told.
func (s *Session) die(p *proc) {
	if p.dead {
		s.reap(p)
		return
	}
	if p.noticed == 0 {
		p.noticed = s.at // its status may be to be had only later
	}
	st, again := s.collect(p)
	h := &p.handle
	if again {
		if h.dying.IsZero() {
			h.dying = time.Now()
			s.system.dying = append(s.system.dying, p)
			return
		}
		if time.Since(h.dying) < time.Second {
			return // its parent may reap it any moment; then the status is to be had
		}
	}
	s.drain(p)
	s.closeConns(p)
	s.system.keeper.remove(p)
	if p.command != nil {
		s.flushPipes(p.command) // the command's last words need no newline
	}
	s.exited(p, st)
	if p.reaped {
		s.letGo(p)
		s.fade(p)
	} else {
		s.system.zombies = append(s.system.zombies, p)
	}
	s.system.quicken()
}

// collect gets the exit status: by reaping p if it is our child, else from its
// pidfd, else from its remains in /proc. Again: its parent has not reaped it,
// and once it has there may be more to know.
func (s *Session) collect(p *proc) (st status, again bool) {
	if st, ok := s.wait(p); ok {
		return st, false
	}
	if st, ok := reapedStatus(p); ok {
		p.reaped = true
		return st, false
	}
	rest, err := p.look()
	if err != nil { // reaped since we asked: now the pidfd knows
		p.reaped = true
		st, _ = reapedStatus(p)
		return st, false
	}
	if rest.state == 'Z' && mayRead(p.pid) {
		return waitStatus(uint32(rest.exitCode)), false
	}
	return status{}, true
}

// wait reaps p if it is our child and dead. It is never done by a pid that could
// be another child's: the pidfd, or a zombie of that start time, is checked first.
func (s *Session) wait(p *proc) (status, bool) {
	if p.reaped {
		return status{}, false
	}
	if fd := p.handle.pidfd; fd >= 0 {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PIDFD, fd, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
		if err != nil || info.Signo == 0 {
			return status{}, false
		}
	} else if st, err := p.look(); err != nil || st.state != 'Z' || st.ppid != os.Getpid() {
		return status{}, false
	}
	if p.parent == nil && !s.system.scan.able {
		// Blind: its group is all we can reach of what it leaves. Until it is
		// reaped nobody else can have that group id.
		_ = unix.Kill(-p.pid, unix.SIGKILL)
	}
	s.forget(p) // its pid is anybody's once it is reaped
	var ws unix.WaitStatus
	if pid, err := unix.Wait4(p.pid, &ws, unix.WNOHANG, nil); err != nil || pid != p.pid {
		return status{}, false
	}
	p.reaped = true
	return waitStatus(uint32(ws)), true
}

// reapedStatus asks the kernel for the status of a process that its parent has
// reaped (PIDFD_INFO_EXIT, Linux 6.15).
func reapedStatus(p *proc) (status, bool) {
	if p.handle.pidfd < 0 {
		return status{}, false
	}
	info := unix.PidfdInfo{Mask: unix.PIDFD_INFO_EXIT}
	if err := unix.IoctlPidfdInfo(p.handle.pidfd, &info); err != nil || info.Mask&unix.PIDFD_INFO_EXIT == 0 {
		return status{}, false
	}
	return waitStatus(uint32(info.Exit_code)), true
}

// reap ends a zombie that has become our child, and closes what is held of it
// once it is gone from the process table.
func (s *Session) reap(p *proc) {
	if !p.reaped {
		if _, ok := s.wait(p); !ok {
			_, gone := reapedStatus(p)
			if !gone {
				if _, err := p.look(); err == nil {
					return
				}
			}
			p.reaped = true
		}
	}
	s.letGo(p)
	s.fade(p)
}

// mayRead says whether the exit code in a zombie's stat is true: the kernel shows
// 0 to those who may not trace it.
func mayRead(pid int) bool {
	if os.Geteuid() == 0 {
		return true
	}
	_, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/ns/pid")
	return err == nil
}

// uninterruptible says that p is in a system call that no signal ends.
func (s *Session) uninterruptible(p *proc) bool {
	st, err := p.look()
	return err == nil && st.state == 'D'
}
