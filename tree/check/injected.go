package check

import (
	"strings"
	"time"

	"multiexit/tree"
)

// faults are the handlers into which a fault was put, by process.
type faults map[*tree.Node][]*tree.Handler

func faultsOf(t *tree.Tree) faults {
	var f faults
	for _, n := range t.Nodes {
		for _, h := range n.Handlers {
			if h.Fault == "" {
				continue
			}
			if f == nil {
				f = faults{}
			}
			f[n] = append(f[n], h)
		}
	}
	return f
}

// own are the rules that a fault in another handler of the same process does not
// break: what they say is that handler's own doing.
const own = " panicked failed unbound held-up "

// never are the rules that no fault breaks.
const never = " ran-twice will-close-too-early lost-to-exec signal-ignored signal-blocked stopped signalled-twice events-lost "

// behind is the injected fault that something may have come of: in the handler it
// is about, in one of the same process that had its turn by then, or in a process
// that the handler, or that process, waited for. It is nil if there is none.
func (f faults) behind(rule string, n *tree.Node, h *tree.Handler, at time.Duration) *tree.Handler {
	switch {
	case len(f) == 0 || strings.Contains(never, " "+rule+" "):
		return nil
	case h != nil && h.Fault != "":
		return h
	case h != nil && strings.Contains(own, " "+rule+" "):
		return f.awaited(h, at)
	}
	if x := f.in(n, at); x != nil {
		return x
	}
	for _, r := range n.Ran {
		if x := f.awaited(r, at); x != nil {
			return x
		}
	}
	return nil
}

func (f faults) awaited(h *tree.Handler, at time.Duration) *tree.Handler {
	for _, on := range h.Waits {
		if x := f.in(on, at); x != nil {
			return x
		}
	}
	return nil
}

// in is the first fault in a process that had shown by then.
func (f faults) in(n *tree.Node, at time.Duration) *tree.Handler {
	for _, h := range f[n] {
		if h.State == tree.Skipped || h.Began && h.Begin <= at {
			return h
		}
	}
	return nil
}
