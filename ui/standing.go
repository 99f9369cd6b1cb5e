package ui

import (
	"multiexit/tree"
	"multiexit/ui/canvas"
)

// disposition is what SIGTERM would do to a process: from its signal masks, and
// from its registry when it has one. It ignores what it was made deaf to.
func disposition(n *tree.Node) tree.Disposition {
	d := n.Term
	if n.Reports && (d == tree.Unknown || d == tree.Default) {
		d = tree.Caught
	}
	if d == tree.Caught && deafened(n) {
		return tree.Ignored
	}
	return d
}

// deafened says that a fault makes nothing of SIGTERM, or has made nothing of it.
func deafened(n *tree.Node) bool {
	return n.Deafened("SIGTERM") || n.State == tree.Stuck && n.Reports && n.Disposition("SIGTERM") == tree.Ignored && n.Term != tree.Ignored
}

// injectedHere marks in words what is a fault that was put in.
func injectedHere(n *tree.Node) string {
	if deafened(n) {
		return " (injected)"
	}
	return ""
}

// mark is the glyph and the colour of a process's state.
func (m *Model) mark(n *tree.Node, at int) (rune, canvas.Color) {
	g, t := &m.glyphs, &m.theme
	if waits(n) {
		return g.Held, t.Signal.Hi
	}
	switch n.State {
	case tree.Exiting:
		if n.Running() == nil {
			return g.Exiting, t.Signal.Base
		}
		return g.Exiting, m.hue(n.Running()).Glow.at(m.breath(float64(at) * .35))
	case tree.Stuck:
		return g.Stuck, t.Signal.Base
	case tree.Exited:
		return g.Gone, t.Gone
	case tree.Failed:
		if n.Sabotaged() {
			return g.Flag, t.Signal.Base
		}
		return g.Failed, t.Fail.Base
	case tree.Unborn:
		return g.Unborn, t.Subtle
	}
	return g.Live, t.OK.Tone.at(.8)
}

// paintStanding writes the state of a process into w cells: what SIGTERM would
// do, how far it is, or how it ended.
func (m *Model) paintStanding(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	if waits(n) {
		m.paintHeldStanding(x, y, w, n)
		return
	}
	if m.paintCommand(x, y, w, n) {
		return
	}
	switch n.State {
	case tree.Live:
		m.paintDisposition(x, y, w, n)
	case tree.Stuck:
		why := m.whyStuck(n)
		if w >= 12 && !n.Stopped {
			x += c.Text(x, y, "TERM ", fg(t.Signal.Base), w)
		}
		u := c.Text(x, y, why, fg(t.Signal.Base), w)
		m.paintRungIn(x+u, y, w-u, n)
	case tree.Exiting:
		m.paintProgress(x, y, w, n)
	default:
		m.paintEnd(x, y, w, n)
	}
}

func (m *Model) paintDisposition(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	d := disposition(n)
	s := t.Label
	switch {
	case n.Stopped:
		c.Text(x, y, "stopped", fg(t.Signal.Tone.at(.7)), w)
		return
	case d == tree.Default:
		s.A |= canvas.Italic
	case d == tree.Ignored:
		s = fg(t.Signal.Tone.at(.7))
	case d == tree.Blocked:
		s = fg(t.Fail.Tone.at(.75))
	}
	c.Text(x, y, string(d), s, w)
}

// paintProgress: which handler of how many, in the hue of the running one, and
// the time since the signal.
func (m *Model) paintProgress(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	if !n.Began && n.SigName == "" { // who waits will have told it to end, unseen
		c.Text(x, y, "awaited", t.Calm, w)
		return
	}
	if !n.Began {
		c.Text(x, y, "signalled", fg(t.Signal.Base), w)
		return
	}
	s := fg(t.Subtle).With(canvas.Bold)
	if n.Running() != nil {
		s.FG = m.hue(n.Running()).Base
	}
	since := n.Delivered
	if n.SigName != "" {
		since = n.Signalled
	}
	m.brush.text = appendProgress(m.brush.text[:0], n)
	u := c.Bytes(x, y, m.brush.text, s, w)
	m.brush.text = tree.AppendTook(m.brush.text[:0], m.now-since)
	if d := canvas.BytesWidth(m.brush.text); u+1+d <= w {
		c.BytesR(x+w, y, m.brush.text, t.Calm)
	}
}

// appendProgress: "2/7", how many of its handlers have begun.
func appendProgress(b []byte, n *tree.Node) []byte {
	b = append(appendCount(b, len(n.Ran())), '/')
	return appendCount(b, len(n.Ran())+n.Pending())
}

// paintHeldStanding is the state of a process that waits for the user.
func (m *Model) paintHeldStanding(x, y, w int, n *tree.Node) {
	m.canvas.Text(x, y, "HELD", fg(m.theme.Signal.Base).With(canvas.Bold), w)
	if n.Pending()+len(n.Ran()) > 0 {
		m.brush.text = appendProgress(m.brush.text[:0], n)
		m.canvas.BytesR(x+w, y, m.brush.text, m.theme.Calm)
	}
}

// paintEnd: a mark and the time it took, or the words for another end.
func (m *Model) paintEnd(x, y, w int, n *tree.Node) {
	c, t := m.canvas, &m.theme
	u := 0
	switch {
	case n.Unseen:
		u = c.Text(x, y, "gone", t.Label, w)
	case n.State == tree.Exited && n.EndSig != "" && !n.Left:
		c.Text(x, y, wordOf(n.EndSig), t.Label, w)
		return
	case n.State == tree.Exited && (n.EndSig != "" || w < 12 && n.Code == 0 && n.SigName != ""):
		c.Set(x, y, m.glyphs.OK, fg(t.OK.Tone.at(.6)))
		u = 1
	case n.State == tree.Exited:
		u = c.Text(x, y, "exit ", t.Label, w)
		u += m.count(x+u, y, n.Code, t.Label)
	default:
		u = m.paintBadEnd(x, y, w, n)
	}
	if n.SigName == "" || n.Gone < n.Signalled {
		return
	}
	m.brush.text = tree.AppendTook(m.brush.text[:0], n.Gone-n.Signalled)
	if u+1+canvas.BytesWidth(m.brush.text) <= w {
		c.BytesR(x+w, y, m.brush.text, t.Label)
	}
}

// paintBadEnd is how a process ended that did not as it should, or that was made
// not to.
func (m *Model) paintBadEnd(x, y, w int, n *tree.Node) int {
	c, s, glyph := m.canvas, fg(m.theme.Fail.Base), m.glyphs.No
	if n.Sabotaged() {
		s, glyph = fg(m.theme.Signal.Base), m.glyphs.Flag
	}
	c.Set(x, y, glyph, s)
	switch {
	case n.EndSig != "" && n.Left && wrong(n) > 0:
		return 2 + m.count(x+2, y, wrong(n), s)
	case n.EndSig != "":
		return 2 + c.Text(x+2, y, n.EndSig, s, w-2)
	}
	u := 2 + c.Text(x+2, y, "exit ", s, w-2) // a number alone would be one of handlers
	return u + m.count(x+u, y, n.Code, s)
}

// wordOf is the word for an end by a signal that asks for one.
func wordOf(sig string) string {
	if sig == "SIGTERM" {
		return "terminated"
	}
	return sig
}

// whyStuck is why a signalled process does not exit.
func (m *Model) whyStuck(n *tree.Node) string {
	if n.Stopped {
		return "stopped"
	}
	return string(disposition(n))
}
