package ui

import (
	"time"

	"multiexit/tree"
)

// run is the time in which a handler ran.
type run struct {
	at       int32 // position of its begin
	root     string
	name     string
	from, to time.Duration // to is negative while it runs
	shared   bool
}

// runs are those of all handlers, in the order in which they began.
type runs struct {
	all  []run
	open map[string]going // by node
}

// going is the handler of a node that has not ended.
type going struct {
	run int
	id  string
}

// add remembers which handlers ran when.
func (r *runs) add(t *tree.Tree, at int, e *tree.Event) {
	if e.Kind == "begin" {
		one := run{at: int32(at), root: rootOf(e.Node), name: e.Handler, from: e.T, to: -1}
		if h := handlerOf(t.Node(e.Node), e.ID); h != nil {
			one.name, one.shared = h.Name, h.Shared || h.From != nil
		}
		if r.open == nil {
			r.open = map[string]going{}
		}
		r.open[e.Node] = going{len(r.all), e.ID}
		r.all = append(r.all, one)
		return
	}
	if g, ok := r.open[e.Node]; ok && (e.Kind == "exit" || g.id == e.ID) {
		r.all[g.run].to = e.T
		delete(r.open, e.Node)
	}
}

// running is the handler that ran below a command when a line was printed, of
// those that began before a position: of several the one that began last.
func (r *runs) running(root string, at time.Duration, before int) *run {
	const far = 512 // runs back: older ones that still run are not told
	lo, hi := 0, len(r.all)
	for lo < hi {
		if mid := (lo + hi) / 2; int(r.all[mid].at) < before {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for i := lo - 1; i >= max(0, lo-far); i-- {
		if one := &r.all[i]; one.root == root && one.from <= at && (one.to < 0 || at <= one.to) {
			return one
		}
	}
	return nil
}

func (r *runs) relocate(moved []int32) {
	for i := range r.all {
		r.all[i].at = moved[r.all[i].at]
	}
}
