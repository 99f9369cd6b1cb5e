package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

const ptyStream = "pty"

// Bounds of what is kept of terminals. Tests lower them.
var (
	markEvery = 256 << 10 // bytes between two states that are kept
	mostMarks = 64        // of one terminal; then every other one is dropped
	atOnce    = 128 << 10 // bytes that are folded without a goroutine of their own
)

// terminal is that of one command: what it shows at the end of the tape, and at
// the playhead when that is elsewhere.
type terminal struct {
	root  string
	first int      // position of its first chunk on the tape
	live  *console // after the whole tape; nil in a recording
	marks []mark   // states on the way, oldest first
	since int      // bytes since the last one
	queue []int32  // positions of chunks that are not folded yet

	past    *console // after pastAt events
	pastAt  int
	loading bool
	back    int // lines scrolled up

	typed   []byte // for the program, while an answer of Input is on its way
	sending bool
	asked   [2]int // the size that was asked for
	resizes int    // tag of the newest wish to resize
}

// mark is a state of a terminal after some events.
type mark struct {
	at         int
	text       string
	cols, rows int
}

// rootOf is the id of the command's process that a node descends from.
func rootOf(id string) string {
	root, _, _ := strings.Cut(id, ".")
	return root
}

// unroll keeps terminals up to date with the end of the tape: the event at a
// position was added. In a recording it only learns that there is a terminal.
func (m *Model) unroll(at int, e *tree.Event) {
	if e.Kind != "out" {
		return
	}
	if e.Stream != ptyStream {
		if m.live() {
			m.printed += cost(e)
		}
		return
	}
	root := rootOf(e.Node)
	t := m.terminals[root]
	if t == nil {
		t = &terminal{root: root, first: at}
		if m.terminals == nil {
			m.terminals = map[string]*terminal{}
		}
		m.terminals[root] = t
	}
	if !m.live() {
		return
	}
	m.ptyBytes += cost(e)
	t.queue = append(t.queue, int32(at))
}

// welcome shows the terminal of a program that was started alone, for that is
// what was asked for.
func (m *Model) welcome() {
	if m.live() && m.focus == paneTree && len(m.terminals) == 1 && len(m.truth().Roots) == 1 {
		m.low, m.tab, m.dirty = paneOutput, paneOutput, true
	}
}

func (m *Model) blankConsole() *console {
	return newConsole(consoleCols, consoleRows, m.theme.Text, m.theme.Back)
}

// take is one chunk: a size that holds from there on, or what was written.
func (c *console) take(e *tree.Event) {
	if e.Scope != "" {
		c.size(e.Scope)
	}
	c.feed(e.Text)
}

// mark keeps a state; when there are too many, every other one goes.
func (t *terminal) mark(k mark) {
	if len(t.marks) >= mostMarks {
		n := 0
		for i := 1; i < len(t.marks); i += 2 {
			t.marks[n] = t.marks[i]
			n++
		}
		t.marks = t.marks[:n]
	}
	t.marks = append(t.marks, k)
}

// nearest is the newest state that was reached at or before a number of events.
func (t *terminal) nearest(at int) mark {
	best := mark{at: t.first, cols: consoleCols, rows: consoleRows}
	for _, k := range t.marks {
		if k.at <= at {
			best = k
		}
	}
	return best
}

// pictured is what the terminal shows now, wherever the playhead stands; nil while
// that has to be found out.
func (m *Model) pictured(t *terminal) *console {
	switch {
	case t == nil:
		return nil
	case t.live != nil && m.at == m.tape.Len():
		return t.live
	}
	return t.past
}

// pursue brings the past of a terminal to the playhead, if that is near.
func (m *Model) pursue(t *terminal) {
	if m.pictured(t) == t.live && t.live != nil || t.loading || t.past != nil && t.pastAt == m.at {
		return
	}
	from, c := t.nearest(m.at), t.past
	if c != nil && t.pastAt <= m.at && t.pastAt >= from.at {
		from = mark{at: t.pastAt}
	} else {
		c = nil
	}
	size, chunks := 0, m.index.chunks(t.root, from.at, m.at)
	for _, i := range chunks {
		if size += len(m.event(int(i)).Text); size > atOnce {
			m.far = t
			return
		}
	}
	if c == nil {
		c = m.revive(from)
	}
	for _, i := range chunks {
		c.take(m.event(int(i)))
	}
	c.replies = nil // they were given when it happened
	t.past, t.pastAt, t.back = c, m.at, 0
	m.dirty = true
}

func (m *Model) revive(k mark) *console {
	c := m.blankConsole()
	c.resize(k.cols, k.rows)
	c.feed(k.text)
	return c
}

// pastMsg is a terminal as it was after some events.
type pastMsg struct {
	root  string
	at    int
	epoch int
	past  *console
	marks []mark
}

// fetchPast folds what lies between the nearest state and the playhead, away from
// the loop. It reads a part of the tape that nobody writes to any more.
func (m *Model) fetchPast(t *terminal) tea.Cmd {
	from, to, root, epoch := t.nearest(m.at), m.at, t.root, m.epoch
	reel, chunks, c := m.tape.Snapshot(), m.index.chunks(root, from.at, to), m.blankConsole()
	t.loading = true
	return func() tea.Msg {
		c.resize(from.cols, from.rows)
		c.feed(from.text)
		msg := pastMsg{root: root, at: to, epoch: epoch, past: c}
		size := 0
		var e tree.Event
		for _, i := range chunks {
			reel.Event(int(i), &e)
			c.take(&e)
			c.replies = nil
			if size += len(e.Text); size >= markEvery {
				size = 0
				msg.marks = append(msg.marks, mark{int(i) + 1, c.state(), c.cols, c.rows})
			}
		}
		return msg
	}
}

func (m *Model) onPast(msg pastMsg) {
	t := m.terminals[msg.root]
	if t == nil {
		return
	}
	t.loading = false
	if msg.epoch != m.epoch {
		return // the tape was shortened meanwhile: the positions are others
	}
	t.past, t.pastAt, t.back, m.dirty = msg.past, msg.at, 0, true
	for _, k := range msg.marks {
		if n := len(t.marks); n == 0 || t.marks[n-1].at < k.at {
			t.mark(k)
		}
	}
}
