package check_test

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// ask has a process go, from the moment in which it is asked, and to be killed
// at a moment if it still lives then.
func (p *play) ask(a *actor, at, kill time.Duration) *life {
	l := p.lives[a.id]
	l.asked = at
	l.spans = []span{}
	t := at
	switch {
	case a.deaf:
		t = kill + 1
	case a.silent:
		t = l.spend(a.id, t, p.took[a.deliver], nil)
	default:
		p.handlers(l, t)
		t = l.gone
	}
	l.gone = t
	if kill > 0 && t > kill {
		p.kill(l, kill)
	} else if a.silent {
		p.see(t, tree.Event{Kind: exitreg.KindExit, Node: a.id, Sig: "SIGTERM"})
	}
	p.end = max(p.end, l.gone)
	return l
}

// spend notes what a stretch of time was spent on and returns its end.
func (l *life) spend(owner string, from, d time.Duration, on *life) time.Duration {
	if on != nil {
		l.waits = append(l.waits, span{owner, on, from, from + d})
	} else {
		l.spans = append(l.spans, span{owner, nil, from, from + d})
	}
	return from + d
}

// kill cuts off what a process did, and would have done.
func (p *play) kill(l *life, at time.Duration) {
	l.killed, l.term = true, at
	l.gone = at + p.took[l.die]
	last, open := l.id, at
	if l.deaf || l.silent {
		l.spans, open = nil, l.asked
	}
	for i := range l.spans {
		if s := &l.spans[i]; s.from < at {
			if last, open = s.owner, at; s.to > at {
				s.to = at
			}
		} else {
			s.to = s.from
		}
	}
	l.spans = append(l.spans, span{last, nil, open, l.gone})
	for i := range p.events {
		if e := &p.events[i]; e.Node == l.id && e.T >= at && e.T > 0 {
			*e = tree.Event{Kind: exitreg.KindNote, T: e.T, Text: "never"}
		}
	}
	p.signal(l.actor, at, "SIGKILL", "")
	p.see(l.gone, tree.Event{Kind: exitreg.KindExit, Node: l.id, Sig: "SIGKILL"})
}

// handlers runs those of a process.
func (p *play) handlers(l *life, t time.Duration) {
	a := l.actor
	t = l.spend(a.id, t, p.took[a.deliver], nil)
	l.deliver = t
	p.see(t, tree.Event{Kind: exitreg.KindDeliver, Node: a.id, Sig: "SIGTERM"})
	for i, task := range a.tasks {
		t = l.spend(a.id, t, p.took[a.between[i]], nil)
		from := t
		p.see(t, tree.Event{Kind: exitreg.KindBegin, Node: a.id, ID: task.id})
		for _, do := range task.acts {
			t = p.act(l, a.id+"/"+task.id, task.id, do, t)
		}
		p.see(t, tree.Event{Kind: exitreg.KindEnd, Node: a.id, ID: task.id, Elapsed: t - from, Err: task.err})
	}
	p.see(t, tree.Event{Kind: exitreg.KindLeave, Node: a.id, Sig: "SIGTERM"})
	t = l.spend(a.id, t, p.took[a.exit], nil)
	p.see(t, tree.Event{Kind: exitreg.KindExit, Node: a.id, Sig: "SIGTERM"})
	l.gone = t
}

func (p *play) act(l *life, owner, id string, do act, t time.Duration) time.Duration {
	if do.work >= 0 {
		return l.spend(owner, t, p.took[do.work], nil)
	}
	if do.pace != nil {
		return p.stagger(l, owner, id, do, t)
	}
	kill := time.Duration(0)
	if do.kill {
		kill = t + max(p.took[do.limit], 1)
	}
	for _, k := range append(do.ask, do.wait...) {
		if p.lives[k.id].spans != nil {
			continue // it was asked before
		}
		if k.seen {
			p.signal(k, t, "SIGTERM", l.id)
		}
		p.ask(k, t, kill)
	}
	until := t
	for _, k := range do.wait {
		until = max(until, p.lives[k.id].gone)
	}
	if do.limit >= 0 && !do.kill {
		until = min(until, t+p.took[do.limit])
	}
	for _, k := range do.wait {
		p.see(t, tree.Event{Kind: exitreg.KindWait, Node: l.id, ID: id, Text: k.id})
		if on := p.lives[k.id]; on.gone > t {
			l.spend(owner+"!", t, min(on.gone, until)-t, on)
		}
	}
	return until
}

// stagger asks one after another, at a pace, and waits for all. If one is gone
// meanwhile nobody can tell whether the next was asked because of that.
func (p *play) stagger(l *life, owner, id string, do act, t time.Duration) time.Duration {
	until := t
	for i, k := range do.wait {
		if i > 0 {
			t = l.spend(owner, t, p.took[do.pace[i-1]], nil)
		}
		if p.lives[k.id].spans == nil {
			p.ask(k, t, 0)
		}
		p.see(t, tree.Event{Kind: exitreg.KindWait, Node: l.id, ID: id, Text: k.id})
		if on := p.lives[k.id]; on.gone > t {
			l.spend(owner+"!", t, on.gone-t, on)
			until = max(until, on.gone)
		}
	}
	for _, k := range do.wait {
		if gone := p.lives[k.id].gone; gone < t {
			p.unclear = true
		}
	}
	return max(t, until)
}
