package live

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const (
	maxWire     = 64 << 10 // a line on the socket; longer ones end the connection
	maxHandlers = 1 << 20  // registrations on one connection: more is no program
	maxConns    = 8        // connections of one process at a time
	maxAhead    = 64 << 10 // events of one connection that the reader of the stream has not got yet
)

// conn is the connection of one process that reports its registry.
type conn struct {
	p     *proc
	fd    int
	inner int           // the peer's pid in its own pid namespace
	part  []byte        // a line whose end has not come yet
	n     uint64        // its count of its events, to notice holes
	regs  int           // registrations seen
	last  time.Duration // the latest T among its events

	window   int    // events taken since mark
	mark     uint64 // Seq of the stream when the window was full; 0: it is not
	paused   bool   // not read from until the reader of the stream has caught up
	finished bool
	orders   []*standingOrder // that it was given
	heedful
}

// feed takes what was read from c and queues the events in it. False ends the
// connection.
func (s *Session) feed(c *conn, data []byte) bool {
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			i = len(data)
		}
		line := data[:i]
		if len(c.part)+len(line) > maxWire {
			s.note(c.p, "long", "%s dropped: a line of more than %d KiB on its connection", c.p.name, maxWire>>10)
			return false
		}
		if i == len(data) { // no end of line yet
			c.part = append(c.part, line...)
			return true
		}
		data = data[i+1:]
		if len(c.part) > 0 {
			line = append(c.part, line...)
			c.part = line[:0]
			if cap(c.part) > 4<<10 {
				c.part = nil // idle connections hold no big buffers
			}
		}
		if !s.heard(c, line) {
			return false
		}
	}
	return true
}

// heard takes one line. False ends the connection.
func (s *Session) heard(c *conn, line []byte) bool {
	if len(bytes.TrimSpace(line)) == 0 {
		return true
	}
	e := &s.event
	*e = tree.Event{}
	if err := json.Unmarshal(line, e); err != nil || e.Kind == "" {
		s.note(c.p, "garbage", "%s sent a line that is no event; it was left out", c.p.name)
		return true
	}
	if e.PID != 0 && e.PID != c.p.pid && e.PID != c.inner {
		s.note(c.p, "forged", "%s sent an event in the name of pid %d; it was refused", c.p.name, e.PID)
		return true
	}
	if !fromProcess(e.Kind) && !remark(e) {
		s.note(c.p, "forged", "%s sent an event of kind %q, which is the observer's to tell; it was refused", c.p.name, clean(string(e.Kind), 32))
		return true
	}
	if c.n != 0 && e.N > c.n+1 {
		s.note(c.p, "hole", "%d events of %s were lost", e.N-c.n-1, c.p.name)
	}
	c.n = max(c.n, e.N)
	if e.Kind == exitreg.KindRegister {
		if c.regs++; c.regs > maxHandlers {
			s.note(c.p, "flood", "%s dropped: more than %d registrations", c.p.name, maxHandlers)
			return false
		}
	}
	s.said(c, e)
	return true
}

// fromProcess says whether a process may tell this kind of itself. Kinds of a
// newer exitreg pass, those of the observer do not.
func fromProcess(k exitreg.Kind) bool {
	switch k {
	case exitreg.KindSpawn, exitreg.KindExec, exitreg.KindTitle, exitreg.KindOrphan, exitreg.KindStop, exitreg.KindCont,
		exitreg.KindDisposition, exitreg.KindExit, exitreg.KindSignal, exitreg.KindOut, exitreg.KindNote, exitreg.KindEOF,
		exitreg.KindCommand, exitreg.KindRung, exitreg.KindOrder, exitreg.KindRevoke, exitreg.KindAsleep:
		return false
	}
	return len(k) <= 32 && plain(string(k))
}

// remark says that an event is a note of exitreg about itself, such as that its orders
// did not come in time. Other notes are the observer's.
func remark(e *tree.Event) bool {
	return e.Kind == exitreg.KindNote && strings.HasPrefix(e.Text, "exitreg: ")
}

// said makes an event of the stream from one of the wire and queues it.
func (s *Session) said(c *conn, e *tree.Event) {
	p := c.p
	e.T, e.At = s.wireTime(e.At), 0
	e.Prov = exitreg.ProvSelf
	e.Stream, e.Scope, e.Core = "", "", false
	cleanEvent(e)
	switch e.Kind {
	case exitreg.KindHello:
		p.reports = true
		p.takesTerm = slices.Contains(strings.Fields(e.Text), "SIGTERM")
		if len(e.Argv) > 0 {
			p.argv = e.Argv
		}
		if e.Name != "" {
			p.name = e.Name
		}
		s.stir(p)
	case exitreg.KindDeliver:
		p.running = true
	case exitreg.KindHold, exitreg.KindRelease:
		s.setHeld(p, e.Kind == exitreg.KindHold)
	case exitreg.KindFault:
		if e.Text == "stop" {
			p.jammed = true
			s.haltKept(p, true)
		}
	case exitreg.KindWait:
		q := s.byWire(c, e.Text)
		if q == nil {
			s.note(p, "stranger", "%s waits for pid %s, which is not in the tree", p.name, clean(e.Text, 16))
			return
		}
		e.Text = q.id
		if q.going == 0 {
			q.going = max(e.T, 1)
		}
	}
	if e.From != "" {
		if q := s.byWire(c, e.From); q != nil {
			e.From = q.id
		} else {
			s.note(p, "stranger", "%s has a shared handler %s from pid %s, which is not in the tree", p.name, e.Handler, clean(e.From, 16))
			e.From = ""
		}
	}
	s.heed(c, e)
	c.window++
	c.last = max(c.last, e.T)
	s.announce(p)
	e.Node, e.PID = p.id, p.pid
	if s.told = append(s.told, told{c.last, *e}); len(s.told) >= maxTold {
		s.passOn()
	}
	if e.Kind == exitreg.KindHello {
		s.brief(c)
	}
}

// told is an event of a process that waits for its place among those of others.
// Its own are in order; at is its time, or that of one before it if it is later.
type told struct {
	at time.Duration
	e  tree.Event
}

const maxTold = 4096

// passOn queues what has been heard since the last time. What came from several
// processes at once is put in the order in which it happened.
func (s *Session) passOn() {
	byTime := func(a, b told) int { return cmp.Compare(a.at, b.at) }
	if !slices.IsSortedFunc(s.told, byTime) {
		slices.SortStableFunc(s.told, byTime)
	}
	for i := range s.told {
		s.push(&s.told[i].e)
	}
	clear(s.told)
	s.told = s.told[:0]
}

// cleanEvent makes every text of e fit for the stream.
func cleanEvent(e *tree.Event) {
	e.Name, e.Handler = clean(e.Name, maxName), clean(e.Handler, maxName)
	e.ID, e.Sig = clean(e.ID, 64), clean(e.Sig, 32)
	e.Src, e.Sender = clean(e.Src, maxName), clean(e.Sender, maxName)
	e.Err, e.Text = clean(e.Err, maxText), clean(e.Text, maxText)
	e.From = clean(e.From, 32)
	e.Argv, e.Needs = cleanArgs(e.Argv), cleanArgs(e.Needs)
}

// byWire finds the process that a peer calls by its pid. A dead one is found
// until its pid belongs to another process of the tree.
func (s *Session) byWire(c *conn, pid string) *proc {
	n, err := strconv.Atoi(pid)
	if err != nil {
		return nil
	}
	p := s.byInner(c, n)
	if p != nil {
		s.announce(p)
	}
	return p
}

// byOuter finds a process by the pid that it has for us.
func (s *Session) byOuter(pid int) *proc {
	if p := s.byPID[pid]; p != nil {
		return p
	}
	return s.locate(pid)
}

// wireTime is the time in the stream of a moment in Unix nanoseconds. A clock
// that lies beyond the session's own life is not believed.
func (s *Session) wireTime(at int64) time.Duration {
	now := s.now()
	t := time.Duration(at - s.header.Start.UnixNano())
	if at == 0 || t < 0 || t > now {
		return now
	}
	return t
}

// full says that c is so far ahead of the reader of the stream that it has to
// wait: back-pressure for this peer alone.
func (s *Session) full(c *conn) bool {
	if c.window < maxAhead {
		return false
	}
	if c.mark == 0 {
		c.mark = s.queue.newest()
	}
	if s.queue.taken.Load() < c.mark {
		return true
	}
	c.window, c.mark = 0, 0
	return false
}
