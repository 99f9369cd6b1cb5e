package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree/tape"
)

// The log has a cursor once it was moved there: picked is the line it is on, as an
// index of all lines, plus one; 0 is none. While there is one, what comes moves
// nothing.

// logRows is how many lines of the log fit.
func (m *Model) logRows() int {
	g := m.geometry()
	if g.tier == tierSmall {
		return max(1, g.stack.h-2)
	}
	return max(1, g.log.h-2)
}

// moveLog moves the cursor of the log by n lines. Below the last one the log
// follows again.
func (m *Model) moveLog(n int) {
	lines := m.logged()
	if lines == 0 {
		return
	}
	at := m.picked - 1
	if at < 0 {
		if n >= 0 && m.back == 0 {
			return
		}
		at = max(0, lines-1-m.back)
		if n < 0 {
			n++ // the first step only shows it
		}
	}
	if at+n >= lines && n > 0 {
		m.picked, m.back = 0, 0
		return
	}
	at = max(0, min(at+n, lines-1))
	m.picked = at + 1
	m.back = min(m.back, lines-1-at)
	m.back = max(m.back, lines-at-m.logRows())
}

// goLog goes to the moment of the line under the cursor; without one, to that of
// the lowest that is shown.
func (m *Model) goLog() tea.Cmd {
	lines := m.logged()
	at := m.picked - 1
	if at < 0 {
		at = lines - 1 - m.back
	}
	if at < 0 || at >= lines {
		return nil
	}
	m.zoom = false // or it would hide what was to be seen
	m.goToEvent(int(m.index.log[at]))
	m.picked, m.back = at+1, 0
	return nil
}

// clickLog puts the cursor on a line; once more, it goes to its moment.
func (m *Model) clickLog(y int) tea.Cmd {
	g := m.geometry()
	r := g.log
	if g.tier <= tierSmall {
		r = g.stack
	}
	lines := m.logged()
	end := max(1, lines-m.back)
	at := max(0, end-m.logRows()) + y - r.y - 1
	if y <= r.y || y >= r.y+r.h-1 || at >= end || at >= lines {
		return nil
	}
	if m.picked == at+1 {
		return m.goLog()
	}
	m.picked = at + 1
	return nil
}

// goLine goes to the moment of the selected line of output.
func (m *Model) goLine() tea.Cmd {
	o := &m.output
	if o.cur >= len(o.lines) {
		return nil
	}
	m.zoom = false
	m.goToEvent(m.positionOf(&o.lines[o.cur]))
	return nil
}

// positionOf is where a line is on the tape; of one that is not there any more, the
// last event before it.
func (m *Model) positionOf(l *tape.Line) int {
	if m.opts.Lines == nil {
		return int(l.Seq) - 1
	}
	lo, hi := 0, m.tape.Len()
	for lo < hi {
		if mid := (lo + hi) / 2; m.numberAt(mid) <= l.Seq {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return max(0, lo-1)
}

// jumpThere goes to the moment of the line under the cursor of a pane that has lines.
func (m *Model) jumpThere() tea.Cmd {
	switch {
	case m.focus == paneLog:
		return m.goLog()
	case m.focus == paneOutput && m.terminal() == nil:
		return m.goLine()
	case m.focus == paneWhy && m.whyVisible():
		return m.goWhy()
	}
	m.notice = "J needs a line of the log (3), the output (4) or the analysis (5)"
	return nil
}

// logHints are the keys of the footer while the log has the focus.
func (m *Model) logHints(dst []key.Binding) []key.Binding {
	k := &m.keys
	if !m.play.level && m.live() {
		dst = append(appendUsable(dst, k.End), m.pauseHint())
	}
	dst = append(appendUsable(dst, k.Up), goThere)
	dst = appendUsable(dst, k.LogLevel, k.GoTo)
	if m.play.level || !m.live() {
		dst = append(dst, m.pauseHint())
	}
	dst = append(appendUsable(dst, k.StepBack), m.zoomHint())
	return appendUsable(dst, k.NextPane, k.Escape, k.Help, k.Quit)
}
