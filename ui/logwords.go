package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// logLine is one line of the log in its parts, so that making it costs nothing.
type logLine struct {
	glyph            rune
	color            canvas.Color
	text, more, rest string
	elapsed          time.Duration // 0: not shown
	number           int           // -1: not shown
	bad              bool
}

func (m *Model) logWords(n *tree.Node, e *tree.Event) logLine {
	g, t := &m.glyphs, &m.theme
	l := logLine{glyph: g.Note, color: t.Muted, text: string(e.Kind), number: -1}
	switch e.Kind {
	case "signal":
		l.glyph, l.color, l.text = g.Bolt, t.Signal.Base, e.Sig
		l.more, l.rest = m.sender(e.Sender)
		m.logRepeat(&l, e)
	case "deliver":
		l.glyph, l.color = g.Bolt, t.Signal.Tone.at(.6)
		l.text, l.more = "its run begins: ", e.Sig
		switch {
		case e.Sig != "":
		case e.Err != "":
			l.text, l.more, l.rest = "its run begins with a panic", ": ", e.Err
		case e.Text != "":
			l.more = e.Text
		default:
			l.text = "its run begins"
		}
		m.logRepeat(&l, e)
	case "exit":
		m.logExit(&l, n, e)
	case "begin", "end", "skip", "register", "unregister", "hold", "wait", "fault":
		m.logHandler(&l, n, e)
	case "stop", "cont", "orphan", "spawn", "exec", "hello", "release", "leave", "eof":
		l.text = logWord(string(e.Kind))
	case "asleep":
		m.logAsleep(&l, e)
	case "disposition":
		l.text, l.more, l.rest = e.Sig, ": ", e.Text
	case "command":
		m.logCommand(&l, n, e)
	case "rung":
		m.logRung(&l, e)
	case "order", "revoke":
		m.logOrder(&l, e)
	case "title":
		l.text, l.rest = "calls itself ", e.Name
	case "note", "out":
		l.text = e.Text
	}
	return l
}

// logWord is what an event without anything more to it is called.
func logWord(kind string) string {
	switch kind {
	case "stop":
		return "stopped"
	case "cont":
		return "continued"
	case "orphan":
		return "orphan: its parent is gone"
	case "spawn":
		return "born"
	case "exec":
		return "became another program"
	case "hello":
		return "reports its handlers"
	case "release":
		return "let go"
	case "leave":
		return "all its handlers had their turn"
	case "eof":
		return "end of the recording"
	}
	return kind
}

// logAsleep: what a process waits for in the kernel.
func (m *Model) logAsleep(l *logLine, e *tree.Event) {
	l.glyph, l.color = m.glyphs.Stuck, m.theme.Signal.Base
	if on := m.tree.Node(e.From); on != nil {
		l.more = on.Title()
	}
	switch e.Text {
	case "child":
		l.text = "waits for its child "
	case "pipe":
		l.text = "reads from a pipe of "
	case "full pipe":
		l.text = "writes to a full pipe of "
	case "disk":
		l.text, l.more = "is in an uninterruptible sleep ", e.Err
	case "":
		l.text = "waits for nothing that can be seen"
	default:
		l.text, l.more = "waits for a ", e.Text
	}
	if l.more == "" && (e.Text == "pipe" || e.Text == "full pipe") {
		l.more = "somebody else"
	}
}

// sender is " from worker-1", in two parts.
func (m *Model) sender(id string) (string, string) {
	switch n := m.tree.Node(id); {
	case id == "" || id == "multiexit":
		return "", ""
	case n != nil:
		return " from ", n.Title()
	}
	return " from ", id
}

func (m *Model) logExit(l *logLine, n *tree.Node, e *tree.Event) {
	t := &m.theme
	l.glyph, l.color = m.glyphs.Gone, t.Subtle
	if n != nil && n.Sabotaged() {
		l.glyph, l.color = m.glyphs.Flag, t.Signal.Base
	} else if n != nil && failed(n) {
		l.glyph, l.color, l.bad = m.glyphs.Failed, t.Fail.Base, true
	}
	switch {
	case e.Sig != "":
		l.text, l.more = "ended by ", e.Sig
		if e.Core {
			l.rest = ", core dumped"
		}
	case e.Code != nil:
		l.text, l.number = "exit", *e.Code
	default:
		l.text = "exit, status not seen"
	}
}

func (m *Model) logHandler(l *logLine, n *tree.Node, e *tree.Event) {
	g, t := &m.glyphs, &m.theme
	h := handlerOf(n, e.ID)
	name, hue := e.Handler, &t.Local
	if h != nil {
		name, hue = h.Name, m.hue(h)
	}
	l.text = name
	switch e.Kind {
	case "begin":
		l.glyph, l.color = g.Begin, hue.Base
	case "end":
		l.glyph, l.color, l.elapsed = g.OK, t.OK.Base, e.Elapsed
		switch {
		case e.Err == "":
		case h.Injected():
			l.glyph, l.color = g.Flag, t.Signal.Base
			l.more, l.rest = ": injected: ", e.Err
		default:
			l.glyph, l.color, l.bad = g.No, t.Fail.Base, true
			l.more, l.rest = ": ", e.Err
		}
	case "skip":
		l.glyph, l.more, l.rest = g.Skip, " skipped: ", e.Text
		if h.Injected() {
			l.glyph, l.color, l.more, l.rest = g.Flag, t.Signal.Base, " skipped (injected)", ""
		}
	case "fault":
		if e.ID == "" {
			l.glyph, l.color, l.text, l.more = g.Flag, t.Signal.Base, "injected: ", e.Text
			return
		}
		l.glyph, l.color, l.more, l.rest, l.elapsed = g.Flag, t.Signal.Base, ": injected ", e.Text, e.Timeout
		if e.Code != nil {
			l.number = *e.Code
		}
	case "register":
		l.text, l.more = "registers ", name
	case "unregister":
		l.text, l.more = "takes back ", name
	case "hold":
		m.logHold(l, e, name)
	case "wait":
		l.more, l.rest = " waits for ", e.Text
		if on := m.tree.Node(e.Text); on != nil {
			l.rest = on.Title()
		}
	}
}

// logHold: where a process is held, and by which breakpoint.
func (m *Model) logHold(l *logLine, e *tree.Event, name string) {
	l.glyph, l.color = m.glyphs.Held, m.theme.Signal.Base
	switch {
	case e.ID != "":
		l.text, l.more = "HELD before ", name
	case e.Sig != "" && e.Text == "stopped before "+e.Sig: // it reports nothing; see tree.Hold
		l.text, l.more = "HELD before ", e.Sig
		return
	case e.Sig != "":
		l.text, l.more = "HELD at ", e.Sig
	default:
		l.text, l.more = "HELD before its exit", ""
	}
	if e.Text == "" {
		return
	}
	l.glyph = m.glyphs.Halt // a breakpoint
	if e.ID != "" && e.Text != name {
		l.rest = ": " + e.Text
	}
}

// logOrder: what was ordered, to whom.
func (m *Model) logOrder(l *logLine, e *tree.Event) {
	g, o := &m.glyphs, tree.OrderOf(e)
	l.color, l.text = m.theme.Signal.Base, ""
	switch {
	case o.Fault():
		l.glyph, l.text = g.Flag, "fault: "
	case o.Break():
		l.glyph = g.Halt
	case o.Word == "hold":
		l.glyph = g.Held
	}
	l.more = orderWhat(o)
	if e.Kind == "revoke" {
		l.color, l.text = m.theme.Muted, "no more: "
	}
}

// handlerOf finds the newest handler of an id: after an exec ids begin again.
func handlerOf(n *tree.Node, id string) *tree.Handler {
	if n == nil {
		return nil
	}
	for i := len(n.Handlers()) - 1; i >= 0; i-- {
		if h := n.Handlers()[i]; h.ID == id {
			return h
		}
	}
	return nil
}

// logRepeat flags a signal that the process had got before.
func (m *Model) logRepeat(l *logLine, e *tree.Event) {
	if m.repeats[repeatOf(e)] {
		l.text, l.bad, l.color = e.Sig+" again", true, m.theme.Fail.Base
	}
}

// logCommand is a new state of a command. Its name is not said again where the
// line begins with it.
func (m *Model) logCommand(l *logLine, n *tree.Node, e *tree.Event) {
	g, t := &m.glyphs, &m.theme
	state := e.Text
	switch tree.CommandState(e.Text) {
	case tree.CommandWaiting:
		state = "waits"
	case tree.CommandStarting:
		l.glyph, l.color, state = g.Begin, t.Local.Base, "starts"
	case tree.CommandReady:
		l.glyph, l.color = g.OK, t.OK.Base
	case tree.CommandBackoff:
		l.glyph, l.color, state = g.Begin, t.Signal.Base, "again in "+tree.Took(e.Timeout)
	case tree.CommandFailed:
		l.glyph, l.color, l.bad = g.No, t.Fail.Base, true
	}
	l.text = state
	if n == nil || n.Title() != e.Name {
		l.text = e.Name + " " + state
	}
	if e.Err != "" {
		l.more, l.rest = ": ", e.Err
	}
}

// logRung is a step of a ladder. Of an event the words are fixed; what is left
// until the next step is in the footer.
func (m *Model) logRung(l *logLine, e *tree.Event) {
	g, t := &m.glyphs, &m.theme
	l.glyph, l.color, l.text = g.Bolt, t.Signal.Base, "stop: "
	switch e.Text {
	case "stop":
		if l.more = e.Sig; e.Sig == "" {
			l.more = "each command in its turn"
		}
	case "cont":
		l.more = "SIGCONT to what is stopped"
	case "all":
		l.more, l.rest = e.Sig, " to those that had none"
	case "dump":
		l.more, l.rest = e.Sig, " for a stack dump"
	case "kill":
		l.color, l.more = t.Fail.Base, "SIGKILL to what is left"
	case "extend":
		l.glyph, l.more = g.Note, "more time, next step in"
		l.elapsed = e.Timeout
	case "freeze":
		l.glyph, l.more = g.Held, "its time stands while somebody is held"
	case "thaw":
		l.glyph, l.more = g.Note, "its time goes on, next step in"
		l.elapsed = e.Timeout
	case "done":
		l.glyph, l.color, l.more = g.OK, t.OK.Base, "all are gone"
	default:
		l.more = e.Text
	}
}
