package ui

import (
	"math"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// Every movement is a function of the events and of the time of the picture.
// Nothing remembers anything: the same moment is the same frame, however it was
// reached.

const (
	pulseCools = 1800 * time.Millisecond
	breathTime = 1400 * time.Millisecond
	popTime    = 320 * time.Millisecond
	entryTime  = 700 * time.Millisecond // flash of a new ledger entry
)

// easeOut is fast first and slow at the end: easeOutCubic.
func easeOut(k float64) float64 {
	k = max(0, min(1, k))
	return 1 - (1-k)*(1-k)*(1-k)
}

// part is how much of a stretch that began at start is over; below 0 before it,
// above 1 after it.
func (m *Model) part(start, length time.Duration) float64 {
	return float64(m.now-start) / float64(length)
}

// breath goes up and down between 0 and 1; it stands still without motion.
func (m *Model) breath(phase float64) float64 {
	if !m.motion {
		return .5
	}
	return .5 + .5*math.Sin(2*math.Pi*float64(m.now%breathTime)/float64(breathTime)+phase)
}

// spinner says that something runs, also where nothing else moves.
func (m *Model) spinner() rune {
	if !m.motion {
		return m.glyphs.Still
	}
	s := m.glyphs.Spin
	return s[int(m.now/(90*time.Millisecond))%len(s)]
}

// flash falls from 1 to 0 after a process was signalled.
func (m *Model) flash(n *tree.Node, length time.Duration) float64 {
	if n.SigName == "" {
		return 0
	}
	return m.glint(n.Signalled, length)
}

// glint falls from 1 to 0 after a moment.
func (m *Model) glint(at, length time.Duration) float64 {
	k := m.part(at, length)
	if !m.motion || k < 0 || k >= 1 {
		return 0
	}
	return 1 - easeOut(k)
}

// moving is until when the screen changes by itself; it lies in the past when
// nothing moves any more.
func (m *Model) moving() time.Duration {
	t := m.tree
	if t.Counts.Exiting > 0 && !t.Done {
		return m.now + time.Hour // elapsed times, if nothing else
	}
	var until time.Duration
	if !m.motion {
		return until
	}
	if t.Signal != nil {
		until = t.Signal.T + pulseCools
	}
	if t.Shut != nil {
		until = max(until, m.brush.ended.last(t, m.at)+entryTime)
	}
	return until
}

// paintPulses lets each signal run down the guide lines from the parent to the
// child that got it, and leaves a warm line that cools.
func (m *Model) paintPulses(r rect, cols *columns) {
	last := min(m.offset+r.h, len(m.rows))
	for at := m.offset; at < last; at++ {
		m.paintPulse(r, cols, m.rows[at].node)
	}
	if last >= len(m.rows) || m.filter.active() {
		return
	}
	// Lines that lead out of the window belong to rows below it.
	for n := m.rows[last].node; n != nil; n = younger(n.Parent) {
		m.paintPulse(r, cols, n)
	}
}

// younger is the next sibling of a process, or of the nearest ancestor that has
// one; nil if there is none.
func younger(n *tree.Node) *tree.Node {
	for n != nil && n.Parent != nil {
		kids := n.Parent.Kids
		lo, hi := 0, len(kids) // born in this order
		for lo < hi {
			if mid := (lo + hi) / 2; kids[mid].Index <= n.Index {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		if lo < len(kids) {
			return kids[lo]
		}
		n = n.Parent
	}
	return nil
}

// paintPulse colours the way from a process's parent down to it.
func (m *Model) paintPulse(r rect, cols *columns, n *tree.Node) {
	p := n.Parent
	if p == nil || n.SigName == "" || p.SigName == "" || p.Signalled > n.Signalled || n.Depth > cols.deepest {
		return
	}
	from, to := int(m.pos[p.Index]), int(m.pos[n.Index])
	if from < 0 || to < 0 {
		return
	}
	way := to - from + 1 // cells: down to its row, then one to the right
	travel := min(240*time.Millisecond, time.Duration(way)*30*time.Millisecond)
	head := m.part(n.Signalled, travel) * float64(way)
	x := r.x + 1 + 2*(n.Depth-1)
	for k := max(1, m.offset-from); k <= way; k++ {
		y := min(from+k, to) - m.offset
		behind := head - float64(k)
		if y >= r.h || m.motion && behind < 0 {
			return
		}
		if k == way {
			x++
		}
		m.warm(x, r.y+y, m.heat(behind, head > float64(way), n.Signalled+travel), behind)
	}
}

// heat is how bright a cell of the way is: a bright head with a tail, and when
// it has arrived all of it cools down to a rest that stays.
func (m *Model) heat(behind float64, arrived bool, at time.Duration) float64 {
	const rest = .16
	switch {
	case !m.motion:
		return rest + .2
	case arrived:
		return rest + .75*math.Exp(-3*m.part(at, pulseCools))
	}
	return min(1, math.Exp(-behind/2.2)+.32)
}

func (m *Model) warm(x, y int, k, behind float64) {
	r := m.brush.geo.tree
	if y < r.y || y >= r.y+r.h {
		return
	}
	cell, g, t := m.canvas.At(x, y), &m.glyphs, &m.theme
	switch cell.R {
	case g.Guide, g.Tee, g.Elbow, g.Branch, g.Folded:
	default:
		return
	}
	color := t.Pulse.at(k)
	if m.motion && behind < 1 && k >= 1 {
		color = t.Signal.Hi
		cell.S.A |= canvas.Bold
	}
	if t.Flat || t.contrast(color) >= t.contrast(cell.S.FG) { // the warmest of those that share a cell
		cell.S.FG = color
	}
}
