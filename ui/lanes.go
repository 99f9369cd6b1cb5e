package ui

import (
	"math"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// queueWidth is what lanes keep free at their right for what is still on the
// stack, and for how it ended.
const queueWidth = 10

// paintLanes draws the right part of the shared rows: before a signal what it
// would run, after it what ran, when and how long.
func (m *Model) paintLanes() {
	g, w := &m.brush.geo, &m.brush.win
	c, t := m.canvas, &m.theme
	m.paintDivider()
	title := "Plan"
	if w.shut != nil {
		title = "Timeline"
	}
	n := c.Text(g.divider()+3, g.body.y, title, t.Title, g.lanes.w-2)
	c.Set(g.divider()+2, g.body.y, ' ', canvas.Style{})
	c.Set(g.divider()+3+n, g.body.y, ' ', canvas.Style{})
	w.cols = max(1, g.lanes.w-queueWidth)
	if w.shut != nil {
		m.paintAxis(g.lanes.x, g.lanes.y-1, w)
	} else {
		c.Text(g.lanes.x, g.lanes.y-1, "what SIGTERM would run, top of the stack first", t.Hint, g.lanes.w)
	}
	m.mixComets()
	for i := range min(g.lanes.h, len(m.rows)-m.offset) {
		n := m.rows[m.offset+i].node
		y := g.lanes.y + i
		if n.ID == m.cursor && !t.Flat {
			c.Fill(g.divider()+1, y, g.lanes.w+2, 1, ' ', canvas.Style{BG: m.selection()})
		}
		m.paintLane(g.lanes.x, y, g.lanes.w, n)
	}
	m.repaintThumb()
}

func (m *Model) paintDivider() {
	g, b := &m.brush.geo, &m.glyphs.Border
	x := g.divider()
	edge := fg(m.theme.Faint)
	if m.focus == paneTree {
		edge = fg(m.theme.Edge)
	}
	m.canvas.Set(x, g.body.y, b.MiddleTop, edge)
	m.canvas.VLine(x, g.body.y+1, g.body.h-2, b.Left, fg(m.theme.Faint))
	m.canvas.Set(x, g.body.y+g.body.h-1, b.MiddleBottom, edge)
}

// repaintThumb puts the scrollbar of the tree on the divider, which was drawn
// after it.
func (m *Model) repaintThumb() {
	r := m.brush.geo.tree
	m.paintThumb(r.x+r.w, r.y, r.h, m.offset, len(m.rows))
}

func (m *Model) paintAxis(x, y int, w *window) {
	step := axisStep(w.span, w.cols)
	for v := time.Duration(0); v <= w.span; v += step {
		b := appendTick(m.brush.text[:0], v, step)
		m.brush.text = b
		at := int(float64(v) / float64(w.span) * float64(w.cols))
		if at+len(b) <= w.cols {
			m.canvas.Bytes(x+at, y, b, m.theme.Label, w.cols)
		}
	}
}

// appendTick writes a time with as many decimals as the step needs.
func appendTick(b []byte, v, step time.Duration) []byte {
	switch {
	case step < time.Millisecond:
		return append(tree.AppendFixed(b, v, time.Millisecond, 2), "ms"...)
	case step < 10*time.Millisecond:
		return append(tree.AppendFixed(b, v, time.Millisecond, 0), "ms"...)
	case step < time.Second:
		return append(tree.AppendFixed(b, v, time.Second, 2), 's')
	case step < 10*time.Second:
		return append(tree.AppendFixed(b, v, time.Second, 1), 's')
	case step < 100*time.Second:
		return append(tree.AppendFixed(b, v, time.Second, 0), 's')
	}
	return tree.AppendTook(b, v)
}

// paintLane draws one process's lane in w cells, the last of them for the queue.
func (m *Model) paintLane(x, y, w int, n *tree.Node) {
	win := &m.brush.win
	quiet := win.shut == nil || n.Alive() && n.SigName == "" && !n.Began
	switch {
	case n.State == tree.Unborn:
		m.paintUnborn(x, y, w, n)
		return
	case quiet && waits(n):
		m.paintHeldAt(x, y, w, n)
		return
	case quiet:
		m.paintPlan(x, y, w, n)
		return
	case !n.Alive() && n.Gone < win.t0:
		m.paintGoneBefore(x, y, w, n)
		return
	}
	m.paintBars(x, y, win.cols, n)
	m.paintHeldBar(x, y, win.cols, n)
	m.paintBolt(x, y, win.cols, n)
	switch {
	case waits(n):
		m.paintQueue(x, y, w, n)
	case !n.Alive():
		m.paintOutcome(x, y, w, n)
	case n.State == tree.Stuck:
		m.paintStuck(x, y, w, n)
	default:
		m.paintQueue(x, y, w, n)
	}
	m.paintLit(x, y, n)
	m.paintNow(x, y, win)
}

// paintBolt marks when the signal came: left of the first bar.
func (m *Model) paintBolt(x, y, w int, n *tree.Node) {
	if n.SigName == "" && !n.Began {
		return // nobody saw it
	}
	at := m.brush.win.signal(n)
	if at > 0 {
		at--
	}
	if at < w {
		m.canvas.Set(x+at, y, m.glyphs.Bolt, fg(m.theme.Signal.Base).With(canvas.Bold))
	}
}

// signal is the cell of the signal of n.
func (w *window) signal(n *tree.Node) int {
	at := n.Signalled
	if n.SigName == "" {
		at = n.Delivered
	}
	return max(0, int(w.col(at)))
}

// paintNow is the line of the present; it keeps behind what is written.
func (m *Model) paintNow(x, y int, w *window) {
	at := int(w.col(m.now))
	if w.over || at < 0 || at >= w.cols {
		return
	}
	if cell := m.canvas.At(x+at, y); cell.R == ' ' {
		cell.R, cell.S.FG = m.glyphs.Now, m.theme.Signal.Tone.at(.55)
	}
}

// paintQueue: what is still on the stack, right of the present.
func (m *Model) paintQueue(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	at := int(math.Ceil(m.brush.win.col(m.now))) + 1
	m.brush.plan = n.AppendPlan(m.brush.plan[:0])
	for i, h := range m.brush.plan {
		if at+i >= w-1 && i < len(m.brush.plan)-1 {
			c.Set(x+w-1, y, '+', t.Label)
			return
		}
		c.Set(x+at+i, y, m.glyphs.Pending, fg(m.hue(h).Tone.at(.58)))
		if p := m.plotOf(h); p.fault != nil {
			c.Set(x+at+i, y, m.glyphs.Flag, fg(t.Signal.Base))
		} else if p.stop {
			c.Set(x+at+i, y, m.glyphs.Halt, fg(t.Signal.Base))
		}
	}
	if waits(n) && !m.heldFits(n) {
		m.paintHeldAt(x, y, w, n)
	}
}

// paintStuck says why a signalled process is still there.
func (m *Model) paintStuck(x, y, w int, n *tree.Node) {
	c, s := m.canvas, fg(m.theme.Signal.Tone.at(.7))
	at := max(2, m.brush.win.signal(n)+1)
	if len(n.Ran()) > 0 {
		at = int(math.Ceil(m.brush.win.col(m.now))) + 1
	}
	if n.Stopped { // it does not run
		c.Text(x+min(at, w-len("stopped")), y, "stopped", s, w)
		return
	}
	if at > w-24 {
		at = max(0, w-34)
	}
	u := c.Text(x+at, y, "still running: ", s, w-at)
	u += c.Text(x+at+u, y, n.SigName, s, w-at-u)
	u += c.Text(x+at+u, y, " ", s, w-at-u)
	c.Text(x+at+u, y, m.whyStuck(n), s, w-at-u)
}

// paintGoneBefore: it took no part in the shutdown that is shown.
func (m *Model) paintGoneBefore(x, y, w int, n *tree.Node) {
	s := m.theme.Words
	u := m.canvas.Text(x, y, "gone before: ", s, w)
	m.brush.text = appendOutcome(m.brush.text[:0], n)
	m.canvas.Bytes(x+u, y, m.brush.text, s, w-u)
}

// paintOutcome: how it ended, right of its last bar.
func (m *Model) paintOutcome(x, y, w int, n *tree.Node) {
	t := &m.theme
	at := int(math.Ceil(m.brush.win.col(n.Gone))) + 1
	s, glyph := fg(t.OK.Tone.at(.8)), m.glyphs.OK
	switch {
	case n.Sabotaged():
		s, glyph = fg(t.Signal.Base), m.glyphs.Flag
	case n.State == tree.Failed:
		s, glyph = fg(t.Fail.Base), m.glyphs.No
	case n.EndSig != "" && !n.Left:
		s, glyph = t.Label, 0
		at++
	}
	b := m.brush.text[:0]
	if n.State == tree.Failed || n.EndSig != "" && !n.Left || n.Code != 0 || n.SigName == "" || n.Unseen {
		b = appendOutcome(b, n)
	}
	if n.SigName != "" && n.Gone >= n.Signalled && (n.EndSig == "" || n.Left || n.State == tree.Failed) {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = tree.AppendTook(b, n.Gone-n.Signalled)
	}
	if k := n.Lost(); k > 0 && n.State == tree.Failed {
		b = append(appendCount(append(b, " · "...), k), " lost"...)
	}
	m.brush.text = b
	need := canvas.BytesWidth(b)
	if glyph != 0 {
		need += 2
	}
	if at+need > w { // the newest part of the bars gives way
		at = max(1, w-need)
		m.canvas.Fill(x+at-1, y, w-at+1, 1, ' ', canvas.Style{BG: m.laneBack(n)})
	}
	if glyph != 0 {
		m.canvas.Set(x+at, y, glyph, s)
		at += 2
	}
	m.canvas.Bytes(x+at, y, b, s, w-at)
}

// appendOutcome: "exit 1", "terminated", "1 failed", "SIGKILL, core dumped". Of a
// process that ran its handlers and raised the signal again, as it should, the
// signal is no news; the handlers that failed are.
func appendOutcome(b []byte, n *tree.Node) []byte {
	switch {
	case n.Unseen:
		return append(b, "status not seen"...)
	case n.EndSig == "SIGTERM" && n.State == tree.Exited:
		return append(b, "terminated"...)
	case n.EndSig != "" && n.Left && wrong(n) > 0:
		word := " failed"
		if n.Sabotaged() {
			word = " injected"
		}
		return append(appendInt(b, wrong(n)), word...)
	case n.EndSig != "":
		b = append(b, n.EndSig...)
		if n.Core {
			b = append(b, ", core dumped"...)
		}
		return b
	}
	return appendInt(append(b, "exit "...), n.Code)
}
