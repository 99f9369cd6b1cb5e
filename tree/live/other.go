//go:build !linux

package live

import (
	"errors"
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
// table of processes; only the command's own exit status is known; an orphan
// stays known by its pid and start time once it was seen; the disposition of
// SIGTERM is not known; there is no keeper.

// poll is how often the table is looked at.
const poll = 250 * time.Millisecond

// handle is what is kept of a process.
type handle struct {
	state string
}

// system is the portable side of a session.
type system struct {
	listener net.Listener
	dir      string
	pipes    []*os.File
	conns    map[*conn]*net.UnixConn
	poked    chan struct{}
}

// Start runs the command and watches it. Errors that concern the command are
// one line and match exec.ErrNotFound (exit status 127) or fs.ErrPermission
// (126); any other means that multiexit itself could not (125).
func Start(o Options) (*Session, error) {
	path, err := lookup(o)
	if err != nil {
		return nil, err
	}
	s := newSession(o)
	sys := &s.system
	sys.conns, sys.poked = map[*conn]*net.UnixConn{}, make(chan struct{}, 1)
	sockErr := s.openSocket()
	host, _ := os.Hostname()
	s.header = tree.Header{Version: 1, Start: time.Now(), Argv: o.Argv, Host: host,
		Observer: "polling, degraded: exit statuses of descendants, dispositions, fast and re-parented processes are not seen; no keeper"}
	if err := s.spawn(o, path); err != nil {
		s.closeSocket()
		s.queue.close()
		return nil, err
	}
	if sockErr != nil {
		s.note(nil, "socket", "no socket, so exit handlers cannot be seen: %v", sockErr)
	}
	if sys.listener != nil {
		go s.serve()
	}
	go s.loop()
	return s, nil
}

func (s *Session) spawn(o Options, path string) error {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	files := []*os.File{null}
	for _, stream := range []string{"stdout", "stderr"} {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		defer w.Close()
		files = append(files, w)
		s.system.pipes = append(s.system.pipes, r)
		defer func() { go s.readPipe(r, &lines{stream: stream}) }()
	}
	p, err := os.StartProcess(path, o.Argv, &os.ProcAttr{Dir: o.Dir, Env: environ(o, s.sock), Files: files,
		Sys: &syscall.SysProcAttr{Setsid: true}})
	if err != nil {
		return startError(o, path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	root := s.enter(p.Pid, startOf(p.Pid), nil)
	root.pgid, root.sid = p.Pid, p.Pid
	root.argv, root.name = o.Argv, o.Name
	if root.name == "" {
		root.name = filepath.Base(o.Argv[0])
	}
	s.announce(root)
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
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// loop looks at the table of processes until everything is gone.
func (s *Session) loop() {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		s.mu.Lock()
		s.at = s.now()
		s.births()
		s.climb()
		over := len(s.live) == 0 || s.ladder.kill && !slices.ContainsFunc(s.live, func(p *proc) bool { return !p.lost() })
		if over {
			s.finish()
		}
		s.mu.Unlock()
		if over {
			close(s.done)
			return
		}
		select {
		case <-tick.C:
		case <-s.system.poked:
		}
	}
}

func (s *Session) finish() {
	for _, r := range s.system.pipes {
		r.SetReadDeadline(time.Now().Add(200 * time.Millisecond)) // a stranger may hold it open
	}
	s.ended = true
	s.conclude()
	s.tellRest()
	s.queue.push(&tree.Event{Kind: exitreg.KindEOF, T: s.now()})
	s.queue.close()
	s.closeSocket()
	for _, c := range s.system.conns {
		c.Close()
	}
}

// births compares the table of processes with what is known: who is new below
// us, and who is gone.
func (s *Session) births() {
	pids, err := process.Pids()
	if err != nil {
		s.note(nil, "poll", "the processes cannot be listed: %v", err)
		return
	}
	there := map[int]bool{}
	for _, pid := range pids {
		there[int(pid)] = true
	}
	for _, p := range slices.Clone(s.live) {
		if p != s.root && (!there[p.pid] || startOf(p.pid) != p.start) {
			s.exited(p, status{})
		}
	}
	slices.Sort(pids)
	for again := true; again; {
		again = false
		for _, pid := range pids {
			if s.byPID[int(pid)] == nil || s.byPID[int(pid)].dead {
				again = s.child(int(pid)) != nil || again
			}
		}
	}
}

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
	s.announce(p)
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

func (s *Session) pendingTerm(*proc) bool { return false }

func (s *Session) whyAlive(p *proc) string {
	switch {
	case p.refused:
		return "not permitted to signal it (another user's)"
	case p.killed:
		return "killed, but it has not ended"
	}
	return "it was left alone"
}

// Keeper does nothing on this system: if multiexit itself is killed, what it
// started lives on. The header says so.
func Keeper(args []string) (handled bool) { return false }
