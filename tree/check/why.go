package check

import (
	"fmt"

	"multiexit/tree"
)

// why says in words what a process does that holds things up; h is the handler
// that runs, if one does.
func why(n *tree.Node, h *tree.Handler) string {
	disk := n.Asleep.In == "disk"
	switch {
	case n.SigName == "SIGKILL" && disk:
		return "got SIGKILL, but " + n.Asleep.String()
	case n.SigName == "SIGKILL":
		return "got SIGKILL, about to be gone"
	case n.Held:
		return "held by you " + n.Hold.String()
	case n.Stopped && h != nil && h.Fault == "stop":
		return "stopped in handler " + place(n, h) + " (injected)"
	case n.Stopped && h != nil:
		return "stopped in handler " + place(n, h)
	case n.Stopped && n.Fault == "stop":
		return "stopped (injected), so that signals wait"
	case n.Stopped:
		return "stopped, so that signals wait"
	case h != nil && disk:
		return "handler " + place(n, h) + " " + n.Asleep.String()
	case h != nil:
		return "handler " + place(n, h)
	case n.Left:
		return "its handlers are done, it is leaving"
	case n.Began && n.Pending() > 0:
		return "between handlers" + before(n)
	case n.Began:
		return "its handlers are done"
	}
	s := "nobody was seen to ask it to end"
	if _, _, asked := n.Asked(); asked {
		s = silent(n)
	}
	if a := n.Asleep; a.In != "" && (a.On == nil || a.On.Alive()) {
		return s + ", " + a.String()
	}
	return s + company(n)
}

// company says who lives below a process that may wait for that: ", its child bash 4712
// lives and ignores SIGTERM", ", below it node 4713 is stopped". It is empty if nobody
// does.
func company(n *tree.Node) string {
	if !patient(n) {
		return ""
	}
	count, only := 0, (*tree.Node)(nil)
	for _, k := range n.Kids {
		if k.Alive() {
			count, only = count+1, k
		}
	}
	who, trait := deafBelow(n)
	switch {
	case who != nil && who.Parent != n:
		return ", below it " + called(who) + " " + trait
	case count == 0:
		return ""
	case count == 1 && who == nil:
		return ", its child " + called(only) + " lives"
	case count == 1:
		return ", its child " + called(who) + " lives and " + trait
	case who == nil:
		return fmt.Sprintf(", %d children live", count)
	}
	return fmt.Sprintf(", %d children live and %s %s", count, called(who), trait)
}

// deafBelow is who lives below a process and would not heed SIGTERM, the first of those
// nearest to it, and why; else one that was left behind by its parent, as far as no child
// lives; nil if there is none.
func deafBelow(n *tree.Node) (who *tree.Node, trait string) {
	const most = 1000 // this is asked for every frame
	children := false
	for todo, i := []*tree.Node{n}, 0; i < len(todo) && i < most; i++ {
		for _, k := range todo[i].Kids {
			todo = append(todo, k)
			if !k.Alive() {
				continue
			}
			if t := deafness(k); t != "" {
				return k, t
			}
			if children = children || i == 0; who == nil && !children {
				who, trait = k, "lives, orphaned"
			}
		}
	}
	return who, trait
}

// deafness is why a process would not heed SIGTERM; empty if it would.
func deafness(n *tree.Node) string {
	switch {
	case n.Stopped:
		return "is stopped"
	case n.Term == tree.Ignored:
		return "ignores SIGTERM"
	case n.Term == tree.Blocked:
		return "blocks SIGTERM"
	}
	return ""
}

// silent says why a process is there of which nobody knows handlers that run.
func silent(n *tree.Node) string {
	sig := n.SigName
	if sig == "" {
		sig = "SIGTERM" // which who waits for it will have sent
	}
	switch n.Disposition(sig) {
	case tree.Ignored:
		if n.Fault == "ignore" {
			return "ignores " + sig + " (injected)"
		}
		return "ignores " + sig
	case tree.Blocked:
		return "blocks " + sig
	case tree.Caught:
		return "its own code decides"
	case tree.Default:
		if n.Asleep.In != "" {
			return "has no handler of " + sig
		}
		return "has no handler of " + sig + ", about to be gone"
	}
	return "what it does with " + sig + " is not known"
}

// place is the handler's name and which one of those that run it is: "flush 2/5".
// Those of a program before an exec do not count, nor those that will be skipped.
func place(n *tree.Node, h *tree.Handler) string {
	at, all := 0, 0
	for _, r := range n.Ran() {
		if n.Handler(r.ID) == r {
			all++
		}
		if r == h {
			at = all
		}
	}
	for _, p := range n.Handlers() {
		if p.State == tree.Pending && !p.Unbound {
			all++
		}
	}
	return fmt.Sprintf("%s %d/%d", tree.Clean(h.Name), at, all)
}

// before names the handler that would be next.
func before(n *tree.Node) string {
	if plan := n.Plan(); len(plan) > 0 {
		return " before " + tree.Clean(plan[0].Name)
	}
	return ""
}
