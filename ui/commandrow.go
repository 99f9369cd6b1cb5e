package ui

import (
	"strings"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// command is the one that a node belongs to; nil in a tree whose roots are no
// commands.
func command(n *tree.Node) *tree.Command {
	for n.Parent != nil {
		n = n.Parent
	}
	return n.Command
}

// idle says that nothing of a command has a process any more.
func idle(c *tree.Command) bool { return c != nil && (c.Node == nil || alive(c.Node) == 0) }

// tucked says that a node has no row by itself: an earlier run of a command, or
// one that was removed, of which nothing lives.
func tucked(n *tree.Node) bool {
	if n.Parent != nil || !n.Past && (n.Command == nil || n.Command.State != tree.CommandRemoved) {
		return false
	}
	return alive(n) == 0
}

// paintTitle writes a name with its group dimmed, then what the process calls
// itself if that is another.
func (m *Model) paintTitle(x, y, limit int, n *tree.Node, s canvas.Style) int {
	c, t, name := m.canvas, &m.theme, n.Title()
	if n.Command == nil || n.Parent != nil {
		return c.Text(x, y, name, s, limit)
	}
	used := 0
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		used = c.Text(x, y, name[:i+1], t.Label, limit)
		name = name[i+1:]
	}
	return used + c.Text(x+used, y, name, s, limit-used)
}

// paintCommand writes how a command stands into the w cells of its row, and says
// whether that is all there is to say.
func (m *Model) paintCommand(x, y, w int, n *tree.Node) bool {
	cmd := n.Command
	if cmd == nil || n.Parent != nil || n.Past {
		return false
	}
	c, t := m.canvas, &m.theme
	switch {
	case cmd.State == tree.CommandBackoff && !n.Alive():
		u := c.Text(x, y, "again ", fg(t.Signal.Base), w)
		m.brush.text = tree.AppendLeft(m.brush.text[:0], cmd.Since+cmd.Delay-m.now)
		c.BytesR(x+w, y, m.brush.text, fg(t.Signal.Base).With(canvas.Bold))
		return u > 0
	case n.State == tree.Unborn && cmd.State == tree.CommandFailed:
		c.Set(x, y, m.glyphs.No, fg(t.Fail.Base))
		c.Text(x+2, y, "failed", fg(t.Fail.Base), w-2)
		return true
	case n.State == tree.Unborn:
		c.Text(x, y, string(cmd.State), t.Words, w)
		return true
	case n.State == tree.Live && cmd.State == tree.CommandStarting:
		c.Text(x, y, "starting", fg(t.Signal.Tone.at(.8)), w)
		return true
	case n.State == tree.Live && cmd.State == tree.CommandReady:
		c.Set(x+w-1, y, m.glyphs.OK, fg(t.OK.Tone.at(.6)))
	}
	return false
}

// paintUnborn is the lane of a command that has no process yet.
func (m *Model) paintUnborn(x, y, w int, n *tree.Node) {
	text, s := m.unborn(n)
	m.canvas.Text(x, y, text, s, w)
}

// unborn is what a command without a process waits for, or why there will be none.
func (m *Model) unborn(n *tree.Node) (string, canvas.Style) {
	cmd, s := n.Command, m.theme.Words
	if cmd == nil {
		return "", s
	}
	text := string(cmd.State)
	switch cmd.State {
	case tree.CommandWaiting:
		text = "waits"
	case tree.CommandFailed:
		s = fg(m.theme.Fail.Tone.at(.8))
	}
	if cmd.Why != "" {
		text += ": " + cmd.Why
	}
	return text, s
}

// remark takes marks from what has no row any more: from an earlier run of a
// command to the present one. A mark that nobody sees would catch every signal.
func (m *Model) remark() {
	for id := range m.marked {
		n := m.truth().Node(id)
		if n == nil || !tucked(n) {
			continue
		}
		delete(m.marked, id)
		if n.Past && n.Command != nil && n.Command.Node != nil && !tucked(n.Command.Node) {
			m.marked[n.Command.Node.ID] = true
		}
	}
}

// succeed takes the cursor from an earlier run of a command, which has no row any
// more, to the present one.
func (m *Model) succeed() {
	n := m.tree.Node(m.wanted)
	if n == nil {
		return
	}
	for n.Parent != nil {
		n = n.Parent
	}
	if n.Past && n.Command != nil && n.Command.Node != nil && m.line(n.ID) < 0 && !m.filter.active() {
		m.wanted = n.Command.Node.ID
	}
}
