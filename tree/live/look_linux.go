package live

import (
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// refresh looks at p again and tells what has changed.
func (sc *scan) refresh(p *proc) {
	s, h := sc.s, &p.handle
	st, err := p.look()
	if err != nil {
		if h.pidfd < 0 {
			s.die(p)
		}
		return
	}
	if st.state == 'Z' {
		s.undead(p, &st)
		return
	}
	changed := false
	if replaced(p, &st) {
		s.drain(p) // what the former program said comes first
		h.mm, h.comm = st.mm, st.comm
		s.became(p, readArgv(p.pid), st.name())
		h.looks, h.hold, changed = 0, time.Time{}, true
	}
	if !p.announced {
		elder := p.elder()
		if time.Now().Before(h.hold) || elder != nil && !elder.announced {
			return
		}
		s.announce(p)
	}
	h.threads, h.state, h.comm = st.threads, st.state, st.comm
	p.pgid, p.sid = st.pgid, st.sid
	if st.ppid != h.ppid && (p.parent == nil || p.parent.dead || p.parent.pid != h.ppid) {
		h.ppid = st.ppid
		s.adopted(p)
		changed = true
	} // else its parent's death is about to be told, and this with it
	stopped := st.stopped() || p.stopped && st.killed()
	if stopped != p.stopped {
		changed = true
		s.drain(p) // what it said before comes first: perhaps that it was told to stop
	}
	s.setStopped(p, stopped)
	// The masks cost eight times the rest and change rarely, mostly in youth.
	if h.looks%16 == 0 || h.gap < 200*time.Millisecond {
		was := p.term
		s.setTerm(p, termOf(p))
		changed = changed || was != p.term
		s.retitle(p)
	}
	h.looks++
	s.doze(p, &st)
	if changed {
		h.gap = lookFast
		s.system.quicken()
	}
	s.settled(p)
}

// undead is refresh of a zombie. With threads left it lives on without its leader,
// whose stat says little.
func (s *Session) undead(p *proc, st *stat) {
	if p.handle.pidfd < 0 && st.threads <= 1 {
		s.die(p)
	}
	if !p.announced && time.Now().After(p.handle.hold) {
		if argv := readArgv(p.pid); argv != nil {
			s.became(p, argv, st.name())
		}
		s.announce(p)
	}
}

// renew reads what p runs if it was held back so far: a held process that is
// announced early, because it has a child or has connected, has been through exec.
func (s *Session) renew(p *proc) {
	if p.handle.hold.IsZero() {
		return
	}
	p.handle.hold = time.Time{}
	if st, err := p.look(); err == nil && replaced(p, &st) {
		p.handle.mm, p.handle.comm = st.mm, st.comm
		s.became(p, readArgv(p.pid), st.name())
	}
}

// replaced says whether p runs another program than at the last look.
func replaced(p *proc, st *stat) bool {
	h := &p.handle
	if st.mm != [2]uint64{} {
		return st.mm != h.mm && st.mm[0] != 0 // 0: in the middle of it
	}
	// We may not know its addresses. A new name means a new program if it has a
	// new command line too; threads and titles change names as well.
	if st.comm == h.comm {
		return false
	}
	argv := readArgv(p.pid)
	return len(argv) > 0 && !slices.Equal(argv, p.argv)
}

// A title is looked for while a process is young: some change it with every
// query, which nobody wants to read.
const (
	titleFor  = 5 * time.Second
	titleMost = 4
)

// retitle tells that p has written another title over its arguments. The command
// itself keeps the name it was given, and who reports knows its own name.
func (s *Session) retitle(p *proc) {
	h := &p.handle
	if p.parent == nil || p.reports || h.titles >= titleMost || s.now()-p.born > titleFor {
		return
	}
	argv := readArgv(p.pid)
	if len(argv) == 0 || slices.Equal(argv, p.argv) {
		return
	}
	h.titles++
	p.argv, p.name = argv, programName(argv, "")
	s.emit(p, tree.Event{Kind: exitreg.KindTitle, T: s.now(), Name: p.name, Argv: argv, Prov: exitreg.ProvScan})
}

// settled notes that p has been silent for long though it reported once.
func (s *Session) settled(p *proc) {
	if p.reports && !p.muted.IsZero() && time.Since(p.muted) > time.Second {
		p.muted = time.Time{}
		s.onItsOwn(p)
		s.note(p, "muted", "%s has stopped reporting; it lives on", p.name)
	}
}
