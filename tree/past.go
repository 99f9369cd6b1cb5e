package tree

import "sort"

// Past is a tree that remembers how it was. Every so many events it makes a mark,
// and puts another tree into the state of any of these marks. What is as it was at
// a mark is not copied; what changes is, before it does so the first time after
// one. So what a Past takes grows with what changes, not with the number of
// processes times that of the marks.
//
// Nothing is undone and nothing is made again. A tree that is put back keeps the
// objects of its future beyond the ends of its lists: processes, handlers and
// commands come in an order that the events fix, so the one at a place is always
// the same one, and a pointer to it stays good. The zero value is not one; see
// NewPast.
type Past struct {
	Head *Tree // Fold of all the events: only Apply changes it

	every int // events between two marks
	at    int // events applied
	marks []mark

	nodes    slab[nodeVersion]
	handlers slab[handlerVersion]
	commands slab[commandVersion]
	of       [][]place    // the versions of each node that are kept, by its Index, oldest first
	alike    [64]*Handler // copies that handlers at that place share

	// What has changed since the last mark.
	changed         []*Node
	changedHandlers []*Handler
	changedCommands []*Command
}

// Every is how many events Restore may leave to apply, if NewPast is not told
// otherwise: a millisecond or two. Half of it would take little more memory, and
// gain little.
const Every = 4 << 10

// mark is a moment that is remembered.
type mark struct {
	at    int     // events before it
	tree  Tree    // its numbers; its lists are those of Head, up to the lengths that follow
	roots []int32 // Roots by Index: they are moved when a command starts again

	nodes, notes, commands int
}

// NewPast is an empty tree with nothing behind it. A state is kept every so many
// events; 0 is Every.
func NewPast(every int) *Past {
	if every <= 0 {
		every = Every
	}
	p := &Past{Head: new(Tree), every: every}
	p.Head.past = p
	p.keep()
	return p
}

// Apply takes an event into Head.
func (p *Past) Apply(e *Event) {
	p.Head.Apply(e)
	p.at++
	if p.at-p.marks[len(p.marks)-1].at >= p.every {
		p.keep()
	}
}

// Len is the number of events that were applied.
func (p *Past) Len() int { return p.at }

// Nearest is the number of events of the newest state that is kept and has at
// most so many.
func (p *Past) Nearest(at int) int { return p.marks[p.before(at)].at }

// Restore puts a tree into that state and returns its number of events: those up
// to the wanted one are still to be applied. The tree is an empty one, or one that
// was given to this Past before and has seen nothing but events of this stream, in
// order. It is never Head, nor ever ahead of it.
func (p *Past) Restore(t *Tree, at int) int {
	i := p.before(at)
	p.load(t, i)
	return p.marks[i].at
}

// Renumber tells that events that change no tree, such as lines of output, were
// taken out of the stream: to is the new number of a number of events.
func (p *Past) Renumber(to func(int) int) {
	p.at = to(p.at)
	for i := range p.marks {
		p.marks[i].at = to(p.marks[i].at)
	}
}

// before is the last mark with at most so many events. The first has none.
func (p *Past) before(at int) int {
	return max(0, sort.Search(len(p.marks), func(i int) bool { return p.marks[i].at > at })-1)
}

// keep makes a mark of Head as it is now.
func (p *Past) keep() {
	t, id := p.Head, int32(len(p.marks))
	for _, n := range p.changed {
		n.lo, n.hi = id, 1
		if n.Index == len(p.of) {
			p.of = append(p.of, nil)
		}
	}
	for _, h := range p.changedHandlers {
		h.lo, h.hi = id, 1
	}
	for _, c := range p.changedCommands {
		c.lo, c.hi = id, 1
	}
	clear(p.changed)
	clear(p.changedHandlers)
	p.changed, p.changedHandlers, p.changedCommands = p.changed[:0], p.changedHandlers[:0], p.changedCommands[:0]
	m := mark{at: p.at, tree: *t, nodes: len(t.Nodes), notes: len(t.Notes), commands: len(t.Commands)}
	m.roots = p.rootsNow()
	m.tree.Roots, m.tree.Nodes, m.tree.Notes, m.tree.Commands = nil, nil, nil, nil
	m.tree.byID, m.tree.cmds, m.tree.near, m.tree.past = nil, nil, nil, nil
	p.marks = append(p.marks, m)
}

// rootsNow is the order of the roots, the same list as at the last mark if it is.
func (p *Past) rootsNow() []int32 {
	roots := p.Head.Roots
	if n := len(p.marks); n > 0 && len(p.marks[n-1].roots) == len(roots) {
		was, same := p.marks[n-1].roots, true
		for i, r := range roots {
			same = same && int(was[i]) == r.Index
		}
		if same {
			return was
		}
	}
	list := make([]int32, len(roots))
	for i, r := range roots {
		list[i] = int32(r.Index)
	}
	return list
}

// slab is a list that is never copied when it grows, of items numbered from 1.
type slab[T any] struct {
	chunks [][]T
	n      int32
}

const slabSize = 1 << 10

func (s *slab[T]) add(v T) int32 {
	if int(s.n)%slabSize == 0 {
		s.chunks = append(s.chunks, make([]T, 0, slabSize))
	}
	last := &s.chunks[len(s.chunks)-1]
	*last = append(*last, v)
	s.n++
	return s.n
}

func (s *slab[T]) at(i int32) *T { return &s.chunks[(i-1)/slabSize][(i-1)%slabSize] }
