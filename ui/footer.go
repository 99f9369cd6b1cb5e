package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"

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
	m.brush.text = append(appendDuration(append(m.brush.text[:0], " pace "...), d), ' ')
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
			b = appendDuration(b, length)
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

// paintHints writes as many of the keys as fit, made from the key map. The last
// two, help and quit, always do if anything does.
func (m *Model) paintHints(x, y int) {
	m.brush.hints = m.appendHints(m.brush.hints[:0])
	hints := m.brush.hints
	last := max(0, len(hints)-2)
	end := m.width - 2
	for _, h := range hints[last:] {
		end -= m.hintWidth(h) + 2
	}
	for i, h := range hints {
		if i == last {
			end = m.width - 2
		}
		if x+m.hintWidth(h) <= end {
			x += m.paintHint(x, y, h) + 2
		}
	}
}

// What the keys that stop the picture and give a pane the whole screen do now, for
// the footer. They are made once: a frame allocates nothing.
var (
	pauseHints = [2][4]key.Binding{pauses("Z"), pauses("space")}
	zoomHints  = [2]key.Binding{bind("z", "zoom the pane", "z"), bind("z", "all panes", "z")}
)

func pauses(name string) (all [4]key.Binding) {
	for i, what := range [...]string{"pause the picture", "pause", "go on", "play again"} {
		all[i] = bind(name, what, name)
	}
	return all
}

func (m *Model) pauseHint() key.Binding {
	all := &pauseHints[0]
	if !m.live() {
		all = &pauseHints[1]
	}
	switch {
	case m.play.paused:
		return all[2]
	case !m.live() && m.at == m.tape.Len() && m.now >= m.moving():
		return all[3]
	case !m.play.level:
		return all[1]
	}
	return all[0]
}

func (m *Model) zoomHint() key.Binding {
	if m.zoom {
		return zoomHints[1]
	}
	return zoomHints[0]
}

// brief is a binding in the footer: its first key and its first word or two.
func (m *Model) brief(h key.Binding) (name, what string) {
	help := h.Help()
	if help.Key == "" { // a remark
		return "", help.Desc
	}
	name, _, _ = strings.Cut(help.Key, " ")
	what, _, _ = strings.Cut(help.Desc, ", ")
	what, _, _ = strings.Cut(what, "; ")
	what, _, _ = strings.Cut(what, " and ")
	return m.spelt(name), what
}

func (m *Model) hintWidth(h key.Binding) int {
	name, what := m.brief(h)
	if name == "" {
		return canvas.Width(what)
	}
	return canvas.Width(name) + 1 + canvas.Width(what)
}

func (m *Model) paintHint(x, y int, h key.Binding) int {
	name, what := m.brief(h)
	u := 0
	if name != "" {
		u = m.canvas.Text(x, y, name, m.theme.Strong, m.width) + 1
	}
	return u + m.canvas.Text(x+u, y, what, m.theme.Label, m.width)
}
