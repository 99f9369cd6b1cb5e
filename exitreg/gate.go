package exitreg

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const paceMax = 10 * time.Second

// gate stands before every handler of an observed process. Mostly it is open,
// which is one load to see.
type gate struct {
	closed atomic.Bool // something is to be waited for

	mu     sync.Mutex
	held   bool
	steps  int // handlers to let through while held
	pace   time.Duration
	breaks []breakpoint
	at     spot // where it waits
	past   spot // where a release let it go on at its breakpoint
	faults []*fault
	over   bool          // the observer is gone: never again
	moved  chan struct{} // closed at the next change; nil if nobody waits
}

// obey does what the observer says, or says why not.
func (g *gate) obey(o order) (why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over {
		return ""
	}
	b, why := o.breakpoint()
	switch whole := b == (breakpoint{}); {
	case why != "":
	case o.Do == "hold" && whole:
		g.held, g.steps = true, 0
	case o.Do == "hold":
		why = g.stopAt(b)
	case o.Do == "release" && whole:
		g.held, g.steps, g.past = false, 0, g.at
	case o.Do == "release":
		g.breaks = slices.DeleteFunc(g.breaks, func(old breakpoint) bool { return old == b })
	case o.Do == "step":
		g.held = true
		g.steps++
	case o.Do == "pace":
		g.pace = min(max(time.Duration(o.NS), 0), paceMax)
	case o.Do == "fault":
		why = g.rig(o)
	}
	g.change()
	return why
}

func (g *gate) stopAt(b breakpoint) (why string) {
	switch {
	case slices.Contains(g.breaks, b):
	case len(g.breaks) >= aimsMax:
		return "too many breakpoints"
	default:
		g.breaks = append(g.breaks, b)
	}
	return ""
}

// end opens the gate for ever.
func (g *gate) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held, g.steps, g.pace, g.breaks, g.faults, g.over = false, 0, 0, nil, nil, true
	g.change()
}

func (g *gate) change() {
	g.closed.Store(g.held || g.pace > 0 || len(g.breaks) > 0 || len(g.faults) > 0)
	if g.moved != nil {
		close(g.moved)
		g.moved = nil
	}
}

// enter takes a step if it must and says whether the way is free at a spot. If not,
// the channel is closed when it is worth asking again, and stop is the breakpoint
// that it is, if it is one. Where all is held that is before handlers.
func (g *gate) enter(at spot) (free bool, moved <-chan struct{}, stop string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.IndexFunc(g.breaks, func(b breakpoint) bool { return b.meets(at) })
	if at == g.past {
		i = -1
	}
	free = i < 0 && !(g.held && at.h != nil)
	if !free && g.steps > 0 {
		g.steps--
		free = true
	}
	if free {
		g.at = spot{}
		return true, nil, ""
	}
	if g.at = at; i >= 0 {
		stop = g.breaks[i].String()
	}
	return false, g.waiting(), stop
}

func (g *gate) waiting() <-chan struct{} {
	if g.moved == nil {
		g.moved = make(chan struct{})
	}
	return g.moved
}

// rest is the pause of a slow motion, before a handler and not between its
// release and its begin; it ends early with the connection.
func (g *gate) rest(done <-chan struct{}) {
	g.mu.Lock()
	pace := g.pace
	g.mu.Unlock()
	if pace <= 0 {
		return
	}
	t := time.NewTimer(pace)
	defer t.Stop()
	for {
		g.mu.Lock()
		over, moved := g.over, g.waiting()
		g.mu.Unlock()
		if over {
			return
		}
		select {
		case <-t.C:
			return
		case <-done:
			return
		case <-moved:
		}
	}
}
