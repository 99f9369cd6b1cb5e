package tree

import (
	"sort"
	"time"
	"unsafe"
)

// place says that a node was like a version from a mark on.
type place struct{ mark, version int32 }

// nodeVersion is how a node was. What its handlers change again and again stands
// in it; the rest is a copy that it shares with the version before, if that is the
// same.
type nodeVersion struct {
	runs                       int32
	kids, handlers, ran, asked int32 // lengths
	tally                      [Lost + 1]int32
	state, counted             State
	said                       uint64
	rest                       *Node
}

// handlerVersion is how a handler was from a mark on.
type handlerVersion struct {
	mark, before        int32 // before: its version before; 0: none
	waits               int32
	state               HandlerState
	began               bool
	begin, end, elapsed time.Duration
	err                 string
	rest                *Handler
}

// commandVersion is how a command was from a mark on.
type commandVersion struct {
	mark, before int32
	is           Command
}

// touch tells that a node is about to change. Everything that changes one has to,
// or the past of it is lost.
func (n *Node) touch() {
	if n.hi == 0 {
		return
	}
	n.hi = 0
	n.settleUp()
	if p := n.tree.past; p != nil {
		p.changed = append(p.changed, n)
		p.keepNode(n)
	}
}

// touch tells the same of a handler, whose node has been touched.
func (h *Handler) touch() {
	if h.hi == 0 {
		return
	}
	h.hi = 0
	h.Node.spoil(h.index)
	if p := h.Node.tree.past; p != nil {
		p.changedHandlers = append(p.changedHandlers, h)
		p.keepHandler(h)
	}
}

// touch tells the same of a command.
func (t *Tree) touch(c *Command) {
	if c.hi == 0 {
		return
	}
	c.hi = 0
	if p := t.past; p != nil {
		p.changedCommands = append(p.changedCommands, c)
		c.kept = p.commands.add(commandVersion{mark: c.lo, before: c.kept, is: *c})
	}
}

// keepNode keeps how a node was since its last mark.
func (p *Past) keepNode(n *Node) {
	v, rest := n.version(), n.rest()
	all := p.of[n.Index]
	if len(all) > 0 {
		if was := p.nodes.at(all[len(all)-1].version).rest; *nodeBitsOf(was) == *nodeBitsOf(&rest) {
			v.rest = was
		}
	}
	if v.rest == nil {
		kept := rest
		v.rest = &kept
	}
	p.of[n.Index] = append(all, place{n.lo, p.nodes.add(v)})
}

// version is a node as it is, but for the rest.
func (n *Node) version() nodeVersion {
	v := nodeVersion{
		runs: n.runs, state: n.State, counted: n.counted, said: n.said,
		kids: int32(len(n.Kids)), handlers: int32(len(n.handlers)), ran: int32(len(n.ran)), asked: int32(len(n.asked)),
	}
	for i, count := range n.tally {
		v.tally[i] = int32(count)
	}
	return v
}

// rest is a copy without what a nodeVersion has of it by itself, and without what
// is of one tree alone.
func (n *Node) rest() Node {
	r := *n
	r.Parent, r.Kids, r.handlers, r.ran, r.asked = nil, nil, nil, nil, nil
	r.State, r.counted, r.said, r.runs, r.tally = 0, 0, 0, 0, [Lost + 1]int{}
	r.byID, r.tree, r.lo, r.hi, r.spans = nil, nil, 0, 0, nil
	return r
}

// keepHandler keeps how a handler was since its last mark.
func (p *Past) keepHandler(h *Handler) {
	v, rest := h.version(), h.rest()
	v.mark, v.before = h.lo, h.kept
	if h.kept != 0 {
		if was := p.handlers.at(h.kept).rest; *handlerBitsOf(was) == *handlerBitsOf(&rest) {
			v.rest = was
		}
	}
	if v.rest == nil {
		v.rest = p.shared(&rest, h.index)
	}
	h.kept = p.handlers.add(v)
}

func (h *Handler) version() handlerVersion {
	return handlerVersion{
		waits: int32(len(h.Waits)), state: h.State, began: h.Began,
		begin: h.Begin, end: h.End, elapsed: h.Elapsed, err: h.Err,
	}
}

func (h *Handler) rest() Handler {
	r := *h
	r.ID, r.Node, r.Waits, r.Since, r.Patience = "", nil, nil, nil, nil
	r.State, r.Began, r.Begin, r.End, r.Elapsed, r.Err = 0, false, 0, 0, 0, ""
	r.index, r.lo, r.hi, r.kept = 0, 0, 0, 0
	return r
}

// shared is a copy of r, the same one as of a handler before that is alike: many
// processes of one program have the same.
func (p *Past) shared(r *Handler, place int32) *Handler {
	was := &p.alike[int(place)%len(p.alike)]
	if *was == nil || *handlerBitsOf(*was) != *handlerBitsOf(r) {
		kept := *r
		*was = &kept
	}
	return *was
}

// Copies are compared as they lie in memory. Two that say the same may look
// different, such as by two copies of a name; then both are kept.
type (
	nodeBits    [unsafe.Sizeof(Node{})]byte
	handlerBits [unsafe.Sizeof(Handler{})]byte
)

func nodeBitsOf(n *Node) *nodeBits          { return (*nodeBits)(unsafe.Pointer(n)) }
func handlerBitsOf(h *Handler) *handlerBits { return (*handlerBits)(unsafe.Pointer(h)) }

// versionOf is the version of a node at a mark, and the marks at which it is so; 0
// is the node as Head has it.
func (p *Past) versionOf(n *Node, mark int32) (version int32, at span) {
	all, now := p.of[n.Index], int32(len(p.marks))
	if n.hi != 0 {
		if n.lo <= mark {
			return 0, span{n.lo, now}
		}
		now = n.lo
	}
	i := sort.Search(len(all), func(i int) bool { return all[i].mark > mark })
	if i < len(all) {
		now = all[i].mark
	}
	return all[i-1].version, span{all[i-1].mark, now}
}

// versionOfHandler is the same of a handler.
func (p *Past) versionOfHandler(h *Handler, mark int32) (version int32, at span) {
	until := int32(len(p.marks))
	if h.hi != 0 {
		if h.lo <= mark {
			return 0, span{h.lo, until}
		}
		until = h.lo
	}
	version = h.kept
	for v := p.handlers.at(version); v.mark > mark; v = p.handlers.at(version) {
		version, until = v.before, v.mark
	}
	return version, span{p.handlers.at(version).mark, until}
}
