package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"multiexit/tree"
)

// Blocked is what keeps a process from being gone. The zero value is: nothing.
type Blocked struct {
	Node    *tree.Node    // the process that holds things up; may be the one asked about
	Chain   []*tree.Node  // from the one asked about to Node, both included: each waits for the next
	Handler *tree.Handler // the handler of Node that runs; nil when the process itself is what blocks
	Since   time.Duration // since when all of the chain holds: in the stream
	For     time.Duration // the same, as how long ago
	Left    time.Duration // until something is going to change that; 0: nothing is, as far as we know
	Then    string        // what: "SIGKILL", "flush-wal times out"
	Stands  time.Duration // what is left of the grace that does not pass while somebody is held; 0: none stands
	Why     string        // "handler flush-wal 2/5", "stopped", "ignores SIGTERM", "held by you before flush" ...
	Others  int           // further processes, beside Node, that it waits for at the end of other chains

	ladder bool // Left is of the grace period
}

// BlockedBy says what n waits for on its way out, at a moment that is not before
// t.Last. It follows its running handler to the processes that this one waits
// for and that live, their running handlers, and so on to the ends of the
// chains. Of several ends it is one that will not go by itself (stopped, held,
// ignoring or blocking the signal), else the first. A process that nobody asked
// to end, and one that is gone, waits for nothing.
//
// Without an n it is what the shutdown as a whole waits for.
func BlockedBy(t *tree.Tree, n *tree.Node, now time.Duration) Blocked {
	c := &chase{tree: t, from: map[*tree.Node]link{}}
	switch {
	case n == nil && t.Shut != nil:
		for _, n := range t.Nodes {
			if leaving(n) {
				c.visit(n, link{since: t.Shut.T})
			}
		}
	case n != nil && leaving(n):
		c.visit(n, link{})
	}
	if len(c.ends) == 0 {
		return Blocked{}
	}
	end := c.ends[0]
	if i := slices.IndexFunc(c.ends, dead); i >= 0 {
		end = c.ends[i]
	}
	b := Blocked{Node: end, Handler: working(t, end), Others: len(c.ends) - 1}
	b.Why = why(end, b.Handler)
	b.Chain, b.Since = c.back(end, b.Handler)
	b.For = max(now-b.Since, 0)
	b.deadline(t, now)
	return b
}

// leaving says that a process was asked to end and has not.
func leaving(n *tree.Node) bool { return n.State == tree.Exiting || n.State == tree.Stuck }

// dead says that a process will not go on by itself.
func dead(n *tree.Node) bool { return n.Held || n.Stopped || n.State == tree.Stuck }

// chase follows the waits from a process to the ends of all chains.
type chase struct {
	tree *tree.Tree
	from map[*tree.Node]link // how each was reached first
	ends []*tree.Node
}

// link is a wait: by whom, and since when.
type link struct {
	by    *tree.Node
	since time.Duration
}

// visit goes depth first, without recursion: a chain may be of 10,000. Those that
// wait in a circle are ends, one of them is.
func (c *chase) visit(n *tree.Node, l link) {
	type visit struct {
		n *tree.Node
		l link
	}
	for todo := []visit{{n, l}}; len(todo) > 0; {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if _, been := c.from[v.n]; been {
			continue
		}
		c.from[v.n] = v.l
		h := working(c.tree, v.n)
		if h == nil || v.n.Stopped {
			c.ends = append(c.ends, v.n)
			continue
		}
		fresh, alive := len(todo), false
		for i, on := range h.Waits {
			if !on.Alive() {
				continue
			}
			alive = true
			if _, been := c.from[on]; !been {
				todo = append(todo, visit{on, link{v.n, h.Since[i]}})
			}
		}
		slices.Reverse(todo[fresh:])
		if !alive || fresh == len(todo) && c.circle(v.n, h) {
			c.ends = append(c.ends, v.n)
		}
	}
}

// circle says that n waits, by its handler h, for one that waits for n.
func (c *chase) circle(n *tree.Node, h *tree.Handler) bool {
	for p := c.from[n].by; p != nil; p = c.from[p].by {
		if slices.Contains(h.Waits, p) {
			return true
		}
	}
	return false
}

// working is the handler that runs. At the end of a recording it is the one that
// ran to the last.
func working(t *tree.Tree, n *tree.Node) *tree.Handler {
	if i := len(n.Ran) - 1; n.Running == nil && t.Done && n.Alive() && i >= 0 {
		if h := n.Ran[i]; h.State == tree.Lost && n.Handler(h.ID) == h {
			return h
		}
	}
	return n.Running
}

// back is the chain that leads to its end, and since when all of it holds: since
// the youngest of its waits. A chain of one is as old as what the process does, or as the hold.
func (c *chase) back(end *tree.Node, h *tree.Handler) (chain []*tree.Node, since time.Duration) {
	for n := end; n != nil; n = c.from[n].by {
		chain = append(chain, n)
		since = max(since, c.from[n].since)
	}
	slices.Reverse(chain)
	if len(chain) > 1 {
		return chain, since
	}
	switch since, _, _ = end.Asked(); {
	case end.Held:
		since = end.Hold.Since
	case h != nil:
		since = h.Begin
	}
	return chain, since
}

// String is one line: "waiting 4.2 s on db-writer 4719: handler flush-wal 2/5,
// 5.8 s of grace left, then SIGKILL". It is empty if nothing blocks.
func (b Blocked) String() string {
	if b.Node == nil {
		return ""
	}
	var s strings.Builder
	switch n := len(b.Chain); {
	case n > 1:
		fmt.Fprintf(&s, "waiting %s on %s", Span(b.For), called(b.Node))
		for i, via := range b.Chain[1 : n-1] {
			s.WriteString([]string{" through ", ", "}[min(i, 1)])
			if i == 2 && n > 6 {
				fmt.Fprintf(&s, "%d more", n-2-i)
				break
			}
			s.WriteString(called(via))
		}
		s.WriteString(": " + b.Why)
	case b.Handler != nil, b.Node.Held:
		fmt.Fprintf(&s, "%s for %s", b.Why, Span(b.For))
	default:
		fmt.Fprintf(&s, "asked to end %s ago: %s", Span(b.For), b.Why)
	}
	switch {
	case b.Stands > 0:
		fmt.Fprintf(&s, ", time stands with %s of grace left", Span(b.Stands))
	case b.Then == "":
	case b.ladder:
		fmt.Fprintf(&s, ", %s of grace left, then %s", Span(b.Left), b.Then)
	default:
		fmt.Fprintf(&s, ", %s left, then %s", Span(b.Left), b.Then)
	}
	switch {
	case b.Others == 1:
		s.WriteString("; and on 1 other")
	case b.Others > 1:
		fmt.Fprintf(&s, "; and on %d others", b.Others)
	}
	return s.String()
}

// Span writes a duration for a sentence: "350 ms", "4.2 s", "2 min 5 s".
func Span(d time.Duration) string {
	switch {
	case d < time.Second-time.Millisecond/2:
		return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10) + " ms"
	case d < time.Minute-time.Second/20:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
}
