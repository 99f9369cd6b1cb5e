package ui

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// goingTo is the line in which a time or an event is typed.
type goingTo struct {
	editing   bool
	text      string
	last      string // what was gone to before
	complaint string // about the text; empty until it was tried
}

// askGoTo opens the line.
func (m *Model) askGoTo() tea.Cmd {
	m.goTo = goingTo{editing: true, last: m.goTo.last}
	return nil
}

// goToKey edits the line. Enter goes there, esc stays here, up brings back what
// was typed last.
func (m *Model) goToKey(msg tea.KeyMsg) tea.Cmd {
	g := &m.goTo
	g.complaint = ""
	switch {
	case msg.Type == tea.KeyEnter && strings.TrimSpace(g.text) != "":
		return m.goToText()
	case msg.Type == tea.KeyEnter, msg.Type == tea.KeyEsc, msg.Type == tea.KeyBackspace && g.text == "":
		g.editing = false
	case msg.Type == tea.KeyUp:
		g.text = g.last
	case msg.Paste:
		g.text += printable(msg.Runes)
	default:
		g.text = typed(g.text, msg.String())
	}
	return nil
}

func (m *Model) goToText() tea.Cmd {
	g := &m.goTo
	text := strings.TrimSpace(g.text)
	if number, ok := strings.CutPrefix(text, "#"); ok {
		at, err := m.eventNumbered(number)
		if err != nil {
			g.complaint = err.Error()
			return nil
		}
		m.goToEvent(at)
	} else {
		at, err := m.timeOf(text)
		if err != nil {
			g.complaint = err.Error()
			return nil
		}
		m.seek(m.before(at), at)
		m.play.paused = true
	}
	g.editing, g.last = false, text
	return nil
}

// goToEvent shows the moment of the event at a position of the tape, with the
// cursor on its process.
func (m *Model) goToEvent(at int) {
	node := m.event(at).Node
	m.seek(at+1, m.when(at+1))
	m.play.paused = true
	if node != "" {
		m.visit(node)
	}
}

// visit puts the cursor on a process, whatever is folded above it.
func (m *Model) visit(node string) {
	for id := parentID(node); id != ""; id = parentID(id) {
		delete(m.folded, id)
	}
	m.follow, m.stale, m.card = false, true, ""
	m.company.moved = true
	m.cursor, m.wanted = node, node
}

// eventNumbered is the position of the event with a number.
func (m *Model) eventNumbered(text string) (int, error) {
	n, err := strconv.ParseUint(strings.ReplaceAll(text, ",", ""), 10, 64)
	size := m.tape.Len()
	switch {
	case err != nil:
		return 0, fmt.Errorf("#%s is no number of an event: #1234", text)
	case size == 0:
		return 0, errors.New("there is no event yet")
	}
	at := sort.Search(size, func(i int) bool { return m.numberAt(i) >= n })
	if at < size && m.numberAt(at) == n {
		return at, nil
	}
	if last := m.numberAt(size - 1); n > last || n < m.numberAt(0) {
		return 0, fmt.Errorf("there is no event #%d: they go from #%d to #%d", n, m.numberAt(0), last)
	}
	return 0, fmt.Errorf("event #%d is not on the tape: after #%d comes #%d", n, m.numberAt(at-1), m.numberAt(at))
}

// numberAt is the number of the event at a position, or of the last before it that
// has one; of a tape without numbers its place.
func (m *Model) numberAt(at int) uint64 {
	var e tree.Event
	for i := at; i >= 0; i-- {
		if m.tape.Event(i, &e); e.Seq > 0 {
			return e.Seq
		}
	}
	return uint64(at + 1)
}

// timeOf is the moment that a text says: since the start ("12.3", "1m2s"), from
// where the playhead stands ("+500ms", "-2s"), or by the clock on the wall
// ("14:02:11.5").
func (m *Model) timeOf(text string) (time.Duration, error) {
	end := max(m.tape.Duration(), m.now)
	if sign := text[0]; sign == '+' || sign == '-' {
		d, err := lengthOf(text[1:])
		if err != nil {
			return 0, err
		}
		if sign == '-' {
			d = -d
		}
		return max(0, min(m.now+d, end)), nil
	}
	if strings.Contains(text, ":") {
		return m.clockTime(text, end)
	}
	d, err := lengthOf(text)
	if err == nil && d > end {
		err = fmt.Errorf("%s is after the end: the tape is %s long", text, tree.Took(end))
	}
	return d, err
}

// lengthOf reads "12.3", which are seconds, and "12.3s", "1m2s", "250ms".
func lengthOf(text string) (time.Duration, error) {
	text = strings.ReplaceAll(text, " ", "")
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("what is %q? a time (12.3s, 1m2s, 14:02:11), +2s, -500ms, or an event (#1234)", text)
	}
	return d, nil
}

// clockTime is a time of day, on the day on which it lies on the tape.
func (m *Model) clockTime(text string, end time.Duration) (time.Duration, error) {
	start := m.opts.Header.Start
	var t time.Time
	err := errors.New("none")
	for _, layout := range []string{"15:04:05", "15:04"} {
		if err != nil {
			t, err = time.Parse(layout, text)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("%q is no time of day: 14:02:11.5", text)
	}
	day := time.Date(start.Year(), start.Month(), start.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), start.Location())
	if day.Before(start) {
		day = day.AddDate(0, 0, 1)
	}
	if d := day.Sub(start); d <= end {
		return d, nil
	}
	const clock = "15:04:05.0"
	return 0, fmt.Errorf("%s is not on the tape: it goes from %s to %s", text, start.Format(clock), start.Add(end).Format(clock))
}

// paintGoTo draws the line into the footer: what was typed, and what is wrong with
// it or what could be.
func (m *Model) paintGoTo(x, y int) {
	c, t, g := m.canvas, &m.theme, &m.goTo
	x += c.Text(x, y, g.text, t.Normal, m.width/2)
	c.Set(x, y, m.glyphs.Caret, fg(t.Focus))
	x += 3
	if g.complaint != "" {
		m.paintSaid(x, y, g.complaint, fg(t.Fail.Base))
		return
	}
	c.Text(x, y, "12.3s  1m2s  14:02:11  +500ms  -2s  #1234", t.Label, m.width-2-x)
}

// paintQuest says how far the way is known to where somebody wants to go.
func (m *Model) paintQuest(x, y int) {
	b := append(m.brush.text[:0], "reading ahead "...)
	m.brush.text = append(strconv.AppendInt(b, int64(100*m.learnt()/max(1, m.quest.at)), 10), " %"...)
	m.canvas.Bytes(x, y, m.brush.text, m.theme.Normal, m.width-2-x)
}
