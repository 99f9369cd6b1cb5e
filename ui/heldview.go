package ui

import (
	"github.com/charmbracelet/bubbles/key"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// heldRows is the height of what says in the stack that its process waits.
const heldRows = 3

// paintHeld says above the cards that the process waits for the user: in the place
// of the first card, if it is that one before which it does. It returns the rows
// that it took.
func (m *Model) paintHeld(r rect, n *tree.Node, d *deck) int {
	if !waits(n) || d.run != nil || r.h < heldRows+1 {
		return 0
	}
	c, t, hue := m.canvas, &m.theme, &m.theme.Signal
	if !t.Flat {
		c.Fill(r.x, r.y, r.w, heldRows, ' ', canvas.Style{BG: hue.Fill.at(.16)})
	}
	c.VLine(r.x, r.y, heldRows, m.glyphs.Bar, fg(hue.Base))
	bold := fg(hue.Hi).With(canvas.Bold)
	c.Set(r.x+2, r.y, m.glyphs.Held, bold)
	end := r.x + r.w - 2
	end -= m.duration(end, r.y, max(0, m.now-n.Hold.Since), bold) + 2
	x := r.x + 4
	x += c.Text(x, r.y, "HELD ", bold, end-x)
	lead, name := heldWords(n)
	x += c.Text(x, r.y, lead, bold, end-x)
	c.Text(x, r.y, name, fg(t.White).With(canvas.Bold), end-x)
	m.paintHeldWhy(r.x+4, r.y+1, r.w-6, n)
	m.paintHeldKeys(r.x+4, r.y+2, r.w-6, n)
	if n.Hold.Handler == nil || len(d.cards) == 0 {
		return heldRows
	}
	if m.focus == paneStack && indexOf(d.cards, m.card) == 0 {
		c.VLine(r.x, r.y, heldRows, m.glyphs.Bar, fg(t.Focus).With(canvas.Bold))
	}
	d.cards = d.cards[1:]
	return heldRows
}

// heldWords is where a process is held, in two parts; see tree.Hold.
func heldWords(n *tree.Node) (lead, name string) {
	switch h := &n.Hold; {
	case h.Handler != nil:
		return "before ", h.Handler.Name
	case h.Foreign:
		return "until you let it get ", h.Sig
	case h.Sig != "":
		return "at ", h.Sig
	}
	return "before its ", "exit"
}

// paintHeldWhy: the breakpoint that it met, and what is known of the handler.
func (m *Model) paintHeldWhy(x, y, w int, n *tree.Node) {
	c, t, end := m.canvas, &m.theme, x+w
	put := func(s string, st canvas.Style) { x += c.Text(x, y, s, st, end-x) }
	if n.Hold.Break != "" {
		c.Set(x, y, m.glyphs.Halt, fg(t.Signal.Base))
		x += 2
		put("breakpoint ", t.Calm)
		put(n.Hold.Break, fg(t.Signal.Base))
	}
	h := n.Hold.Handler
	switch {
	case h == nil && n.Hold.Foreign:
		put("it reports no handlers, and was stopped before the signal was sent", t.Calm)
	case h != nil:
		if n.Hold.Break != "" {
			put(" · ", t.Calm)
		}
		if u := m.paintFaultWord(x, y, end-x, m.plotOf(h).fault); u > 0 {
			x += u
			put(" · ", t.Calm)
		}
		x += m.paintWhere(x, y, end-x, h, fg(m.hue(h).Base))
		if h.Src != "" {
			put(" · ", t.Calm)
			put(h.Src, t.Calm)
		}
	}
}

// paintHeldKeys: what lets it go.
func (m *Model) paintHeldKeys(x, y, w int, n *tree.Node) {
	t := &m.theme
	if !m.keys.Step.Enabled() {
		m.canvas.Text(x, y, "waits for a step", t.Words, w)
		return
	}
	end := x + w
	for i, k := range [...][2]string{{"n", "runs it"}, {"c", "lets it go"}, {"f", "breaks it"}} {
		switch {
		case i == 0 && n.Hold.Foreign:
			k[1] = "lets it get that"
		case i == 0 && n.Hold.Handler == nil:
			k[1] = "goes on to the next stop"
		case i == 1 && holdsAll(m.truth()): // c does not let go of one alone then
			k[1] = "lets all go"
		case i == 2 && n.Hold.Handler == nil:
			return
		}
		x += m.canvas.Text(x, y, k[0], t.Strong, end-x) + 1
		x += m.canvas.Text(x, y, k[1], t.Label, end-x) + 2
	}
}

// heldFits says that the stretch of a lane in which a process is held has room for
// the word.
func (m *Model) heldFits(n *tree.Node) bool {
	w := &m.brush.win
	return int(w.col(m.now))-max(1, int(w.col(n.Hold.Since))) >= heldLabel(n)+2
}

const heldWord = " HELD "

func heldLabel(n *tree.Node) int {
	lead, name := heldWords(n)
	return len(heldWord) + 1 + len(lead) + canvas.Width(name)
}

// paintHeldBar is the stretch of a lane in which a process has been held until now.
func (m *Model) paintHeldBar(x, y, w int, n *tree.Node) {
	if !waits(n) {
		return
	}
	win := &m.brush.win
	a := max(1, int(win.col(n.Hold.Since)))
	b := min(w, max(a+1, int(win.col(m.now))))
	m.canvas.HLine(x+a, y, b-a, m.glyphs.Dash, fg(m.theme.Signal.Tone.at(.6)).On(m.laneBack(n)))
	if m.heldFits(n) {
		m.paintHeldLabel(x+a+1, y, b-a-1, n)
	}
}

// paintHeldAt says it at the right end of a lane that has no room elsewhere.
func (m *Model) paintHeldAt(x, y, w int, n *tree.Node) {
	at := max(0, w-heldLabel(n)-1)
	m.canvas.Fill(x+at, y, w-at, 1, ' ', canvas.Style{BG: m.laneBack(n)})
	m.paintHeldLabel(x+at, y, w-at, n)
}

func (m *Model) paintHeldLabel(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	u := c.Text(x, y, heldWord, m.filled(t.Signal.Base), w)
	lead, name := heldWords(n)
	s := fg(t.Signal.Base).On(m.laneBack(n))
	u += c.Text(x+u, y, " ", s, w-u)
	u += c.Text(x+u, y, lead, s, w-u)
	u += c.Text(x+u, y, name, s.With(canvas.Bold), w-u)
	c.Text(x+u, y, " ", s, w-u)
}

// holdHints are the keys of the footer while something waits for the user, or will.
func (m *Model) holdHints(dst []key.Binding) []key.Binding {
	k, t := &m.keys, m.truth()
	if t.Counts.Held > 0 {
		dst = appendUsable(dst, k.Step, m.turnHint(), k.Go)
	} else {
		dst = appendUsable(dst, k.TermTree, k.StepTree)
	}
	if k.Hold.Enabled() {
		what := "hold all"
		if holdsAll(t) {
			what = "let go"
		}
		dst = append(dst, bind("P", what, "P"))
	}
	dst = appendUsable(dst, k.Break, k.Fault)
	return appendUsable(dst, k.Up, k.NextPane, k.Term, k.Why, k.Help, k.Quit)
}

// turnHint says what a step of the tree would run.
func (m *Model) turnHint() key.Binding {
	what := "step the tree"
	switch {
	case !m.keys.StepTree.Enabled():
		return m.keys.StepTree
	case m.laddered() && m.width < 100:
		return bind("N", "tree", "N")
	case m.laddered() && m.width < 160:
		return bind("N", what, "N")
	}
	if next, busy := turnOf(m.truth(), m.stepped); next != nil {
		_, name := heldWords(next)
		what = next.Title() + "/" + name
	} else if busy != nil {
		what = "waits for " + busy.Title()
	}
	return bind("N", what, "N")
}
