package ui

import (
	"strings"

	"multiexit/tree/diff"
	"multiexit/ui/canvas"
)

// segment is a piece of the text of an item.
type segment struct {
	text  string
	style canvas.Style
}

// listLine is a line of the list: a part of the text of an item.
type listLine struct {
	item     int
	from, to int // bytes
}

// segments are the text of an item: whose it is, and what.
func (c *Comparison) segments(d *difference) []segment {
	t := &c.paint[0].theme
	path, name := "", d.Path
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		path, name = name[:i+1], name[i+1:]
	}
	segs := []segment{{path, t.Hint}, {name, t.Strong}}
	if d.effect {
		segs = []segment{{name, t.Calm}}
	}
	if d.Handler != "" {
		segs = append(segs, segment{" " + d.Handler, fg(c.handlerHue(&d.Change).Base)})
	}
	what := d.What()
	if !c.look.ASCII {
		what = strings.ReplaceAll(what, " -> ", " → ")
	}
	style := t.Normal
	if d.effect {
		style = t.Calm
	}
	if name != "" {
		what = "  " + what
	}
	return append(segs, segment{what, style})
}

// handlerHue is the colour of the handler of a change.
func (c *Comparison) handlerHue(ch *diff.Change) *Hue {
	for side := 1; side >= 0; side-- {
		if n := c.paint[side].tree.Node(nodeIn(ch, side)); n != nil {
			if h := handlerNamed(n, ch.Handler); h != nil {
				return c.paint[0].hue(h)
			}
		}
	}
	return &c.paint[0].theme.Local
}

// broken says that a change is for the worse because of a fault that was put in: it
// is no failure of its own.
func broken(ch *diff.Change) bool {
	switch ch.Kind {
	case diff.FailureGained, diff.FailureOther, diff.Slower:
		return ch.Injected != ""
	}
	return false
}

// signOf is the mark of a change, and its colour.
func (c *Comparison) signOf(ch *diff.Change) (rune, *Hue) {
	g, t := &c.paint[0].glyphs, &c.paint[0].theme
	if broken(ch) {
		return g.Flag, &t.Signal
	}
	switch ch.Kind {
	case diff.ProcessGained, diff.HandlerGained:
		return '+', &t.OK
	case diff.ProcessLost, diff.HandlerLost:
		return '-', &t.Fail
	case diff.Order:
		return g.Swap, &t.Shared
	case diff.Slower:
		return g.Slower, &t.Signal
	case diff.Faster:
		return g.Faster, &t.OK
	case diff.FailureLost:
		return g.OK, &t.OK
	case diff.Fault:
		return g.Flag, &t.Signal
	case diff.Signal, diff.Early:
		return g.Bolt, &t.Signal
	case diff.Disposition, diff.Orphaned:
		return g.Stuck, &t.Signal
	}
	return g.No, &t.Fail
}

// lay breaks the items into lines of the width of the list.
func (c *Comparison) lay() {
	g := c.layout()
	c.listW = max(8, g.list.w-6)
	c.list = c.list[:0]
	for i := range c.items {
		d := &c.items[i]
		var b strings.Builder
		for _, s := range d.segs {
			b.WriteString(s.text)
		}
		text, room := b.String(), c.listW
		if d.effect {
			room -= 3
		}
		for from := 0; from < len(text); {
			cut := from + wrap(text[from:], max(8, room))
			c.list = append(c.list, listLine{i, from, cut})
			for from = cut; from < len(text) && text[from] == ' '; from++ {
			}
		}
	}
}

// linesOf are the first line of an item and the one behind its last.
func (c *Comparison) linesOf(item int) (first, end int) {
	first = -1
	for i := range c.list {
		if c.list[i].item == item {
			if first < 0 {
				first = i
			}
			end = i + 1
		}
	}
	return first, end
}

// paintList draws the differences.
func (c *Comparison) paintList(r rect) {
	m := c.paint[0]
	title := "Differences"
	in, x := m.frame(r, title, true)
	if len(c.items) == 0 {
		m.center(in, in.y+in.h/2, "no difference beyond what is noise", m.theme.Words)
		return
	}
	b := appendCount(m.brush.text[:0], c.cur+1)
	m.brush.text = appendCount(append(b, " of "...), len(c.items))
	m.edgeRight(r, r.y, x, m.brush.text)
	for i := range min(in.h, len(c.list)-c.above) {
		c.paintListLine(in.x+1, in.y+i, in.w-2, c.above+i)
	}
	m.paintThumb(r.x+r.w-1, in.y, in.h, c.above, len(c.list))
}

func (c *Comparison) paintListLine(x, y, w, at int) {
	m, l := c.paint[0], &c.list[at]
	d := &c.items[l.item]
	selected := l.item == c.cur
	if selected {
		if !m.theme.Flat {
			m.canvas.Fill(x-1, y, w+2, 1, ' ', canvas.Style{BG: m.theme.Select})
		}
		m.canvas.Set(x-1, y, m.glyphs.Bar, fg(m.theme.Focus))
	}
	if d.effect {
		if l.from == 0 {
			m.canvas.Set(x+1, y, m.glyphs.Elbow, fg(m.theme.Faint))
		}
		x += 3
	}
	if l.from == 0 {
		r, hue := c.signOf(&d.Change)
		if d.spoilt {
			r, hue = m.glyphs.Flag, &m.theme.Signal
		}
		m.canvas.Set(x, y, r, fg(hue.Base).With(canvas.Bold))
	}
	at, used := 0, 2
	for _, s := range d.segs {
		from, to := max(at, l.from), min(at+len(s.text), l.to)
		if from < to {
			style := s.style
			if selected && m.theme.Flat {
				style.A |= canvas.Bold
			}
			used += m.canvas.Text(x+used, y, s.text[from-at:to-at], style, w-used)
		}
		at += len(s.text)
	}
}
