package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// ladderIn is the ladder that concerns the user most: that of everything, else
// that of the selected node or the nearest above it. The node is "" for
// everything.
func (m *Model) ladderIn(t *tree.Tree) (l *tree.Ladder, node string) {
	if t.Ladder.On() {
		return t.Ladder, ""
	}
	n := t.Node(m.cursor)
	if n == nil {
		return nil, ""
	}
	if l := ladderOf(n); l != nil {
		for p := n; p != nil; p = p.Parent {
			if p.Ladder == l {
				return l, p.ID
			}
		}
	}
	return nil, ""
}

// ladderOf is the ladder that ends n: its own, or that of one above it.
func ladderOf(n *tree.Node) *tree.Ladder {
	for p := n; p != nil; p = p.Parent {
		if p.Ladder.On() {
			return p.Ladder
		}
	}
	return nil
}

// nextRung is what a ladder does next, in one word; empty after the last.
func nextRung(l *tree.Ladder) string {
	last := l.Last()
	switch {
	case last.Text == "kill":
		return ""
	case last.Text == "cont", last.Text == "stop" && last.Sig != "":
		return "all"
	}
	return "KILL"
}

// fatal says that the next rung of a ladder kills somebody: its own, or when
// everything is being ended that of any command, for each has one of its own.
func (m *Model) fatal(l *tree.Ladder, node string) bool {
	if nextRung(l) == "KILL" {
		return true
	}
	if node != "" {
		return false
	}
	for _, n := range m.truth().Roots {
		if n.Ladder.On() && nextRung(n.Ladder) == "KILL" {
			return true
		}
	}
	return false
}

// remains are those that a ladder has still to end, and how many there were when it
// began.
func (m *Model) remains(t *tree.Tree, l *tree.Ladder, node string) (alive, all int) {
	count := func(n *tree.Node) {
		switch {
		case n.Alive():
			alive++
		case n.Ended() && n.Gone >= l.Began:
			all++
		}
	}
	if node == "" {
		for _, n := range t.Nodes {
			count(n)
		}
	} else if n := t.Node(node); n != nil {
		walk(n, count)
	}
	return alive, alive + all
}

// walk visits n and all below it, parents first.
func walk(n *tree.Node, visit func(*tree.Node)) {
	visit(n)
	for _, k := range n.Kids {
		walk(k, visit)
	}
}

// paintLadder writes the ladder that is on, rung by rung: what was done, the
// time that is left until the next, and where the keys leave room how many are gone.
// It returns the first free column.
func (m *Model) paintLadder(x, y int) int {
	l, node := m.ladderIn(m.tree)
	if l == nil {
		return x
	}
	c, t, g := m.canvas, &m.theme, &m.glyphs
	holds := m.holdsHere() // then its keys need the room
	end, wide := m.width-2, m.width >= 100 && !(holds && m.width < 150)
	if n := m.tree.Node(node); n != nil && wide {
		x += c.Text(x, y, n.Title(), t.Strong, 16) + 2
	}
	steps, next := l.Steps, nextRung(l)
	if !wide && next != "" {
		steps = nil // the header has the signal
	} else if !wide {
		steps = steps[len(steps)-1:]
	}
	for _, s := range steps {
		x += c.Text(x, y, rungWord(s), fg(t.Signal.Base).With(canvas.Bold), end-x)
		c.Set(x+1, y, g.OK, fg(t.OK.Base))
		x += 3
	}
	if next != "" && (l.Next > 0 || l.Frozen && l.Left > 0) {
		if m.width >= 100 || m.width >= 60 && !holds {
			x = m.paintMeter(x, y, l)
		}
		x = m.paintCountdown(x, y, l)
		if m.width >= 60 || !l.Frozen {
			c.Set(x, y, g.Begin, t.Hint)
			x = m.paintNextRung(x+2, y, end, next, wide)
		} else {
			x++
		}
	} else {
		x++
	}
	alive, all := m.remains(m.tree, l, node)
	b := append(appendCount(m.brush.text[:0], all-alive), " of "...)
	m.brush.text = append(appendCount(b, all), " gone"...)
	if w := canvas.BytesWidth(m.brush.text) + 3; x+w+m.vitalWidth() <= end+2 {
		x += c.Bytes(x, y, m.brush.text, t.Calm, end-x) + 3
	}
	return x
}

// paintNextRung names what a ladder comes to next, and where there is room what after
// that.
func (m *Model) paintNextRung(x, y, end int, next string, wide bool) int {
	c, t := m.canvas, &m.theme
	s := fg(t.Fail.Base)
	if next == "all" {
		x += c.Text(x, y, "to all", t.Label, end-x)
		if !wide {
			return x + 2
		}
		c.Set(x+1, y, m.glyphs.Begin, t.Hint)
		x, s = x+3, fg(t.Fail.Tone.at(.55))
	}
	return x + c.Text(x, y, "KILL", s.With(canvas.Bold), end-x) + 2
}

// paintMeter is a meter that empties until the next rung.
func (m *Model) paintMeter(x, y int, l *tree.Ladder) int {
	g, cells := &m.glyphs, 6
	if m.width >= 100 {
		cells = 10
	}
	full := int(remaining(l, m.now)*float64(cells) + .999)
	for i := range cells {
		r, s := g.Popped, fg(m.theme.Faint)
		if i < full {
			r, s = g.Pending, fg(m.urgency(l))
		}
		m.canvas.Set(x+i, y, r, s)
	}
	return x + cells + 1
}

// paintCountdown is the time until the next rung.
func (m *Model) paintCountdown(x, y int, l *tree.Ladder) int {
	c, t := m.canvas, &m.theme
	m.brush.text = tree.AppendLeft(m.brush.text[:0], l.Remains(m.now))
	x += c.Bytes(x, y, m.brush.text, fg(m.urgency(l)).With(canvas.Bold), 8) + 1
	if l.Frozen {
		x += c.Text(x, y, "frozen", fg(t.Local.Base).With(canvas.Bold), 6) + 1
	}
	return x
}

// urgency is a colour that turns red as the next rung comes nearer.
func (m *Model) urgency(l *tree.Ladder) canvas.Color {
	t := &m.theme
	if t.Flat {
		return t.Signal.Base
	}
	return canvas.Mix(t.Fail.Base, t.Signal.Base, remaining(l, m.now))
}

// remaining is what is left of the time before the next rung, from 1 to 0.
func remaining(l *tree.Ladder, now time.Duration) float64 {
	if l.Whole <= 0 {
		return 0
	}
	return min(1, max(0, float64(l.Remains(now))/float64(l.Whole)))
}

func rungWord(s tree.Step) string {
	switch s.Text {
	case "stop":
		return short(s.Sig)
	case "cont":
		return "CONT"
	case "all":
		return "to all"
	case "dump":
		return "QUIT"
	case "kill":
		return "KILL"
	}
	return s.Text
}

// short is a signal without its SIG.
func short(sig string) string {
	if len(sig) > 3 && sig[:3] == "SIG" {
		return sig[3:]
	}
	if sig == "" {
		return "stop"
	}
	return sig
}

func processes(n int) string {
	if n == 1 {
		return "1 process"
	}
	return plain(n) + " processes"
}

// ladderFor is the ladder that ends a process: its own, or that of everything.
func (m *Model) ladderFor(n *tree.Node) *tree.Ladder {
	if l := ladderOf(n); l != nil {
		return l
	}
	if l := m.tree.Ladder; l.On() && (l.Last().Text != "stop" || l.Last().Sig != "") {
		return l
	}
	return nil // or its command's turn has not come
}

// laddered says that the footer shows a ladder.
func (m *Model) laddered() bool {
	l, _ := m.ladderIn(m.tree)
	return l != nil
}

// countsDown says that the time until something happens is on the screen: of a
// ladder, or of a command that will be started again.
func (m *Model) countsDown() bool {
	for _, c := range m.tree.Commands {
		if c.State == tree.CommandBackoff {
			return true
		}
	}
	return m.tree.Counts.Ladders > 0 || m.tree.Ladder.On()
}

// paintRungIn writes the time until the next rung at the end of the w cells of a
// row that has nothing else to tell, if that rung is SIGKILL.
func (m *Model) paintRungIn(x, y, w int, n *tree.Node) {
	l := m.ladderFor(n)
	if l == nil || l.Next == 0 || nextRung(l) != "KILL" { // frozen, none is to be seen coming
		return
	}
	b := tree.AppendFixed(m.brush.text[:0], max(0, l.Next-m.now), time.Second, 0)
	m.brush.text = append(b, 's')
	if len(m.brush.text) < w {
		m.canvas.BytesR(x+w, y, m.brush.text, fg(m.theme.Fail.Tone.at(.8)))
	}
}

// appendRungIn is " · KILL in 7.2s" for the title of a process's stack.
func (m *Model) appendRungIn(b []byte, n *tree.Node) []byte {
	l := m.ladderFor(n)
	if l == nil || l.Remains(0) == 0 || !n.Alive() || nextRung(l) != "KILL" {
		return b
	}
	if len(b) > 0 {
		b = append(b, " · "...)
	}
	b = tree.AppendLeft(append(b, "KILL in "...), l.Remains(m.now))
	if l.Frozen {
		b = append(b, ", frozen"...)
	}
	return b
}
