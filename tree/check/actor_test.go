package check_test

import (
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// send gives a process a signal. The first that asks it to end begins its way out.
func (s *sim) send(l *life, sig, by string, from *moment, seen bool) {
	if l.gone != nil || l.death != nil {
		l.doubt = l.doubt || seen && sig == "SIGKILL" && !l.seenDeath
		return
	}
	halts := by == "multiexit" && l.asked == nil && l.holds.foreign >= 0
	if halts && !l.stopped {
		l.stopped = true
		s.see(tree.Event{Kind: exitreg.KindStop, Node: l.id})
	}
	if seen {
		s.see(tree.Event{Kind: exitreg.KindSignal, Node: l.id, Sig: sig, Sender: by})
	}
	if sig == "SIGUSR1" {
		return
	}
	first := l.asked == nil
	if first {
		l.asked = &moment{s.now, []edge{{from, ""}}}
		l.at, l.doing = l.asked, l.id+" process"
	}
	if halts {
		l.halt(s, sig)
	}
	switch {
	case sig == "SIGKILL":
		l.seenDeath = seen
		s.kill(l, nil)
	case first && l.deaf == "":
		l.wake(func() { l.react(s) })
	}
}

// wake has a process do something, as soon as it is not stopped.
func (l *life) wake(do func()) {
	if l.stopped {
		l.wakes = append(l.wakes, do)
		return
	}
	do()
}

// react is what a process does with the first signal.
func (l *life) react(s *sim) {
	l.work(s, l.id+" process", l.deliver, func() {
		if l.silent {
			s.bury(l, l.at, tree.Event{Sig: "SIGTERM"})
			return
		}
		l.at.from[0].label = l.id + " deliver" // now it is known what that was
		s.see(tree.Event{Kind: exitreg.KindDeliver, Node: l.id, Sig: "SIGTERM"})
		l.ran = true
		if l.grace >= 0 && s.took[l.grace] > 0 {
			l.deadline = s.limit(s.took[l.grace], func() { l.late(s, l.deadline) })
		}
		l.rests(s, l.holds.signal, tree.Event{Sig: "SIGTERM", Text: "signal *"}, func() { l.onward(s) })
	})
}

// work lets time pass on something.
func (l *life) work(s *sim, label string, piece int, then func()) {
	l.doing = label
	l.then = func() {
		l.timer, l.then = nil, nil
		l.at = &moment{s.now, []edge{{l.at, label}}}
		if l.turn != nil {
			l.at.from = append(l.at.from, l.perhaps(label)...)
			s.unclear = s.unclear || len(l.at.from) > 1
		}
		then()
	}
	l.timer = s.after(s.took[piece], l.then)
}

// perhaps are those that the handler waits for already, and that were gone while
// it did something else: it may have waited for them to go.
func (l *life) perhaps(label string) (all []edge) {
	for _, p := range l.turn.waits {
		if p.on.gone != nil && p.on.gone.t > l.at.from[0].m.t {
			all = append(all, edge{p.on.gone, label})
		}
	}
	return all
}

// onward begins the next handler, or leaves.
func (l *life) onward(s *sim) {
	if l.next == len(l.tasks) {
		l.rests(s, l.holds.exit, tree.Event{Text: "exit"}, func() {
			s.see(tree.Event{Kind: exitreg.KindLeave, Node: l.id, Sig: "SIGTERM"})
			l.deadline = nil
			l.work(s, l.id+" exit", l.exit, func() { s.bury(l, l.at, tree.Event{Sig: "SIGTERM"}) })
		})
		return
	}
	t, pause := l.tasks[l.next], l.between[l.next]
	l.work(s, l.id+" between", pause, func() {
		l.rests(s, l.holds.before[l.next], tree.Event{ID: t.id}, func() { l.begin(s, t) })
	})
}

func (l *life) begin(s *sim, t *task) {
	l.next++
	u := &turn{task: t, begin: l.at, to: -1}
	l.turn, l.turns = u, append(l.turns, u)
	s.see(tree.Event{Kind: exitreg.KindBegin, Node: l.id, ID: t.id})
	if t.timeout >= 0 {
		u.deadline = s.limit(s.took[t.timeout], func() { l.late(s, u.deadline) })
	}
	l.act(s, 0)
}

// late is a timer of the process that rings: of its grace, or of its handler.
func (l *life) late(s *sim, deadline *limit) {
	l.wake(func() {
		u := l.turn
		switch {
		case l.gone != nil || l.death != nil:
		case u != nil && u.deadline == deadline:
			alone := edge{u.begin, l.id + "/" + u.id}
			edges := []edge{alone}
			for _, p := range u.waits {
				if p.waits() && p.since.t < s.now {
					edges[0].label = alone.label + "!"
					p.on.ties = append(p.on.ties, tie{s.now, &l.at, alone}) // not in vain, if it goes right then
				}
			}
			l.cut(s, edges, "timeout: ran longer than "+s.took[u.timeout].String())
			l.onward(s)
		case l.deadline != nil && l.deadline == deadline:
			edges := l.stand()
			if u != nil {
				l.cut(s, edges, "timeout: the grace has passed")
			} else {
				s.cancel(l.timer)
				edges[0].label = l.id + " exit" // for no handler came after it
				l.at = &moment{s.now, edges}
			}
			for ; l.next < len(l.tasks); l.next++ {
				s.see(tree.Event{Kind: exitreg.KindSkip, Node: l.id, ID: l.tasks[l.next].id, Text: "deadline"})
			}
			l.onward(s)
		}
	})
}

// cut ends the handler before it is done.
func (l *life) cut(s *sim, from []edge, why string) {
	s.cancel(l.timer)
	l.at = &moment{s.now, from}
	l.finish(s, why)
}

func (l *life) finish(s *sim, err string) {
	u := l.turn
	u.to, l.turn, l.doing = s.now, nil, l.id+" between"
	s.see(tree.Event{Kind: exitreg.KindEnd, Node: l.id, ID: u.id, Elapsed: s.now - u.begin.t, Err: err})
}

// act goes on with a handler.
func (l *life) act(s *sim, i int) {
	u, me := l.turn, l.id+"/"+l.turn.id
	if i == len(u.acts) {
		l.finish(s, u.err)
		l.onward(s)
		return
	}
	on := func() { l.act(s, i+1) }
	switch do := u.acts[i]; {
	case do.work >= 0:
		l.work(s, me, do.work, on)
	case len(do.ask) > 0:
		for _, k := range do.ask {
			if o := s.lives[k.id]; o.asked == nil {
				s.send(o, "SIGTERM", l.id, l.at, true)
			}
		}
		on()
	default:
		l.await(s, do, 0, on)
	}
}

// await asks those of an act from the k-th on, and waits for all.
func (l *life) await(s *sim, do act, k int, then func()) {
	u, me := l.turn, l.id+"/"+l.turn.id
	for ; k < len(do.wait); k++ {
		o := s.lives[do.wait[k].id]
		if o.asked == nil {
			s.send(o, "SIGTERM", l.id, l.at, o.seen)
		}
		e := tree.Event{Kind: exitreg.KindWait, Node: l.id, ID: u.id, Text: o.id}
		if do.kill {
			e.Timeout, e.Sig = max(s.took[do.limit], 1), "SIGKILL"
		}
		s.see(e)
		if !slices.ContainsFunc(u.waits, func(p pending) bool { return p.on == o }) {
			u.waits = append(u.waits, pending{o, l.at})
		}
		if k < len(do.pace) {
			l.work(s, me, do.pace[k], func() { l.await(s, do, k+1, then) })
			return
		}
	}
	l.doing, l.then, l.timer = me, then, nil
	u.limit = nil
	if do.limit >= 0 {
		asked := l.at
		var limit *limit
		limit = s.limit(max(s.took[do.limit], 1), func() { l.wake(func() { l.fedUp(s, u, asked, limit) }) })
		u.limit, u.kills = limit, do.kill
	}
	l.freed(s)
}

// freed goes on if the handler waits for nobody any more.
func (l *life) freed(s *sim) {
	u := l.turn
	if u == nil || l.timer != nil || l.then == nil || slices.ContainsFunc(u.waits, pending.waits) {
		return
	}
	l.wake(func() {
		if l.turn != u || l.timer != nil || l.then == nil || l.death != nil {
			return
		}
		m := &moment{t: s.now}
		for _, p := range u.waits {
			if p.on.gone.t > l.at.t {
				m.from = append(m.from, edge{p.on.gone, l.id + "/" + u.id})
			}
		}
		last := slices.MaxFunc(append(m.from, edge{l.at, ""}), func(a, b edge) int { return int(a.m.t - b.m.t) }).m.t
		m.from = slices.DeleteFunc(m.from, func(e edge) bool { return e.m.t < last })
		if len(m.from) == 0 {
			m.from = []edge{{l.at, l.id + "/" + u.id}}
		}
		then := l.then
		l.at, l.then, u.limit = m, nil, nil
		then()
	})
}

// fedUp is the end of a limited wait.
func (l *life) fedUp(s *sim, u *turn, asked *moment, limit *limit) {
	if l.turn != u || u.limit != limit || l.death != nil {
		return
	}
	u.limit = nil
	if !u.kills {
		l.cut(s, []edge{{asked, l.id + "/" + u.id + "!"}}, u.err)
		l.onward(s)
		return
	}
	for _, p := range u.waits {
		if p.on.gone == nil && p.since == asked {
			s.kill(p.on, asked)
			if p.on.seen {
				p.on.seenDeath = true
				s.see(tree.Event{Kind: exitreg.KindSignal, Node: p.on.id, Sig: "SIGKILL", Sender: l.id})
			}
		}
	}
}

// kill is a SIGKILL; by somebody whose patience began at a moment, or at any time.
func (s *sim) kill(l *life, since *moment) {
	if l.death != nil {
		return
	}
	s.cancel(l.timer)
	l.timer, l.then = nil, nil
	l.death = &moment{t: s.now}
	s.after(s.took[l.die], func() {
		m := &moment{t: s.now}
		if since == nil || l.doubt {
			m.from = l.stand()
		}
		if since != nil {
			m.from = append(m.from, edge{since, l.id + " *"})
		}
		s.bury(l, m, tree.Event{Sig: "SIGKILL"})
	})
}

func (s *sim) stop(l *life) {
	if l.stopped {
		return
	}
	l.stopped = true
	s.see(tree.Event{Kind: exitreg.KindStop, Node: l.id})
	if l.timer != nil {
		l.rest = l.timer.at - s.now
		s.cancel(l.timer)
	}
}

func (s *sim) cont(l *life) {
	if !l.stopped {
		return
	}
	l.stopped = false
	s.see(tree.Event{Kind: exitreg.KindCont, Node: l.id})
	l.unhalt(s)
	if l.timer != nil {
		l.timer = s.after(l.rest, l.then)
	}
	wakes := l.wakes
	l.wakes = nil
	for _, do := range wakes {
		l.wake(do)
	}
}

// waits says that who is waited for lives.
func (p pending) waits() bool { return p.on.gone == nil }

// stand is of what it comes that a process is where it is, if it goes no further:
// of a wait in vain, of the last that it waited for, or of what it does.
func (l *life) stand() []edge {
	u := l.turn
	if u == nil {
		return []edge{{l.at, l.doing}}
	}
	me := l.id + "/" + u.id
	for _, p := range u.waits { // the first one is the oldest
		if p.waits() {
			return append(l.atOnce(), edge{p.since, me + "!"})
		}
	}
	edges := []edge{}
	last := l.at.t
	for _, p := range u.waits {
		if p.on.gone.t > last {
			edges, last = edges[:0], p.on.gone.t
		}
		if p.on.gone.t == last && last > l.at.t {
			edges = append(edges, edge{p.on.gone, me})
		}
	}
	if len(edges) == 0 || l.timer != nil {
		edges = append(edges, edge{l.at, me})
	}
	return edges
}

// atOnce are those that it waits for in vain, if they go right then too: who knows
// what was first.
func (l *life) atOnce() (all []edge) {
	for _, p := range l.turn.waits {
		if p.waits() {
			all = append(all, edge{p.on.last, ""})
		}
	}
	return all
}

// deafened says that it is known not to go on, whoever goes.
func (l *life) deafened() bool { return l.stopped || l.death != nil && l.seenDeath }

// present is stand for a process that goes on: what it waits for is not in vain.
func (l *life) present(now time.Duration) *moment {
	m := &moment{t: now}
	if l.turn != nil && !l.deafened() {
		for _, p := range l.turn.waits {
			if p.waits() {
				m.from = append(m.from, edge{p.on.present(now), ""})
			}
		}
	}
	if len(m.from) == 0 {
		m.from = l.stand()
	}
	return m
}
