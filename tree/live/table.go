package live

import (
	"cmp"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// proc is one process. It stays in the table for a while after its death (see
// fade): events that come late refer to it.
type proc struct {
	id      string
	pid     int
	start   uint64   // start time in the kernel's unit: with the pid, its identity
	parent  *proc    // by birth; nil: it is the root of a command
	top     *proc    // the root that it descends from; itself if it is one
	command *command // of a root
	kids    []*proc  // in order of birth, without those that were forgotten
	bore    int      // how many there were in all

	fading, faded bool // see fade
	name          string
	argv          []string
	born, became  time.Duration // since when it is there, and the program that it is

	announced bool // its spawn event is out
	dead      bool
	reaped    bool // its entry in the process table is gone
	orphan    bool
	stopped   bool
	reports   bool             // it said hello
	takesTerm bool             // and that it takes SIGTERM
	running   bool             // its run began: a second SIGTERM would force it
	held      bool             // by an order, until one lets it go
	stepping  bool             // one has, and it has not said where it is
	loosed    bool             // it was told to go since
	halted    bool             // it is held by a SIGSTOP of ours; it does not report
	haltedAt  string           // before this signal
	jammed    bool             // it was stopped as a fault: no ladder continues it
	jams      []*standingOrder // that were done to it
	term      tree.Disposition
	pgid, sid int

	asked, killed, conted bool          // by a ladder
	termed                bool          // asked, or sent a SIGTERM
	kept                  time.Duration // since when one that is asked to end, and was seen to wait for it, is asked; 0: none was
	going                 time.Duration // since when it is asked to end, by us or by one that waits for it; 0: it is not
	dozing, dozed         sleep         // what it slept in at the last look; what was told of that
	dozes                 int
	killedAt              time.Time
	refused               bool          // we may not signal it
	noticed               time.Duration // when its death was; 0: it lives, or was seen only to be gone
	status                status        // how it ended, once it is dead

	conns   []*conn
	muted   time.Time // when its last connection ended; zero while it has one
	handle  handle    // what the operating system's side keeps of it
	counter *counter  // for Usage
}

// sleep is what a process waits for in the kernel.
type sleep struct {
	in    string // as in the Text of a KindAsleep; empty: nothing that is known
	where string // of an uninterruptible sleep
	on    *proc
}

// alive walks up to the nearest ancestor that lives; p itself may be it.
func (p *proc) alive() *proc {
	for p != nil && p.dead {
		p = p.parent
	}
	return p
}

// enterRoot takes the process of a command into the table. Its spawn event
// follows with announce.
func (s *Session) enterRoot(id string, pid int, start uint64) *proc {
	p := &proc{id: id, pid: pid, start: start}
	p.top = p
	if s.root == nil {
		s.root = p
	}
	return s.list(p)
}

// enter takes a new process into the table under its birth parent.
func (s *Session) enter(pid int, start uint64, parent *proc) *proc {
	p := &proc{pid: pid, start: start, parent: parent, top: parent.top}
	p.id = parent.id + "." + strconv.Itoa(parent.bore)
	parent.kids = append(parent.kids, p)
	parent.bore++
	return s.list(p)
}

func (s *Session) list(p *proc) *proc {
	pid := p.pid
	s.swept = false
	s.byPID[pid] = p
	s.byID[p.id] = p
	s.live = append(s.live, p)
	s.total++
	return p
}

// elder is the sibling born just before p, of those that are not forgotten; nil if
// p is the first.
func (p *proc) elder() *proc {
	if p.parent == nil {
		return nil
	}
	kids := p.parent.kids
	for i := len(kids) - 1; i > 0; i-- { // it is asked for of the youngest
		if kids[i] == p {
			return kids[i-1]
		}
	}
	return nil
}

// announce emits the spawn event of p, after those of its ancestors and elders.
func (s *Session) announce(p *proc) {
	if p.announced {
		return
	}
	s.renew(p)
	p.announced = true
	if p.parent != nil {
		s.announce(p.parent)
		if e := p.elder(); e != nil {
			s.announce(e)
		}
		p.born = max(p.born, p.parent.born)
	}
	prov := exitreg.ProvScan
	if p.parent == nil {
		prov = exitreg.ProvKernel
	}
	s.emit(p, tree.Event{Kind: exitreg.KindSpawn, T: p.born, Name: p.name, Argv: p.argv, Prov: prov})
	s.jamBorn(p)
}

// emit stamps the node and queues the event.
func (s *Session) emit(p *proc, e tree.Event) {
	s.announce(p)
	e.Node, e.PID = p.id, p.pid
	s.push(&e)
}

// became notes another program in the same process.
func (s *Session) became(p *proc, argv []string, comm string) {
	p.argv, p.name = argv, programName(argv, comm)
	p.reports, p.takesTerm, p.running, p.muted = false, false, false, time.Time{}
	p.term, p.became = tree.Unknown, s.now()
	if !p.halted {
		s.setHeld(p, false)
	}
	if !p.announced {
		return // nobody has heard of the former one
	}
	s.emit(p, tree.Event{Kind: exitreg.KindExec, T: s.now(), Name: p.name, Argv: argv, Prov: exitreg.ProvScan})
}

// adopted notes that p's parent is gone and another process is its parent now.
func (s *Session) adopted(p *proc) {
	if p.orphan || p.dead {
		return
	}
	p.orphan = true
	s.emit(p, tree.Event{Kind: exitreg.KindOrphan, T: s.now(), Prov: exitreg.ProvScan})
}

func (s *Session) setStopped(p *proc, on bool) {
	if p.stopped == on {
		return
	}
	p.stopped, p.conted = on, false
	if !on {
		defer s.freed(p)
	}
	kind := exitreg.KindCont
	if on {
		kind = exitreg.KindStop
	}
	s.emit(p, tree.Event{Kind: kind, T: s.now(), Prov: exitreg.ProvScan})
}

// setTerm notes what SIGTERM would do to p; Unknown takes an earlier claim back.
func (s *Session) setTerm(p *proc, d tree.Disposition) {
	if p.term == d {
		return
	}
	p.term = d
	s.emit(p, tree.Event{Kind: exitreg.KindDisposition, T: s.now(), Sig: "SIGTERM", Text: string(d), Prov: exitreg.ProvScan})
}

// status is how a process ended.
type status struct {
	known bool
	code  int
	sig   syscall.Signal
	core  bool
}

// waitStatus reads the status word of wait(2).
func waitStatus(w uint32) status {
	st := status{known: true}
	if sig := w & 0x7f; sig != 0 {
		st.sig, st.core = syscall.Signal(sig), w&0x80 != 0
	} else {
		st.code = int(w >> 8 & 0xff)
	}
	return st
}

// exited notes the death of p and that its living children have another parent.
func (s *Session) exited(p *proc, st status) {
	if p.dead {
		return
	}
	s.announce(p)
	s.setHeld(p, false)
	s.cannotLinger(p)
	p.dead, p.stopped, p.halted, p.jammed, p.status = true, false, false, false, st
	s.gone++
	s.changed, s.swept = true, false
	for i, q := range s.live {
		if q == p {
			s.live = append(s.live[:i], s.live[i+1:]...)
			break
		}
	}
	e := tree.Event{Kind: exitreg.KindExit, T: cmp.Or(p.noticed, s.at), Prov: exitreg.ProvWait}
	switch {
	case !st.known:
		e.Text, e.Prov = "exit status unknown", exitreg.ProvScan
	case st.sig != 0:
		e.Sig, e.Core = SignalName(st.sig), st.core
	default:
		e.Code = &st.code
	}
	s.emit(p, e)
	for _, k := range p.kids {
		s.adopted(k)
	}
	if p.id == "0" {
		s.verdict.Code, s.verdict.Sig = st.code, e.Sig
		close(s.rootGone)
	}
	if s.config.Keep && p.parent == nil {
		s.leave(p)
	}
}

// now is the time since the start of the recording.
func (s *Session) now() time.Duration { return time.Since(s.header.Start) }

// programName is the base of argv[0], without the dash of a login shell; the
// kernel's name for it if it has no argv.
func programName(argv []string, comm string) string {
	if len(argv) == 0 || argv[0] == "" {
		return clean(comm, maxName)
	}
	name := argv[0]
	// A process may write a title over its argv ("nginx: worker process").
	if i := strings.IndexByte(name, ':'); i > 0 && strings.IndexByte(name[:i], '/') < 0 {
		return strings.TrimSpace(clean(name, maxName)) // PostgreSQL fills it up
	}
	return clean(strings.TrimPrefix(path.Base(name), "-"), maxName)
}
