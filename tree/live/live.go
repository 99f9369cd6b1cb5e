package live

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"multiexit/tree"
)

// Usage is what a process uses now.
type Usage struct {
	CPU           float64 // per cent of one core since the last call for this node; 0 the first time
	RSS           uint64  // bytes
	User, Cmdline string
}

// Session is one or more commands and everything that descends from them. All
// methods may be called from any goroutine, except from Config.Tap.
type Session struct {
	header   tree.Header
	config   Config
	queue    *queue
	rootGone chan struct{}
	done     chan struct{} // closed after eof was queued
	sock     string        // path of the socket, and the mark that every process carries in its environment

	mu       sync.Mutex // guards what follows; held by the watching goroutine while it works
	byPID    map[int]*proc
	byID     map[string]*proc
	live     []*proc         // in order of discovery
	faded    []*proc         // the last that have ended, the oldest first
	root     *proc           // of the first command that was started
	roots    int             // root ids given out
	reserved map[string]bool // and not used yet
	held     bool            // not over though nobody lives
	swept    bool            // nobody was left unseen at the last look everywhere, and nothing has changed since
	changed  bool            // somebody has died, or is waited for, since emptied and ladders were settled
	emptied  map[string]chan struct{}
	ladders  []*ladder
	whole    *ladder // that of everything, among ladders; nil while there is none
	total    int
	gone     int
	ended    bool
	notes    map[string]*tally
	verdict  Verdict
	at       time.Duration // when what is being handled was noticed
	event    tree.Event    // what the line of a peer is read into
	told     []told
	orders   []*standingOrder
	ordered  bool // there were some, so that processes may wait for them
	helds    int  // how many are held
	frozen   bool // those who report were told that somebody is
	looks    []look

	toldForeign bool
	system      system // the operating system's side
}

// Header is the first line of a recording of this session.
func (s *Session) Header() tree.Header { return s.header }

// Events is the stream, in batches and in order. It is unbounded behind, so a
// slow reader never slows the watched processes; only lines of output are
// dropped, and counted, when too many are waiting. It is closed after eof.
func (s *Session) Events() <-chan []tree.Event { return s.queue.out }

// RootGone is closed when the process of the first command (node 0) has exited,
// or the session is over. Its descendants may live on.
func (s *Session) RootGone() <-chan struct{} { return s.rootGone }

// Wait blocks until the session is over, and the last event is queued: everything
// is gone, or what lives cannot be ended or is left alone (Config.Keep). A session
// that Open has made has to be released or stopped first.
func (s *Session) Wait() Verdict {
	<-s.done
	return s.verdict
}

// Do writes one line of the observer's side of the protocol, such as
// {"do":"hold"}, to the process of a node that reports. It never blocks.
func (s *Session) Do(node, line string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.byID[node]
	switch {
	case p == nil:
		return s.unknown(node)
	case len(p.conns) == 0:
		return fmt.Errorf("%s: %s does not report (it does not import exitreg, or has disconnected)", node, p.name)
	}
	return s.write(p.conns[len(p.conns)-1], strings.TrimRight(line, "\n")+"\n")
}
