package tree

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// blank is the node that is born next, with nothing in it but its id and its
// place: the one that stood there before the tree was put back, if there is one.
func (t *Tree) blank(id string) *Node {
	if t.byID == nil {
		t.byID = map[string]*Node{}
	}
	n := beyond(t.Nodes)
	if n == nil || n.ID != id {
		n = new(Node)
		t.byID[id] = n
	}
	byID := n.byID
	if n.first > 0 {
		byID = nil // of a later program
	}
	*n = Node{ // without spans: they are of handlers that were
		ID: id, Index: len(t.Nodes), tree: t,
		Kids: n.Kids[:0], Handlers: n.Handlers[:0], Ran: n.Ran[:0], asked: n.asked[:0], byID: byID,
	}
	if t.past != nil {
		t.past.changed = append(t.past.changed, n)
	}
	return n
}

// blank is the same of the handler that comes next.
func (n *Node) blank(id string) *Handler {
	h := beyond(n.Handlers)
	if h == nil || h.ID != id {
		h = new(Handler)
	}
	*h = Handler{ID: id, Node: n, index: int32(len(n.Handlers)), Waits: h.Waits[:0], Since: h.Since[:0]}
	n.name(h)
	if p := n.tree.past; p != nil {
		p.changedHandlers = append(p.changedHandlers, h)
	}
	return h
}

// name lets a handler be found by its id.
func (n *Node) name(h *Handler) {
	if !n.strays(h) {
		return
	}
	if n.odd = true; n.byID == nil {
		n.byID = map[string]*Handler{}
	}
	n.byID[h.ID] = h
}

// strays says that a handler is not where its id says.
func (n *Node) strays(h *Handler) bool {
	i, ok := ordinal(h.ID)
	return !ok || n.first+i != int(h.index)
}

// blankCommand is the same of the command that comes next.
func (t *Tree) blankCommand(name string) *Command {
	if t.cmds == nil {
		t.cmds = map[string]*Command{}
	}
	c := beyond(t.Commands)
	if c == nil || c.Name != name {
		c = new(Command)
		t.cmds[name] = c
	}
	*c = Command{Name: name, Index: len(t.Commands)}
	if t.past != nil {
		t.past.changedCommands = append(t.past.changedCommands, c)
	}
	return c
}

// beyond is what stands behind the end of a list that was made shorter.
func beyond[T any](list []*T) *T {
	if len(list) == cap(list) {
		return nil
	}
	return list[:len(list)+1][len(list)]
}

// stretch makes a list n long without losing what stands behind its end; what is
// new is nil.
func stretch[T any](list []*T, n int) []*T {
	if n > cap(list) {
		all := list[:cap(list)]
		list = append(all, make([]*T, n-len(all))...)
	}
	return list[:n]
}

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
	is.byID, is.cmds = t.byID, t.cmds
	is.Roots, is.Signal, is.Shut, is.Before = t.Roots[:0], t.Signal, t.Shut, t.Before
	*t = is
	p.make(t)
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

// make makes the nodes and commands of a tree that have never been there.
func (p *Past) make(t *Tree) {
	if t.byID == nil {
		t.byID = map[string]*Node{}
	}
	if t.cmds == nil {
		t.cmds = map[string]*Command{}
	}
	made := room(t.Nodes)
	for i := range made {
		n := &made[i]
		n.Index = len(t.Nodes) - len(made) + i
		n.ID, n.tree = p.Head.Nodes[n.Index].ID, t
		t.Nodes[n.Index], t.byID[n.ID] = n, n
	}
	cmds := room(t.Commands)
	for i := range cmds {
		c := &cmds[i]
		c.Index = len(t.Commands) - len(cmds) + i
		c.Name = p.Head.Commands[c.Index].Name
		t.Commands[c.Index], t.cmds[c.Name] = c, c
	}
}

// room is for what is not there yet, all of it at the end of a list.
func room[T any](list []*T) []T {
	i := len(list)
	for i > 0 && list[i-1] == nil {
		i--
	}
	return make([]T, len(list)-i)
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

// loadNode makes a node and its handlers what they were at a mark.
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
	is.Parent, is.Command, is.Running = t.like(like.Parent), nil, nil
	if c := rest.Command; c != nil {
		is.Command = t.Commands[c.Index]
	}
	is.State, is.counted, is.said = v.state, v.counted, v.said
	for i, count := range v.tally {
		is.tally[i] = int(count)
	}
	is.Kids, is.Handlers, is.Ran, is.byID = stretch(n.Kids, int(v.kids)), stretch(n.Handlers, int(v.handlers)), stretch(n.Ran, int(v.ran)), n.byID
	for i := len(is.Kids) - 1; i >= 0 && is.Kids[i] == nil; i-- {
		is.Kids[i] = t.Nodes[like.Kids[i].Index]
	}
	is.asked = append(n.asked[:0], like.asked[:v.asked]...)
	*n = is
	p.loadHandlers(t, n, like, mark)
	for i := len(n.Ran) - 1; i >= 0 && n.Ran[i] == nil; i-- {
		n.Ran[i] = n.Handlers[like.Ran[i].index]
	}
	if v.running >= 0 {
		n.Running = n.Handlers[v.running]
	}
}

// loadHandlers makes the handlers of a node what they were at a mark.
func (p *Past) loadHandlers(t *Tree, n, like *Node, mark int32) {
	made := room(n.Handlers)
	for i := range made {
		h := &made[i]
		h.index, h.Node = int32(len(n.Handlers)-len(made)+i), n
		h.ID = like.Handlers[h.index].ID
		n.Handlers[h.index] = h
	}
	n.findable()
	if len(n.Handlers) <= spanSize {
		p.loadBlock(t, n.Handlers, like, mark)
		return
	}
	for len(n.spans)*spanSize < len(n.Handlers) {
		n.spans = append(n.spans, span{})
	}
	for i := 0; i < len(n.Handlers); i += spanSize {
		s := &n.spans[i/spanSize]
		if s.has(mark) {
			continue
		}
		block := n.Handlers[i:min(i+spanSize, len(n.Handlers))]
		*s = p.loadBlock(t, block, like, mark)
		if len(block) < spanSize {
			s.hi = 0 // of those that come no one has been looked at
		}
	}
}

// loadBlock makes some handlers what they were at a mark, and says at which marks
// all of them were so.
func (p *Past) loadBlock(t *Tree, block []*Handler, like *Node, mark int32) span {
	all := span{0, int32(len(p.marks))}
	for _, h := range block {
		if !(span{h.lo, h.hi}).has(mark) {
			p.loadHandler(t, h, like.Handlers[h.index], mark)
		}
		all.lo, all.hi = max(all.lo, h.lo), min(all.hi, h.hi)
	}
	return all
}

// findable lets the handlers of the program that runs now be found by their ids, and
// no others. They are named in order: if the last one is known, all are.
func (n *Node) findable() {
	k := len(n.Handlers)
	for n.odd && k > n.first && !n.strays(n.Handlers[k-1]) {
		k--
	}
	switch {
	case !n.odd:
		n.byID = nil
	case k > n.first && n.byID[n.Handlers[k-1].ID] == n.Handlers[k-1]:
	default:
		n.byID = nil
		for _, h := range n.Handlers[n.first:k] {
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
	is := *rest
	is.ID, is.Node, is.index, is.lo, is.hi, is.kept = h.ID, h.Node, h.index, at.lo, at.hi, 0
	is.From = t.like(rest.From)
	is.State, is.Began, is.Begin, is.End, is.Elapsed, is.Err = v.state, v.began, v.begin, v.end, v.elapsed, v.err
	is.Waits, is.Since = h.Waits[:0], append(h.Since[:0], like.Since[:v.waits]...)
	for _, on := range like.Waits[:v.waits] {
		is.Waits = append(is.Waits, t.like(on))
	}
	*h = is
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
