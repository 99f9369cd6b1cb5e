package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// scopeSpot is where the choices of the mouse that are scopes begin; those below
// are signals.
const scopeSpot = 1 << 16

// paintMenu: any signal, found by typing; whom it is for; and what it would do to
// each of them.
func (m *Model) paintMenu() {
	c, t := m.canvas, &m.theme
	rows := max(1, min(14, m.height-12))
	w := 78
	if m.width >= 112 {
		w = 106
	}
	in := m.modal(w, 10+rows, string(m.glyphs.Bolt)+" send a signal", m.rim(&t.Signal))
	m.paintAim(in)
	list := m.foreseen()
	left := min(32, in.w*2/5)
	u := c.Text(in.x, in.y+3, "find ", t.Label, left)
	u += c.Text(in.x+u, in.y+3, m.dialog.input, t.Strong, left-u-1)
	c.Set(in.x+u, in.y+3, m.glyphs.Caret, fg(t.Focus))
	m.paintMenuItems(rect{in.x, in.y + 5, left - 2, rows})
	if in.w >= 46 {
		m.paintOutlook(rect{in.x + left + 1, in.y + 3, in.w - left - 1, rows + 2}, list)
	}
	m.paintMenuKeys(in, list)
}

// paintAim: the process, or how many are marked, and the scopes.
func (m *Model) paintAim(in rect) {
	c, t, d := m.canvas, &m.theme, &m.dialog
	if ns := m.targets(); len(ns) == 1 {
		m.paintWhom(in.x, in.y, in.w, ns[0])
	} else {
		c.Text(in.x, in.y, plain(len(ns))+" marked processes", t.Strong, in.w)
	}
	x := in.x + c.Text(in.x, in.y+1, "to", t.Label, in.w) + 1
	for i, s := range d.scopes() {
		label := s.label
		if in.w < 90 {
			label = s.short
		}
		if s.marked {
			label = plain(len(d.marks)) + " " + label
		}
		look := t.Calm
		if i == d.reach {
			look = canvas.Style{FG: t.Text, BG: t.Button, A: canvas.Bold}
			if t.Flat {
				look = canvas.Style{A: canvas.Bold | canvas.Reverse}
			}
		}
		n := canvas.Width(label) + 2
		if x+n > in.x+in.w {
			return
		}
		m.brush.spots = append(m.brush.spots, spot{rect{x, in.y + 1, n, 1}, scopeSpot + i})
		c.Text(x, in.y+1, " "+label+" ", look, n)
		x += n
	}
	if x+4 <= in.x+in.w {
		c.Text(x+1, in.y+1, m.glyphs.Tab, t.Hint, 3)
	}
}

func (m *Model) paintMenuItems(r rect) {
	d := &m.dialog
	if len(d.items) == 0 {
		m.canvas.Text(r.x+2, r.y, "no signal matches", m.theme.Words, r.w-2)
	}
	first := max(0, min(d.choice-r.h/2, len(d.items)-r.h))
	for i := range min(r.h, len(d.items)) {
		m.paintMenuItem(r.x, r.y+i, r.w, first+i)
	}
	m.paintThumb(r.x+r.w, r.y, r.h, first, len(d.items))
}

func (m *Model) paintMenuItem(x, y, w, at int) {
	c, t, sig := m.canvas, &m.theme, m.dialog.items[at]
	s := t.Normal
	if at == m.dialog.choice {
		if !t.Flat {
			c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
		}
		c.Set(x, y, m.glyphs.Bar, fg(t.Signal.Base))
		s = t.Strong
	}
	c.TextR(x+4, y, signalNumber(sig), t.Hint)
	u := c.Text(x+5, y, sig, s, w-5)
	m.brush.spots = append(m.brush.spots, spot{rect{x, y, w, 1}, at})
	if word := fateOf(sig).word(); 5+u+len(word)+1 <= w-1 {
		c.TextR(x+w-1, y, word, t.Hint)
	}
}

// paintOutlook: what the chosen signal would do, one line a target.
func (m *Model) paintOutlook(r rect, list []tree.Target) {
	c, t := m.canvas, &m.theme
	q := m.question()
	if q == (question{}) {
		return
	}
	p := &m.preview
	failed := p.failed != "" && p.of == q
	switch {
	case failed && len(list) == 0:
		m.paintWrapped(r.x, r.y, r.w, r.h, p.failed, fg(t.Fail.Base))
		return
	case len(list) == 0 && p.of != q:
		c.Text(r.x, r.y, "asking whom it would reach", t.Words, r.w)
		return
	case len(list) == 0:
		c.Text(r.x, r.y, "reaches nobody", t.Words, r.w)
		return
	}
	c.Text(r.x, r.y, q.sig+" reaches "+processes(taken(list)), t.Strong, r.w)
	if len(list) > 1 {
		c.Text(r.x, r.y+1, m.tally(q.sig, list), t.Label, r.w)
	}
	rows := r.h - 2
	if failed {
		rows--
		c.Text(r.x, r.y+r.h-1, "guessed: "+p.failed, fg(t.Fail.Base), r.w)
	}
	for i := range min(rows, len(list)) {
		if i == rows-1 && len(list) > rows {
			c.Text(r.x+2, r.y+2+i, "… "+plain(len(list)-i)+" more", t.Label, r.w-2)
			break
		}
		m.paintTarget(r.x, r.y+2+i, r.w, q.sig, list[i])
	}
}

func (m *Model) paintTarget(x, y, w int, sig string, target tree.Target) {
	c, t := m.canvas, &m.theme
	o := m.outlook(sig, target)
	name, at := target.Node, min(16, w*3/10)
	if n := m.truth().Node(target.Node); n != nil {
		name = n.Title()
		glyph, color := m.mark(n, 0)
		c.Set(x, y, glyph, fg(color))
	}
	c.Text(x+2, y, name, t.Normal, at-1)
	text := o.text
	if canvas.Width(text) > w-at-2 {
		text = o.brief
	}
	c.Text(x+2+at, y, text, o.style, w-at-2)
}

func (m *Model) paintMenuKeys(in rect, list []tree.Target) {
	send := "send"
	if q := m.question(); q != (question{}) && taken(list) > 1 {
		send = "send to " + plain(taken(list))
	}
	m.paintKeys(in, m.glyphs.Return, send, m.glyphs.Tab, "to whom", "esc", "cancel")
}

// paintKeys writes keys and what they do into the last line of a dialog.
func (m *Model) paintKeys(in rect, pairs ...string) {
	c, t, y := m.canvas, &m.theme, in.y+in.h-1
	x, end := in.x, in.x+in.w
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = m.spelt(pairs[i])
		need := canvas.Width(pairs[i]) + 1 + canvas.Width(pairs[i+1])
		if x+need > end {
			return
		}
		x += c.Text(x, y, pairs[i], t.Strong, end-x) + 1
		x += c.Text(x, y, pairs[i+1], t.Label, end-x) + 3
	}
}
