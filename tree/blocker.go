package tree

// Block is what keeps a process from being gone. The zero value is: nothing.
type Block struct {
	Node    *Node    // the process that holds things up
	Handler *Handler // the handler of it that runs; nil when the process itself is what blocks
}

// Blocker says what n waits for on its way out. It follows its running handler
// to the process that this one waits for, that one's running handler, and so on
// to the end of the chain, in which one waits for the first that still lives. A
// process that nobody asked to end, and one that is gone, waits for nothing.
func (t *Tree) Blocker(n *Node) Block {
	if n == nil || n.State != Exiting && n.State != Stuck {
		return Block{}
	}
	slow := n // half as fast, to see a circle: processes may claim what they like
	for step := 1; ; step++ {
		h := n.Running
		if n.Stopped || h == nil {
			return Block{Node: n}
		}
		next := h.firstAlive()
		if next == nil || next == n || next == slow {
			return Block{Node: n, Handler: h}
		}
		n = next
		if step%2 == 0 {
			slow = slow.Running.firstAlive()
		}
	}
}

func (h *Handler) firstAlive() *Node {
	for _, n := range h.Waits {
		if n.Alive() {
			return n
		}
	}
	return nil
}

// Why says in words what holds things up: "stopped", "ignores SIGTERM", "runs
// flush", "held before flush", ... It is empty if nothing does.
func (b Block) Why() string {
	n := b.Node
	switch {
	case n == nil:
		return ""
	case n.Stopped:
		return "stopped"
	case n.Held:
		return "held" + n.before()
	case b.Handler != nil:
		return "runs " + Clean(b.Handler.Name)
	case n.Left:
		return "leaving"
	case n.Began && n.Pending() > 0:
		return "between handlers"
	case n.Began:
		return "its handlers are done"
	}
	sig := n.askedBy()
	switch n.Disposition(sig) {
	case Ignored:
		return "ignores " + sig
	case Blocked:
		return "blocks " + sig
	case Caught:
		return "its own code decides"
	}
	return "is about to end"
}

// before names the handler that would be next.
func (n *Node) before() string {
	if plan := n.Plan(); len(plan) > 0 {
		return " before " + Clean(plan[0].Name)
	}
	return ""
}
