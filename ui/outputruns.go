package ui

import (
	"slices"
	"time"

	"multiexit/tree"
)

// run is the time in which a handler ran.
type run struct {
	root, node, id, name string
	from, to             time.Duration // to is negative while it runs
	shared               bool
}

// handle remembers which handlers ran when.
func (o *output) handle(t *tree.Tree, e *tree.Event) {
	if e.Kind == "begin" {
		r := run{root: rootOf(e.Node), node: e.Node, id: e.ID, name: e.Handler, from: e.T, to: -1}
		if h := handlerOf(t.Node(e.Node), e.ID); h != nil {
			r.name, r.shared = h.Name, h.Shared || h.From != nil
		}
		o.open = append(o.open, len(o.runs))
		o.runs = append(o.runs, r)
		return
	}
	o.open = slices.DeleteFunc(o.open, func(i int) bool {
		r := &o.runs[i]
		over := r.node == e.Node && (e.Kind == "exit" || r.id == e.ID)
		if over {
			r.to = e.T
		}
		return over
	})
}

// running is the handler that ran below a command when a line was printed: of
// several the one that began last.
func (o *output) running(root string, at time.Duration) *run {
	const far = 512 // runs back: older ones that still run are not told
	for i := len(o.runs) - 1; i >= max(0, len(o.runs)-far); i-- {
		if r := &o.runs[i]; r.root == root && r.from <= at && (r.to < 0 || at <= r.to) {
			return r
		}
	}
	return nil
}

// rehear is hear for everything that lies before the playhead, after it went
// back.
func (m *Model) rehear() {
	o := &m.output
	o.runs, o.open = o.runs[:0], o.open[:0]
	for i := range m.at {
		switch e := &m.tape[i]; e.Kind {
		case "begin", "end", "exit":
			o.handle(m.tree, e)
		}
	}
	o.forget()
}
