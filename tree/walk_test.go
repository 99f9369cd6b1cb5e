package tree_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"multiexit/tree"
)

// A random walk: processes are born, register, are signalled, run, fail and die,
// in any order that can be. Beside the tree a model keeps the plainest lists
// there are and is asked the same questions after each step.
func TestWalk(t *testing.T) {
	for seed := range uint64(60) {
		w := &walk{rnd: rand.New(rand.NewPCG(seed, 7)), tree: new(tree.Tree), story: newStory()}
		for step := range 250 {
			w.step()
			if err := w.compare(); err != nil {
				t.Fatalf("seed %d, step %d (%s %s): %v\n%s", seed, step, w.last.Kind, w.last.Node, err, picture(w.tree))
			}
		}
	}
}

type walk struct {
	rnd   *rand.Rand
	tree  *tree.Tree
	story *story
	fed   int // events of the story that the tree has
	procs []*proc
	last  tree.Event
}

// proc and task are the model's process and handler.
type proc struct {
	id                                   string
	kids, ids                            int
	tasks                                []*task
	dead, stopped, asked, ran, left, bad bool
	ignores                              bool
}

type task struct {
	id      string
	class   int // 0 own, 1 shared, 2 inherited
	state   string
	unbound bool
}

func (w *walk) step() {
	if len(w.procs) == 0 || w.rnd.IntN(12) == 0 && len(w.procs) < 40 {
		w.birth()
	} else {
		w.act(w.procs[w.rnd.IntN(len(w.procs))])
	}
	w.story.after(ms)
	for ; w.fed < len(w.story.events); w.fed++ {
		w.last = w.story.events[w.fed]
		w.tree.Apply(&w.last)
	}
}

func (w *walk) birth() {
	p := &proc{id: "0"}
	if len(w.procs) > 0 {
		parent := w.procs[w.rnd.IntN(len(w.procs))]
		p.id = fmt.Sprintf("%s.%d", parent.id, parent.kids)
		parent.kids++
	}
	w.procs = append(w.procs, p)
	w.story.spawn(p.id, "p")
}

func (w *walk) act(p *proc) {
	if p.dead {
		return
	}
	running := p.find("running")
	next := p.plan()
	switch pick := w.rnd.IntN(12); {
	case p.left:
		w.die(p)
	case p.stopped:
		p.stopped = false
		w.story.cont(p.id)
	case pick < 4 && !p.ran:
		w.register(p)
	case pick == 4:
		p.stopped = true
		w.story.stop(p.id)
	case pick == 5 && len(next) > 0:
		h := next[w.rnd.IntN(len(next))]
		h.state = "removed"
		w.story.tell(tree.Event{Kind: "unregister", Node: p.id, ID: h.id})
	case pick == 6 && !p.asked:
		p.asked = true
		w.story.send(p.id, "SIGTERM")
	case pick == 7 && !p.ignores && !p.ran:
		p.ignores = true
		w.story.term(p.id, tree.Ignored)
	case running != nil && pick > 2:
		w.finish(p, running)
	case running == nil && len(next) > 0 && pick > 6:
		w.run(p, next[0])
	case running == nil && len(next) == 0 && p.ran && pick > 8:
		p.left = true
		w.story.tell(tree.Event{Kind: "leave", Node: p.id, Sig: "SIGTERM"})
	case pick == 11 && w.rnd.IntN(4) == 0:
		w.die(p)
	}
}

func (w *walk) register(p *proc) {
	h := &task{id: fmt.Sprintf("h%d", p.ids), class: w.rnd.IntN(3), state: "pending"}
	p.ids++
	p.tasks = append(p.tasks, h)
	switch {
	case h.class == 0 || h.class == 2 && p.id == "0":
		h.class = 0
		w.story.own(p.id, h.id, "own")
	case h.class == 1:
		w.story.shared(p.id, h.id, "shared")
	default:
		text := ""
		if h.unbound = w.rnd.IntN(3) == 0; h.unbound {
			text = "unbound"
		}
		w.story.inherited(p.id, h.id, "inherited", "0", text)
	}
}

func (w *walk) run(p *proc, h *task) {
	if !p.ran {
		p.ran = true
		if p.asked {
			w.story.deliver(p.id, "SIGTERM")
		} else {
			w.story.tell(tree.Event{Kind: "deliver", Node: p.id, Text: "exit", Code: new(int)})
		}
	}
	switch {
	case h.unbound:
		h.state = "skipped"
		w.story.skip(p.id, h.id, "unbound")
	case w.rnd.IntN(10) == 0:
		h.state = "skipped"
		p.bad = true
		w.story.skip(p.id, h.id, "deadline")
	default:
		h.state = "running"
		w.story.begin(p.id, h.id)
	}
}

func (w *walk) finish(p *proc, h *task) {
	if w.rnd.IntN(6) == 0 {
		h.state, p.bad = "failed", true
		w.story.end(p.id, h.id, ms, "broken")
		return
	}
	h.state = "done"
	w.story.end(p.id, h.id, ms, "")
}

// die ends a process in one of the ways there are.
func (w *walk) die(p *proc) {
	p.dead = true
	for _, h := range p.tasks {
		switch {
		case h.state == "pending" && h.unbound:
			h.state = "skipped"
		case h.state == "pending" && !p.left || h.state == "running":
			h.state, p.bad = "lost", true
		case h.state == "pending":
			h.state = "lost" // cannot be: it left with an empty stack
		}
	}
	switch w.rnd.IntN(4) {
	case 0:
		w.story.exit(p.id, 0)
	case 1:
		w.story.died(p.id, "SIGTERM")
	case 2:
		p.bad = true
		w.story.exit(p.id, 3)
	case 3:
		p.bad = true
		w.story.died(p.id, "SIGSEGV")
	}
	p.stopped = false
}

func (p *proc) find(state string) *task {
	for _, h := range p.tasks {
		if h.state == state {
			return h
		}
	}
	return nil
}

// plan sorts what is pending: by class, then the newest first.
func (p *proc) plan() []*task {
	var list []*task
	for class := range 3 {
		for _, h := range slices.Backward(p.tasks) {
			if h.state == "pending" && h.class == class {
				list = append(list, h)
			}
		}
	}
	return list
}

func (p *proc) state() string {
	switch {
	case p.dead && p.bad:
		return "failed"
	case p.dead:
		return "exited"
	case (p.asked || p.ran || p.left) && p.stopped:
		return "stuck"
	case p.ran || p.left:
		return "exiting"
	case p.asked && p.ignores:
		return "stuck"
	case p.asked:
		return "exiting"
	}
	return "live"
}

func (w *walk) compare() error {
	if err := sound(w.tree); err != nil {
		return err
	}
	if len(w.tree.Nodes) != len(w.procs) {
		return fmt.Errorf("%d nodes, want %d", len(w.tree.Nodes), len(w.procs))
	}
	for _, p := range w.procs {
		n := w.tree.Node(p.id)
		var want, got strings.Builder
		for _, h := range p.plan() {
			fmt.Fprint(&want, h.id, " ")
		}
		for _, h := range n.Plan() {
			fmt.Fprint(&got, h.ID, " ")
		}
		for _, h := range p.tasks {
			fmt.Fprint(&want, h.id, "=", h.state, " ")
		}
		for _, h := range n.Handlers() {
			fmt.Fprint(&got, h.ID, "=", h.State, " ")
		}
		if r := p.find("running"); r != nil {
			want.WriteString(r.id)
		}
		if n.Running() != nil {
			got.WriteString(n.Running().ID)
		}
		fmt.Fprint(&want, " ", p.state())
		fmt.Fprint(&got, " ", n.State)
		if got.String() != want.String() {
			return fmt.Errorf("node %s:\n got %s\nwant %s", p.id, got.String(), want.String())
		}
	}
	return nil
}
