package ui

import (
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/check"
)

// why is the analysis of the shutdown that the picture shows: of all of it, as
// far as the tape goes, wherever the playhead stands in it. So it stays while one
// walks through it.
type why struct {
	report    *check.Report
	of        *tree.Tree              // that it is the report of
	path      []check.Step            // the part of the path that counts
	lit       map[string][]check.Step // all of the path, by node
	namesakes map[string]bool         // names that several processes of it have
	key       whyKey
	stood     bool          // nothing was exiting when it was made
	closed    bool          // another shutdown came after it: it will not change any more
	asOf      time.Duration // the present when it was made

	wish func() tea.Msg // an analysis that is to be made; nil: none
	busy bool           // it is on its way

	lines []whyLine
	width int // that the lines were broken for
	cur   int // the selected entry
	top   int // the first line on the screen
}

// whyKey is what the analysis depends on.
type whyKey struct {
	shut  time.Duration // when the shutdown that is shown began; -1: none is
	tape  int
	epoch int
}

// whyGap is how old an analysis may be while things move: it is a walk over the
// whole tree and more. That of a small tree is no work, and one sees its age.
func (m *Model) whyGap() time.Duration {
	if len(m.truth().Nodes) < 200 {
		return time.Second / 4
	}
	return time.Second
}

// whyRect is the frame that the analysis has; empty while it has none.
func (m *Model) whyRect() rect {
	g := m.geometry()
	switch {
	case g.tier == tierSmall && m.tab == paneWhy:
		return g.stack
	case g.tier > tierSmall && m.low == paneWhy:
		return g.log
	}
	return rect{}
}

func (m *Model) whyVisible() bool { return m.whyRect().h > 2 }

// reason brings the analysis up to date, if anybody sees it and it is time.
func (m *Model) reason() {
	r := m.whyRect()
	if r.h <= 2 {
		return
	}
	w := &m.why
	if !m.live() && m.learnt() < m.tape.Len() {
		return // the end of what is to be analysed is not known yet
	}
	if m.whyDue() && !w.busy {
		m.analyze()
		m.dirty = true
	}
	if width := r.w - 4; w.width != width {
		w.width = width
		w.lay()
		m.dirty = true
	}
	w.scroll(r.h - 2)
}

func (m *Model) whyKeyNow() whyKey {
	k := whyKey{shut: -1, tape: m.tape.Len(), epoch: m.epoch}
	if s := m.tree.Shut; s != nil {
		k.shut = s.T
	}
	return k
}

// whyStale says that the analysis is of an older tape, or of another shutdown.
func (m *Model) whyStale() bool {
	w, k := &m.why, m.whyKeyNow()
	if w.report != nil && w.report.Shut != nil && !w.report.Over && m.whyNow()-w.asOf >= m.whyGap() {
		return true // nothing happens, but that takes longer and longer
	}
	return w.report == nil || k != w.key && !(w.closed && k.shut == w.key.shut && k.epoch == w.key.epoch)
}

// whyDue says that it has to be made now: what is stale waits a second, unless
// another shutdown is shown or the last process of it has just gone.
func (m *Model) whyDue() bool {
	w := &m.why
	if !m.whyStale() {
		return false
	}
	stands := m.truth().Counts.Exiting == 0
	d := m.whyNow() - w.asOf
	return w.report == nil || m.whyKeyNow().shut != w.key.shut || stands && !w.stood || d >= m.whyGap() || d < 0
}

func (m *Model) analyze() {
	w := &m.why
	t, closed := m.wholeShutdown()
	w.key, w.closed, w.asOf = m.whyKeyNow(), closed, m.whyNow()
	w.stood, w.of = m.truth().Counts.Exiting == 0, t
	const many = 2000                     // processes: of fewer it is made at once
	if !m.live() && len(t.Nodes) > many { // nobody changes the tree any more
		w.busy, w.report = true, &check.Report{}
		w.wish = func() tea.Msg { return reportMsg{m, check.Analyze(t)} }
		return
	}
	m.explain(check.AnalyzeAt(t, w.asOf))
}

// whyNow is up to when it is known what happened: of a shutdown that goes on, the
// present, though the tape may have ended.
func (m *Model) whyNow() time.Duration {
	end := m.when(m.tape.Len())
	if m.live() && m.at == m.tape.Len() && m.tree.Counts.Alive() > 0 {
		return max(end, m.now)
	}
	return end
}

// reportMsg is an analysis of a recording, for the screen that asked for it.
type reportMsg struct {
	of     *Model
	report *check.Report
}

func (m *Model) onReport(r *check.Report) {
	m.why.busy, m.dirty = false, true
	m.explain(r)
}

// ponder lets the analysis that is wished for be made beside the loop.
func (m *Model) ponder() tea.Cmd {
	do := m.why.wish
	m.why.wish = nil
	return do
}

// explain shows a report.
func (m *Model) explain(r *check.Report) {
	w := &m.why
	w.report = r
	w.path = check.Main(w.report.Path)
	w.lit = map[string][]check.Step{}
	for _, s := range w.report.Path {
		w.lit[s.Node] = append(w.lit[s.Node], s)
	}
	w.namesakes = namesakes(r)
	w.width = 0 // the lines have to be made
}

// namesakes are the names that several processes of a report have.
func namesakes(r *check.Report) map[string]bool {
	several, who := map[string]bool{}, map[string]string{}
	add := func(name, node string) {
		if w, ok := who[name]; ok && w != node {
			several[name] = true
		}
		who[name] = node
	}
	for i := range r.Path {
		add(r.Path[i].Name, r.Path[i].Node)
	}
	for i := range r.Blame {
		add(r.Blame[i].Name, r.Blame[i].Node)
	}
	return several
}

// wholeShutdown is the tree at the end of the shutdown that is shown: of the one
// the playhead is in, else of the last before it, else of the first.
func (m *Model) wholeShutdown() (t *tree.Tree, closed bool) {
	mine := m.tree.Shut
	switch {
	case mine != nil && m.at == m.tape.Len():
		return m.memory.Head, false
	case mine != nil && m.head != nil && m.head.Shut != nil && m.head.Shut.T == mine.T:
		return m.head, false
	case m.head != nil && m.head.Shut == nil && m.head.Before == nil: // nothing was shut down yet
		return m.head, false
	}
	end := -1
	for _, u := range m.turns {
		if u.from {
			end = u.at
			if u.at >= m.at {
				break
			}
		}
		if u.has && u.at < m.at {
			end = -1 // the playhead is in this one, or behind it
		}
	}
	if end < 0 {
		return m.memory.Head, false
	}
	t = new(tree.Tree)
	for at := m.memory.Restore(t, end); at < end; at++ {
		t.Apply(m.event(at))
	}
	return t, true
}

// showWhy gives the focus to the analysis; from there, back to the log.
func (m *Model) showWhy() tea.Cmd {
	if m.focus == paneWhy && m.whyVisible() {
		return m.turnTo(paneLog)
	}
	return m.turnTo(paneWhy)
}

// moveWhy goes by n entries.
func (m *Model) moveWhy(n int) {
	w := &m.why
	w.cur = max(0, min(w.cur+n, w.last()))
	m.dirty = true
}

// goWhy moves the cursor to the process of the selected entry, and the playhead
// to its moment.
func (m *Model) goWhy() tea.Cmd {
	node, at, ok := m.why.target()
	if !ok {
		return nil
	}
	m.zoom = false // or it would hide what was to be seen
	m.seek(m.before(at), at)
	m.play.paused = true
	m.visit(node)
	return nil
}

// clickWhy selects the entry in a row of the screen; once more, it goes there. A click
// that only gives the focus to the pane moves nothing.
func (m *Model) clickWhy(y int, focused bool) tea.Cmd {
	w, r := &m.why, m.whyRect()
	i := w.top + y - r.y - 1
	if y <= r.y || y >= r.y+r.h-1 || i >= len(w.lines) || w.lines[i].entry < 0 {
		return nil
	}
	if focused && w.cur == w.lines[i].entry {
		return m.goWhy()
	}
	w.cur = w.lines[i].entry
	return nil
}

var goThere = bind("⏎", "go there", "enter")

// whyHints are the keys of the footer while the analysis has the focus.
func (m *Model) whyHints(dst []key.Binding) []key.Binding {
	k := &m.keys
	if !m.play.level && m.live() {
		dst = append(appendUsable(dst, k.End), m.pauseHint())
	}
	if len(m.why.lines) > 0 {
		dst = append(appendUsable(dst, k.Up), goThere)
	}
	if m.play.level || !m.live() {
		dst = append(dst, m.pauseHint())
	}
	dst = append(appendUsable(dst, k.SeekBack), m.zoomHint())
	return appendUsable(dst, k.NextPane, k.Escape, k.Help, k.Quit)
}
