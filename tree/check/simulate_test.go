package check_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// A world is a plan of a shutdown: who does what, one thing after another, with
// durations of its own in one list. To simulate it is to play it forwards, so
// that it is known what every moment was spent on; and to play it again with one
// duration a little shorter tells whether the whole depends on it.
type world struct {
	roots []*actor
	took  []time.Duration // of all pieces of work
	owner []string        // of each: "0.1" a process beside its handlers, "0.1/h2" a handler, "order"
	delay []int           // of each root but the first: after the one before is gone altogether
	mute  bool            // only the end is asked for
}

// actor is a process: one that runs handlers, one that has none, or one that is
// deaf and has to be killed.
type actor struct {
	id            string
	kids          []*actor
	silent, deaf  bool
	atOnce        bool // it is sent the first signal too
	seen          bool // somebody sees who signals it
	deliver, exit int
	die           int // after a SIGKILL
	tasks         []*task
	between       []int // before each task
}

// task is a handler.
type task struct {
	id   string
	acts []act
	err  string
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
	rnd *rand.Rand
}

func newWorld(seed uint64) *world {
	p := &planner{&world{}, rand.New(rand.NewPCG(seed, 1))}
	for i := range 1 + p.rnd.IntN(5)/4 {
		if i > 0 {
			p.delay = append(p.delay, p.piece("order"))
		}
		p.roots = append(p.roots, p.actor(fmt.Sprint(i), 0))
	}
	p.roots[0].atOnce = false
	return p.world
}

// piece is a new piece of work, now and then none at all.
func (p *planner) piece(owner string) int {
	d := time.Duration(1000 + p.rnd.Int64N(1e9))
	if p.rnd.IntN(8) == 0 {
		d = 0
	}
	p.took, p.owner = append(p.took, d), append(p.owner, owner)
	return len(p.took) - 1
}

func (p *planner) actor(id string, depth int) *actor {
	a := &actor{id: id, seen: p.rnd.IntN(2) == 0}
	a.atOnce = depth > 0 && p.rnd.IntN(6) == 0
	a.deliver, a.exit, a.die = p.piece(id), p.piece(id), p.piece(id)
	if depth < 4 {
		for i := range p.rnd.IntN(4) {
			a.kids = append(a.kids, p.actor(fmt.Sprintf("%s.%d", id, i), depth+1))
		}
	}
	if len(a.kids) == 0 {
		a.silent, a.deaf = p.rnd.IntN(4) == 0, depth > 0 && p.rnd.IntN(6) == 0
	}
	if a.silent || a.deaf {
		return a
	}
	rest := slices.Clone(a.kids)
	for i := range 1 + p.rnd.IntN(4) {
		a.between = append(a.between, p.piece(id))
		a.tasks = append(a.tasks, p.task(a, fmt.Sprintf("h%d", i), &rest))
	}
	return a
}

func (p *planner) task(a *actor, id string, rest *[]*actor) *task {
	t := &task{id: id}
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
		how := p.rnd.IntN(4)
		if slices.ContainsFunc(these, func(k *actor) bool { return k.deaf }) {
			how = 3
		}
		switch how {
		case 0: // asked now, waited for later or never
			for _, k := range these {
				k.seen = true
			}
			t.acts = append(t.acts, act{work: -1, ask: these, limit: -1})
			continue
		case 1: // given up, which is the end of the handler
			t.acts = append(t.acts, act{work: -1, wait: these, limit: p.piece(a.id + "/" + id + "!")})
			t.err = "given up"
			*rest = (*rest)[some:]
			return t
		}
		for _, k := range slices.Clone(these) {
			if len(k.kids) == 0 { // Stop of exitreg
				t.acts = append(t.acts, act{work: -1, wait: []*actor{k}, limit: p.piece("kill " + k.id), kill: true})
				these = slices.DeleteFunc(these, func(o *actor) bool { return o == k })
			}
		}
		if len(these) > 0 {
			do := act{work: -1, wait: these, limit: -1}
			for range p.rnd.IntN(2) * (len(these) - 1) {
				do.pace = append(do.pace, p.piece(a.id+"/"+id))
			}
			t.acts = append(t.acts, do)
		}
		*rest = (*rest)[some:]
	}
	return t
}

// play is one run of a world.
type play struct {
	*world
	events []tree.Event
	lives  map[string]*life
	end    time.Duration

	unclear bool // more than one story fits the stream
}

// life is what really happened to a process.
type life struct {
	*actor
	asked, gone time.Duration
	killed      bool
	term        time.Duration // when it got SIGKILL, if it did
	spans       []span
	waits       []span // on another
	deliver     time.Duration
}

type span struct {
	owner    string
	on       *life
	from, to time.Duration
}

const begin = time.Second // of the shutdown

func (w *world) simulate() *play {
	p := &play{world: w, lives: map[string]*life{}}
	for _, r := range w.roots {
		p.birth(r)
	}
	p.see(begin, tree.Event{Kind: exitreg.KindRung, Text: "stop", Timeout: time.Hour})
	at := begin
	for i, r := range w.roots {
		if i > 0 {
			at = p.end + w.took[w.delay[i-1]]
		}
		p.signal(r, at, "SIGTERM", "multiexit")
		if i == 0 {
			p.flood(w.roots)
		}
		if p.lives[r.id].spans == nil {
			p.ask(r, at, 0)
		}
	}
	slices.SortStableFunc(p.events, func(a, b tree.Event) int { return int(a.T - b.T) })
	return p
}

// flood sends the first signal to many at once.
func (p *play) flood(list []*actor) {
	for _, a := range list {
		if a.atOnce && !(a.deaf || p.lives[a.id].spans != nil) {
			p.signal(a, begin, "SIGTERM", "multiexit")
			p.ask(a, begin, 0)
		}
		p.flood(a.kids)
	}
}

func (p *play) see(at time.Duration, e tree.Event) {
	if p.mute {
		return
	}
	e.T = at
	p.events = append(p.events, e)
}

func (p *play) signal(a *actor, at time.Duration, sig, by string) {
	p.see(at, tree.Event{Kind: exitreg.KindSignal, Node: a.id, Sig: sig, Sender: by})
}

func (p *play) birth(a *actor) {
	p.lives[a.id] = &life{actor: a}
	p.see(0, tree.Event{Kind: exitreg.KindSpawn, Node: a.id, PID: 100 + len(p.lives), Name: "p" + a.id})
	if a.deaf {
		p.see(0, tree.Event{Kind: exitreg.KindDisposition, Node: a.id, Sig: "SIGTERM", Text: string(tree.Ignored)})
	}
	for i := len(a.tasks) - 1; i >= 0; i-- {
		p.see(0, tree.Event{Kind: exitreg.KindRegister, Node: a.id, ID: a.tasks[i].id, Handler: "do-" + a.tasks[i].id})
	}
	for _, k := range a.kids {
		p.birth(k)
	}
}
