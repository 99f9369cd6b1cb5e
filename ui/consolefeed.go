package ui

import (
	"fmt"
	"io"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// digestMost is how many bytes are folded into terminals between two messages:
// keys never wait longer for a program that floods its terminal.
const digestMost = 32 << 10

// digestMsg goes on with what is left.
type digestMsg struct{}

// digest folds what was written to terminals since the last time.
func (m *Model) digest() {
	room := digestMost
	for _, t := range m.terminals {
		n := m.passed(t)
		for n < len(t.queue) && room > 0 {
			at := int(t.queue[n])
			room -= cost(m.event(at))
			m.fold(t, at)
			n++
		}
		if n > 0 {
			t.queue = append(t.queue[:0], t.queue[n:]...)
			m.dirty = true
		}
		m.retire(t)
	}
}

// passed is how many of the waiting chunks need not be written out: of plain
// lines only, and followed by as many as the screen and what is kept of it hold.
// Their colours are taken in, for the last of them may hold on.
func (m *Model) passed(t *terminal) int {
	c := t.live
	if c == nil || len(t.queue) < 32 || c.low != 0 && (c.top != 0 || c.low != c.rows) {
		return 0
	}
	n, lines := len(t.queue), 0
	for n > 0 && lines <= c.rows+scrollback {
		n--
		e := m.event(int(t.queue[n]))
		if e.Scope != "" || !simple(e.Text) {
			return 0
		}
		lines += strings.Count(e.Text, "\n")
	}
	for i := range n {
		if e := m.event(int(t.queue[i])); e.Scope != "" || !simple(e.Text) {
			return 0
		}
	}
	for _, at := range t.queue[:n] {
		e := m.event(int(at))
		for s := e.Text; ; {
			i := strings.IndexByte(s, '\x1b')
			if i < 0 {
				break
			}
			end := i + strings.IndexByte(s[i:], 'm') + 1
			io.WriteString(c.em, s[i:end])
			s = s[end:]
		}
		t.since += cost(e)
	}
	return n
}

// digestMore asks for another turn when something is left.
func (m *Model) digestMore() tea.Cmd {
	for _, t := range m.terminals {
		if len(t.queue) > 0 {
			return func() tea.Msg { return digestMsg{} }
		}
	}
	return nil
}

// fold takes the chunk at a position into the terminal as it is now.
func (m *Model) fold(t *terminal, at int) {
	if t.live == nil {
		t.live = m.revive(t.nearest(at))
		m.welcome()
	}
	e, before := m.event(at), t.live.em.ScrollbackLen()
	t.live.take(e)
	if t.back > 0 { // who reads back is not moved by what comes
		t.back = min(t.back+max(0, t.live.em.ScrollbackLen()-before), t.live.em.ScrollbackLen())
	}
	if t.since += cost(e); t.since >= markEvery {
		t.since = 0
		t.mark(mark{at + 1, t.live.state(), t.live.cols, t.live.rows})
	}
}

// feed takes in what was written to the terminal. An emulation that panics
// begins again, empty: no program may end the screen by what it prints.
func (c *console) feed(text string) {
	defer func() {
		if recover() != nil {
			c.broken++
			c.reset()
		}
	}()
	if strings.Count(text, "\n") < 2 || !simple(text) {
		io.WriteString(c.em, text)
		return
	}
	c.feedLines(text)
}

// feedLines writes lines that only follow each other. The emulator moves every
// cell of the screen for each line that is written at its end; scrolling for many
// lines at once and going back up before they are written comes out the same.
func (c *console) feedLines(text string) {
	first := strings.IndexByte(text, '\n') + 1 // what a chunk before has begun ends here
	io.WriteString(c.em, text[:first])
	for text = text[first:]; text != ""; {
		end, lines := 0, 0
		for lines < c.rows-1 && end < len(text) {
			i := strings.IndexByte(text[end:], '\n')
			if i < 0 {
				end = len(text)
				break
			}
			end, lines = end+i+1, lines+1
		}
		if lines > 1 && c.atEnd() {
			fmt.Fprintf(c.em, "\x1b[%dS\x1b[%dA", lines, lines)
		}
		io.WriteString(c.em, text[:end])
		text = text[end:]
	}
}

// atEnd says that the next line scrolls the whole screen.
func (c *console) atEnd() bool {
	whole := c.low == 0 || c.top == 0 && c.low == c.rows
	return whole && c.pen.Bg == nil && c.em.CursorPosition().Y == c.rows-1
}

// simple says that a text has nothing in it but characters, line ends and whole
// colours.
func simple(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n' || c == '\r' || c == '\t':
		case c == '\x1b':
			i++
			if i >= len(s) || s[i] != '[' {
				return false
			}
			for i++; i < len(s) && (s[i] >= '0' && s[i] <= ';'); i++ {
			}
			if i >= len(s) || s[i] != 'm' {
				return false
			}
		case c < ' ' || c == 0x7f || c == 0xc2: // C1 begins with 0xc2
			return false
		}
	}
	return true
}
