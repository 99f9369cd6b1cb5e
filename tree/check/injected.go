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
		for _, h := range n.Handlers() {
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

// never are the rules that no fault in a handler breaks.
const never = " ran-twice will-close-too-early lost-to-exec signal-ignored signal-blocked signal-not-forwarded stopped signalled-twice events-lost "

// behind is the injected fault that something may have come of: in the handler it
// is about, in its process or one of the same process that had its turn by then, or
// in a process that the handler, or that process, waited for. It is empty if there
// is none.
func (f faults) behind(rule string, n *tree.Node, h *tree.Handler, at time.Duration) string {
	switch {
	case h != nil && h.Fault != "":
		return inHandler(h)
	case h != nil && (strings.Contains(own, " "+rule+" ") || strings.HasPrefix(h.Err, outOfTime)):
		return f.awaited(h, at)
	case strings.Contains(never, " "+rule+" "):
		if n.Fault == faultOf[rule] {
			return inProcess(n)
		}
		for _, r := range f[n] {
			if r.Fault == faultOf[rule] && r.Began {
				return inHandler(r)
			}
		}
		return ""
	}
	if s := f.in(n, at); s != "" {
		return s
	}
	for _, r := range n.Ran() {
		if s := f.awaited(r, at); s != "" {
			return s
		}
	}
	return ""
}

// faultOf is the fault of a process, or of a handler, that breaks a rule.
var faultOf = map[string]string{"signal-ignored": "ignore", "stopped": "stop"}

func inHandler(h *tree.Handler) string {
	return h.Fault + " in " + tree.Clean(h.Name) + " of " + called(h.Node)
}

func inProcess(n *tree.Node) string {
	if n.Fault == "" {
		return ""
	}
	return n.Fault + " in " + called(n)
}

func (f faults) awaited(h *tree.Handler, at time.Duration) string {
	for _, on := range h.Waits {
		if s := f.in(on, at); s != "" {
			return s
		}
	}
	return ""
}

// in is the first fault in a process, or one of its handlers, that had shown by then.
func (f faults) in(n *tree.Node, at time.Duration) string {
	for _, h := range f[n] {
		if h.State == tree.Skipped || h.Began && h.Begin <= at {
			return inHandler(h)
		}
	}
	return inProcess(n)
}
