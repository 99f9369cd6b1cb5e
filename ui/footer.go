package ui

import (
	"strconv"
	"strings"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// paintFooter: what the screen does now as a badge; then the filter, a notice,
// or where the playhead stands and the keys.
func (m *Model) paintFooter() {
	y := m.brush.geo.footer
	least := 1 + m.paintBadge(1, y) + 2
	x := least + m.paintPace(least-1, y)
	if m.filter.editing || m.filter.text != "" {
		x = m.paintFilter(x, y)
	}
	switch {
	case m.goTo.editing:
		m.paintGoTo(x, y)
		return
	case m.quest.do != nil:
		m.paintQuest(x, y)
		return
	}
	if m.notice != "" {
		if m.filter.editing {
			least = x
		}
		m.paintNotice(x, y, least)
		return
	}
	switch {
	case m.filter.editing:
	case !m.play.level:
		x = m.paintPlayhead(x, y)
	default:
		x = m.paintLadder(x, y)
	}
	m.paintHints(x, y)
}

// paintSaid writes what the screen has to say, until the next key. What is too long
// for the footer begins in the row above it.
func (m *Model) paintSaid(x, y int, text string, s canvas.Style) {
	w := m.width - 2 - x
	if cut := wrap(text, w); cut < len(text) && y > 1 {
		m.canvas.Fill(0, y-1, m.width, 1, ' ', canvas.Style{})
		m.canvas.Text(x, y-1, text[:cut], s, w)
		text = strings.TrimLeft(text[cut:], " ")
	}
	m.canvas.Text(x, y, text, s, w)
}

func (m *Model) paintBadge(x, y int) int {
	t := &m.theme
	word, color := "", t.OK.Base
	switch m.mode() {
	case modeLive:
		word = "LIVE"
	case modeExiting:
		word, color = "EXITING", t.Signal.Base
	case modeStopping:
		word, color = "STOPPING", t.Signal.Base
	case modeEnded:
		word, color = "ENDED", t.Subtle
	case modeFilter:
		word, color = "FILTER", t.Local.Base
	case modeTyping:
		word, color = "TERMINAL", t.Local.Base
	case modeHeld:
		word, color = "HELD", t.Signal.Base
	case modeGoTo:
		word, color = "GO TO", t.Local.Base
	case modePaused:
		word, color = "PAUSED", t.Shared.Base
	case modeReplay:
		word, color = "REPLAY", t.Local.Base
	case modeSpeed:
		color = t.Shared.Base
	}
	b := append(m.brush.text[:0], ' ')
	if word == "" {
		b = append(b, "×"...)
		b = strconv.AppendFloat(b, m.play.factor(), 'g', 3, 64)
	} else {
		b = append(b, word...)
	}
	if n := m.tree.Counts.Held; word == "HELD" && n > 0 {
		b = appendCount(append(b, ' '), n)
	}
	m.brush.text = append(b, ' ')
	return m.canvas.Bytes(x, y, m.brush.text, m.filled(color), 14)
}

// filled is the style of a badge.
func (m *Model) filled(color canvas.Color) canvas.Style {
	if m.theme.Flat {
		return canvas.Style{FG: color, A: canvas.Bold | canvas.Reverse}
	}
	return canvas.Style{FG: m.theme.Back, BG: color, A: canvas.Bold}
}

// paintPace is the badge of the slow motion that is in the processes themselves;
// that of the picture alone is the other badge.
func (m *Model) paintPace(x, y int) int {
	d := paceOf(m.tree)
	if d == 0 {
		return 0
	}
	m.brush.text = append(tree.AppendTook(append(m.brush.text[:0], " pace "...), d), ' ')
	return 1 + m.canvas.Bytes(x, y, m.brush.text, m.filled(m.theme.Signal.Base), 14)
}

func (m *Model) paintFilter(x, y int) int {
	c, t := m.canvas, &m.theme
	x += c.Text(x, y, "/", t.Strong, 1)
	x += c.Text(x, y, m.filter.text, t.Normal, 40)
	if m.filter.editing {
		c.Set(x, y, m.glyphs.Caret, fg(t.Focus))
		x++
	}
	b := appendCount(m.brush.text[:0], m.filter.hits)
	b = append(b, " of "...)
	m.brush.text = appendCount(b, m.tree.Counts.Total())
	return x + 2 + c.Bytes(x+2, y, m.brush.text, t.Label, 24) + 3
}

// paintPlayhead is the thin line of a replay: how far, of how long, and how many
// events lie ahead.
func (m *Model) paintPlayhead(x, y int) int {
	c, t, g := m.canvas, &m.theme, &m.glyphs
	length := m.tape.Duration()
	w := 10
	if m.width >= 100 {
		w = 24
	}
	done := w
	if length > 0 {
		done = max(0, min(w, int(float64(m.now)/float64(length)*float64(w)+.5)))
	}
	c.HLine(x, y, w, g.Line, fg(t.Faint))
	c.HLine(x, y, done, g.Thick, fg(t.Local.Base))
	x += w + 1
	b := appendPlace(m.brush.text[:0], min(m.now, max(length, 0)), length)
	n, _ := m.behind()
	behind, narrow := n > 0 && m.live(), m.width < 100
	if !behind || !narrow { // keys matter more than how long it is
		b = append(b, " / "...)
		if length < longTape {
			b = appendPlace(b, length, length)
		} else {
			b = tree.AppendTook(b, length)
		}
	}
	if behind {
		b = appendCount(append(b, " · "...), n)
		if !narrow {
			b = append(b, " events"...)
		}
		b = append(b, " behind"...)
	}
	m.brush.text = b
	return x + c.Bytes(x, y, b, t.Calm, m.width-2-x) + 3
}
