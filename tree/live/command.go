package live

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"multiexit/tree"
)

// Command is one process to start, and with it all that descends from it.
type Command struct {
	Node string   // its root id, from Reserve; "": the next one
	Argv []string // Argv[0] is looked up in PATH
	Env  []string // nil: os.Environ()
	Dir  string   // working directory; "": ours
	Name string   // of the node; "": base of Argv[0]

	PTY          bool // a terminal of its own; else its output are two pipes
	Cols, Rows   int  // the size of the terminal; 0: 80 and 24
	Stdin        bool // standard input is a pipe; else it is /dev/null
	PIDNamespace bool // it becomes the first process of a pid namespace of its own
}

// command is one that was started. There is one for each Run, so a restarted one
// is another.
type command struct {
	Command
	root  *proc         // its process
	pace  pace          // of its lines of output
	ends  ends          // our ends of its standard streams
	asked time.Duration // when its start began
}

// Start runs a session of one command, which is over when nobody of it lives.
// Errors that concern the command are one line and match exec.ErrNotFound (exit
// status 127) or fs.ErrPermission (126); any other means that multiexit itself
// could not (125).
func Start(o Options) (*Session, error) {
	c := Command{Argv: o.Argv, Env: o.Env, Dir: o.Dir, Name: o.Name}
	if _, err := lookup(&c); err != nil {
		return nil, err // before anything is opened for it
	}
	s, err := Open(Config{Argv: o.Argv, Grace: o.Grace})
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", o.Argv[0], err)
	}
	_, err = s.Run(c)
	s.Release()
	if err != nil {
		for range s.Events() {
		}
		return nil, err
	}
	return s, nil
}

// Reserve takes the next root id: "0", "1" and so on, for a Run that comes later.
func (s *Session) Reserve() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strconv.Itoa(s.roots)
	s.roots++
	s.reserved[id] = true
	return id
}

// Run starts a command and returns its node. Errors are as those of Start; after
// one the node is as it was before, and may be tried again. Nothing is started
// any more once everything is being stopped.
func (s *Session) Run(c Command) (node string, err error) {
	path, err := lookup(&c)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := strconv.Itoa(s.roots)
	switch {
	case s.ended || s.whole != nil:
		return "", fmt.Errorf("start %s: everything is being stopped", c.Argv[0])
	case c.Node == "":
		c.Node = next
	case !s.reserved[c.Node]:
		return "", fmt.Errorf("start %s: node %s is not reserved, or was started before", c.Argv[0], c.Node)
	}
	s.at = s.now()
	if err := s.spawn(&command{Command: c, pace: pace{left: outBurst}}, path); err != nil {
		return "", err
	}
	if c.Node == next && !s.reserved[next] {
		s.roots++
	}
	delete(s.reserved, c.Node)
	s.poke()
	return c.Node, nil
}

// Release lets go of a session that Open has made: from now on it is over as soon
// as nobody lives.
func (s *Session) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = false
	s.poke()
}

// Emit puts an event of the session's own into the stream, such as KindCommand or
// KindNote. It is given the time and its place. After the end of the stream it
// is dropped.
func (s *Session) Emit(e tree.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.T, e.Seq = s.now(), 0
	s.push(&e)
}

// push queues an event and shows it to the tap.
func (s *Session) push(e *tree.Event) {
	if s.queue.push(e) && s.config.Tap != nil {
		s.config.Tap(e)
	}
}

// commandOf is the command that a node belongs to, by its first process.
func (s *Session) commandOf(node string) (*command, error) {
	p := s.byID[node]
	if p == nil {
		return nil, s.unknown(node)
	}
	if p.top == nil || p.top.command == nil {
		return nil, errors.New(node + ": it belongs to no command")
	}
	return p.top.command, nil
}
