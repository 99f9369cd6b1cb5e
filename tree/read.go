package tree

import "slices"

// Handlers are the exit handlers of a process in order of registration, those
// included that were unregistered, and those of the programs it ran before an exec.
// The list is the tree's own. Of a tree that a Past has put back, those that read
// the handlers of one process take turns.
func (n *Node) Handlers() []*Handler {
	n.settleUp()
	return n.handlers
}

// Running is the handler that runs now; nil if none does.
func (n *Node) Running() *Handler {
	if n.runs == 0 {
		return nil
	}
	return n.settleOne(n.runs - 1)
}

// Ran are the handlers that began, in order.
func (n *Node) Ran() []*Handler {
	n.settleUp()
	return n.ran
}

// Registered is how many handlers there are.
func (n *Node) Registered() int { return len(n.handlers) }

// AppendPlan appends to dst what is on the process's stack, in the order in
// which it will run: its own handlers newest first, then those it shared newest
// first, then the inherited ones newest first. The handler that runs now is not
// part of it.
func (n *Node) AppendPlan(dst []*Handler) []*Handler {
	if n.tally[Pending] == 0 {
		return dst
	}
	all, end := n.Handlers(), len(dst)+n.tally[Pending]
	for turn := range 3 {
		for i := len(all) - 1; i >= 0 && len(dst) < end; i-- {
			if h := all[i]; h.State == Pending && h.turn() == turn {
				dst = append(dst, h)
			}
		}
	}
	return dst
}

// Plan is AppendPlan into a new slice.
func (n *Node) Plan() []*Handler { return n.AppendPlan(nil) }

// turn is the part of the stack that h is in; 0 runs first.
func (h *Handler) turn() int {
	switch {
	case h.From != nil:
		return 2
	case h.Shared:
		return 1
	}
	return 0
}

// Pending is the number of handlers still on the stack.
func (n *Node) Pending() int { return n.tally[Pending] }

// Lost is the number of handlers that began and never ended, or never began
// though the process is gone.
func (n *Node) Lost() int { return n.tally[Lost] }

// Failures is the number of handlers that failed, panicked or ran out of time.
func (n *Node) Failures() int { return n.tally[Broken] }

// Kinds counts the handlers that are registered or have run: the process's own,
// those it shares with its children, and those it inherited.
func (n *Node) Kinds() (local, shared, inherited int) {
	for _, h := range n.Handlers() {
		switch {
		case h.State == Removed:
		case h.From != nil:
			inherited++
		case h.Shared:
			shared++
		default:
			local++
		}
	}
	return local, shared, inherited
}

// Disposition is what a signal would do to the process, as far as it is known.
func (n *Node) Disposition(sig string) Disposition {
	if !n.Began && slices.Contains(n.deaf, sig) {
		return Ignored
	}
	switch sig {
	case "SIGTERM":
		return n.Term
	case "SIGKILL", "SIGSTOP":
		return Default // they cannot be caught, blocked or ignored: signal(7)
	}
	return n.disp[sig]
}

// Node finds a node by its path id; nil if there is none.
func (t *Tree) Node(id string) *Node {
	known := t.byID
	if t.of != nil {
		known = t.of.Head.byID
	}
	if n := known[id]; n != nil && n.Index < len(t.Nodes) {
		return t.Nodes[n.Index]
	}
	return nil // or one that is not born yet: see Past
}

// Handler finds a handler of the program that runs now by its id; nil if there is
// none.
func (n *Node) Handler(id string) *Handler {
	all := n.Handlers()
	if i, ok := ordinal(id); ok && i < len(all)-n.first {
		if h := all[n.first+i]; h.ID == id {
			return h
		}
	}
	if !n.odd {
		return nil
	}
	if h := n.byID[id]; h != nil && int(h.index) < len(all) {
		return h
	}
	return nil
}

// ordinal is the place of a handler among those of its program by its id: the
// first one that a program registers is "h1".
func ordinal(id string) (i int, ok bool) {
	if len(id) < 2 || len(id) > 10 || id[0] != 'h' {
		return 0, false
	}
	for _, c := range []byte(id[1:]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		i = i*10 + int(c-'0')
	}
	return i - 1, i > 0
}

// Before says whether h runs before k, if both are on the stack of one process.
func (h *Handler) Before(k *Handler) bool {
	if a, b := h.turn(), k.turn(); a != b {
		return a < b
	}
	for _, o := range h.Node.Handlers() { // in order of registration: the last one runs first
		switch o {
		case h:
			return false
		case k:
			return true
		}
	}
	return false
}
