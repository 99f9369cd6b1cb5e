package ui

import (
	"strings"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintFaults: what to break, where, what will come of it, and what is broken
// already.
func (m *Model) paintFaults() {
	t, d := &m.theme, &m.dialog
	kinds, list := m.faultKinds(), m.faults()
	high := max(1, min(len(kinds), m.height-10))
	rows := max(0, min(len(list), m.height-13-high))
	below := 0
	if rows > 0 {
		below = rows + 2
	}
	in := m.modal(84, 11+high+below, string(m.glyphs.Flag)+" break it on purpose", m.rim(&t.Signal))
	m.paintFaulty(in.x, in.y, in.w)
	var labels []string
	chosen := 0
	for i, r := range m.reaches() {
		labels = append(labels, m.reachLabel(r, in.w))
		if r == faultReach(d.reach) {
			chosen = i
		}
	}
	m.paintChoices(rect{in.x, in.y + 1, in.w, 1}, "in", labels, chosen)
	y := in.y + 3
	top := max(0, min(d.choice-high/2, len(kinds)-high))
	for i := range high {
		m.paintFaultKind(in.x, y+i, in.w, top+i, kinds[top+i])
	}
	m.paintThumb(in.x+in.w+2, y, high, top, len(kinds))
	y += high + 1
	m.paintForetold(rect{in.x, y, in.w, min(2, in.y+in.h-1-y)})
	if rows > 0 {
		y += 3
		m.paintRule(in.x, y, in.w, "set")
		at := d.choice - len(kinds)
		first := max(0, min(at-rows/2, len(list)-rows))
		for i := range min(rows, len(list)) {
			m.paintInjected(in.x, y+1+i, in.w, first+i, list[first+i])
		}
		m.paintThumb(in.x+in.w+2, y+1, rows, first, len(list))
	}
	switch {
	case d.choice >= len(kinds):
		m.paintKeys(in, m.glyphs.Return, "take it back", "↑", "a new one", "esc", "close")
	case len(labels) == 1:
		m.paintKeys(in, m.glyphs.Return, "inject", "↑↓", "which", "esc", "cancel")
	case kinds[d.choice].arg != "":
		m.paintKeys(in, m.glyphs.Return, "inject", "↑↓", "which", "0-9", "how much", m.glyphs.Tab, "where", "esc", "cancel")
	default:
		m.paintKeys(in, m.glyphs.Return, "inject", "↑↓", "which", m.glyphs.Tab, "where", "esc", "cancel")
	}
}

// reachLabel is what a fault is put into, in few words.
func (m *Model) reachLabel(r faultReach, w int) string {
	name := m.dialog.handler
	if most := max(8, (w-34)/2); canvas.Width(name) > most {
		name = name[:min(len(name), most-1)] + "…"
	}
	if len(m.dialog.targets) > 1 {
		return [...]string{name, "all their handlers", "every " + name, "processes"}[r]
	}
	return [...]string{name, "all its handlers", "every " + name, "process"}[r]
}

// paintFaultKind is one kind of fault, with what is typed for it.
func (m *Model) paintFaultKind(x, y, w, at int, f fault) {
	c, t, d := m.canvas, &m.theme, &m.dialog
	s, arg := t.Normal, f.arg
	if at == d.choice {
		if !t.Flat {
			c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
		}
		c.Set(x, y, m.glyphs.Bar, fg(t.Signal.Base))
		s, arg = t.Strong, d.input
	}
	m.brush.spots = append(m.brush.spots, spot{rect{x, y, w, 1}, at})
	c.Text(x+2, y, f.name, s, 8)
	if f.arg != "" {
		u := c.Text(x+11, y, arg, fg(t.Signal.Base), 12)
		if at == d.choice {
			c.Set(x+11+u, y, m.glyphs.Caret, fg(t.Focus))
		}
	}
	c.Text(x+20, y, f.does, t.Label, w-21)
}

func (m *Model) paintInjected(x, y, w, at int, o tree.Order) {
	c, t := m.canvas, &m.theme
	s := t.Normal
	if at+len(m.faultKinds()) == m.dialog.choice {
		if !t.Flat {
			c.Fill(x, y, w, 1, ' ', canvas.Style{BG: t.Button})
		}
		c.Set(x, y, m.glyphs.Bar, fg(t.Signal.Base))
		s = t.Strong
	}
	m.brush.spots = append(m.brush.spots, spot{rect{x, y, w, 1}, at + len(m.faultKinds())})
	c.Set(x+2, y, m.glyphs.Flag, fg(t.Signal.Base))
	c.Text(x+4, y, m.orderText(o), s, w-5)
}

// paintForetold says what will come of the chosen fault.
func (m *Model) paintForetold(r rect) {
	t := &m.theme
	w, why := m.faultWord()
	switch {
	case why != "":
		m.paintWrapped(r.x, r.y, r.w, r.h, why, fg(t.Fail.Base))
	case w.Do == "":
		m.paintWrapped(r.x, r.y, r.w, r.h, "it will run as its program has it", t.Calm)
	default:
		m.paintWrapped(r.x, r.y, r.w, r.h, m.comesOf(w), fg(t.Signal.Base))
	}
}

// comesOf is what a fault does, as far as the tree tells.
func (m *Model) comesOf(w word) string {
	hit, in := m.wouldHit(w)
	name, many := m.faultSubject(w)
	switch {
	case w.Fault == "ignore" && many:
		return name + " do nothing at SIGTERM: only SIGKILL ends them then, at the end of the grace period"
	case w.Fault == "ignore":
		return name + " does nothing at SIGTERM: only SIGKILL ends it then, at the end of the grace period"
	case w.Fault == "stop" && w.Handler == "" && many:
		return name + " are stopped now: signals but SIGKILL wait until they are continued (p)"
	case w.Fault == "stop" && w.Handler == "":
		return name + " is stopped now: signals but SIGKILL wait until it is continued (p)"
	case len(hit) == 0:
		return "no handler that is still to run is meant"
	case len(hit) > 1:
		procs := processes(in)
		if of := len(m.dialog.targets); in < of && faultReach(m.dialog.reach) != inEvery {
			procs = plain(in) + " of the " + processes(of)
		}
		return plural(len(hit), "handler") + " in " + procs + ": each " + faultDoes(w)
	}
	h := hit[0]
	name = h.Name
	if len(m.dialog.targets) > 1 {
		name += " of " + h.Node.Title()
	}
	return name + " " + faultDoes(w) + "; " + m.afterwards(w, h)
}

// wouldHit are the handlers that a fault would show in, and in how many processes they
// are. What ends a process has one in each, for nothing runs after that.
func (m *Model) wouldHit(w word) (hit []*tree.Handler, in int) {
	o := w.order("")
	ends := o.Word == "exit" || o.Word == "kill" && o.Time == 0
	for _, n := range m.meantByAny(m.faultPatterns(w)) {
		before := len(hit)
		for _, h := range n.Plan() {
			if o.Aims(h) && !(ends && len(hit) > before) {
				hit = append(hit, h)
			}
		}
		if len(hit) > before {
			in++
		}
	}
	return hit, in
}

// faultDoes is what a fault makes a handler do.
func faultDoes(w word) string {
	switch w.Fault {
	case "hang":
		return "never ends by itself"
	case "delay":
		return "begins " + tree.Took(w.NS) + " late"
	case "fail":
		return "ends with an error and does nothing"
	case "panic":
		return "panics and does nothing"
	case "skip":
		return "has no turn"
	case "exit":
		return "calls os.Exit(" + plain(w.Code) + ")"
	case "kill":
		if w.NS > 0 {
			return "is killed by SIGKILL " + tree.Took(w.NS) + " after its begin"
		}
		return "is killed by SIGKILL while it runs"
	case "stop":
		return "is stopped by SIGSTOP while it runs"
	}
	return w.Fault
}

// afterwards is what becomes of the rest of its process then.
func (m *Model) afterwards(w word, h *tree.Handler) string {
	n := h.Node
	below := n.Pending() - 1 - indexOf(n.Plan(), h.ID)
	rest := "it is the last one"
	never := "nothing is lost by that"
	if below > 0 {
		rest = "then the " + plural(below, "handler") + " below run"
		never = "the " + plural(below, "handler") + " below never run"
	}
	if below == 1 {
		rest, never = "then the one below runs", "the one below never runs"
	}
	limit := h.Timeout
	switch w.Fault {
	case "hang":
		switch {
		case limit > 0:
			return "after its limit of " + tree.Took(limit) + " it has failed, " + rest
		case n.Grace > 0:
			return "until the grace of " + tree.Took(n.Grace) + " is over; " + never
		}
		return "it ends when it is killed; " + never
	case "delay":
		if limit > 0 && w.NS >= limit {
			return "that is beyond its limit of " + tree.Took(limit) + ": it has failed by then, " + rest
		}
		return rest
	case "exit", "kill":
		return never
	case "stop":
		return "until it is continued (p) or killed"
	}
	return strings.TrimPrefix(rest, "then ")
}
