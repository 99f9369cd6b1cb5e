package tree

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// span are the marks from lo on and before hi.
type span struct{ lo, hi int32 }

func (s span) has(mark int32) bool { return s.lo <= mark && mark < s.hi }

// spanSize is how many handlers have a span together.
const spanSize = 64

// load puts a tree into the state of a mark. First everything that is there gets
// its place, then its contents, which point at each other.
func (p *Past) load(t *Tree, i int) {
	m, mark := &p.marks[i], int32(i)
	is := m.tree
	is.Nodes, is.Commands, is.Notes = stretch(t.Nodes, m.nodes), stretch(t.Commands, m.commands), p.Head.Notes[:m.notes:m.notes]
	is.of, is.prepared, is.cmds = p, t.prepared, t.cmds
	if is.cmds == nil {
		is.cmds = map[string]*Command{}
	}
	is.Roots, is.Signal, is.Shut, is.Before = t.Roots[:0], t.Signal, t.Shut, t.Before
	*t = is
	p.makeNodes(t)
	p.makeCommands(t)
	p.loadNodes(t, mark)
	for _, c := range t.Commands {
		if !(span{c.lo, c.hi}).has(mark) {
			p.loadCommand(t, c, mark)
		}
	}
	for _, r := range m.roots {
		t.Roots = append(t.Roots, t.Nodes[r])
	}
	t.Signal, t.Shut, t.Before = t.likeSignal(t.Signal, m.tree.Signal), t.likeSignal(t.Shut, m.tree.Shut), t.likeSignal(t.Before, m.tree.Before)
}

// loadNodes makes all nodes what they were at a mark. Of many, a part each by as
// many goroutines as can run: they read what is there and write to their own.
func (p *Past) loadNodes(t *Tree, mark int32) {
	const part = 1 << 10
	load := func(nodes []*Node) {
		for _, n := range nodes {
			if !(span{n.lo, n.hi}).has(mark) {
				p.loadNode(t, n, mark)
			}
		}
	}
	if len(t.Nodes) <= 2*part {
		load(t.Nodes)
		return
	}
	var next atomic.Int32
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(part)) - part; i < len(t.Nodes); i = int(next.Add(part)) - part {
				load(t.Nodes[i:min(i+part, len(t.Nodes))])
			}
		})
	}
	all.Wait()
}

// loadNode makes a node what it was at a mark; its handlers come later.
func (p *Past) loadNode(t *Tree, n *Node, mark int32) {
	like := p.Head.Nodes[n.Index]
	version, at := p.versionOf(like, mark)
	var now nodeVersion
	v, rest := &now, like
	if version == 0 {
		now = like.version()
	} else {
		v = p.nodes.at(version)
		rest = v.rest
	}
	is := *rest
	is.tree, is.lo, is.hi, is.spans = t, at.lo, at.hi, n.spans
	is.Parent, is.Command, is.Asleep.On = t.like(like.Parent), nil, t.like(rest.Asleep.On)
	if c := rest.Command; c != nil {
		is.Command = t.Commands[c.Index]
	}
	is.State, is.counted, is.said, is.runs = v.state, v.counted, v.said, v.runs
	for i, count := range v.tally {
		is.tally[i] = int(count)
	}
	is.Kids, is.handlers, is.ran, is.byID = stretch(n.Kids, int(v.kids)), stretch(n.handlers, int(v.handlers)), stretch(n.ran, int(v.ran)), n.byID
	for i := len(is.Kids) - 1; i >= 0 && is.Kids[i] == nil; i-- {
		is.Kids[i] = t.Nodes[like.Kids[i].Index]
	}
	is.asked = append(n.asked[:0], like.asked[:v.asked]...)
	*n = is
	n.owes = mark + 1
	if h := n.Hold.Handler; h != nil {
		n.Hold.Handler = n.settleOne(h.index)
	}
}

// settleUp makes the handlers of a node what they were at the mark to which it was
// put back. Most are never asked for before it is put somewhere else, so it is left
// until they are, or until the node changes.
func (n *Node) settleUp() {
	if n.owes == 0 {
		return
	}
	mark, p := n.owes-1, n.tree.of
	n.owes = 0
	like := p.Head.Nodes[n.Index]
	p.loadHandlers(n.tree, n, like, mark)
	for i := len(n.ran) - 1; i >= 0 && n.ran[i] == nil; i-- {
		n.ran[i] = n.handlers[like.ran[i].index]
	}
}

// settleOne does so with one handler, for those who ask all processes for one.
func (n *Node) settleOne(i int32) *Handler {
	if n.owes != 0 {
		p := n.tree.of
		like := p.Head.Nodes[n.Index]
		n.makeHandlers(like)
		if h := n.handlers[i]; !(span{h.lo, h.hi}).has(n.owes - 1) {
			p.loadHandler(n.tree, h, like.handlers[i], n.owes-1)
			n.spoil(i)
		}
	}
	return n.handlers[i]
}

// loadHandlers makes the handlers of a node what they were at a mark.
func (p *Past) loadHandlers(t *Tree, n, like *Node, mark int32) {
	n.makeHandlers(like)
	n.findable()
	if len(n.handlers) <= spanSize {
		n.spoil(0)
		p.loadBlock(t, n.handlers, like, mark)
		return
	}
	for len(n.spans)*spanSize < len(n.handlers) {
		n.spans = append(n.spans, span{})
	}
	for i := 0; i < len(n.handlers); i += spanSize {
		s := &n.spans[i/spanSize]
		if s.has(mark) {
			continue
		}
		block := n.handlers[i:min(i+spanSize, len(n.handlers))]
		*s = p.loadBlock(t, block, like, mark)
		if len(block) < spanSize {
			s.hi = 0 // of those that come no one has been looked at
		}
	}
}

// spoil tells that a handler is not what its span says any more.
func (n *Node) spoil(index int32) {
	if i := int(index) / spanSize; i < len(n.spans) {
		n.spans[i].hi = 0
	}
}

// loadBlock makes some handlers what they were at a mark, and says at which marks
// all of them were so.
func (p *Past) loadBlock(t *Tree, block []*Handler, like *Node, mark int32) span {
	all := span{0, int32(len(p.marks))}
	for _, h := range block {
		if !(span{h.lo, h.hi}).has(mark) {
			p.loadHandler(t, h, like.handlers[h.index], mark)
		}
		all.lo, all.hi = max(all.lo, h.lo), min(all.hi, h.hi)
	}
	return all
}

// findable lets the handlers of the program that runs now be found by their ids, and
// no others. They are named in order: if the last one is known, all are.
func (n *Node) findable() {
	k := len(n.handlers)
	for n.odd && k > n.first && !n.strays(n.handlers[k-1]) {
		k--
	}
	switch {
	case !n.odd:
		n.byID = nil
	case k > n.first && n.byID[n.handlers[k-1].ID] == n.handlers[k-1]:
	default:
		n.byID = nil
		for _, h := range n.handlers[n.first:k] {
			n.name(h)
		}
	}
}

func (p *Past) loadHandler(t *Tree, h, like *Handler, mark int32) {
	version, at := p.versionOfHandler(like, mark)
	var now handlerVersion
	v, rest := &now, like
	if version == 0 {
		now = like.version()
	} else {
		v = p.handlers.at(version)
		rest = v.rest
	}
	id, node, index, waits, since, patience := h.ID, h.Node, h.index, h.Waits[:0], h.Since[:0], h.Patience[:0]
	*h = *rest
	h.ID, h.Node, h.index, h.lo, h.hi, h.kept = id, node, index, at.lo, at.hi, 0
	h.From = t.like(rest.From)
	h.State, h.Began, h.Begin, h.End, h.Elapsed, h.Err = v.state, v.began, v.begin, v.end, v.elapsed, v.err
	h.Waits, h.Since, h.Patience = waits, since, patience
	if v.waits > 0 {
		h.Since, h.Patience = append(since, like.Since[:v.waits]...), append(patience, like.Patience[:v.waits]...)
		for _, on := range like.Waits[:v.waits] {
			h.Waits = append(h.Waits, t.like(on))
		}
	}
}

func (p *Past) loadCommand(t *Tree, c *Command, mark int32) {
	like := p.Head.Commands[c.Index]
	is, at := *like, span{like.lo, int32(len(p.marks))}
	if like.hi == 0 || like.lo > mark {
		if like.hi != 0 {
			at.hi = like.lo
		}
		v := p.commands.at(like.kept)
		for ; v.mark > mark; v = p.commands.at(v.before) {
			at.hi = v.mark
		}
		is, at.lo = v.is, v.mark
	}
	is.lo, is.hi, is.kept, is.Node = at.lo, at.hi, 0, t.like(is.Node)
	*c = is
}

// like is the node of a tree that is the one of another tree; nil of nil.
func (t *Tree) like(n *Node) *Node {
	if n == nil {
		return nil
	}
	return t.Nodes[n.Index]
}

// likeSignal is the same of a signal; the one that stands there, if it is like that.
func (t *Tree) likeSignal(here, other *Signal) *Signal {
	if other == nil {
		return nil
	}
	s := *other
	s.Node = t.like(s.Node)
	if here != nil && *here == s {
		return here
	}
	return &s
}
