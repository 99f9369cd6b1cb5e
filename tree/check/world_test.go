package check_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// A world is a plan of a shutdown: who does what, one thing after another, with
// the durations of all of it in one list; and what comes between from outside.
type world struct {
	roots  []*actor
	took   []time.Duration // of all pieces of work
	owner  []string        // of each: "0.1" a process beside its handlers, "0.1/h2" a handler, "order"
	delay  []int           // of each root but the first: after all before are gone
	grid   time.Duration   // everything lasts a multiple of it: many things happen at once
	script []intrusion     // in order of time
	ladder time.Duration   // after that long everybody gets SIGKILL; 0: never
	before bool            // a command was ended, and started again, some time before
}

// intrusion is something that happens to a process from outside.
type intrusion struct {
	at   time.Duration // after the beginning
	who  *actor
	what string // "stop", "cont", a signal
}

// actor is a process: one that runs handlers, one that has none, or one that is
// deaf and has to be killed.
type actor struct {
	id            string
	kids          []*actor
	silent        bool
	deaf          string // "ignored" or "blocked"; empty: it is not
	stopped       bool   // from its birth
	atOnce        bool   // it is sent the first signal too
	seen          bool   // somebody sees who signals it
	deliver, exit int
	die           int // after a SIGKILL
	grace         int // for all its handlers; -1: none
	tasks         []*task
	between       []int // before each task
	holds         holds
}

// holds are for how long the observer holds a process, and where; -1: not there.
type holds struct {
	foreign, signal, exit int
	before                []int // each task
}

// task is a handler.
type task struct {
	id      string
	acts    []act
	err     string
	timeout int // -1: none
}

// act is one thing that a handler does: it works; asks some; or asks some and
// waits for them, for ever, or for a time after which it kills them or gives up.
type act struct {
	work      int // -1: none
	ask, wait []*actor
	limit     int // -1: none
	kill      bool
	pace      []int // from one to the next of those that it waits for
}

type planner struct {
	*world
	rnd   *rand.Rand
	all   []*actor
	rough bool // all that may cut in is there
}

// newWorld draws a world. Every second one is calm: nobody cuts in, so that what
// it takes is a plain sum.
func newWorld(seed uint64) *world {
	p := &planner{world: &world{}, rnd: rand.New(rand.NewPCG(seed, 1)), rough: seed%2 == 1}
	if p.rough && p.rnd.IntN(2) == 0 {
		p.grid = 50 * time.Millisecond
	}
	for i := range 1 + p.rnd.IntN(5)/4 {
		if i > 0 {
			p.delay = append(p.delay, p.piece("order"))
		}
		p.roots = append(p.roots, p.actor(fmt.Sprint(i), 0))
	}
	p.roots[0].atOnce = false
	if p.rough {
		p.intrude()
	}
	p.rnd = rand.New(rand.NewPCG(seed, 2)) // what is drawn from here on changes nothing of the rest
	p.hold(p.rnd.IntN(2) == 0)
	return p.world
}

// hold draws where processes are held, in half of the worlds.
func (p *planner) hold(any bool) {
	for _, a := range p.all {
		draw := func(oneOf int) int {
			if any && p.rnd.IntN(oneOf) == 0 {
				return p.piece(a.id + " held")
			}
			return -1
		}
		a.holds = holds{foreign: -1, signal: draw(6), exit: draw(6)}
		if a.silent || a.deaf != "" {
			a.holds.foreign = draw(2)
		}
		for range a.tasks {
			a.holds.before = append(a.holds.before, draw(5))
		}
	}
}

// piece is a new piece of work, now and then none at all.
func (p *planner) piece(owner string) int {
	d := 1000 + p.span(time.Second)
	switch {
	case p.rnd.IntN(8) == 0:
		d = 0
	case p.grid > 0:
		d = d.Truncate(p.grid)
	}
	p.took, p.owner = append(p.took, d), append(p.owner, owner)
	return len(p.took) - 1
}

func (p *planner) span(most time.Duration) time.Duration {
	return time.Duration(p.rnd.Int64N(int64(most)))
}

func (p *planner) sometimes(owner string, oneOf int) int {
	if p.rough && p.rnd.IntN(oneOf) == 0 {
		return p.piece(owner)
	}
	return -1
}

func (p *planner) actor(id string, depth int) *actor {
	a := &actor{id: id, seen: p.rnd.IntN(2) == 0, grace: -1}
	p.all = append(p.all, a)
	a.atOnce = depth > 0 && p.rnd.IntN(6) == 0
	a.deliver, a.exit, a.die = p.piece(id), p.piece(id), p.piece(id)
	if depth < 4 {
		for i := range p.rnd.IntN(4) {
			a.kids = append(a.kids, p.actor(fmt.Sprintf("%s.%d", id, i), depth+1))
		}
	}
	if len(a.kids) == 0 && depth > 0 {
		switch p.rnd.IntN(8) {
		case 0, 1:
			a.silent = true
		case 2:
			a.deaf = [...]string{"ignored", "blocked"}[p.rnd.IntN(2)]
		}
	}
	a.stopped = p.rough && depth > 0 && p.rnd.IntN(12) == 0
	if a.silent || a.deaf != "" {
		return a
	}
	rest := slices.Clone(a.kids)
	for i := range 1 + p.rnd.IntN(4) {
		a.between = append(a.between, p.piece(id))
		a.tasks = append(a.tasks, p.task(a, fmt.Sprintf("h%d", i), &rest))
	}
	if a.grace = p.sometimes(id, 8); a.grace >= 0 {
		p.took[a.grace] *= 5
	}
	return a
}

func (p *planner) task(a *actor, id string, rest *[]*actor) *task {
	t := &task{id: id, timeout: p.sometimes(a.id+"/"+id, 6)}
	if t.timeout >= 0 {
		p.took[t.timeout] = max(2*p.took[t.timeout], time.Millisecond) // 0 is no limit
	}
	if p.rnd.IntN(5) == 0 {
		t.err = "disk full"
	}
	for range 1 + p.rnd.IntN(4) {
		t.acts = append(t.acts, act{work: p.piece(a.id + "/" + id), limit: -1})
		if len(*rest) == 0 || p.rnd.IntN(3) == 0 {
			continue
		}
		some := 1 + p.rnd.IntN(len(*rest))
		these := slices.Clone((*rest)[:some])
		if p.rough && p.rnd.IntN(4) == 0 { // somebody that is another's to end
			if o := p.all[p.rnd.IntN(len(p.all))]; o.id > a.id && !slices.Contains(these, o) {
				these = append(these, o)
			}
		}
		if done := p.acts(t, a, these); done {
			*rest = (*rest)[some:]
			return t
		} else if len(t.acts[len(t.acts)-1].ask) == 0 {
			*rest = (*rest)[some:]
		}
	}
	return t
}

// acts has a task do something about others; true if it is the last it does.
func (p *planner) acts(t *task, a *actor, these []*actor) (done bool) {
	how := p.rnd.IntN(4)
	if slices.ContainsFunc(these, func(k *actor) bool { return k.deaf != "" || k.stopped }) {
		how = 3
	}
	me := a.id + "/" + t.id
	switch how {
	case 0: // asked now, waited for later or never
		for _, k := range these {
			k.seen = true
		}
		t.acts = append(t.acts, act{work: -1, ask: these, limit: -1})
		return false
	case 1: // given up, which is the end of the handler
		t.acts = append(t.acts, act{work: -1, wait: these, limit: p.piece(me + "!")})
		t.err = "given up"
		return true
	}
	for _, k := range slices.Clone(these) {
		if len(k.kids) == 0 || p.rough && p.rnd.IntN(3) == 0 { // Stop of exitreg
			t.acts = append(t.acts, act{work: -1, wait: []*actor{k}, limit: p.piece("kill " + k.id), kill: true})
			these = slices.DeleteFunc(these, func(o *actor) bool { return o == k })
		}
	}
	if len(these) > 0 {
		do := act{work: -1, wait: these, limit: -1}
		for range p.rnd.IntN(2) * (len(these) - 1) {
			do.pace = append(do.pace, p.piece(me))
		}
		t.acts = append(t.acts, do)
	}
	return false
}

// intrude draws what comes from outside.
func (p *planner) intrude() {
	for range p.rnd.IntN(6) {
		i := intrusion{at: p.span(6 * time.Second), who: p.all[p.rnd.IntN(len(p.all))]}
		i.what = [...]string{"stop", "stop", "SIGTERM", "SIGINT", "SIGKILL", "SIGUSR1"}[p.rnd.IntN(6)]
		if p.grid > 0 {
			i.at = i.at.Truncate(p.grid)
		}
		p.script = append(p.script, i)
		if i.what == "stop" {
			p.script = append(p.script, intrusion{i.at + p.span(3*time.Second), i.who, "cont"})
		}
	}
	for _, a := range p.all {
		if a.stopped && p.rnd.IntN(2) == 0 {
			p.script = append(p.script, intrusion{p.span(5 * time.Second), a, "cont"})
		}
	}
	slices.SortStableFunc(p.script, func(a, b intrusion) int { return int(a.at - b.at) })
	if p.rnd.IntN(2) == 0 {
		p.ladder = 3*time.Second + p.span(6*time.Second)
	}
	p.before = p.rnd.IntN(3) == 0
}
