package tree

// Injected says that what became of a handler is a fault that was put into it, and no
// failure of its own. One that was only delayed did its own work after.
func (h *Handler) Injected() bool { return h != nil && h.Fault != "" && h.Fault != "delay" }

// Sabotaged says that a process did not end as it should because of faults that were
// put into it: it is no failure of its own.
func (n *Node) Sabotaged() bool {
	if n.State != Failed {
		return false
	}
	injured := n.Fault != ""
	for _, h := range n.Handlers() {
		switch {
		case h.Fault == "exit" || h.Fault == "kill" || h.Fault == "hang" || h.Fault == "stop":
			return true // whatever is lost is lost by that
		case h.Injected():
			injured = true
		case h.State == Broken:
			return false
		}
	}
	return injured
}
