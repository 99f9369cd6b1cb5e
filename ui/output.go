package ui

import (
	"errors"
	"regexp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree/tape"
)

// output is the pane that shows what commands print: a window of bounded length
// over lines that may be on disk. While it follows, lines come from the events
// themselves and nothing is read.
type output struct {
	all   bool        // of all commands; else of the marked ones, or the selected one
	roots []string    // whose lines are shown
	names []string    // of them, for the margin
	lines []tape.Line // in order
	older bool        // there may be more before the first
	newer bool        // and behind the last: it does not follow
	gap   bool        // lines were left out of the window that the source has

	cur    int // index of the selected line
	end    int // index behind the last line shown
	follow bool
	wrap   bool
	stamps stamps

	search *regexp.Regexp // what n and N look for
	match  *regexp.Regexp // what lines must match
	invert bool           // must not
	prompt prompt

	q     tape.LineQuery // that the window was made with
	epoch int            // counts what the window was made of: answers about another are stale
	at    int            // events that are in it
	busy  bool           // an answer is on its way
	wish  wish
}

// serve is what the output pane asks for: lines, the past of a terminal, a size,
// and the answers to what programs ask.
func (m *Model) serve() tea.Cmd {
	var past tea.Cmd
	if t := m.far; t != nil && !t.loading {
		past = m.fetchPast(t)
	}
	m.far = nil
	return tea.Batch(m.fetch(), past, m.fit(), m.replies(), m.digestMore())
}

// wish is a question that is to be asked.
type wish struct {
	open          bool
	before, after uint64 // lines before, and behind: 0 for none
	search, back  bool   // for the next line that is found, or the one before
}

// query is what all questions have in common: which lines are shown.
func (o *output) query() tape.LineQuery {
	q := tape.LineQuery{Max: linePage}
	if !o.all {
		q.Nodes = o.roots
	}
	if re, invert := o.match, o.invert; re != nil {
		q.Match = func(s string) bool { return re.MatchString(plainText(s)) != invert }
	}
	return q
}

// forget empties the window; it is filled again when it is looked at.
func (o *output) forget() {
	o.epoch++
	o.lines, o.cur, o.end, o.at = o.lines[:0], 0, 0, -1
	o.older, o.newer, o.gap, o.busy, o.wish = false, false, false, false, wish{}
	o.q = o.query()
}

// attend makes the pane show the commands that are looked at, up to the playhead.
func (m *Model) attend() {
	o := &m.output
	if roots := m.outputRoots(); !slices.Equal(roots, o.roots) {
		o.roots = append(o.roots[:0], roots...)
		o.names = o.names[:0]
		for _, r := range roots {
			o.names = append(o.names, m.rootName(r))
		}
		o.forget()
		m.dirty = true
	}
	switch t := m.terminal(); {
	case !m.desk.attached:
	case !m.outputVisible():
		m.dismiss("there is no room for the terminal")
	case t == nil:
		m.detach()
	case !m.rootLives(t.root):
		m.dismiss(m.rootName(t.root) + " has ended")
	}
	if !m.outputVisible() {
		o.at = -1 // what comes now is not collected
		return
	}
	if t := m.terminal(); t != nil {
		m.pursue(t)
		return
	}
	if o.at != m.at {
		m.reread(true)
	}
	m.needMore()
	if _, quick := m.source(); quick && o.wish.open && !o.wish.search {
		m.fetch()
	}
}

// reread fills the window anew with the lines before the playhead.
func (m *Model) reread(follow bool) {
	o := &m.output
	o.forget()
	o.at, o.follow = m.at, follow
	if m.at > 0 {
		o.wish = wish{open: true, before: m.seq(m.at-1) + 1}
	}
}

// needMore asks for lines before they are scrolled to.
func (m *Model) needMore() {
	const near = 100
	o := &m.output
	n := len(o.lines)
	switch {
	case o.busy || o.wish.open || n == 0:
	case o.older && min(o.cur, o.end-m.outputRect().h) < near:
		o.wish = wish{open: true, before: o.lines[0].Seq}
	case o.newer && o.cur >= n-near:
		o.wish = wish{open: true, after: o.lines[n-1].Seq}
	}
}

// onPage puts lines that were read into the window.
func (m *Model) onPage(msg pageMsg) {
	o := &m.output
	if msg.epoch != o.epoch {
		return
	}
	o.busy, m.dirty = false, true
	switch {
	case errors.Is(msg.err, tape.ErrBlind): // there is only what the tape has
		m.opts.Lines = nil
		m.reread(o.follow)
		return
	case msg.err != nil:
		m.notice = "output: " + msg.err.Error()
		o.older, o.newer = false, false
		return
	case msg.sought && msg.hit == 0:
		m.notice = "no further line with " + o.prompt.last[promptSearch]
		return
	case msg.sought:
		o.lines, o.follow = append(o.lines[:0], msg.older...), false
		o.cur = len(o.lines) - 1
		o.lines = append(o.lines, msg.newer...)
		o.end = min(len(o.lines), o.cur+1+max(1, m.outputRect().h/2))
		o.older, o.newer = msg.fullO, true
		return
	}
	if msg.asked[0] {
		o.prepend(msg)
	}
	if msg.asked[1] {
		o.append(msg, msg.at == m.at)
	}
	if o.follow || o.end == 0 {
		o.cur, o.end = max(0, len(o.lines)-1), len(o.lines)
	}
}

func (o *output) prepend(msg pageMsg) {
	o.older = msg.fullO
	o.lines = slices.Insert(o.lines, 0, msg.older...)
	if o.end > 0 {
		o.cur, o.end = o.cur+len(msg.older), o.end+len(msg.older)
	}
	if len(o.lines) > lineMost {
		o.lines, o.newer, o.follow = o.lines[:lineMost], true, false
		o.cur, o.end = min(o.cur, lineMost-1), min(o.end, lineMost)
	}
}

// append puts lines behind the last one; level says that none have come since
// they were asked for.
func (o *output) append(msg pageMsg, level bool) {
	o.newer = msg.fullN || !level
	o.lines = append(o.lines, msg.newer...)
	if over := len(o.lines) - lineMost; over > 0 {
		o.lines, o.older = slices.Delete(o.lines, 0, over), true
		o.cur, o.end = max(0, o.cur-over), max(0, o.end-over)
	}
}

// hearAll takes the events from one position on and before another into the
// window, if it is of the moment before them; else it will be read anew.
func (m *Model) hearAll(from, to int) {
	const most = 4 * lineMost // more is not worth it
	o := &m.output
	switch {
	case o.at != from || from == to:
		return
	case to-from > most && o.follow:
		o.at = -1
		return
	}
	o.at = to
	for _, at := range between(m.index.lines, from, to) {
		m.hear(int(at))
	}
}

// hear takes the line at a position into the window, if it belongs there.
func (m *Model) hear(at int) {
	o := &m.output
	l, ok := lineOf(m.event(at), m.seq(at), &o.q)
	if !ok {
		return
	}
	if l.Stream == "note" {
		o.gap = true
	}
	switch {
	case o.newer:
	case !o.follow && len(o.lines) >= lineMost:
		o.newer = true
	default:
		o.add(l)
	}
}

// add appends a line; who follows sees it.
func (o *output) add(l tape.Line) {
	if len(o.lines) >= lineMost {
		n := copy(o.lines, o.lines[linePage:])
		clear(o.lines[n:])
		o.lines, o.older = o.lines[:n], true
		o.cur, o.end = max(0, o.cur-linePage), max(0, o.end-linePage)
	}
	o.lines = append(o.lines, l)
	if o.follow {
		o.cur, o.end = len(o.lines)-1, len(o.lines)
	}
}
