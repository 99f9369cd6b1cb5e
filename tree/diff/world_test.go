package diff_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const ms = time.Millisecond

// proc is a process of an invented program. Its newest handler waits for its
// children, if it has any.
type proc struct {
	name     string
	code     int // it exits with, if no handler was reached by a signal
	handlers []handler
	kids     []*proc
	lingers  time.Duration
}

type handler struct {
	name         string
	takes        time.Duration
	err, skipped string
	fault        string
	ends         bool // the process, in its midst
}

// invent makes a program of n processes. Some have siblings of the same name.
func invent(r *rand.Rand, n int) *proc {
	root := &proc{name: "main"}
	all := []*proc{root}
	for i := 1; i < n; {
		parent := all[r.IntN(len(all))]
		p := proc{name: fmt.Sprint("p", i)}
		for j := range r.IntN(5) {
			p.handlers = append(p.handlers, handler{name: fmt.Sprint("h", j), takes: time.Duration(r.IntN(3000)) * ms})
		}
		for twins := 1 + r.IntN(4)/3*2; twins > 0; twins-- {
			kid := p
			kid.handlers = slices.Clone(p.handlers)
			parent.kids = append(parent.kids, &kid)
			if all = append(all, &kid); len(p.handlers) == 0 {
				break
			}
			i++
		}
		i++
	}
	for _, p := range all {
		if len(p.kids) > 0 {
			p.handlers = append(p.handlers, handler{name: "wait"})
		}
	}
	return root
}

func (p *proc) clone() *proc {
	q := *p
	q.handlers = slices.Clone(p.handlers)
	q.kids = nil
	for _, k := range p.kids {
		q.kids = append(q.kids, k.clone())
	}
	return &q
}

// all is p and all below it.
func (p *proc) all() []*proc {
	list := []*proc{p}
	for _, k := range p.kids {
		list = append(list, k.all()...)
	}
	return list
}

// play is one run of a program: what an observer sees when it gets SIGTERM.
type play struct {
	*rand.Rand
	events  []tree.Event
	shuffle bool // of the births of siblings
}

func run(r *rand.Rand, p *proc, shuffle bool) *tree.Tree {
	w := &play{Rand: r, shuffle: shuffle}
	at := w.birth(p, "0", 0)
	at += time.Duration(r.IntN(5000)) * ms
	w.see(at, tree.Event{Kind: exitreg.KindSignal, Node: "0", Sig: "SIGTERM", Sender: "multiexit"})
	w.end(p, "0", at)
	slices.SortStableFunc(w.events, func(x, y tree.Event) int { return cmp.Compare(x.T, y.T) })
	for i := range w.events {
		w.events[i].Seq = uint64(i + 1)
	}
	return tree.Fold(w.events)
}

func (w *play) see(at time.Duration, e tree.Event) {
	e.T = at
	w.events = append(w.events, e)
}

// noise is what a machine adds to a time.
func (w *play) noise(d time.Duration) time.Duration {
	return d + d*time.Duration(w.IntN(10))/100 + time.Duration(w.IntN(40))*ms
}

func (w *play) birth(p *proc, id string, at time.Duration) time.Duration {
	at += w.noise(0)
	w.see(at, tree.Event{Kind: exitreg.KindSpawn, Node: id, PID: 100 + w.IntN(30000), Name: p.name})
	if len(p.handlers) > 0 {
		w.see(at, tree.Event{Kind: exitreg.KindHello, Node: id, Name: p.name})
	}
	for i, h := range p.handlers {
		w.see(at, tree.Event{Kind: exitreg.KindRegister, Node: id, ID: fmt.Sprint("h", i+1), Handler: h.name})
	}
	if w.shuffle {
		w.Shuffle(len(p.kids), func(i, j int) { p.kids[i], p.kids[j] = p.kids[j], p.kids[i] })
	}
	for i, k := range p.kids {
		at = w.birth(k, fmt.Sprint(id, ".", i), at)
	}
	return at
}

// end is how a process goes, from the moment it is asked; it says when it is gone.
func (w *play) end(p *proc, id string, at time.Duration) time.Duration {
	exit := tree.Event{Kind: exitreg.KindExit, Node: id, Sig: "SIGTERM"}
	if p.code != 0 {
		exit.Sig, exit.Code = "", &p.code
	}
	if len(p.handlers) > 0 {
		w.see(at, tree.Event{Kind: exitreg.KindDeliver, Node: id, Sig: "SIGTERM"})
	}
	for i, h := range slices.Backward(p.handlers) {
		e := tree.Event{Node: id, ID: fmt.Sprint("h", i+1), Handler: h.name}
		tell := func(k exitreg.Kind, e tree.Event) { e.Kind = k; w.see(at, e) }
		if h.fault != "" {
			fault := e
			fault.Text = h.fault
			tell(exitreg.KindFault, fault)
		}
		if h.skipped != "" {
			e.Text = h.skipped
			tell(exitreg.KindSkip, e)
			continue
		}
		tell(exitreg.KindBegin, e)
		if h.ends {
			code := 7
			exit.Sig, exit.Code = "", &code
			break
		}
		began := at
		at = w.body(p, id, e, h, at)
		e.Elapsed, e.Err = at-began, h.err
		tell(exitreg.KindEnd, e)
	}
	if exit.Code == nil && len(p.handlers) > 0 {
		w.see(at, tree.Event{Kind: exitreg.KindLeave, Node: id, Sig: "SIGTERM"})
	}
	at += w.noise(p.lingers)
	w.see(at, exit)
	return at
}

// body is what a handler does.
func (w *play) body(p *proc, id string, e tree.Event, h handler, at time.Duration) time.Duration {
	if h.name == "wait" {
		upTo := at
		for i, k := range p.kids {
			kid := fmt.Sprint(id, ".", i)
			e.Kind, e.Text = exitreg.KindWait, kid
			w.see(at, e)
			upTo = max(upTo, w.end(k, kid, at))
		}
		at = upTo
	}
	return at + w.noise(h.takes)
}
