package tree

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
	*n = Node{
		ID: id, Index: len(t.Nodes), tree: t,
		Kids: n.Kids[:0], Handlers: n.Handlers[:0], Ran: n.Ran[:0], asked: n.asked[:0], byID: byID,
	}
	n.tell()
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
	return h
}

// name lets a handler be found by its id.
func (n *Node) name(h *Handler) {
	if n.byID == nil {
		n.byID = map[string]*Handler{}
	}
	n.byID[h.ID] = h
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
	t.tell(c)
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

// load puts a tree into the state of a mark. First everything that is there gets
// its place, then its contents, which point at each other.
func (p *Past) load(t *Tree, i int) {
	m, mark := &p.marks[i], int32(i)
	nodes, commands := stretch(t.Nodes, m.nodes), stretch(t.Commands, m.commands)
	is, head := m.tree, p.Head
	is.Nodes, is.Commands, is.Notes = nodes, commands, head.Notes[:m.notes:m.notes]
	is.byID, is.cmds = t.byID, t.cmds
	if is.byID == nil {
		is.byID = map[string]*Node{}
	}
	if is.cmds == nil {
		is.cmds = map[string]*Command{}
	}
	is.Roots, is.Signal, is.Shut, is.Before = t.Roots[:0], t.Signal, t.Shut, t.Before
	*t = is
	p.make(t)
	for j, n := range nodes {
		if v := p.versionOf(j, mark); n.kept != v {
			p.loadNode(t, n, v, mark)
		}
	}
	for _, c := range commands {
		v := p.Head.Commands[c.Index].newest
		for p.commands.at(v).mark > mark {
			v = p.commands.at(v).before
		}
		if c.kept != v {
			*c = p.commands.at(v).is
			c.kept, c.Node = v, t.like(c.Node)
		}
	}
	for _, r := range m.roots {
		t.Roots = append(t.Roots, nodes[r])
	}
	t.Signal, t.Shut, t.Before = t.likeSignal(t.Signal, m.tree.Signal), t.likeSignal(t.Shut, m.tree.Shut), t.likeSignal(t.Before, m.tree.Before)
}

// make makes the nodes and commands of a tree that have never been there.
func (p *Past) make(t *Tree) {
	missing := 0
	for j := len(t.Nodes) - 1; j >= 0 && t.Nodes[j] == nil; j-- {
		missing++
	}
	room := make([]Node, missing)
	for j := len(t.Nodes) - missing; j < len(t.Nodes); j++ {
		n, like := &room[0], p.Head.Nodes[j]
		room = room[1:]
		n.ID, n.Index, n.tree = like.ID, j, t
		t.Nodes[j], t.byID[n.ID] = n, n
	}
	for j := len(t.Commands) - 1; j >= 0 && t.Commands[j] == nil; j-- {
		c := &Command{Name: p.Head.Commands[j].Name, Index: j}
		t.Commands[j], t.cmds[c.Name] = c, c
	}
}

// loadNode puts a node and its handlers into a version.
func (p *Past) loadNode(t *Tree, n *Node, version, mark int32) {
	v, like := p.nodes.at(version), p.Head.Nodes[n.Index]
	is := *v.rest
	is.tree, is.kept = t, version
	is.Parent, is.Command = t.like(like.Parent), nil
	if c := v.rest.Command; c != nil {
		is.Command = t.Commands[c.Index]
	}
	is.State, is.counted, is.said = v.state, v.counted, v.said
	for i, count := range v.tally {
		is.tally[i] = int(count)
	}
	is.Kids = stretch(n.Kids, int(v.kids))
	for i := len(is.Kids) - 1; i >= 0 && is.Kids[i] == nil; i-- {
		is.Kids[i] = t.Nodes[like.Kids[i].Index]
	}
	is.Handlers, is.Ran, is.byID = stretch(n.Handlers, int(v.handlers)), stretch(n.Ran, int(v.ran)), n.byID
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

// loadHandlers puts the handlers of a node into their versions at a mark.
func (p *Past) loadHandlers(t *Tree, n, like *Node, mark int32) {
	missing := 0
	for i := len(n.Handlers) - 1; i >= 0 && n.Handlers[i] == nil; i-- {
		missing++
	}
	room := make([]Handler, missing)
	for i := len(n.Handlers) - missing; i < len(n.Handlers); i++ {
		h := &room[0]
		room = room[1:]
		h.ID, h.Node, h.index = like.Handlers[i].ID, n, int32(i)
		n.Handlers[i] = h
	}
	n.findable()
	for i, h := range n.Handlers {
		master := like.Handlers[i]
		v := master.newest
		for p.handlers.at(v).mark > mark {
			v = p.handlers.at(v).before
		}
		if h.kept != v {
			p.loadHandler(t, h, master, v)
		}
	}
}

// findable lets the handlers of the program that runs now be found by their ids, and
// no others. They are named in order: if the last one is known, all are.
func (n *Node) findable() {
	k := len(n.Handlers)
	switch {
	case k == n.first:
		n.byID = nil
	case n.byID[n.Handlers[k-1].ID] != n.Handlers[k-1]:
		n.byID = make(map[string]*Handler, k-n.first)
		for _, h := range n.Handlers[n.first:] {
			n.byID[h.ID] = h
		}
	}
}

func (p *Past) loadHandler(t *Tree, h, like *Handler, version int32) {
	v := p.handlers.at(version)
	is := *v.rest
	is.ID, is.Node, is.index, is.kept = h.ID, h.Node, h.index, version
	is.From = t.like(v.rest.From)
	is.State, is.Began, is.Begin, is.End, is.Elapsed, is.Err = v.state, v.began, v.begin, v.end, v.elapsed, v.err
	is.Waits, is.Since = h.Waits[:0], append(h.Since[:0], like.Since[:v.waits]...)
	for _, on := range like.Waits[:v.waits] {
		is.Waits = append(is.Waits, t.like(on))
	}
	*h = is
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
