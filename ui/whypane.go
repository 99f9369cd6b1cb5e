package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
	"multiexit/ui/canvas"
)

// paintWhy draws the analysis: the critical path, who was slow by itself, and
// what went wrong.
func (m *Model) paintWhy(r rect) {
	x := m.paintTabs(r, paneWhy)
	in := inside(r)
	in = rect{in.x + 1, in.y, in.w - 2, in.h}
	w := &m.why
	if in.h < 1 || in.w < 20 || w.report == nil {
		return
	}
	if w.report.Shut != nil {
		b := tree.AppendTook(m.brush.text[:0], w.report.Total)
		b = append(append(b, " after "...), w.report.Cause...)
		if !w.report.Over {
			b = append(b, ", not over"...)
		}
		if held := w.report.Held; held > 0 {
			b = tree.AppendTook(append(b, " · held "...), held)
		}
		short := len(b)
		if n := len(w.report.Findings); n > 0 {
			b = append(appendCount(append(b, " · "...), n), " finding"...)
			if n > 1 {
				b = append(b, 's')
			}
		}
		if x > r.x+r.w-4-canvas.BytesWidth(b) { // it can be read below
			b = b[:short]
		}
		m.brush.text = b
		m.edgeRight(r, r.y, x, b)
	}
	if len(w.lines) == 0 {
		text := "nothing went wrong"
		if w.busy {
			text = "being analysed"
		} else if w.report.Shut == nil {
			text = "nothing was shut down yet"
		}
		m.center(in, in.y+in.h/2, text, m.theme.Words)
		return
	}
	for i := range min(in.h, len(w.lines)-w.top) {
		m.paintWhyLine(rect{in.x, in.y + i, in.w, 1}, &w.lines[w.top+i])
	}
	if m.focus == paneWhy || len(w.lines) > in.h {
		m.paintThumb(r.x+r.w-1, in.y, in.h, w.top, len(w.lines))
	}
}

// paintPicked shows that the cursor of the pane is on a line.
func (m *Model) paintPicked(r rect) {
	if !m.theme.Flat {
		m.canvas.Fill(r.x-1, r.y, r.w+2, 1, ' ', canvas.Style{BG: m.selection()})
	}
	m.canvas.Set(r.x-1, r.y, m.glyphs.Bar, fg(m.theme.Focus))
}

func (m *Model) paintWhyLine(r rect, l *whyLine) {
	c, t := m.canvas, &m.theme
	if l.entry >= 0 && l.entry == m.why.cur && m.focus == paneWhy {
		m.paintPicked(r)
	}
	switch l.kind {
	case whyHead:
		n := c.Text(r.x, r.y, l.text, t.Title, r.w)
		c.HLine(r.x+n+1, r.y, r.w-n-1, m.glyphs.Line, fg(t.Faint))
	case whyStep:
		m.paintStep(r, &m.why.path[l.of])
	case whyBlame:
		m.paintBlame(r, &m.why.report.Blame[l.of])
	case whyHeld:
		m.paintHolding(r, &m.why.report.Holds[l.of])
	case whyFinding:
		f, color, glyph := &m.why.report.Findings[l.of], t.Signal.Base, m.glyphs.Mark
		if f.Earlier {
			color = t.Muted
		}
		if f.Injected != "" {
			glyph = m.glyphs.Flag // no failure of its own
		}
		c.Set(r.x, r.y, glyph, fg(color))
		c.Text(r.x+2, r.y, l.text, t.Normal, r.w-2)
	case whyMore:
		c.Text(r.x+2, r.y, l.text, t.Normal, r.w-2)
	case whyAdvice:
		c.Text(r.x+2, r.y, l.text, t.Words, r.w-2)
	case whyRest:
		m.brush.text = append(appendCount(append(m.brush.text[:0], "… "...), l.of), " more"...)
		c.Bytes(r.x+2, r.y, m.brush.text, t.Label, r.w-2)
	}
}

// paintStep: since when, how long, where in the whole, whose, and what.
func (m *Model) paintStep(r rect, s *check.Step) {
	c, t, hue := m.canvas, &m.theme, m.whyHue(s.Node, s.ID)
	if s.Kind != check.KindHandler {
		hue = &t.Signal
	}
	m.brush.text = appendClock(m.brush.text[:0], s.Offset)
	c.BytesR(r.x+6, r.y, m.brush.text, t.Label)
	m.duration(r.x+13, r.y, s.For, t.Strong)
	bar := whyBar(r.w)
	m.paintPart(r.x+15, r.y, bar, s.Offset, s.Offset+s.For, hue)
	handler, words := stepWords(s)
	if s.Kind == check.KindHeld {
		m.paintWhoHeld(r.x+16+bar, r.y, r.x+r.w, s.Name, s.PID, words)
		return
	}
	x := m.paintWhose(r.x+16+bar, r.y, r.x+r.w, s.Name, s.PID, handler, words, hue, s.Injected != "")
	if on := m.why.of.Node(s.On); on != nil {
		x += c.Text(x, r.y, on.Title(), t.Calm, r.x+r.w-x)
	}
	m.paintPutIn(x, r.y, r.x+r.w, s.Injected)
}

// paintBlame: how long by itself, how much of the whole that is, whose, what, and
// how long with all it waited for.
func (m *Model) paintBlame(r rect, b *check.Blame) {
	t, hue := &m.theme, m.whyHue(b.Node, b.ID)
	m.paintShare(r, b.Own, hue)
	end := r.x + r.w
	if b.Took-b.Own > time.Millisecond && r.w > 68 {
		m.brush.text = tree.AppendTook(append(m.brush.text[:0], "of "...), b.Took)
		end -= m.canvas.BytesR(end, r.y, m.brush.text, t.Label) + 1
	}
	words := ""
	if b.ID == "" {
		words = "itself"
	}
	x := m.paintWhose(r.x+16+whyBar(r.w), r.y, end, b.Name, b.PID, b.Handler, words, hue, b.Injected != "")
	m.paintPutIn(x, r.y, end, b.Injected)
}

// paintHolding: for how long, how much of the whole that is, who, and where.
func (m *Model) paintHolding(r rect, h *check.Holding) {
	m.paintShare(r, h.For, &m.theme.Signal)
	m.paintWhoHeld(r.x+16+whyBar(r.w), r.y, r.x+r.w, h.Name, h.PID, h.Spots())
}

// paintShare is a time, how much of the whole it is, and that as a bar.
func (m *Model) paintShare(r rect, d time.Duration, hue *Hue) {
	m.duration(r.x+13, r.y, d, m.theme.Strong)
	k := float64(d) / float64(max(1, m.why.report.Total))
	m.brush.text = append(appendInt(m.brush.text[:0], int(k*100+.5)), '%')
	m.canvas.BytesR(r.x+6, r.y, m.brush.text, m.theme.Label)
	m.paintPart(r.x+15, r.y, whyBar(r.w), 0, d, hue)
}

// paintWhoHeld writes who was held, and where, as the log does.
func (m *Model) paintWhoHeld(x, y, end int, name string, pid int, words string) {
	t := &m.theme
	x = m.paintWho(x, y, end, name, pid)
	if x+2 < end {
		m.canvas.Set(x, y, m.glyphs.Held, fg(t.Signal.Base))
		m.canvas.Text(x+2, y, words, fg(t.Signal.Base), end-x-2)
	}
}

// paintPutIn says behind something what was put into it on purpose.
func (m *Model) paintPutIn(x, y, end int, fault string) {
	if fault == "" {
		return
	}
	s := fg(m.theme.Signal.Base)
	x += m.canvas.Text(x, y, " injected: ", s, end-x)
	m.canvas.Text(x, y, fault, s, end-x)
}

// paintWhose writes whose it is and what, with a flag if a fault was put into it,
// and returns the first free column.
func (m *Model) paintWhose(x, y, end int, name string, pid int, handler, words string, hue *Hue, flag bool) int {
	c, t := m.canvas, &m.theme
	x = m.paintWho(x, y, end, name, pid)
	if flag && x+2 < end {
		c.Set(x, y, m.glyphs.Flag, fg(t.Signal.Base))
		x += 2
	}
	x += c.Text(x, y, handler, fg(hue.Base), end-x)
	return x + c.Text(x, y, words, t.Words, end-x)
}

// paintWho writes the name of a process, and its pid if another one has that name, and
// returns the column for what comes next.
func (m *Model) paintWho(x, y, end int, name string, pid int) int {
	x += m.canvas.Text(x, y, name, m.theme.Calm, max(8, (end-x)/2)) + 1
	if m.why.namesakes[name] && pid > 0 {
		m.brush.text = appendInt(m.brush.text[:0], pid)
		x += m.canvas.Bytes(x, y, m.brush.text, m.theme.Label, end-x) + 1
	}
	return x
}

// whyBar is how many cells of a line of w the bar has.
func whyBar(w int) int { return max(6, min(24, w/5)) }

// paintPart is a stretch of the whole as a line of w cells.
func (m *Model) paintPart(x, y, w int, from, to time.Duration, hue *Hue) {
	total := max(1, m.why.report.Total)
	a := min(w-1, int(float64(from)/float64(total)*float64(w)))
	b := max(a+1, min(w, int(float64(to)/float64(total)*float64(w)+.5)))
	rest := fg(m.theme.Faint)
	m.canvas.HLine(x, y, w, m.glyphs.Line, rest)
	m.canvas.HLine(x+a, y, b-a, m.glyphs.Thick, fg(hue.Base))
}

// whyHue is the colour of a handler, by its id.
func (m *Model) whyHue(node, id string) *Hue {
	if h := handlerOf(m.why.of.Node(node), id); h != nil {
		return m.hue(h)
	}
	return &m.theme.Local
}

// paintLit underlines in a lane what is on the critical path, as far as the
// playhead has come, while the analysis is shown.
func (m *Model) paintLit(x, y int, n *tree.Node) {
	if !m.brush.lit {
		return
	}
	win, t := &m.brush.win, &m.theme
	for _, s := range m.why.lit[n.ID] {
		from, to := s.At, min(s.At+s.For, m.now)
		if to <= win.t0 || to < from {
			continue
		}
		a := max(0, int(win.col(from)))
		b := min(win.cols, max(a+1, int(win.col(to)+.999)))
		for q := a; q < b; q++ {
			cell := m.canvas.At(x+q, y)
			if cell.R == ' ' || cell.R == m.glyphs.Start || cell.R == m.glyphs.Dash {
				cell.S.FG = t.Focus
			}
			cell.S.A |= canvas.Underline
		}
		if a < b {
			m.canvas.At(x+a, y).S.A |= canvas.Bold
		}
	}
}
