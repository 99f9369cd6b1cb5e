package ui

import (
	"slices"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintBreaks: where to stop, what of it there is now, and which breakpoints stand.
func (m *Model) paintBreaks() {
	c, t, d := m.canvas, &m.theme, &m.dialog
	list := m.breaks()
	rows := max(0, min(max(3, len(list)), m.height-13))
	in := m.modal(84, 13+rows, string(m.glyphs.Halt)+" breakpoints", m.rim(&t.Signal))
	labels := make([]string, stopAts)
	for i := range labels {
		labels[i] = stopAt(i).label()
	}
	m.paintChoices(in, "stop", labels, d.reach)
	at := stopAt(d.reach)
	u := c.Text(in.x, in.y+2, at.form(), t.Label, in.w/3) + 2
	m.paintField(in.x+u, in.y+2, in.w-u, d.choice < 0)
	m.paintHits(rect{in.x, in.y + 3, in.w, min(3, in.h-5)})
	if rows > 0 {
		m.paintBreakList(rect{in.x, in.y + 7, in.w, 1 + rows}, list)
	}
	if d.choice < 0 {
		does := "set"
		if b, why := m.typedBreak(); why == "" && m.stands(b.order()) {
			does = "take back"
		}
		m.paintKeys(in, m.glyphs.Return, does, m.glyphs.Tab, "at what", "↓", "those that are set", "esc", "close")
		return
	}
	m.paintKeys(in, "space", "off, on", "d", "delete", "↑", "a new one", "esc", "close")
}

// paintBreakList: the breakpoints that are set, and those that are switched off.
func (m *Model) paintBreakList(r rect, list []tree.Order) {
	c, t := m.canvas, &m.theme
	m.paintRule(r.x, r.y, r.w, "set")
	rows := r.h - 1
	if len(list) == 0 {
		c.Text(r.x+2, r.y+1, "none yet", t.Words, r.w-2)
	}
	first := max(0, min(m.dialog.choice-rows/2, len(list)-rows))
	for i := range min(rows, len(list)) {
		m.paintBreak(r.x, r.y+1+i, r.w, first+i, list[first+i])
	}
	m.paintThumb(r.x+r.w+2, r.y+1, rows, first, len(list))
}

// paintRule is a heading inside a dialog.
func (m *Model) paintRule(x, y, w int, text string) {
	u := m.canvas.Text(x, y, text, m.theme.Title, w) + 1
	m.canvas.HLine(x+u, y, w-u, m.glyphs.Line, fg(m.theme.Faint).On(canvas.Keep))
}

// stands says that the same order stands.
func (m *Model) stands(o tree.Order) bool {
	for _, p := range m.truth().Orders {
		if sameOrder(o, p) {
			return true
		}
	}
	return false
}

// paintChoices writes what can be chosen with tab, in one line.
func (m *Model) paintChoices(in rect, lead string, labels []string, chosen int) {
	c, t := m.canvas, &m.theme
	x := in.x + c.Text(in.x, in.y, lead, t.Label, in.w) + 1
	for i, label := range labels {
		look := t.Calm
		if i == chosen {
			look = canvas.Style{FG: t.Text, BG: t.Button, A: canvas.Bold}
			if t.Flat {
				look = canvas.Style{A: canvas.Bold | canvas.Reverse}
			}
		}
		n := canvas.Width(label) + 2
		if x+n > in.x+in.w {
			return
		}
		m.brush.spots = append(m.brush.spots, spot{rect{x, in.y, n, 1}, scopeSpot + i})
		c.Text(x, in.y, " "+label+" ", look, n)
		x += n
	}
	if x+4 <= in.x+in.w {
		c.Text(x+1, in.y, m.glyphs.Tab, t.Hint, 3)
	}
}

// paintField is the line that is typed, with a caret while the keys go there.
func (m *Model) paintField(x, y, w int, typing bool) {
	c, t := m.canvas, &m.theme
	if !t.Flat {
		c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
	}
	s := t.Calm
	if typing {
		s = t.Strong
	}
	u := 1 + c.Text(x+1, y, tail(m.dialog.input, w-3), s, w-2)
	if typing {
		c.Set(x+u, y, m.glyphs.Caret, fg(t.Focus))
	}
}

// paintHits: what a breakpoint would stop now.
func (m *Model) paintHits(r rect) {
	t := &m.theme
	b, why := m.typedBreak()
	if why == "" {
		why = m.hitsNobody(b)
	}
	if why != "" {
		m.paintWrapped(r.x, r.y, r.w, r.h, why, fg(t.Fail.Base))
		return
	}
	ns, hs := m.meantBy(b.pattern), m.hit(b)
	used := m.paintWrapped(r.x, r.y, r.w, r.h, m.hitText(b, ns, hs), fg(t.Signal.Base))
	var names []string
	switch {
	case b.word.On == "" && b.word.Handler != "" && len(hs) > 1:
		for _, h := range hs {
			names = append(names, h.Node.Title()+"/"+h.Name)
		}
	case b.word.Handler == "" && (globs(b.pattern) || len(ns) > 1):
		for _, n := range ns {
			names = append(names, n.Title())
		}
	}
	m.paintNames(rect{r.x, r.y + used, r.w, r.h - used}, names)
}

// hitText says whom a breakpoint would stop, and where.
func (m *Model) hitText(b breakpoint, ns []*tree.Node, hs []*tree.Handler) string {
	who := m.patternName(b.pattern)
	if globs(b.pattern) {
		who = processes(len(ns)) + " now, and those to come"
	}
	switch {
	case b.word.On == "signal" && foreign(ns):
		return who + ": stopped before " + b.word.Sig + " reaches it, if multiexit sends that"
	case b.word.On == "signal":
		return who + ": held when " + b.word.Sig + " comes, before anything runs"
	case b.word.On == "exit":
		return who + ": held when its handlers are done, before it exits"
	case b.word.Handler == "" && foreign(ns):
		return who + ": it reports no handlers, and is stopped before a signal of multiexit that asks it to end"
	case b.word.Handler == "":
		return who + ": held before each of " + plural(len(hs), "handler")
	case len(hs) == 0:
		return who + ": no handler matches yet"
	case len(hs) == 1:
		h := hs[0]
		return who + ": held before " + h.Name + ", number " + plain(place(h)) + " of " + plain(h.Node.Pending()+len(h.Node.Ran())) + " that run"
	}
	return who + ": held before " + plural(len(hs), "handler")
}

// foreign says that none of some processes reports its handlers.
func foreign(ns []*tree.Node) bool {
	return len(ns) > 0 && !slices.ContainsFunc(ns, func(n *tree.Node) bool { return n.Reports || len(n.Handlers()) > 0 })
}

// paintNames writes as many names as fit, and how many more there are.
func (m *Model) paintNames(r rect, names []string) {
	x, y := r.x, r.y
	for i, name := range names {
		rest := "… " + plain(len(names)-i) + " more"
		need := canvas.Width(name)
		if y == r.y+r.h-1 && i < len(names)-1 {
			need += 2 + canvas.Width(rest)
		}
		if x > r.x && x+need > r.x+r.w {
			if y++; y >= r.y+r.h {
				m.canvas.Text(x, y-1, rest, m.theme.Label, r.x+r.w-x)
				return
			}
			x = r.x
		}
		if y >= r.y+r.h {
			return
		}
		x += m.canvas.Text(x, y, name, m.theme.Label, r.x+r.w-x) + 2
	}
}

// place is which of the handlers of its process a handler is, in the order in
// which they run.
func place(h *tree.Handler) int {
	return len(h.Node.Ran()) + indexOf(h.Node.Plan(), h.ID) + 1
}

// paintBreak is one breakpoint of the list.
func (m *Model) paintBreak(x, y, w, at int, o tree.Order) {
	c, t, on := m.canvas, &m.theme, m.stands(o)
	glyph, s := m.glyphs.Halt, fg(t.Signal.Base).With(canvas.Bold)
	text := t.Normal
	if !on {
		glyph, s, text = m.glyphs.Popped, t.Hint, t.Hint
	}
	if at == m.dialog.choice {
		if !t.Flat {
			c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
		}
		c.Set(x, y, m.glyphs.Bar, fg(t.Signal.Base))
		text.A |= canvas.Bold
	}
	m.brush.spots = append(m.brush.spots, spot{rect{x, y, w, 1}, at})
	c.Set(x+2, y, glyph, s)
	u := 4 + c.Text(x+4, y, m.orderText(o), text, w-16)
	if !on {
		c.Text(x+u+2, y, "off", t.Words, w-u-2)
		return
	}
	held := 0
	for _, n := range m.truth().Nodes {
		if waits(n) && m.met(o, n) {
			held++
		}
	}
	if held > 0 {
		c.TextR(x+w-1, y, "holds "+plain(held), fg(t.Signal.Base))
	}
}

// met says that a process waits at a breakpoint.
func (m *Model) met(o tree.Order, n *tree.Node) bool {
	switch {
	case !o.Means(n):
		return false
	case n.Hold.Foreign: // by one of these; it does not say which
		return isHold(o) || o.Word == "break" && o.Sig != "" && tree.Glob(o.Sig, n.Hold.Sig)
	case isHold(o):
		return n.Hold.Break == ""
	case o.Word == "break" && o.Sig == "":
		return n.Hold.Break == "exit"
	case o.Word == "break":
		return n.Hold.Break == "signal "+o.Sig
	}
	return n.Hold.Break != "" && n.Hold.Handler != nil && o.Aims(n.Hold.Handler)
}
