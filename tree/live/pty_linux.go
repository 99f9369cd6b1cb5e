package live

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// terminal is our end of the pseudo terminal of a command (pty(7)).
//
// It stays open until everything below the command is gone, so closing it hangs
// nobody up. What the kernel does when the command itself exits is another matter,
// and the same with every terminal: as the leader of the session it takes the
// terminal with it. The foreground process group gets SIGHUP, and what others hold
// of the terminal is dead (reads end, writes fail).
//
// It is watched for edges: one that nobody holds reads as EIO and says so for
// ever, and the next edge comes when somebody has opened it again and writes.
type terminal struct {
	command *command
	fd      int
	ready   bool // there may be something to read
	pace    termPace
	chunks  chunks
}

const (
	defaultCols, defaultRows = 80, 24
	// termTurn is what is read of one terminal before others have their turn.
	termTurn = 256 << 10
	// termRest is read of a terminal when somebody has died: more than it can hold.
	termRest = 128 << 10
)

// termPace is how many more bytes may be read. A flood beyond the burst is held up
// by the terminal, as it is by a real one, and nothing of it is lost.
type termPace struct {
	left float64
	at   time.Duration
}

// Variables for the tests' sake.
var (
	termBurst = 16e6
	termRate  = 2e6 // a second
)

// termSip is the least that is worth waking up for.
const termSip = 8 << 10

// allow is how much may be read now.
func (p *termPace) allow(now time.Duration) int {
	p.left = min(termBurst, p.left+termRate*max(now-p.at, 0).Seconds())
	p.at = now
	return int(p.left)
}

// openTerminal makes the terminal of a command: our end, and the command's.
func openTerminal(c *command) (theirs int, err error) {
	master, slave, err := pty.Open()
	if err != nil {
		return -1, fmt.Errorf("no terminal for it: %w", err)
	}
	defer master.Close()
	defer slave.Close()
	t := &terminal{command: c, ready: true, pace: termPace{left: termBurst}}
	if t.fd, err = duplicate(master, true); err != nil {
		return -1, fmt.Errorf("no terminal for it: %w", err)
	}
	c.ends.term = t
	c.ends.in = &input{command: c, fd: t.fd, terminal: true}
	t.resize(max(c.Cols, 0), max(c.Rows, 0))
	if theirs, err = duplicate(slave, false); err != nil {
		return -1, fmt.Errorf("no terminal for it: %w", err)
	}
	return theirs, nil
}

// duplicate gives a descriptor that is out of the hands of Go's poller.
func duplicate(f *os.File, nonblock bool) (int, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return -1, err
	}
	return fd, unix.SetNonblock(fd, nonblock)
}

// resize tells the size; 0 is the default. The foreground process group gets
// SIGWINCH from the kernel if it is another one.
func (t *terminal) resize(cols, rows int) error {
	if cols == 0 {
		cols = defaultCols
	}
	if rows == 0 {
		rows = defaultRows
	}
	size := unix.Winsize{Col: uint16(min(cols, 1<<16-1)), Row: uint16(min(rows, 1<<16-1))}
	return unix.IoctlSetWinsize(t.fd, unix.TIOCSWINSZ, &size)
}

// Resize gives the terminal of the command that a node belongs to another size.
func (s *Session) Resize(node string, cols, rows int) error {
	if cols < 1 || rows < 1 {
		return fmt.Errorf("resize %s: %d x %d is no size", node, cols, rows)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.commandOf(node)
	if err != nil {
		return fmt.Errorf("resize %w", err)
	}
	t := c.ends.term
	switch {
	case t == nil && !c.PTY:
		return fmt.Errorf("resize %s: its command has no terminal (start it with one)", node)
	case t == nil:
		return fmt.Errorf("resize %s: everything that used its terminal is gone", node)
	}
	if err := t.resize(cols, rows); err != nil {
		return fmt.Errorf("resize %s: %w", node, err)
	}
	s.sized(c, cols, rows)
	return nil
}

// watchTerminal begins to read.
func (s *Session) watchTerminal(c *command) {
	t := c.ends.term
	w := &watch{kind: watchTerminal, fd: t.fd, term: t}
	if err := s.system.watch(w, unix.EPOLLIN|unix.EPOLLOUT|unix.EPOLLET); err != nil {
		s.note(c.root, "pty", "the terminal of %s cannot be read: %v", c.root.name, err)
		unix.Close(t.fd)
		c.ends.term, c.ends.in = nil, nil
		return
	}
	s.system.terminals = append(s.system.terminals, t)
	s.system.inputs = append(s.system.inputs, c.ends.in)
	s.sized(c, max(c.Cols, 0), max(c.Rows, 0))
}

// sized tells the size of a terminal, so that a recording shows it as it was.
func (s *Session) sized(c *command, cols, rows int) {
	if cols == 0 {
		cols = defaultCols
	}
	if rows == 0 {
		rows = defaultRows
	}
	s.emit(c.root, tree.Event{Kind: exitreg.KindOut, T: s.now(), Stream: "pty", Scope: fmt.Sprintf("%dx%d", cols, rows)})
}

// readTerminals reads those that have something, as far as pace and queue allow.
func (s *Session) readTerminals() {
	sys := &s.system
	sys.termWait, sys.held = 0, false
	for _, t := range sys.terminals {
		if !t.ready {
			continue
		}
		if s.queue.full() {
			sys.held = true // until the reader of the stream has taken something
			return
		}
		allowed := t.pace.allow(s.at)
		if allowed < termSip {
			sys.termWait = time.Duration(termSip / termRate * float64(time.Second))
			continue
		}
		t.pace.left -= float64(t.read(s, min(allowed, termTurn)))
		if t.ready && sys.termWait == 0 {
			sys.termWait = 100 * time.Microsecond
		}
	}
}

// read reads up to most bytes and makes events of them.
func (t *terminal) read(s *Session, most int) (total int) {
	for total < most {
		n, err := unix.Read(t.fd, s.system.buf[total:min(most, len(s.system.buf))])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			t.ready = false
			break
		}
		total += n
	}
	if total > 0 {
		t.chunks.add(s.system.buf[:total], func(text string) { t.emit(s, text) })
	}
	return total
}

func (t *terminal) emit(s *Session, text string) {
	root := t.command.root
	s.push(&tree.Event{Kind: exitreg.KindOut, T: s.at, Node: root.id, PID: root.pid, Stream: "pty", Text: text})
}

// drainTerminals reads what has been written by now: last words come before the
// exit. The read itself makes the kernel pass on what it holds.
func (s *Session) drainTerminals() {
	for _, t := range s.system.terminals {
		t.read(s, termRest)
	}
}

// settleTerminals closes terminals, and pipes to standard inputs, that nobody is
// left for.
func (s *Session) settleTerminals() {
	sys := &s.system
	for i := len(sys.terminals) - 1; i >= 0; i-- {
		if t := sys.terminals[i]; s.deserted(t.command) {
			s.closeTerminal(t)
		}
	}
	for i := len(sys.inputs) - 1; i >= 0; i-- {
		if in := sys.inputs[i]; !in.terminal && s.deserted(in.command) {
			s.closeInput(in)
		}
	}
}

// deserted says that nobody of a command lives, not even what is left alone.
func (s *Session) deserted(c *command) bool {
	return c.root.dead && !slices.ContainsFunc(s.live, func(p *proc) bool { return p.top == c.root }) && s.empty(c.root)
}

// closeTerminal reads what is left, and closes it.
func (s *Session) closeTerminal(t *terminal) {
	t.read(s, termRest)
	t.chunks.flush(func(text string) { t.emit(s, text) })
	sys := &s.system
	sys.terminals = slices.DeleteFunc(sys.terminals, func(u *terminal) bool { return u == t })
	sys.inputs = slices.DeleteFunc(sys.inputs, func(in *input) bool { return in == t.command.ends.in })
	t.command.ends.in.fd = -1
	t.command.ends.term = nil
	sys.unwatch(t.fd)
}

// closeAll closes terminals and inputs at the end of the session.
func (s *Session) closeAll() {
	for _, t := range slices.Clone(s.system.terminals) {
		s.closeTerminal(t)
	}
	for _, in := range slices.Clone(s.system.inputs) {
		s.closeInput(in)
	}
}
