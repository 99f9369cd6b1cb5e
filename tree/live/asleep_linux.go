package live

import (
	"bytes"
	"cmp"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

const (
	asleepAfter = time.Second // of its way out: most are gone by then
	asleepMost  = 20          // events of one process: some wait for many things in turn
	asleepAmong = 500         // processes whose open files are looked through
)

// doze tells what a process waits for that was asked to end a while ago and is
// there still, and what the one waits for that this one does, and so on. What it does
// between two looks nobody sees: it must be the same twice.
func (s *Session) doze(p *proc, st *stat) {
	since := cmp.Or(p.going, p.kept)
	if since == 0 || s.now()-since < asleepAfter || p.dozes >= asleepMost {
		return
	}
	now := s.asleep(p, st)
	again := now == p.dozing
	p.dozing = now
	if !again || now == p.dozed {
		return
	}
	p.dozed = now
	p.dozes++
	e := tree.Event{Kind: exitreg.KindAsleep, T: s.now(), Text: now.in, Err: now.where, Prov: exitreg.ProvScan}
	if now.on != nil {
		e.From, now.on.kept = now.on.id, since
	}
	s.emit(p, e)
}

// asleep looks at what a process sleeps in. Of one with several threads, or whose
// handlers are known to run, only an uninterruptible sleep says something: the
// others may be anywhere.
func (s *Session) asleep(p *proc, st *stat) (z sleep) {
	base := "/proc/" + strconv.Itoa(p.pid)
	switch {
	case st.state == 'D':
		where, _ := os.ReadFile(base + "/wchan")
		return sleep{in: "disk", where: clean(string(where), 64)}
	case st.state != 'S' || st.threads > 1 || p.running:
		return z
	}
	var buf [256]byte
	b, err := readAll(base+"/syscall", buf[:])
	if err != nil {
		return z // we may not know: ptrace(2), "access mode checking"
	}
	call := strings.Fields(string(b))
	if len(call) < 3 {
		return z
	}
	arg := func(i int) int {
		n, _ := strconv.ParseUint(strings.TrimPrefix(call[i], "0x"), 16, 64)
		return int(int32(n))
	}
	switch nr, _ := strconv.Atoi(call[0]); nr {
	case unix.SYS_READ, unix.SYS_READV:
		return s.reading(p, base, arg(1))
	case unix.SYS_WRITE, unix.SYS_WRITEV:
		if pipe := fileOf(base, arg(1)); isPipe(pipe) {
			return sleep{in: "full pipe", on: s.holder(p, pipe, unix.O_RDONLY)}
		}
	case unix.SYS_WAIT4:
		return sleep{in: "child", on: s.child(p, arg(1))}
	case unix.SYS_WAITID:
		if arg(1) == unix.P_PID {
			return sleep{in: "child", on: s.child(p, arg(2))}
		}
		return sleep{in: "child", on: s.child(p, -1)}
	case unix.SYS_FLOCK:
		return sleep{in: "lock"}
	case unix.SYS_FCNTL:
		if arg(2) == unix.F_SETLKW {
			return sleep{in: "lock"}
		}
	}
	return z
}

func (s *Session) reading(p *proc, base string, fd int) sleep {
	switch file := fileOf(base, fd); {
	case isPipe(file):
		return sleep{in: "pipe", on: s.holder(p, file, unix.O_WRONLY)}
	case strings.HasPrefix(file, "socket:"):
		return sleep{in: "socket"}
	case strings.HasPrefix(file, "/dev/pts/"), strings.HasPrefix(file, "/dev/tty"):
		return sleep{in: "terminal"}
	}
	return sleep{}
}

func fileOf(base string, fd int) string {
	to, _ := os.Readlink(base + "/fd/" + strconv.Itoa(fd))
	return to
}

func isPipe(file string) bool { return strings.HasPrefix(file, "pipe:") }

// child is the one that p waits for: that with the pid, or, if any will do, the only
// one that lives.
func (s *Session) child(p *proc, pid int) (only *proc) {
	if pid > 0 {
		if q := s.byPID[pid]; q != nil && !q.dead {
			return q
		}
		return nil
	}
	for _, q := range p.kids {
		switch {
		case q.dead:
		case only != nil:
			return nil
		default:
			only = q
		}
	}
	return only
}

// holder is a process of the tree that has the other end of a pipe, opened in a
// mode; nil if there is none, or too many to look through.
func (s *Session) holder(p *proc, pipe string, mode int64) *proc {
	if len(s.live) > asleepAmong {
		return nil
	}
	var buf [4096]byte
	for _, q := range s.live {
		if q == p || q.dead {
			continue
		}
		base := "/proc/" + strconv.Itoa(q.pid)
		fds, _ := readDir(base+"/fd", buf[:], nil)
		for _, fd := range fds {
			if fileOf(base, fd) == pipe && accessOf(base, fd) == mode {
				return q
			}
		}
	}
	return nil
}

// accessOf is whether a descriptor reads or writes; -1 if that is not to be known.
func accessOf(base string, fd int) int64 {
	var buf [256]byte
	b, err := readAll(base+"/fdinfo/"+strconv.Itoa(fd), buf[:])
	if err != nil {
		return -1
	}
	_, flags, _ := bytes.Cut(b, []byte("flags:\t"))
	flags, _, _ = bytes.Cut(flags, []byte("\n"))
	n, err := strconv.ParseInt(string(flags), 8, 64)
	if err != nil {
		return -1
	}
	return n & unix.O_ACCMODE
}
