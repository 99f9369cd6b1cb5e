package ui

import (
	"time"

	"multiexit/tree"
)

// window is the stretch of time that the lanes show: from the signal that began
// the shutdown to a little after now, or to its end.
type window struct {
	shut *tree.Signal // nil before the first
	t0   time.Duration
	end  time.Duration // when the last process of it was gone; valid if over
	over bool          // nothing is exiting any more
	span time.Duration // that cols stand for
	cols int
}

func (m *Model) window() window {
	s := m.tree.Shut
	if s == nil {
		return window{}
	}
	n := &m.tree.Counts
	w := window{shut: s, t0: s.T, over: n.Exiting == 0 && !(n.Stuck > 0 && m.countsDown())}
	if w.over {
		w.end = max(s.T, m.brush.ended.last(m.tree, m.at))
		w.span = (w.end - s.T) * 26 / 25
		if w.span <= 0 {
			w.span = time.Second
		}
		return w
	}
	// The first second stands still: bars that grow are easier to follow than
	// bars that shrink. In slow motion that second is as much shorter.
	first := time.Duration(float64(time.Second) * min(1, m.play.factor()))
	w.span = max(first, (m.now-s.T)*53/50)
	return w
}

// age is the time since the signal; it stands when all is over.
func (w *window) age(now time.Duration) time.Duration {
	if w.over {
		now = min(now, w.end)
	}
	return max(0, now-w.t0)
}

// appendTime writes a time since the signal, or before it: in seconds, so that a
// column of them can be read down; of a shutdown that was over sooner, in
// milliseconds.
func (w *window) appendTime(b []byte, d time.Duration) []byte {
	total := w.end - w.t0
	if !w.over || total >= time.Second || d >= time.Second || d <= -time.Second {
		return appendClock(b, d)
	}
	sign := byte('+')
	if d < 0 {
		sign, d = '-', -d
	}
	decimals := 0
	if total < 100*time.Millisecond && d < 100*time.Millisecond {
		decimals = 1
	}
	return append(tree.AppendFixed(append(b, sign), d, time.Millisecond, decimals), "ms"...)
}

// col is where a time lies, in cells and parts of cells; it may lie outside.
func (w *window) col(t time.Duration) float64 {
	return float64(t-w.t0) / float64(w.span) * float64(w.cols)
}

// ended remembers when the last process went, for it is asked in every frame
// and costs a walk over all.
type ended struct {
	of *tree.Tree
	at int
	t  time.Duration
}

func (e *ended) last(t *tree.Tree, at int) time.Duration {
	if e.of != t || e.at != at {
		e.of, e.at, e.t = t, at, 0
		for _, n := range t.Nodes {
			if !n.Alive() {
				e.t = max(e.t, n.Gone)
			}
		}
	}
	return e.t
}

// axisStep is the distance of the labels of an axis: 1, 2 or 5 times a power of
// ten, of seconds, minutes or hours; ten cells or more.
func axisStep(span time.Duration, cols int) time.Duration {
	want := time.Duration(float64(span) / max(1, float64(cols)/10))
	for _, r := range [...]struct{ from, to time.Duration }{
		{time.Microsecond, time.Minute}, {time.Minute, time.Hour}, {time.Hour, 1 << 60},
	} {
		for unit := r.from; unit < r.to; unit *= 10 {
			for _, k := range [...]time.Duration{1, 2, 5} {
				if k*unit >= want && k*unit < r.to {
					return k * unit
				}
			}
		}
	}
	return want
}
