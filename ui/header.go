package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintHeader: the name of the session at the left; at the right how many
// processes are in which state, the newest signal, and the time since the
// shutdown began.
func (m *Model) paintHeader() {
	end := m.headerCounts(m.headerSignal(m.width - 2))
	c, t := m.canvas, &m.theme
	const name = "multiexit"
	if 2+len(name) >= end {
		return
	}
	for i, r := range name {
		s := fg(t.brand(float64(i) / float64(len(name)-1)))
		c.Set(2+i, 0, r, s.With(canvas.Bold))
	}
	x := 2 + len(name) + 2
	x += c.Text(x, 0, m.opts.Title, t.Calm, end-x)
	if m.opts.ReadOnly && x+18 < end {
		c.Text(x+2, 0, "only watching", t.Words, end-x-4)
	}
}

func (m *Model) headerSignal(end int) int {
	c, t := m.canvas, &m.theme
	s := m.headline()
	if s == nil {
		return end
	}
	if m.brush.win.shut != nil {
		b := append(m.brush.text[:0], 'T')
		m.brush.text = m.brush.win.appendTime(b, m.brush.win.age(m.now))
		end -= c.BytesR(end, 0, m.brush.text, t.Strong) + 2
	}
	if m.width < 60 {
		return end - 1
	}
	what, whom := s.Name, ""
	switch {
	case s == m.tree.Shut && m.tree.StopsAll():
		what, whom = "stop", "of everything"
	case s.Node != nil:
		whom = s.Node.Title()
	}
	if m.width >= 110 && whom != "" {
		w := min(canvas.Width(whom), 24)
		c.Text(end-w, 0, whom, t.Calm, w)
		end -= w + 1
	}
	bold := fg(t.Signal.Base).With(canvas.Bold)
	end -= c.TextR(end, 0, what, bold) + 2
	c.Set(end, 0, m.glyphs.Bolt, bold)
	return end - 3
}

// headline is the signal that the header names: the newest that the user sent,
// else the one that began the shutdown, else the newest at all. Those that
// processes pass on, or that a ladder sends on its way, are too many to read.
func (m *Model) headline() *tree.Signal {
	newest, shut := m.tree.Signal, m.tree.Shut
	if shut == nil {
		return newest
	}
	later := newest != nil && newest.T > shut.T && newest.Sender == "multiexit" && newest.Name != "SIGCONT" // which only lets go on
	if later && (newest.Name != shut.Name || newest.T-shut.T >= time.Second) && !m.ofLadder(newest) {       // one burst reaches many
		return newest
	}
	return shut
}

// ofLadder says that a signal is what a ladder sent by itself: not the first of one
// process that the user had stopped, which goes to just that.
func (m *Model) ofLadder(s *tree.Signal) bool {
	if sentBy(m.tree.Ladder, s) != "" {
		return true
	}
	for n := s.Node; n != nil; n = n.Parent {
		if step := sentBy(n.Ladder, s); step != "" {
			return step != "stop" || n != s.Node || m.tree.Ladder.On() || m.tree.StopsAll()
		}
	}
	return false
}

// sentBy is the step of a ladder that sends such a signal, if it has taken one;
// else empty.
func sentBy(l *tree.Ladder, s *tree.Signal) (step string) {
	if l == nil {
		return ""
	}
	for _, t := range l.Steps {
		if t.Sig == s.Name && t.T <= s.T {
			step = t.Text
		}
	}
	return step
}

func (m *Model) headerCounts(end int) int {
	g, t, n := &m.glyphs, &m.theme, &m.tree.Counts
	end = m.headerFaults(end)
	spoilt := m.brush.spoils.count(m.tree, m.at) // which is said already
	if n.Failed > spoilt {
		end = m.headerCount(end, g.Failed, n.Failed-spoilt, "failed", t.Fail.Base)
	}
	end = m.headerCount(end, g.Gone, n.Exited+spoilt, "exited", t.Subtle)
	if n.Stuck > 0 {
		end = m.headerCount(end, g.Stuck, n.Stuck, "stuck", t.Signal.Base)
	}
	if n.Held > 0 {
		end = m.headerCount(end, g.Held, n.Held, "held", t.Signal.Base)
	}
	if n.Unborn > 0 && n.Exiting == 0 {
		end = m.headerCount(end, g.Unborn, n.Unborn, "unborn", t.Subtle)
	}
	end = m.headerCount(end, g.Exiting, n.Exiting, "exiting", t.Signal.Base)
	return m.headerCount(end, g.Live, n.Live, "live", t.OK.Base)
}

// headerFaults counts what was broken on purpose: faults that have shown, else
// those that stand.
func (m *Model) headerFaults(end int) int {
	n, label := m.tree.Counts.Injected, "injected"
	if n == 0 {
		label = "to inject"
		for i := range m.tree.Orders {
			if m.tree.Orders[i].Fault() {
				n++
			}
		}
	}
	if n == 0 {
		return end
	}
	return m.headerCount(end, m.glyphs.Flag, n, label, m.theme.Signal.Base)
}

func (m *Model) headerCount(end int, glyph rune, n int, label string, color canvas.Color) int {
	c, t := m.canvas, &m.theme
	if end < 6 {
		return end
	}
	number := t.Normal
	if n == 0 {
		number, color = t.Label, t.Muted
	}
	if m.labelled() {
		end -= c.TextR(end, 0, label, t.Label) + 1
	}
	end -= m.countR(end, 0, n, number) + 2
	c.Set(end, 0, glyph, fg(color))
	return end - 3
}

// labelled says that the counts have words: where there is room for them, even
// beside those that are not always there.
func (m *Model) labelled() bool {
	n, extra := &m.tree.Counts, 0
	for _, k := range [...]int{n.Failed, n.Stuck, n.Unborn, n.Held, n.Injected} {
		if k > 0 {
			extra++
		}
	}
	return m.width >= 140 || m.width >= 100 && extra < 3
}

// paintWord is all that fits below 40x10.
func (m *Model) paintWord() {
	n := &m.tree.Counts
	b := appendCount(m.brush.text[:0], n.Alive())
	b = append(b, " alive"...)
	if n.Exiting > 0 {
		b = append(appendCount(append(b, ", "...), n.Exiting), " exiting"...)
	}
	if n.Exited+n.Failed > 0 {
		b = append(appendCount(append(b, ", "...), n.Exited+n.Failed), " gone"...)
	}
	if n.Failed > 0 {
		b = append(appendCount(append(b, ", "...), n.Failed), " failed"...)
	}
	y := m.paintWrapped(0, 0, m.width, m.height, string(b), m.theme.Strong)
	text := "the window is too small"
	switch m.dialog.kind {
	case dialogNone:
	case dialogQuit:
		text = m.glyphs.Return + " stops everything and quits, esc goes on"
	default:
		text = "the window is too small for the question: esc"
	}
	m.paintWrapped(0, y, m.width, m.height-y, text, m.theme.Label)
}
