package exitreg

import (
	"bufio"
	"encoding/json"
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
type order struct {
	Do string `json:"do"` // hold, release, step, pace
	NS int64  `json:"ns"` // of pace
}

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
		r.gate.obey(o)
		if n%64 == 0 {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// gate stands before every handler of an observed process. Mostly it is open,
// which is one load to see.
type gate struct {
	closed atomic.Bool // something is to be waited for

	mu    sync.Mutex
	held  bool
	steps int // handlers to let through while held
	pace  time.Duration
	over  bool          // the observer is gone: never again
	moved chan struct{} // closed at the next change; nil if nobody waits
}

func (g *gate) obey(o order) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch o.Do {
	case "hold":
		g.held, g.steps = true, 0
	case "release":
		g.held, g.steps = false, 0
	case "step":
		g.held = true
		g.steps++
	case "pace":
		g.pace = min(max(time.Duration(o.NS), 0), paceMax)
	}
	g.change()
}

// end opens the gate for ever.
func (g *gate) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held, g.steps, g.pace, g.over = false, 0, 0, true
	g.change()
}

func (g *gate) change() {
	if g.over {
		g.held, g.pace = false, 0
	}
	g.closed.Store(g.held || g.pace > 0)
	if g.moved != nil {
		close(g.moved)
		g.moved = nil
	}
}

// enter takes a step if it must and says whether the way is free. If not, the
// channel is closed when it is worth asking again.
func (g *gate) enter() (free bool, moved <-chan struct{}, pace time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.held || g.steps > 0 {
		if g.held {
			g.steps--
		}
		return true, nil, g.pace
	}
	return false, g.waiting(), 0
}

func (g *gate) waiting() <-chan struct{} {
	if g.moved == nil {
		g.moved = make(chan struct{})
	}
	return g.moved
}

// hold waits before the handler h until the observer lets it go or is gone, or
// done is closed: neither the grace nor a second signal waits for an observer.
func (r *reporter) hold(h *Handler, done <-chan struct{}) {
	if h == nil {
		return
	}
	told := false
	for {
		free, moved, pace := r.gate.enter()
		if free {
			if told {
				r.handler(KindRelease, h, "")
			}
			r.gate.rest(pace, done)
			return
		}
		if !told {
			told = true
			r.handler(KindHold, h, "")
		}
		select {
		case <-moved:
		case <-done:
			r.handler(KindRelease, h, "")
			return
		}
	}
}

// rest is the pause of a slow motion; it ends early with the connection.
func (g *gate) rest(pace time.Duration, done <-chan struct{}) {
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
