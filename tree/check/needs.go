package check

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"multiexit/tree"
)

// TooEarly is a handler of the same process that closes what h needs and has its
// turn before h, by the order in which they will run; nil if there is none, or if
// h has had its own turn. It is for who wants to know before any signal.
func TooEarly(h *tree.Handler) *tree.Handler {
	if h.State != tree.Pending || len(h.Needs) == 0 {
		return nil
	}
	for _, k := range h.Node.Handlers() {
		if k != h && (k.Began || k.State == tree.Pending && k.Before(h)) && needs(h, k.Name) && h.Node.Handler(k.ID) == k {
			return k
		}
	}
	return nil
}

// needs says that a handler of the same process by this name closes what h needs.
func needs(h *tree.Handler, name string) bool {
	return slices.ContainsFunc(h.Needs, func(s string) bool { return s == name || tree.Glob(s, name) })
}

// closing is the moment from which something that handlers need is closed: a
// handler began that closes it, or its process was gone.
type closing struct {
	at      time.Duration
	node    *tree.Node
	handler *tree.Handler // nil: by its going
}

// closings finds when each need of another process was closed, at first and by
// another handler after that. Who names it hardly matters: each is looked for once.
type closings struct {
	tree  *tree.Tree
	found map[string][]closing
}

// of are the first two closings of a need, written PROC/HANDLER.
func (c *closings) of(need string) []closing {
	list, ok := c.found[need]
	if ok {
		return list
	}
	if slash := strings.LastIndexByte(need, '/'); slash > 0 {
		proc, handler := need[:slash], need[slash+1:]
		for _, n := range c.tree.Nodes {
			if n.Past || !meant(proc, n) {
				continue
			}
			if n.Ended() {
				list = append(list, closing{at: n.Gone, node: n})
			}
			for _, h := range n.Ran() {
				if h.Name == handler || tree.Glob(handler, h.Name) {
					list = append(list, closing{h.Begin, n, h})
				}
			}
		}
		slices.SortStableFunc(list, func(a, b closing) int { return cmp.Compare(a.at, b.at) })
		list = slices.Clip(list[:min(len(list), 2)])
	}
	if c.found == nil {
		c.found = map[string][]closing{}
	}
	c.found[need] = list
	return list
}

func meant(pattern string, n *tree.Node) bool {
	command := ""
	if n.Command != nil {
		command = n.Command.Name
	}
	return tree.Meant(pattern, n.ID, n.Name, n.Script(), command, n.PID)
}

// before is the first closing of what h needs, if that was before h had ended.
func (c *closings) before(h *tree.Handler) (first closing, ok bool) {
	end := time.Duration(math.MaxInt64)
	if h.State == tree.Done || h.State == tree.Broken {
		end = h.End
	} else if h.Node.Ended() {
		end = h.Node.Gone
	}
	take := func(l closing) {
		if l.at < end && l.handler != h && !(l.handler == nil && l.node == h.Node) && (!ok || l.at < first.at) {
			first, ok = l, true
		}
	}
	for _, need := range h.Needs {
		for _, l := range c.of(need) {
			take(l)
		}
	}
	for _, k := range h.Node.Ran() {
		if needs(h, k.Name) {
			take(closing{k.Begin, h.Node, k})
		}
	}
	return first, ok
}

// needed finds handlers that ran though what they need was closed, and those that
// will.
func (q *inquiry) needed(n *tree.Node, h *tree.Handler) {
	if len(h.Needs) == 0 {
		return
	}
	name := tree.Clean(h.Name)
	if k := TooEarly(h); k != nil && n.Alive() {
		q.about(n, h, max(n.Born, q.rep.Start), "will-close-too-early",
			fmt.Sprintf("%s of %s will run after %s, which closes what it needs.", name, called(n), tree.Clean(k.Name)), order(h, k))
		return
	}
	if !h.Began {
		return
	}
	l, ok := q.closings.before(h)
	if !ok {
		return
	}
	what, whose, advice := called(l.node)+" was gone", "it", "Have whoever ends both wait for "+called(n)+" before it ends "+called(l.node)+"."
	if l.handler != nil {
		what, whose = tree.Clean(l.handler.Name)+" of "+called(l.node)+" began", "what that closes"
		if l.node == n {
			advice = order(h, l.handler)
		}
	}
	when := tree.Took(h.Begin-l.at) + " before"
	if l.at > h.Begin {
		when = tree.Took(l.at-h.Begin) + " into"
	}
	q.about(n, h, max(l.at, h.Begin), "closed-too-early", fmt.Sprintf("%s %s %s of %s, which needs %s.", what, when, name, called(n), whose), advice)
}

// order is how to have h run before k.
func order(h, k *tree.Handler) string {
	if h.Shared && !k.Shared {
		return fmt.Sprintf("Share %s too, before %s: shared handlers run after all others, and of them the last one shared runs first.", tree.Clean(k.Name), tree.Clean(h.Name))
	}
	return fmt.Sprintf("Register %s before %s: the last one registered runs first.", tree.Clean(k.Name), tree.Clean(h.Name))
}
