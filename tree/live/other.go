//go:build !linux

package live

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// This is the back end for systems without pidfds, subreapers and /proc. What it
// cannot do is said in the header: births and deaths are found by looking at the
// table of processes; only the commands' own exit statuses are known; an orphan
// stays known by its pid and start time once it was seen; the disposition of
// SIGTERM is not known; there is no keeper.

// poll is how often the table is looked at.
const poll = 250 * time.Millisecond

// handle is what is kept of a process.
type handle struct {
	state string
}

// busy is not known.
func (h *handle) busy() bool { return false }

// system is the portable side of a session.
type system struct {
	listener net.Listener
	dir      string
	pipes    []*os.File
	conns    map[*conn]*net.UnixConn
	poked    chan struct{}
}

// ends are our ends of the standard streams of a command.
type ends struct{}

// ownSession is the session that is never signalled as a whole.
var ownSession, _ = unix.Getsid(0)

// Open makes a session without processes. It is held: it is not over before
// Release, Stop or Kill.
func Open(c Config) (*Session, error) {
	s := newSession(c)
	sys := &s.system
	sys.conns, sys.poked = map[*conn]*net.UnixConn{}, make(chan struct{}, 1)
	sockErr := s.openSocket()
	host, _ := os.Hostname()
	s.header = tree.Header{Version: 1, Start: time.Now(), Argv: c.Argv, Host: host,
		Observer: "polling, degraded: exit statuses of descendants, dispositions, fast and re-parented processes are not seen; no keeper"}
	if sockErr != nil {
		s.note(nil, "socket", "no socket, so exit handlers cannot be seen: %v", sockErr)
	}
	if sys.listener != nil {
		go s.serve()
	}
	go s.loop()
	return s, nil
}

// spawn starts a command. The session is locked.
func (s *Session) spawn(c *command, path string) error {
	if c.PTY || c.Stdin || c.PIDNamespace {
		return fmt.Errorf("start %s: no terminal, no standard input and no pid namespace of its own on this system", c.Argv[0])
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	files := []*os.File{null}
	var readers []func()
	for _, stream := range []string{"stdout", "stderr"} {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		defer w.Close()
		files = append(files, w)
		s.system.pipes = append(s.system.pipes, r)
		readers = append(readers, func() { s.readPipe(r, &lines{command: c, stream: stream}) })
	}
	p, err := os.StartProcess(path, c.Argv, &os.ProcAttr{Dir: c.Dir, Env: environ(&c.Command, s.sock, len(s.orders) > 0), Files: files,
		Sys: &syscall.SysProcAttr{Setsid: true}})
	if err != nil {
		for range readers {
			last := len(s.system.pipes) - 1
			s.system.pipes[last].Close()
			s.system.pipes = s.system.pipes[:last]
		}
		return startError(&c.Command, path, err)
	}
	root := s.enterRoot(c.Node, p.Pid, startOf(p.Pid))
	root.command, c.root = c, root
	root.pgid, root.sid, root.born = p.Pid, p.Pid, s.now()
	root.argv, root.name = cleanArgs(slices.Clone(c.Argv)), c.Name
	if root.name == "" {
		root.name = filepath.Base(c.Argv[0])
	}
	root.name = clean(root.name, maxName)
	s.announce(root)
	for _, read := range readers {
		go read()
	}
	go s.waitRoot(p, root)
	return nil
}

func (s *Session) waitRoot(p *os.Process, root *proc) {
	st := status{}
	if state, err := p.Wait(); err == nil {
		if ws, ok := state.Sys().(syscall.WaitStatus); ok {
			st = status{known: true, code: ws.ExitStatus(), core: ws.CoreDump()}
			if ws.Signaled() {
				st.code, st.sig = 0, ws.Signal()
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.now()
	s.exited(root, st)
	s.fade(root)
	s.poke()
}

func (s *Session) readPipe(r *os.File, l *lines) {
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		s.mu.Lock()
		s.at = s.now()
		l.feed(s, buf[:n])
		if err != nil {
			l.flush(s)
			s.system.pipes = slices.DeleteFunc(s.system.pipes, func(p *os.File) bool { return p == r })
		}
		s.mu.Unlock()
		if err != nil {
			r.Close()
			return
		}
	}
}

// loop looks at the table of processes until the session is over.
func (s *Session) loop() {
	for {
		s.mu.Lock()
		s.at = s.now()
		idle := s.idle() && len(s.looks) == 0
		if !idle {
			s.births()
		}
		s.climb()
		s.settleEmptied()
		over := s.over()
		if over {
			s.finish()
		}
		s.answerLooks()
		soon, ok := s.nextRung()
		s.mu.Unlock()
		if over {
			close(s.done)
			return
		}
		if !ok || soon > poll {
			soon = poll
		}
		next := time.After(soon)
		if len(s.looks) > 0 {
			next = time.After(0)
		} else if idle {
			next = nil // somebody who wants something will wake us
		}
		select {
		case <-next:
		case <-s.system.poked:
		}
	}
}

func (s *Session) finish() {
	for _, r := range s.system.pipes {
		r.SetReadDeadline(time.Now().Add(200 * time.Millisecond)) // a stranger may hold it open
	}
	s.resumeLeft()
	s.ended = true
	s.conclude()
	s.farewell()
	s.push(&tree.Event{Kind: exitreg.KindEOF, T: s.now()})
	s.queue.close()
	s.closeSocket()
	for _, c := range s.system.conns {
		c.Close()
	}
}

// births compares the table of processes with what is known: who is new below
// us, and who is gone. It returns how many are new.
func (s *Session) births() (born int) {
	pids, err := process.Pids()
	if err != nil {
		s.note(nil, "poll", "the processes cannot be listed: %v", err)
		return 0
	}
	there := map[int]bool{}
	for _, pid := range pids {
		there[int(pid)] = true
	}
	for _, p := range slices.Clone(s.live) {
		if p.parent != nil && (!there[p.pid] || startOf(p.pid) != p.start) {
			s.exited(p, status{})
			s.fade(p)
		}
	}
	slices.Sort(pids)
	for again := true; again; {
		again = false
		for _, pid := range pids {
			if s.byPID[int(pid)] == nil || s.byPID[int(pid)].dead {
				if s.child(int(pid)) != nil {
					again, born = true, born+1
				}
			}
		}
	}
	return born
}

// search looks once more for those that were not seen so far.
func (s *Session) search() int { return s.births() }

// child enters pid if its parent is in the tree.
func (s *Session) child(pid int) *proc {
	info := process.Process{Pid: int32(pid)}
	ppid, err := info.Ppid()
	if err != nil {
		return nil
	}
	parent := s.byPID[int(ppid)]
	if parent == nil || parent.dead {
		return nil
	}
	p := s.enter(pid, startOf(pid), parent)
	p.born = s.now()
	p.argv, _ = info.CmdlineSlice()
	p.argv = cleanArgs(p.argv)
	name, _ := info.Name()
	p.name = programName(p.argv, name)
	p.pgid, _ = unix.Getpgid(pid)
	p.sid, _ = unix.Getsid(pid)
	s.announce(p)
	s.doom(p)
	return p
}

// startOf is the start time of a process in milliseconds.
func startOf(pid int) uint64 {
	ms, _ := (&process.Process{Pid: int32(pid)}).CreateTime()
	return uint64(ms)
}

func (s *Session) locate(pid int) *proc {
	if p := s.byPID[pid]; p != nil && !p.dead {
		return p
	}
	ppid, err := (&process.Process{Pid: int32(pid)}).Ppid()
	if err != nil || ppid <= 1 || s.locate(int(ppid)) == nil {
		return nil
	}
	return s.child(pid)
}

func (s *Session) deliver(p *proc, sig syscall.Signal) error {
	if p.dead || startOf(p.pid) != p.start {
		return syscall.ESRCH
	}
	return syscall.Kill(p.pid, sig)
}

func (s *Session) deliverGroup(p *proc, sig syscall.Signal) ([]*proc, error) {
	pgid, err := unix.Getpgid(p.pid)
	if err != nil || pgid == unix.Getpgrp() || pgid <= 1 {
		return nil, errors.Join(err, syscall.EPERM)
	}
	var members []*proc
	for _, q := range s.live {
		if g, err := unix.Getpgid(q.pid); err == nil && g == pgid {
			members = append(members, q)
		}
	}
	return members, syscall.Kill(-pgid, sig)
}

func (s *Session) stir(*proc) { s.poke() }

func (s *Session) renew(*proc) {}

func (s *Session) poke() {
	select {
	case s.system.poked <- struct{}{}:
	default:
	}
}

// stands waits until p is stopped. Its state is not to be had quickly here.
func (s *Session) stands(p *proc) bool {
	until := time.Now().Add(haltPatience)
	for time.Now().Before(until) {
		state, err := (&process.Process{Pid: int32(p.pid)}).Status()
		if err != nil {
			return false
		}
		if slices.Contains(state, process.Stop) {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

func (s *Session) haltKept(*proc, bool) {} // there is no keeper

func (s *Session) pending(*proc, syscall.Signal) bool { return false }

func (s *Session) uninterruptible(*proc) bool { return false }

func (s *Session) killAll() {}

func (s *Session) leave(*proc) {}

// renewGroups asks again which process groups and sessions the living are in.
func (s *Session) renewGroups() {
	for _, p := range s.live {
		if pgid, err := unix.Getpgid(p.pid); err == nil {
			p.pgid = pgid
		}
		if sid, err := unix.Getsid(p.pid); err == nil {
			p.sid = sid
		}
	}
}

// Keeper does nothing on this system: if multiexit itself is killed, what it
// started lives on. The header says so.
func Keeper(args []string) (handled bool) { return false }
