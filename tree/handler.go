package tree

import (
	"slices"

	"multiexit/exitreg"
)

// handler applies an event about one handler and reports whether it knew the
// kind, and which handler it is about.
func (t *Tree) handler(n *Node, e *Event) bool {
	if e.ID == "" {
		return false
	}
	switch e.Kind {
	case exitreg.KindRegister:
		t.register(n.handler(e.ID), e)
	case exitreg.KindUnregister:
		n.handler(e.ID).withdraw(Removed, "")
	case exitreg.KindSkip:
		h := n.handler(e.ID)
		h.Unbound = h.Unbound || e.Text == "unbound"
		h.withdraw(Skipped, e.Text)
	case exitreg.KindFault:
		h := n.handler(e.ID)
		if h.Fault == "" {
			t.Counts.Injected++
		}
		h.Fault = e.Text
	case exitreg.KindBegin:
		t.run(n, e.T)
		t.begin(n.handler(e.ID), e)
	case exitreg.KindWait:
		t.run(n, e.T)
		t.begin(n.handler(e.ID), e)
		t.wait(n.handler(e.ID), e)
	case exitreg.KindEnd:
		t.run(n, e.T)
		n.end(n.handler(e.ID), e)
	default:
		return false
	}
	return true
}

// handler finds a handler by its id and makes it when its register was not seen.
func (n *Node) handler(id string) *Handler {
	if h := n.Handler(id); h != nil {
		h.touch()
		return h
	}
	h := n.blank(id)
	h.Name = id
	n.handlers = append(n.handlers, h)
	n.tally[Pending]++
	if !n.Alive() {
		n.lose(h, "")
	}
	return h
}

func (t *Tree) register(h *Handler, e *Event) {
	if e.Handler != "" {
		h.Name = e.Handler
	}
	h.Src, h.Shared, h.Timeout, h.Unbound = e.Src, e.Shared, e.Timeout, e.Text == "unbound"
	h.Needs = e.Needs
	h.From = t.origin(h.Node, e)
	if h.Unbound && h.State == Lost {
		h.withdraw(Skipped, "unbound") // its process was gone already
	}
}

// origin is the node that shared a handler first; nil for one of n's own. Where
// the observer could not place it, the handler came by way of the parent.
func (t *Tree) origin(n *Node, e *Event) *Node {
	if e.From == "" || e.From == n.ID {
		return nil
	}
	if from := t.peer(e.From, e.T); from != nil {
		return from
	}
	return n.Parent
}

// withdraw takes a handler off the stack that never had its turn.
func (h *Handler) withdraw(to HandlerState, why string) {
	if h.Began || h.State != Pending && h.State != Lost {
		return
	}
	h.touch()
	h.Err = why
	h.set(to)
}

// begin gives a handler its turn. In a process that is gone it stays lost until
// its end comes in as well.
func (t *Tree) begin(h *Handler, e *Event) {
	if h.Began {
		return
	}
	n := h.Node
	if e.Handler != "" {
		h.Name = e.Handler
	}
	h.Began, h.Begin = true, e.T
	n.ran = append(n.ran, h)
	n.letGo(e.T)
	t.countHeld(n)
	h.stood = t.standing()
	if !n.Alive() {
		h.set(Lost)
		return
	}
	h.set(Running)
	n.runs = h.index + 1
}

func (n *Node) end(h *Handler, e *Event) {
	if h.State == Done || h.State == Broken {
		return
	}
	if !h.Began { // its begin was not seen
		h.Began, h.Begin = true, e.T-max(e.Elapsed, 0)
		n.ran = append(n.ran, h)
	}
	h.End, h.Elapsed, h.Err = e.T, e.Elapsed, e.Err
	if h.Elapsed == 0 {
		h.Elapsed = max(e.T-h.Begin, 0)
	}
	if e.Err != "" {
		h.set(Broken)
	} else {
		h.set(Done)
	}
	if n.runs == h.index+1 {
		n.runs = 0
	}
}

// wait notes for whom a handler waits. It asked that process to end, by exitreg's
// Stop for one, whether or not anybody saw the signal.
func (t *Tree) wait(h *Handler, e *Event) {
	on := t.peer(e.Text, e.T)
	if on == nil || on == h.Node || on.awaited && slices.Contains(h.Waits, on) { // a handler may end 100,000, each once
		return
	}
	limit := Patience{Then: e.Sig, stood: t.standing()}
	if e.Timeout > 0 {
		limit.At = e.T + e.Timeout
	}
	h.Waits, h.Since, h.Patience = append(h.Waits, on), append(h.Since, e.T), append(h.Patience, limit)
	on.touch()
	on.awaited = true
	on.called(e.T, h.Node.ID)
	t.settle(on)
}

// lose marks a handler that will never end, or never run, because its process
// is gone or became another program. An unbound one loses nothing by that.
func (n *Node) lose(h *Handler, why string) {
	switch {
	case h.State == Pending && h.Unbound:
		h.withdraw(Skipped, "unbound")
	case h.State == Pending || h.State == Running:
		h.touch()
		h.Err = why
		h.set(Lost)
	}
}

// set moves h to another state and keeps its node's tally.
func (h *Handler) set(to HandlerState) {
	h.touch()
	h.Node.tally[h.State]--
	h.Node.tally[to]++
	h.State = to
}

// Waiting is of the processes that the handler said it waits for how many still
// live, and how many there are.
func (h *Handler) Waiting() (left, total int) {
	for _, n := range h.Waits {
		if n.Alive() {
			left++
		}
	}
	return left, len(h.Waits)
}
