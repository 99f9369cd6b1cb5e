package check_test

import (
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// stretch is a time for which a process was held; to -1: it is.
type stretch struct{ from, to time.Duration }

// limit is a time that is set to something, and that stands while anybody is held.
type limit struct {
	at    time.Duration // when it is over, if it does not stand
	left  time.Duration // if it stands
	alarm *alarm
	do    func()
	stood bool
}

func (s *sim) limit(d time.Duration, do func()) *limit {
	l := &limit{left: d}
	l.do = func() {
		s.limits = slices.DeleteFunc(s.limits, func(o *limit) bool { return o == l })
		s.unclear = s.unclear || l.stood // whoever was held had a part in it
		do()
	}
	if s.limits = append(s.limits, l); s.held == 0 {
		l.pass(s)
	} else {
		l.stood = true
	}
	return l
}

func (l *limit) pass(s *sim) { l.at, l.alarm = s.now+l.left, s.after(l.left, l.do) }

// hold is a process that is held from now on.
func (s *sim) hold(l *life, where string, e tree.Event) {
	e.Kind, e.Node = exitreg.KindHold, l.id
	s.see(e)
	l.held, l.heldAt = where, append(l.heldAt, stretch{s.now, -1})
	if s.held++; s.held == 1 {
		for _, o := range s.limits {
			s.cancel(o.alarm)
			o.left, o.stood = o.at-s.now, true
		}
	}
}

// unhold is a process that is not held any more.
func (s *sim) unhold(l *life) {
	if l.held == "" {
		return
	}
	l.held, l.heldAt[len(l.heldAt)-1].to = "", s.now
	if s.held--; s.held == 0 {
		for _, o := range slices.Clone(s.limits) {
			o.pass(s)
		}
	}
}

func (s *sim) release(l *life) {
	s.unhold(l)
	s.see(tree.Event{Kind: exitreg.KindRelease, Node: l.id})
}

// rests has a process that reports be held for a while, if it is.
func (l *life) rests(s *sim, piece int, at tree.Event, then func()) {
	if piece < 0 {
		then()
		return
	}
	where := "before its exit"
	switch {
	case at.ID != "":
		where = "before do-" + at.ID
	case at.Sig != "":
		where = "at " + at.Sig
	}
	s.hold(l, where, at)
	l.work(s, l.id+" held", piece, func() {
		s.release(l)
		then()
	})
}

// halt is a process that does not report and is stopped before a signal.
func (l *life) halt(s *sim, sig string) {
	l.doing = l.id + " held"
	s.hold(l, "before "+sig+" reaches it", tree.Event{Sig: sig, Text: "stopped before " + sig})
	s.after(s.took[l.holds.foreign], func() {
		if l.gone == nil && l.death == nil && l.held != "" {
			s.cont(l)
		}
	})
}

// unhalt lets go of it, for it was continued, by whomever.
func (l *life) unhalt(s *sim) {
	if l.held == "" || l.holds.foreign < 0 || l.death != nil {
		return
	}
	s.release(l)
	l.at, l.doing = &moment{s.now, []edge{{l.at, l.id + " held"}}}, l.id+" process"
}

func (h stretch) until(now time.Duration) time.Duration {
	if h.to < 0 {
		return now
	}
	return h.to
}

// holds checks for how long each process was held, and for how long anybody was: by
// looking at each stretch of time between two changes of that.
func (v *verdict) holds(r *check.Report, end time.Duration) {
	v.Helper()
	now := v.tree.Last
	want, times, cuts := map[string]time.Duration{}, map[string]int{}, []time.Duration{}
	for _, l := range v.s.births {
		for _, h := range l.heldAt {
			if d := h.until(now) - h.from; d > 0 {
				want[l.id] += d
				times[l.id]++
			}
			cuts = append(cuts, h.from, h.until(now))
		}
	}
	last := time.Duration(1 << 62)
	for _, h := range r.Holds {
		if h.For != want[h.Node] || h.Times != times[h.Node] || h.For > last || h.For == 0 {
			v.wrong("%v, %d times (after %v), want %v, %d times\n%s", h, h.Times, last, want[h.Node], times[h.Node], v.story())
		}
		delete(want, h.Node)
		last = h.For
	}
	for id, d := range want {
		v.wrong("%s was held for %v and that is not told\n%s", id, d, v.story())
	}
	slices.Sort(cuts)
	somebody := time.Duration(0)
	for i := 1; i < len(cuts); i++ {
		if slices.ContainsFunc(v.s.births, func(l *life) bool {
			return slices.ContainsFunc(l.heldAt, func(h stretch) bool { return h.from <= cuts[i-1] && cuts[i] <= h.until(now) })
		}) {
			somebody += cuts[i] - cuts[i-1]
		}
	}
	if r.Held != somebody {
		v.wrong("somebody was held for %v, want %v\n%s", r.Held, somebody, v.story())
	}
}
