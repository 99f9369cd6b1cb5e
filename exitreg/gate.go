package exitreg

import (
	"bufio"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	lineMax = 64 << 10 // bytes of one line on the wire, its newline included
	paceMax = 10 * time.Second
)

// order is what an observer may say. Words that this version does not know are
// ignored.
//
//	{"do":"hold"}                    stop before every handler
//	{"do":"hold","handler":"db*"}    a breakpoint: stop before those
//	{"do":"hold","on":"signal","sig":"SIGTERM"}  one at a signal that begins a run; without sig at any
//	{"do":"hold","on":"exit"}        one behind the last handler
//	{"do":"release"}                 go on, to the next breakpoint if there is one
//	{"do":"release","handler":"db*"} take that breakpoint back (or with "on", as above), and go on if it is there
//	{"do":"step"}                    go on, and stop before the next handler
//	{"do":"pace","ns":1000}          rest before every handler
//	{"do":"fault","handler":"db*","fault":"delay","ns":1000}
//	{"do":"fault","handler":"db*","fault":"kill","ns":1000}
//	{"do":"fault","handler":"db*","fault":"exit","code":3}
//	{"do":"fault","fault":"ignore","sig":"SIGTERM"}  of the process: make nothing of the signal; without sig of any
//	{"do":"fault","fault":"none"}    of the process: take that back
//	{"do":"freeze"}                  somebody is held: let no timeout and no grace pass
//	{"do":"thaw"}                    let them pass again
//	{"do":"ready"}                   an answer to the hello: the orders that stand have all been given
//
// In the place of a name's glob, or beside it, there may be the "id" of one
// handler. A signal is a name or a glob. The other faults of handlers are hang, fail,
// panic, skip and stop; none takes one back.
type order struct {
	Do      string `json:"do"`
	NS      int64  `json:"ns"`      // of pace, delay and kill
	Handler string `json:"handler"` // a glob
	ID      string `json:"id"`
	On      string `json:"on"`  // of hold and release: "signal" or "exit"; "" for handlers
	Sig     string `json:"sig"` // a glob
	Fault   string `json:"fault"`
	Code    int    `json:"code"` // of exit
}

func (o order) aim() aim { return aim{o.Handler, o.ID} }

// listen does what the observer says until it says nonsense or is gone; either
// way the process is on its own again. It sleeps now and then so that an observer
// that never stops talking costs next to nothing.
func (r *reporter) listen(conn wire) {
	defer r.drop()
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 512), lineMax)
	for n := 1; lines.Scan(); n++ {
		var o order
		if json.Unmarshal(lines.Bytes(), &o) != nil {
			return
		}
		if why := r.gate.obey(o); why != "" {
			r.note("exitreg: " + why)
		}
		if n%64 == 0 {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// gate stands before every handler of an observed process. Mostly it is open,
// which is one load to see.
type gate struct {
	closed atomic.Bool // something is to be waited for

	mu     sync.Mutex
	held   bool
	steps  int // handlers to let through while held
	pace   time.Duration
	breaks []aim    // handlers to stop at though nothing is held
	at     *Handler // what waits
	past   *Handler // what a release let go on at its breakpoint
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
	switch a := o.aim(); {
	case o.Do == "hold" && !a.empty():
		why = g.stopAt(a)
	case o.Do == "hold":
		g.held, g.steps = true, 0
	case o.Do == "release" && !a.empty():
		g.breaks = slices.DeleteFunc(g.breaks, func(b aim) bool { return b == a })
	case o.Do == "release":
		g.held, g.steps, g.past = false, 0, g.at
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

func (g *gate) stopAt(a aim) (why string) {
	switch {
	case slices.Contains(g.breaks, a):
	case len(g.breaks) >= aimsMax:
		return "too many breakpoints"
	default:
		g.breaks = append(g.breaks, a)
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

// enter takes a step if it must and says whether the way is free for h. If not,
// the channel is closed when it is worth asking again, and stop is the breakpoint
// that it is, if it is one.
func (g *gate) enter(h *Handler) (free bool, moved <-chan struct{}, stop string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.IndexFunc(g.breaks, func(a aim) bool { return a.hits(h) })
	if h == g.past {
		i = -1
	}
	free = !g.held && i < 0
	if !free && g.steps > 0 {
		g.steps--
		free = true
	}
	if free {
		g.at = nil
		return true, nil, ""
	}
	if g.at = h; i >= 0 {
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

// hold waits before the handler that is next until the observer lets it go or is
// gone, or done is closed: neither the grace nor a second signal waits for an
// observer. Which one is next may change meanwhile.
func (r *reporter) hold(next func() *Handler, done <-chan struct{}) {
	if next() == nil {
		return
	}
	r.gate.rest(done)
	var held *Handler // and told to be
	release := func() {
		if held != nil {
			r.handler(KindRelease, held, "")
		}
		held = nil
	}
	defer release()
	for h := next(); h != nil; h = next() {
		free, moved, stop := r.gate.enter(h)
		if free {
			return
		}
		if held != h {
			release()
			r.handler(KindHold, h, stop)
			held = h
		}
		select {
		case <-moved:
		case <-done:
			return
		}
	}
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
