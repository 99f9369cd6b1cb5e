package export

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// moment is a signal that arrived, or a rung.
type moment struct {
	at     time.Duration
	text   string // "SIGTERM", "exit 3"
	sender string // "" if nobody saw it
}

// pause is a time in which a process was stopped by a signal or held.
type pause struct {
	from, to time.Duration
	held     bool
	open     bool // nobody saw its end
}

// mostMoments of a process are told; one that is stopped and continued for ever
// must not take for ever to tell.
const mostMoments = 2000

// hear keeps what a tree forgets of an event.
func (s *story) hear(e *tree.Event) {
	if e.Kind == exitreg.KindRung && e.Node == "" {
		switch e.Text {
		case "cont", "all", "dump", "kill":
			s.rungs = append(s.rungs, moment{at: e.T, text: e.Text})
		}
	}
	l := s.life(e.Node)
	if l == nil || len(l.marks)+len(l.pauses) > mostMoments {
		return
	}
	switch e.Kind {
	case exitreg.KindSignal:
		l.marks = append(l.marks, moment{e.T, clean(e.Sig), e.Sender})
	case exitreg.KindDeliver:
		if cause := clean(l.Cause); !l.had(e.Sig) {
			l.marks = append(l.marks, moment{e.T, cmp.Or(clean(e.Sig), cause), ""})
		}
	case exitreg.KindStop, exitreg.KindHold:
		l.pauses = append(l.pauses, pause{from: e.T, held: e.Kind == exitreg.KindHold, open: true})
	case exitreg.KindCont:
		l.resume(e.T, false)
	case exitreg.KindRelease, exitreg.KindBegin:
		l.resume(e.T, true)
	case exitreg.KindExec:
		l.execs = append(l.execs, e.T)
	}
	l.blame(e)
}

// had says that it was seen that the signal was sent.
func (l *life) had(sig string) bool {
	return sig != "" && slices.ContainsFunc(l.marks, func(m moment) bool { return m.text == sig })
}

func (l *life) resume(at time.Duration, held bool) {
	for i := range l.pauses {
		if p := &l.pauses[i]; p.open && p.held == held {
			p.to, p.open = max(at, p.from), false
		}
	}
}

// blame notes what was done to a handler on purpose: "hang", "delay 2.00s".
func (l *life) blame(e *tree.Event) {
	if e.Kind != exitreg.KindFault {
		return
	}
	if l.faults == nil {
		l.faults = map[string]string{}
	}
	what := clean(e.Text)
	switch {
	case e.Timeout > 0:
		what += " " + tree.Took(e.Timeout)
	case e.Code != nil:
		what += " " + strconv.Itoa(*e.Code)
	}
	l.faults[e.ID] = what
}

// settle closes what is open at the end of what is told.
func (l *life) settle(to time.Duration) {
	for i := range l.pauses {
		if p := &l.pauses[i]; p.open {
			p.to = max(p.from, l.until(to))
		}
	}
}
