package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintTermDialog: what SIGTERM would run, in the order in which it would.
func (m *Model) paintTermDialog() {
	ns := m.targets()
	if m.dialog.subtree || len(ns) != 1 {
		m.paintTermList(ns)
		return
	}
	n := ns[0]
	plan := n.Plan()
	if n.Alive() && disposition(n) != tree.Caught && !n.Began {
		plan = nil
	}
	rows := max(1, min(len(plan), m.height-12))
	in := m.modal(64, 8+rows, string(m.glyphs.Bolt)+" send SIGTERM", m.rim(&m.theme.Signal))
	m.paintWhom(in.x, in.y, in.w, n)
	m.canvas.Text(in.x, in.y+1, m.promise(n, plan), m.theme.Calm, in.w)
	first := min(m.dialog.scroll, max(0, len(plan)-rows))
	for i := range min(rows, len(plan)) {
		m.paintOrder(in.x, in.y+3+i, in.w, first+i+1, plan[first+i])
	}
	m.paintThumb(in.x+in.w+2, in.y+3, rows, first, len(plan))
	m.paintButtons(in.x, in.y+in.h-1, in.w, &m.theme.Signal, m.buttons())
}

// promise is one line on what will come of a SIGTERM to n.
func (m *Model) promise(n *tree.Node, plan []*tree.Handler) string {
	switch {
	case !n.Alive():
		return "nothing to send it to"
	case n.Held && n.Hold.Foreign:
		return "you hold it: the signal waits until you let it go"
	case n.Stopped:
		return "it is stopped: the signal waits until SIGCONT"
	case n.Began && len(plan) > 0:
		return "it is exiting already; still on its stack:"
	case n.Began:
		return "it is exiting already; its stack is empty"
	case len(plan) > 0:
		return "pops " + string(appendKinds(nil, n)) + ", in this order"
	case disposition(n) == tree.Default && n.Pending() == 0:
		return "runs nothing; the default action ends it at once"
	case disposition(n) == tree.Ignored:
		return "runs nothing: it ignores SIGTERM" + injectedHere(n) + " and will go on"
	case disposition(n) == tree.Blocked:
		return "runs nothing: it blocks SIGTERM, which stays pending"
	}
	return m.instead(n)
}

// paintOrder is one handler of a plan: its number, its name, whose it is.
func (m *Model) paintOrder(x, y, w, number int, h *tree.Handler) {
	c, t, hue := m.canvas, &m.theme, m.hue(h)
	m.countR(x+2, y, number, t.Label)
	c.Set(x+3, y, m.glyphs.Bar, fg(hue.Base))
	name := w * 5 / 10
	s := t.Normal
	if h.Unbound {
		s = fg(t.Muted).With(canvas.Italic)
	}
	c.Text(x+5, y, h.Name, s, name-4)
	x, w = x+2+name, w-2-name
	s = fg(hue.Tone.at(.8))
	switch {
	case h.Unbound:
		c.Text(x, y, "unbound: skipped", s, w)
	case h.From != nil:
		c.Set(x, y, m.glyphs.Up, s)
		u := c.Text(x+1, y, " from ", s, w-1)
		c.Text(x+1+u, y, h.From.Name, s, w-1-u)
	case h.Shared:
		c.Set(x, y, m.glyphs.Down, s)
		u := c.Text(x+1, y, " shared", s, w-1)
		m.paintHeirs(x+1+u, y, w-1-u, " with ", h, s)
	default:
		c.Text(x, y, "local", s, w)
	}
}

// termLine is one process that a signal to several reaches.
type termLine struct {
	node  *tree.Node
	depth int // below its target
}

// reached lists the processes a signal goes to: the targets, and with the
// subtree all that live below them, each once.
func (m *Model) reached(ns []*tree.Node) []termLine {
	var list []termLine
	var visit func(n *tree.Node, depth int)
	visit = func(n *tree.Node, depth int) {
		if n.Alive() {
			list = append(list, termLine{n, depth})
		}
		for _, k := range n.Kids {
			visit(k, depth+1)
		}
	}
	for _, n := range ns {
		switch {
		case !m.dialog.subtree && n.Alive():
			list = append(list, termLine{n, 0})
		case m.dialog.subtree && !under(n, m.dialog.targets):
			visit(n, 0)
		}
	}
	return list
}

// paintTermList: the processes that get the signal, and what it means to each.
func (m *Model) paintTermList(ns []*tree.Node) {
	c, t := m.canvas, &m.theme
	list := m.reached(ns)
	rows := max(1, min(len(list), m.height-12))
	head := " send SIGTERM to all of these"
	if len(list) < 2 {
		head = " send SIGTERM"
	}
	in := m.modal(64, 7+rows, string(m.glyphs.Bolt)+head, m.rim(&t.Signal))
	c.Text(in.x, in.y, promiseOf(list), t.Calm, in.w)
	first := min(m.dialog.scroll, max(0, len(list)-rows))
	for i := range min(rows, len(list)) {
		m.paintTermLine(in.x, in.y+2+i, in.w, list[first+i])
	}
	m.paintThumb(in.x+in.w+2, in.y+2, rows, first, len(list))
	m.paintButtons(in.x, in.y+in.h-1, in.w, &t.Signal, m.buttons())
}

// promiseOf is one line on what will come of a SIGTERM to all of a list.
func promiseOf(list []termLine) string {
	handlers, unseen := 0, false
	for _, l := range list {
		if disposition(l.node) == tree.Caught {
			handlers += l.node.Pending()
			unseen = unseen || !l.node.Reports
		}
	}
	text := processes(len(list)) + ", "
	switch {
	case len(list) == 0:
		return "all of them have exited"
	case handlers == 0 && unseen:
		return text + "no handlers that are known"
	case handlers == 0:
		return text + "no handler runs"
	case len(list) == 1:
		return text + plural(handlers, "handler") + ", from the top of the stack"
	}
	return text + plural(handlers, "handler") + ", each from the top of its stack"
}

func (m *Model) paintTermLine(x, y, w int, l termLine) {
	c, t, n := m.canvas, &m.theme, l.node
	in := 2 * min(l.depth, 8)
	glyph, color := m.mark(n, 0)
	c.Set(x+in, y, glyph, fg(color))
	name := w * 4 / 10
	c.Text(x+in+2, y, n.Title(), t.Normal, name-in-2)
	x, w = x+2+name, w-2-name
	what := "it"
	if m.dialog.kind == dialogVerb { // whose stop signal may be another
		what = "SIGTERM"
	}
	switch d := disposition(n); {
	case n.Held && n.Hold.Foreign:
		c.Text(x, y, "held: waits until let go", fg(t.Signal.Base), w)
	case n.Stopped:
		c.Text(x, y, "stopped: waits for SIGCONT", fg(t.Signal.Base), w)
	case d == tree.Caught && n.Pending() > 0:
		c.Bytes(x, y, appendKinds(nil, n), t.Calm, w)
	case d == tree.Caught:
		c.Text(x, y, "catches "+what, t.Label, w)
	case d == tree.Default:
		c.Text(x, y, "default: ends at once", t.Label.With(canvas.Italic), w)
	case d == tree.Ignored:
		c.Text(x, y, "ignores "+what+injectedHere(n), fg(t.Signal.Base), w)
	case d == tree.Blocked:
		c.Text(x, y, "blocks "+what, fg(t.Fail.Base), w)
	}
}
