package live

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"multiexit/tree"
)

// Options say what to start.
type Options struct {
	Argv  []string      // the command; Argv[0] is looked up in PATH
	Dir   string        // working directory; "": ours
	Env   []string      // nil: os.Environ()
	Name  string        // name of the root node; "": base of Argv[0]
	Grace time.Duration // Stop: between SIGTERM and SIGKILL; 0 means the default, 10 s
}

// Verdict is how it ended.
type Verdict struct {
	Total, Gone int
	Survivors   []string // "0.1.2 worker (pid 12): why it lives"
	Code        int      // the exit status of the command itself (node 0)
	Sig         string   // the signal that ended it; Code is 0 then
}

// Usage is what a process uses now.
type Usage struct {
	CPU           float64 // per cent of one core since the last call for this node; 0 the first time
	RSS           uint64  // bytes
	User, Cmdline string
}

// Session is one command and everything that descends from it. All methods may
// be called from any goroutine.
type Session struct {
	header   tree.Header
	grace    time.Duration
	queue    *queue
	rootGone chan struct{}
	done     chan struct{} // closed after eof was queued
	sock     string        // path of the socket, and the mark that every process carries in its environment

	mu      sync.Mutex // guards what follows; held by the watching goroutine while it works
	byPID   map[int]*proc
	byID    map[string]*proc
	live    []*proc // in order of discovery
	root    *proc
	total   int
	gone    int
	ended   bool
	notes   map[string]*tally
	ladder  ladder
	verdict Verdict
	at      time.Duration // when what is being handled was noticed
	pace    pace          // of lines of output
	event   tree.Event    // what the line of a peer is read into
	told    []told
	system  system // the operating system's side
}

// newSession makes a session without processes.
func newSession(o Options) *Session {
	s := &Session{
		grace:    o.Grace,
		queue:    newQueue(),
		rootGone: make(chan struct{}),
		done:     make(chan struct{}),
		byPID:    map[int]*proc{},
		byID:     map[string]*proc{},
		notes:    map[string]*tally{},
		pace:     pace{left: outBurst},
	}
	if s.grace <= 0 {
		s.grace = defaultGrace
	}
	return s
}

// Header is the first line of a recording of this session.
func (s *Session) Header() tree.Header { return s.header }

// Events is the stream, in batches and in order. It is unbounded behind, so a
// slow reader never slows the watched processes; only lines of output are
// dropped, and counted, when too many are waiting. It is closed after eof.
func (s *Session) Events() <-chan []tree.Event { return s.queue.out }

// RootGone is closed when the command itself (node 0) has exited. Its
// descendants may live on.
func (s *Session) RootGone() <-chan struct{} { return s.rootGone }

// Wait blocks until everything is gone, or what cannot be ended is given up, and
// the last event is queued.
func (s *Session) Wait() Verdict {
	<-s.done
	return s.verdict
}

// Signal sends a signal to a node. Scope is "process" (the default), "group"
// (its process group) or "subtree" (it and its living descendants by birth,
// parents first). Every process that got it has its own signal event.
func (s *Session) Signal(node, sig, scope string) error {
	number, err := ParseSignal(sig)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byID[node]
	if p == nil {
		return fmt.Errorf("signal %s: no such node", node)
	}
	defer s.poke()
	switch scope {
	case "", "process":
		if p.dead {
			return fmt.Errorf("signal %s: process %d is gone", p.id, p.pid)
		}
		return s.send(p, number, "process")
	case "group":
		return s.sendGroup(p, number)
	case "subtree":
		return s.sendSubtree(p, number)
	}
	return fmt.Errorf("signal %s: unknown scope %q (process, group or subtree)", node, scope)
}

// sendSubtree signals p and what lives below it. One failure does not spare the
// others; an error is returned if nobody got it.
func (s *Session) sendSubtree(p *proc, sig syscall.Signal) error {
	var first error
	sent := 0
	for _, q := range slices.Clone(s.live) {
		if !q.below(p) {
			continue
		}
		if err := s.send(q, sig, "subtree"); err == nil {
			sent++
		} else if first == nil {
			first = err
		}
	}
	if sent == 0 && first == nil {
		first = fmt.Errorf("signal %s: it and everything below it is gone", p.id)
	}
	if sent > 0 {
		return nil
	}
	return first
}

// sendGroup signals the process group of p.
func (s *Session) sendGroup(p *proc, sig syscall.Signal) error {
	if p.dead {
		return fmt.Errorf("signal %s: process %d is gone", p.id, p.pid)
	}
	at := s.now()
	members, err := s.deliverGroup(p, sig)
	if err != nil {
		return fmt.Errorf("signal the group of %s: %w", p.id, err)
	}
	s.signalled(p, at, sig, "group")
	for _, q := range members {
		if q != p {
			s.signalled(q, at, sig, "group")
		}
	}
	return nil
}

// below says whether p is q or descends from it by birth.
func (p *proc) below(q *proc) bool {
	return p == q || strings.HasPrefix(p.id, q.id) && len(p.id) > len(q.id) && p.id[len(q.id)] == '.'
}

// Do writes one line of the observer's side of the protocol, such as
// {"do":"hold"}, to the process of a node that reports. It never blocks.
func (s *Session) Do(node, line string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byID[node]
	switch {
	case p == nil:
		return fmt.Errorf("%s: no such node", node)
	case len(p.conns) == 0:
		return fmt.Errorf("%s: %s does not report (it does not import exitreg, or has disconnected)", node, p.name)
	}
	return s.write(p.conns[len(p.conns)-1], strings.TrimRight(line, "\n")+"\n")
}

// conclude fills in the verdict.
func (s *Session) conclude() {
	s.verdict.Total, s.verdict.Gone = s.total, s.gone
	for _, p := range s.live {
		s.verdict.Survivors = append(s.verdict.Survivors, fmt.Sprintf("%s %s (pid %d): %s", p.id, p.name, p.pid, s.whyAlive(p)))
	}
}
