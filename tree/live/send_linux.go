package live

import (
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// deliver sends a signal to p and to nobody else. The errors are errno values.
func (s *Session) deliver(p *proc, sig syscall.Signal) error {
	if p.dead {
		return unix.ESRCH
	}
	if fd := p.handle.pidfd; fd >= 0 {
		return unix.PidfdSendSignal(fd, sig, nil, 0)
	}
	if st, err := p.look(); err != nil || st.state == 'Z' && st.threads <= 1 {
		return unix.ESRCH
	}
	return unix.Kill(p.pid, sig)
}

// deliverGroup signals p's process group and returns its members that are known.
// A group id is not given out again while the group has members, so a living
// member that is in it right now proves that it is the group meant.
func (s *Session) deliverGroup(p *proc, sig syscall.Signal) ([]*proc, error) {
	var members []*proc
	s.renewGroups()
	for _, q := range s.live {
		if q.pgid == p.pgid {
			members = append(members, q)
		}
	}
	switch {
	case p.pgid == unix.Getpgrp() || p.pgid <= 1:
		return nil, unix.EPERM // our own: it would end us too
	case s.deliver(p, 0) != nil:
		return nil, unix.ESRCH
	}
	if leader := s.byPID[p.pgid]; leader != nil && !leader.dead && leader.handle.pidfd >= 0 {
		err := unix.PidfdSendSignal(leader.handle.pidfd, sig, nil, unix.PIDFD_SIGNAL_PROCESS_GROUP)
		if err != unix.EINVAL { // before Linux 6.9
			return members, err
		}
	}
	return members, unix.Kill(-p.pgid, sig)
}

// renewGroups asks again which process groups and sessions the living are in.
func (s *Session) renewGroups() {
	for _, q := range s.live {
		if st, err := q.look(); err == nil {
			q.pgid, q.sid = st.pgid, st.sid
		}
	}
}

// stands waits until p is stopped, and says whether it is.
func (s *Session) stands(p *proc) bool { return stopsInTime(p.look) }

func stopsInTime(look func() (stat, error)) bool {
	began := time.Now()
	for nap := 50 * time.Microsecond; ; nap = min(nap*2, 5*time.Millisecond) {
		st, err := look()
		patience := haltPatience
		if st.state == 'R' {
			patience = turnPatience
		}
		switch {
		case err != nil || st.state == 'Z' && st.threads <= 1:
			return false
		case st.stopped():
			return true
		case time.Since(began) > patience:
			return false
		}
		time.Sleep(nap)
	}
}

// haltKept tells the keeper of a process that is stopped by us: should it be left
// alone when we are gone, it must not stay so.
func (s *Session) haltKept(p *proc, on bool) {
	if on {
		s.system.keeper.tell("halt %d %d\n", p.pid, p.start)
	} else {
		s.system.keeper.tell("cont %d\n", p.pid)
	}
}

// pending says whether a signal waits for p to be continued.
func (s *Session) pending(p *proc, sig syscall.Signal) bool {
	m, err := readMasks("/proc/" + strconv.Itoa(p.pid) + "/status")
	return err == nil && m.pending&(1<<(sig-1)) != 0
}
