package export

import (
	"cmp"
	"slices"
	"time"

	"multiexit/tree"
)

// mostTracks of handlers has a process; one runs its handlers one at a time, so
// that two are many.
const mostTracks = 64

// handlers are the turns, each on the first track in which it nests.
func (f *traceFile) handlers(l *life) {
	spans := slices.Clone(l.spans)
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	var open [][]time.Duration // of each track, the ends of the slices one is in
	left := 0
	for i := range spans {
		p := &spans[i]
		track := 0
		for ; track < len(open); track++ {
			if nests(&open[track], p) {
				break
			}
		}
		if track == mostTracks {
			left++
			continue
		}
		if track == len(open) {
			open = append(open, nil)
			f.meta(l, handlerTrack+track, "thread_name", map[string]any{"name": "exit handlers"})
		}
		open[track] = append(open[track], p.to)
		f.span(l, handlerTrack+track, clean(p.Name), origin(p.Handler)+","+p.fate(), p.from, p.to, turnArgs(p))
		f.flow(l, p, handlerTrack+track)
	}
	if left > 0 {
		f.add(slice{Name: plural(left, "handler") + " left out: too many at once", Cat: "note", Phase: "i", Scope: "p", TS: micros(max(0, l.until(f.tree.Last))), PID: l.Index + 1, TID: lifeTrack})
	}
}

// nests leaves the slices that are over when p begins, and says whether p lies
// wholly in the one that is left.
func nests(ends *[]time.Duration, p *span) bool {
	stack := *ends
	for len(stack) > 0 && stack[len(stack)-1] <= p.from {
		stack = stack[:len(stack)-1]
	}
	*ends = stack
	return len(stack) == 0 || stack[len(stack)-1] >= p.to
}

func turnArgs(p *span) map[string]any {
	args := map[string]any{"id": clean(p.ID), "origin": origin(p.Handler), "state": p.fate()}
	for key, value := range map[string]string{"source": p.Src, "error": p.Err, "injected": p.injected} {
		if value != "" {
			args[key] = clean(value)
		}
	}
	if p.From != nil {
		args["shared by"] = called(p.From)
	}
	if p.Timeout > 0 {
		args["limit"] = tree.Took(p.Timeout)
	}
	if len(p.Waits) > 0 {
		names := make([]string, len(p.Waits))
		for i, n := range p.Waits {
			names[i] = called(n)
		}
		args["waits for"] = names
	}
	return args
}

// flow draws an arrow from a turn to each process that it waits for.
func (f *traceFile) flow(l *life, p *span, track int) {
	for _, n := range p.Waits {
		if !f.told(n) {
			continue
		}
		on := f.of[n.ID]
		end := on.until(f.tree.Last)
		at, ok := on.asked(f.from)
		if !ok || at < p.from || at > p.to || at < on.Born || at > end {
			continue // an arrow must begin and end in a slice
		}
		f.flows++
		f.add(slice{Name: "waits for", Cat: "wait", Phase: "s", TS: micros(at), PID: l.Index + 1, TID: track, ID: f.flows})
		f.add(slice{Name: "waits for", Cat: "wait", Phase: "f", Bind: "e", TS: micros(at), PID: on.Index + 1, TID: lifeTrack, ID: f.flows})
	}
}
