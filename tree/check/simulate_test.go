package check_test

import (
	"cmp"
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const begin = 10 * time.Second // of the shutdown

// sim plays a world, one moment after another. Beside the stream that an observer
// would have of it, it keeps what really was: what each process did from when to
// when, and of what each moment came.
type sim struct {
	*world
	now    time.Duration
	queue  []*alarm
	events []tree.Event
	lives  map[string]*life
	births []*life // in order of birth
	gone   []*moment
	end    time.Duration
	noted  int // alarms made
	first  *moment
	whims  []*moment

	unclear bool     // more than one story fits the stream
	limits  []*limit // that pass
	held    int      // processes
}

// alarm is something that is going to happen.
type alarm struct {
	at time.Duration
	no int
	do func()
}

// moment is when something could go on, and of what that came: of each of the
// edges alone.
type moment struct {
	t    time.Duration
	from []edge
}

// edge is what was done from an earlier moment on; a label of "" took no time, and
// one that ends with * is anything that a process did.
type edge struct {
	m     *moment
	label string
}

// life is what really happens to a process.
type life struct {
	*actor
	no                 int // its pid
	parent             *life
	asked, gone, death *moment // death: it got SIGKILL
	last               *moment // what gone will be
	doubt              bool    // whose SIGKILL it was
	ties               []tie
	at                 *moment // since when it does what it does
	doing              string
	timer              *alarm // the end of that
	rest               time.Duration
	then               func()
	seenDeath          bool
	stopped            bool
	wakes              []func() // when it is continued
	ran                bool     // its run began
	next               int      // task
	turn               *turn
	turns              []*turn
	deadline           *limit // by its grace
	held               string // where; empty: it is not
	heldAt             []stretch
}

// tie is what a moment came of, too, if a process goes at that very time.
type tie struct {
	t    time.Duration
	at   **moment
	edge edge
}

// turn is a handler that runs, or ran.
type turn struct {
	*task
	begin    *moment
	to       time.Duration // -1: it runs
	waits    []pending
	deadline *limit // by its timeout
	limit    *limit // of its present wait
	kills    bool
}

// pending is a wait for a process.
type pending struct {
	on    *life
	since *moment
}

func (w *world) play() *sim {
	s := &sim{world: w, lives: map[string]*life{}}
	if w.before {
		s.past()
	}
	for _, r := range w.roots {
		s.birth(r, nil)
	}
	s.now = begin
	s.first = &moment{t: begin}
	s.see(tree.Event{Kind: exitreg.KindRung, Text: "stop", Timeout: time.Hour})
	s.after(0, func() { s.order(0); s.flood(w.roots) })
	for _, i := range w.script {
		s.after(i.at, func() { s.intrude(i) })
	}
	if w.ladder > 0 {
		s.limit(w.ladder, s.mow)
	}
	return s
}

// past is a command that was ended and started again, before anything else.
func (s *sim) past() {
	command := func(state, node string) {
		s.see(tree.Event{Kind: exitreg.KindCommand, Name: "p0", Text: state, Node: node})
	}
	command("starting", "7")
	s.see(tree.Event{Kind: exitreg.KindSpawn, Node: "7", PID: 77, Name: "main"})
	s.now = time.Second
	s.see(tree.Event{Kind: exitreg.KindSignal, Node: "7", Sig: "SIGTERM", Sender: "multiexit"})
	command("stopping", "7")
	s.now = 3 * time.Second
	s.see(tree.Event{Kind: exitreg.KindExit, Node: "7", Sig: "SIGTERM"})
	command("starting", "0")
}

func (s *sim) birth(a *actor, parent *life) {
	l := &life{actor: a, last: &moment{t: -1}, no: 101 + len(s.lives), parent: parent, stopped: a.stopped}
	s.lives[a.id] = l
	s.births = append(s.births, l)
	s.see(tree.Event{Kind: exitreg.KindSpawn, Node: a.id, PID: l.no, Name: "p" + a.id})
	if a.deaf != "" {
		s.see(tree.Event{Kind: exitreg.KindDisposition, Node: a.id, Sig: "SIGTERM", Text: a.deaf})
		s.see(tree.Event{Kind: exitreg.KindDisposition, Node: a.id, Sig: "SIGINT", Text: a.deaf})
	}
	if a.grace >= 0 {
		s.see(tree.Event{Kind: exitreg.KindHello, Node: a.id, Timeout: s.took[a.grace]})
	}
	for i := len(a.tasks) - 1; i >= 0; i-- {
		t := a.tasks[i]
		e := tree.Event{Kind: exitreg.KindRegister, Node: a.id, ID: t.id, Handler: "do-" + t.id}
		if t.timeout >= 0 {
			e.Timeout = s.took[t.timeout]
		}
		s.see(e)
	}
	if a.stopped {
		s.see(tree.Event{Kind: exitreg.KindStop, Node: a.id})
	}
	for _, k := range a.kids {
		s.birth(k, l)
	}
}

func (s *sim) see(e tree.Event) {
	e.T = s.now
	s.events = append(s.events, e)
}

func (s *sim) after(d time.Duration, do func()) *alarm {
	s.noted++
	a := &alarm{s.now + d, s.noted, do}
	i, _ := slices.BinarySearchFunc(s.queue, a, func(x, y *alarm) int {
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.no, y.no))
	})
	s.queue = slices.Insert(s.queue, i, a)
	return a
}

func (s *sim) cancel(a *alarm) {
	s.queue = slices.DeleteFunc(s.queue, func(x *alarm) bool { return x == a })
}

// step lets the next thing happen. It is false when nothing will.
func (s *sim) step() bool {
	if len(s.queue) == 0 {
		return false
	}
	a := s.queue[0]
	s.queue = s.queue[1:]
	s.now = a.at
	a.do()
	return true
}

// run plays to the end.
func (s *sim) run() *sim {
	for s.step() {
	}
	return s
}

// order asks the i-th root, and when nobody is left that was asked, the next.
func (s *sim) order(i int) {
	from := &moment{t: s.now}
	for _, g := range s.gone {
		if i > 0 && g.t == s.end {
			from.from = append(from.from, edge{g, "order"})
		}
	}
	if i == 0 {
		from = s.first
	}
	s.send(s.lives[s.roots[i].id], "SIGTERM", "multiexit", from, true)
}

// flood sends the first signal to many at once.
func (s *sim) flood(list []*actor) {
	for _, a := range list {
		if a.atOnce {
			s.send(s.lives[a.id], "SIGTERM", "multiexit", s.first, true)
		}
		s.flood(a.kids)
	}
}

// intrude is a signal from outside of the tree.
func (s *sim) intrude(i intrusion) {
	l := s.lives[i.who.id]
	switch {
	case l.gone != nil || l.death != nil && i.what != "SIGKILL":
	case i.what == "stop":
		s.stop(l)
	case i.what == "cont":
		s.cont(l)
	case i.what == "SIGKILL":
		s.send(l, i.what, "pid:9", s.force(), true)
	default:
		s.send(l, i.what, "pid:9", s.whim(), true)
	}
}

// whim is a moment that came of nothing, and so of what was before.
func (s *sim) whim() *moment {
	m := &moment{t: s.now}
	s.whims = append(s.whims, m)
	if len(s.gone) == 0 {
		m.from = []edge{{s.first, "ask"}}
	}
	for _, g := range s.gone {
		if g.t == s.end {
			m.from = append(m.from, edge{g, "order"})
		}
	}
	return m
}

// force is a SIGKILL without a word before.
func (s *sim) force() *moment { return &moment{s.now, []edge{{s.first, "ask"}}} }

// mow is the end of the patience.
func (s *sim) mow() {
	s.see(tree.Event{Kind: exitreg.KindRung, Text: "kill", Sig: "SIGKILL"})
	for _, l := range s.births {
		if l.gone == nil {
			s.send(l, "SIGKILL", "multiexit", s.force(), true)
		}
	}
}

// bury is the end of a process. Those that wait for it go on, if they wait for
// nobody else.
func (s *sim) bury(l *life, m *moment, e tree.Event) {
	*l.last = *m
	m = l.last
	l.gone, l.turn, l.timer = m, nil, nil
	for _, x := range l.ties {
		if m := *x.at; x.t == s.now && m.t == x.t {
			m.from = append(m.from, x.edge)
		}
	}
	if n := len(l.turns); n > 0 && l.turns[n-1].to < 0 {
		l.turns[n-1].to = s.now
	}
	s.unhold(l)
	e.Kind, e.Node = exitreg.KindExit, l.id
	s.see(e)
	for _, k := range l.kids {
		if s.lives[k.id].gone == nil {
			s.see(tree.Event{Kind: exitreg.KindOrphan, Node: k.id})
		}
	}
	if l.asked == nil {
		return
	}
	s.gone, s.end = append(s.gone, m), s.now
	for _, w := range s.whims {
		if w.t == s.now { // who knows what was first
			w.from = append(w.from, edge{m, ""})
		}
	}
	for _, o := range s.births {
		if o.turn != nil && slices.ContainsFunc(o.turn.waits, func(p pending) bool { return p.on == l }) {
			o.freed(s)
		}
	}
	i := slices.IndexFunc(s.roots, func(r *actor) bool { return s.lives[r.id].asked == nil })
	if i > 0 && !slices.ContainsFunc(s.births, func(o *life) bool { return o.asked != nil && o.gone == nil }) {
		s.after(s.took[s.delay[i-1]], func() {
			if s.lives[s.roots[i].id].asked == nil {
				s.order(i)
			}
		})
	}
}
