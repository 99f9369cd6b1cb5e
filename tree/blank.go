package tree

// blank is the node that is born next, with nothing in it but its id and its
// place: the one that stood there before the tree was put back, if there is one.
func (t *Tree) blank(id string) *Node {
	n := beyond(t.Nodes)
	if n == nil || n.ID != id {
		n = new(Node)
	}
	if t.of == nil {
		if t.byID == nil {
			t.byID = map[string]*Node{}
		}
		t.byID[id] = n
	}
	byID := n.byID
	if n.first > 0 {
		byID = nil // of a later program
	}
	*n = Node{ // without spans: they are of handlers that were
		ID: id, Index: len(t.Nodes), tree: t,
		Kids: n.Kids[:0], handlers: n.handlers[:0], ran: n.ran[:0], asked: n.asked[:0], byID: byID,
	}
	if t.past != nil {
		t.past.changed = append(t.past.changed, n)
	}
	return n
}

// blank is the same of the handler that comes next.
func (n *Node) blank(id string) *Handler {
	h := beyond(n.handlers)
	if h == nil || h.ID != id {
		h = new(Handler)
	}
	*h = Handler{ID: id, Node: n, index: int32(len(n.handlers)), Waits: h.Waits[:0], Since: h.Since[:0], Patience: h.Patience[:0]}
	n.name(h)
	n.spoil(h.index)
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

// Prepare makes some of the processes that a tree may be given by Restore and does
// not have yet, so that the first time is not slower than others. It reports
// whether all of them are there.
func (p *Past) Prepare(t *Tree, most int) bool {
	t.of = p
	now := len(t.Nodes)
	t.prepared = min(max(t.prepared, now)+max(most, 0), len(p.Head.Nodes))
	t.Nodes = stretch(t.Nodes, max(now, t.prepared))
	p.makeNodes(t)
	t.Nodes = t.Nodes[:now]
	return t.prepared == len(p.Head.Nodes)
}

// makeNodes makes the nodes of a tree that have never been there.
func (p *Past) makeNodes(t *Tree) {
	made := room(t.Nodes)
	for i := range made {
		n := &made[i]
		n.Index = len(t.Nodes) - len(made) + i
		n.ID, n.tree = p.Head.Nodes[n.Index].ID, t
		t.Nodes[n.Index] = n
	}
}

// makeHandlers does the same with the handlers of a node that is like another.
func (n *Node) makeHandlers(like *Node) {
	made := room(n.handlers)
	for i := range made {
		h := &made[i]
		h.index, h.Node = int32(len(n.handlers)-len(made)+i), n
		h.ID = like.handlers[h.index].ID
		n.handlers[h.index] = h
	}
}

// makeCommands does the same with commands.
func (p *Past) makeCommands(t *Tree) {
	made := room(t.Commands)
	for i := range made {
		c := &made[i]
		c.Index = len(t.Commands) - len(made) + i
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
	if i == len(list) {
		return nil
	}
	return make([]T, len(list)-i)
}
