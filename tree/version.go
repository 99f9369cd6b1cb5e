package tree

import (
	"sort"
	"time"
	"unsafe"
)

// nodeVersion is a node from a mark on. What its handlers change again and again
// stands in it; the rest is a copy that it shares with the version before, if
// that is the same.
type nodeVersion struct {
	mark                       int32
	running                    int32 // in Handlers; -1: none
	kids, handlers, ran, asked int32 // lengths
	tally                      [Lost + 1]int32
	state, counted             State
	said                       uint64
	rest                       *Node
}

// handlerVersion is a handler from a mark on.
type handlerVersion struct {
	mark, before        int32 // before: its version before; 0: none
	waits               int32
	state               HandlerState
	began               bool
	begin, end, elapsed time.Duration
	err                 string
	rest                *Handler
}

// commandVersion is a command from a mark on.
type commandVersion struct {
	mark, before int32
	is           Command
}

// touch tells that a node is about to change. Everything that changes one has to,
// or the past of it is lost.
func (n *Node) touch() {
	if n.kept != 0 {
		n.kept = 0
		n.tell()
	}
}

func (n *Node) tell() {
	if p := n.tree.past; p != nil {
		p.changed = append(p.changed, n)
	}
}

// touch tells the same of a handler, whose node has been touched.
func (h *Handler) touch() { h.kept = 0 }

// touch tells the same of a command.
func (t *Tree) touch(c *Command) {
	if c.kept != 0 {
		c.kept = 0
		t.tell(c)
	}
}

func (t *Tree) tell(c *Command) {
	if t.past != nil {
		t.past.changedCmds = append(t.past.changedCmds, c)
	}
}

// keepNode keeps a node that has changed, and those of its handlers that have.
func (p *Past) keepNode(n *Node, mark int32) {
	v := nodeVersion{
		mark: mark, running: -1,
		kids: int32(len(n.Kids)), handlers: int32(len(n.Handlers)), ran: int32(len(n.Ran)), asked: int32(len(n.asked)),
		state: n.State, counted: n.counted, said: n.said,
	}
	if n.Running != nil {
		v.running = n.Running.index
	}
	for i, count := range n.tally {
		v.tally[i] = int32(count)
	}
	if n.Index == len(p.of) {
		p.of = append(p.of, nil)
	}
	rest := n.rest()
	if all := p.of[n.Index]; len(all) > 0 {
		if was := p.nodes.at(all[len(all)-1]).rest; *nodeBitsOf(was) == *nodeBitsOf(&rest) {
			v.rest = was
		}
	}
	if v.rest == nil {
		kept := rest
		v.rest = &kept
	}
	n.kept = p.nodes.add(v)
	p.of[n.Index] = append(p.of[n.Index], n.kept)
	for _, h := range n.Handlers {
		if h.kept == 0 {
			p.keepHandler(h, mark)
		}
	}
}

// rest is a copy without what a nodeVersion has of it by itself, and without what
// is of one tree alone.
func (n *Node) rest() Node {
	r := *n
	r.Parent, r.Kids, r.Handlers, r.Running, r.Ran, r.asked = nil, nil, nil, nil, nil, nil
	r.State, r.counted, r.said, r.tally = 0, 0, 0, [Lost + 1]int{}
	r.byID, r.tree, r.kept = nil, nil, 0
	return r
}

func (p *Past) keepHandler(h *Handler, mark int32) {
	v := handlerVersion{
		mark: mark, before: h.newest, waits: int32(len(h.Waits)), state: h.State, began: h.Began,
		begin: h.Begin, end: h.End, elapsed: h.Elapsed, err: h.Err,
	}
	rest := h.rest()
	if h.newest != 0 {
		if was := p.handlers.at(h.newest).rest; *handlerBitsOf(was) == *handlerBitsOf(&rest) {
			v.rest = was
		}
	}
	if v.rest == nil {
		v.rest = p.shared(&rest)
	}
	h.newest = p.handlers.add(v)
	h.kept = h.newest
}

func (h *Handler) rest() Handler {
	r := *h
	r.ID, r.Node, r.Waits, r.Since = "", nil, nil, nil
	r.State, r.Began, r.Begin, r.End, r.Elapsed, r.Err = 0, false, 0, 0, 0, ""
	r.index, r.kept, r.newest = 0, 0, 0
	return r
}

// shared is a copy of r, the same one as of other handlers that are alike: many
// processes of one program have the same.
func (p *Past) shared(r *Handler) *Handler {
	const most = 4096
	bits := *handlerBitsOf(r)
	if was := p.same[bits]; was != nil {
		return was
	}
	if len(p.same) >= most {
		clear(p.same)
	}
	kept := *r
	p.same[bits] = &kept
	return &kept
}

// Copies are compared as they lie in memory. Two that say the same may look
// different, such as by two copies of a name; then both are kept.
type (
	nodeBits    [unsafe.Sizeof(Node{})]byte
	handlerBits [unsafe.Sizeof(Handler{})]byte
)

func nodeBitsOf(n *Node) *nodeBits          { return (*nodeBits)(unsafe.Pointer(n)) }
func handlerBitsOf(h *Handler) *handlerBits { return (*handlerBits)(unsafe.Pointer(h)) }

// versionOf is the version of the node with an Index at a mark; it has one.
func (p *Past) versionOf(index int, mark int32) int32 {
	all := p.of[index]
	last := len(all) - 1
	if p.nodes.at(all[last]).mark <= mark {
		return all[last]
	}
	return all[sort.Search(last, func(i int) bool { return p.nodes.at(all[i]).mark > mark })-1]
}
