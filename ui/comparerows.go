package ui

import (
	"strconv"

	"multiexit/tree"
	"multiexit/tree/diff"
)

var sideNames = [2]string{"A", "B"}

// pairRow is a process of both runs, or of one.
type pairRow struct {
	node    [2]*tree.Node
	last    uint64         // as in row
	changes []*diff.Change // of it alone
	parent  int            // row of its parent; -1 for a root
	via     bool           // something below it has changed
}

// any is the process in the run after, or before.
func (r *pairRow) any() *tree.Node {
	if r.node[1] != nil {
		return r.node[1]
	}
	return r.node[0]
}

// pairLine is one line of the lanes.
type pairLine struct {
	row  int
	side int // 0 or 1; bothSides where the lanes of both are alike
}

const bothSides = 2

// pairRows makes the rows from the pairs, which are in the order of the tree.
func (c *Comparison) pairRows() {
	c.place = [2]map[string]int{{}, {}}
	for i, p := range c.diff.Pairs {
		r := pairRow{node: [2]*tree.Node{p.A, p.B}, parent: -1}
		for side, n := range r.node {
			if n == nil {
				continue
			}
			c.place[side][n.ID] = i
			if n.Parent == nil {
				continue
			}
			if at, ok := c.place[side][n.Parent.ID]; ok {
				r.parent = at
			}
		}
		c.rows = append(c.rows, r)
	}
	open := map[int]bool{} // rows that have a later child
	for i := len(c.rows) - 1; i >= 0; i-- {
		if r := &c.rows[i]; !open[r.parent] {
			open[r.parent] = true
			r.last |= 1 << min(r.any().Depth, 63)
		}
	}
	for i := range c.rows { // children take over what holds of their ancestors
		r := &c.rows[i]
		if r.parent >= 0 {
			depth := r.any().Depth
			r.last |= c.rows[r.parent].last & (1<<min(depth, 63) - 1)
		}
	}
}

// arrange lists the lines of the view, and breaks the list anew for its width.
func (c *Comparison) arrange() {
	c.shown = c.shown[:0]
	for i := range c.rows {
		r := &c.rows[i]
		changed := len(r.changes) > 0
		switch {
		case c.view == viewOnly && !changed && !r.via:
		case changed || c.view == viewBoth:
			c.shown = append(c.shown, pairLine{i, 0}, pairLine{i, 1})
		default:
			c.shown = append(c.shown, pairLine{i, bothSides})
		}
	}
	c.lay()
	c.reveal()
}

// difference is one item of the list.
type difference struct {
	diff.Change
	effect bool // of the one before that is none
	spoilt bool // an effect in the very process that a fault was put into
	row    int  // -1: of none
	segs   []segment
}

// collect makes the items, and tells the rows what has changed in them.
func (c *Comparison) collect() {
	for i := range c.diff.Changes {
		ch := &c.diff.Changes[i]
		c.add(ch, nil)
		for j := range ch.Effects {
			c.add(&ch.Effects[j], ch)
		}
	}
}

// add makes an item of a change; cause is the one that it is an effect of, or nil.
func (c *Comparison) add(ch, cause *diff.Change) {
	d := difference{Change: *ch, effect: cause != nil, row: c.rowOf(ch)}
	d.spoilt = cause != nil && broken(cause) && cause.Path == ch.Path
	d.segs = c.segments(&d)
	c.items = append(c.items, d)
	if d.row < 0 {
		return
	}
	c.rows[d.row].changes = append(c.rows[d.row].changes, ch)
	for at := c.rows[d.row].parent; at >= 0; at = c.rows[at].parent {
		c.rows[at].via = true
	}
}

func (c *Comparison) rowOf(ch *diff.Change) int {
	for side := range c.paint {
		if row, ok := c.place[side][nodeIn(ch, side)]; ok {
			return row
		}
	}
	return -1
}

func nodeIn(ch *diff.Change, side int) string {
	if side == 0 {
		return ch.NodeA
	}
	return ch.NodeB
}

// handlerNamed is a handler of a process, one that had its turn if there is one;
// nil if it has none of that name.
func handlerNamed(n *tree.Node, name string) (found *tree.Handler) {
	for _, h := range n.Handlers() {
		if h.Name == name && name != "" && (found == nil || h.Began && !found.Began) {
			found = h
		}
	}
	return found
}

// inBrief is a change for the row of its process.
func inBrief(ch *diff.Change) string {
	s := ch.Handler
	if s != "" {
		s += " "
	}
	if broken(ch) && ch.Kind != diff.Slower {
		return s + ch.Injected
	}
	switch ch.Kind {
	case diff.Slower:
		return s + "+" + tree.Took(ch.By)
	case diff.Faster:
		return s + "-" + tree.Took(ch.By)
	case diff.ProcessGained:
		return "new process"
	case diff.ProcessLost:
		return "no more"
	case diff.HandlerGained:
		return s + "new"
	case diff.HandlerLost:
		return s + "no more"
	case diff.Order:
		return s + "moved"
	case diff.FailureGained:
		return s + "failed"
	case diff.FailureLost:
		return s + "ok"
	case diff.FailureOther:
		return s + "fails otherwise"
	case diff.Fault:
		return s + "injected"
	case diff.Early:
		return "not registered yet"
	}
	return ch.After
}

// more is inBrief for all changes of a row.
func (r *pairRow) more() string {
	s := inBrief(r.changes[0])
	if n := len(r.changes) - 1; n > 0 {
		s += " (+" + strconv.Itoa(n) + ")"
	}
	return s
}
