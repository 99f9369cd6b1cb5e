package diff

import (
	"fmt"
	"time"

	"multiexit/tree"
)

// start is how long a program may take until it has registered its handlers. One
// that has none later than that has none.
const start = 2 * time.Second

// early says that a process was asked to end before it came to register the
// handlers that its match has: nothing became of them, for they were not there.
func early(n, match *tree.Node) bool {
	if n.Reports || !match.Reports || len(present(match)) == 0 || len(n.Handlers()) > 0 {
		return false
	}
	asked, _, ok := n.Asked()
	return ok && asked-n.Born < start
}

// early compares two processes one of which had no handlers yet.
func (c *comparison) early(a, b *tree.Node) {
	f := &finding{Change: c.change(Early, a, b), node: b, from: b.Born, to: c.b.end(b)}
	f.Before, f.After = registered(a), registered(b)
	c.add(f)
	c.ends(a, b)
}

func registered(n *tree.Node) string {
	if k := len(present(n)); k > 0 {
		return count(k, "handler", "s") + " registered"
	}
	return "none yet"
}

// gatherEarly makes one change of those of a shutdown that began while its program
// was still starting, with the processes that were not born yet.
func (c *comparison) gatherEarly() {
	var several []*finding
	for _, f := range c.found {
		if f.Kind == Early {
			several = append(several, f)
		}
	}
	if len(several) == 0 {
		return
	}
	c.tooEarly = several[0]
	if len(several) > 1 {
		c.tooEarly = &finding{Change: Change{Kind: Early}, from: c.b.began, to: c.b.began}
		c.tooEarly.Before, c.tooEarly.After = c.unregistered(several, c.a), c.unregistered(several, c.b)
		c.found = append([]*finding{c.tooEarly}, c.found...)
	}
	for _, f := range c.found {
		if f.beginning() && f != c.tooEarly {
			f.cause = c.tooEarly
		}
	}
}

// beginning says that the change is one of what was there when the shutdown began.
func (f *finding) beginning() bool {
	return f.Kind == Early || f.Kind == ProcessLost || f.Kind == ProcessGained
}

// blameStart blames on a shutdown that began too early what nothing else explains
// near those processes: who waits for them had less to wait for.
func (c *comparison) blameStart() {
	if c.tooEarly == nil {
		return
	}
	near := map[*tree.Node]bool{}
	for _, f := range c.found {
		for n := f.node; n != nil && f.beginning(); n = n.Parent {
			near[n] = true
		}
	}
	for _, f := range c.found {
		if f.cause == nil && f != c.tooEarly && f.Injected == "" && near[f.node] && c.tooEarly.first() != f {
			f.cause = c.tooEarly
		}
	}
}

// unregistered is how many of some processes had no handlers yet in one run.
func (c *comparison) unregistered(several []*finding, r run) string {
	n := 0
	for _, f := range several {
		id := f.NodeA
		if r.Tree == c.b.Tree {
			id = f.NodeB
		}
		if !r.Node(id).Reports {
			n++
		}
	}
	if n == 0 {
		return "all had registered their handlers"
	}
	return fmt.Sprintf("%s had not registered their handlers yet", count(n, "process", "es"))
}
