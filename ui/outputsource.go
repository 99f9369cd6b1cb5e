package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// LineSource has every line that was printed. It may block and is asked from
// goroutines of their own.
type LineSource interface {
	Lines(tape.LineQuery) ([]tape.Line, error)
}

const (
	linePage = 500  // lines asked for at once
	lineMost = 4000 // lines in memory
)

// tapeLines reads lines from the tape itself: what a screen without a source has.
// Their number is their position on the tape, from 1.
type tapeLines struct {
	reel  *tape.Reel
	lists [][]int32 // where lines may be that are asked for
	upto  int       // events
}

// linesOf are the lines of some commands on the tape, nil: of all, before the
// playhead.
func (m *Model) linesOf(roots []string) tapeLines {
	const most = 8 // lists; to look through the lines of all costs less
	t := tapeLines{m.tape.Snapshot(), [][]int32{m.index.lines}, m.at}
	if roots != nil && len(roots) <= most {
		t.lists = [][]int32{m.index.missing}
		for _, root := range roots {
			if p := m.index.by[root]; p != nil {
				t.lists = append(t.lists, p.lines)
			}
		}
	}
	return t
}

func (t tapeLines) Lines(q tape.LineQuery) (all []tape.Line, err error) {
	lo, hi := int(q.After), t.upto
	if q.Before > 0 {
		hi = min(hi, int(q.Before)-1)
	}
	lists := make([][]int32, len(t.lists))
	for i := range lists {
		lists[i] = between(t.lists[i], lo, hi)
	}
	var e tree.Event
	for at := takeOff(lists, q.Backward); at >= 0; at = takeOff(lists, q.Backward) {
		t.reel.Event(at, &e)
		if l, ok := lineOf(&e, uint64(at+1), &q); ok {
			if all = append(all, l); len(all) == q.Max {
				break
			}
		}
	}
	return all, nil
}

// takeOff takes the first position off lists, or the last one; -1 if all are empty.
func takeOff(lists [][]int32, back bool) int {
	best := -1
	for i, l := range lists {
		if len(l) == 0 {
			continue
		}
		if best < 0 || back && l[len(l)-1] > lists[best][len(lists[best])-1] || !back && l[0] < lists[best][0] {
			best = i
		}
	}
	if best < 0 {
		return -1
	}
	l := lists[best]
	if back {
		lists[best] = l[:len(l)-1]
		return int(l[len(l)-1])
	}
	lists[best] = l[1:]
	return int(l[0])
}

// lineOf makes a line of an event, if it is one that was asked for. What was
// left out is told of where it was.
func lineOf(e *tree.Event, seq uint64, q *tape.LineQuery) (tape.Line, bool) {
	switch {
	case e.Kind == "note" && missing(e.Text):
		return tape.Line{Seq: seq, T: e.T, Stream: "note", Text: e.Text}, true
	case e.Kind != "out" || e.Stream == ptyStream:
		return tape.Line{}, false
	}
	root := rootOf(e.Node)
	if q.Nodes != nil && !slices.Contains(q.Nodes, root) || q.Match != nil && !q.Match(e.Text) {
		return tape.Line{}, false
	}
	return tape.Line{Seq: seq, T: e.T, Node: root, Stream: e.Stream, Text: e.Text}, true
}

// missing says that a note is about lines that are not there.
func missing(note string) bool {
	return strings.Contains(note, "lines of") && (strings.Contains(note, "dropped") || strings.Contains(note, "not shown"))
}

// pageMsg answers a question of the output pane.
type pageMsg struct {
	epoch        int // what it was asked about; another one is stale
	older, newer []tape.Line
	asked        [2]bool // what of both was asked for
	fullO, fullN bool    // there may be more of them
	hit          uint64  // the line that was searched for
	sought       bool    // a line was searched for
	err          error
	at           int // events that had been applied
}

// ask reads pages around a place: so many lines before a number and after
// another, 0 for none. It is a pure function of what it is given.
func ask(src LineSource, q tape.LineQuery, epoch int, before, after, end uint64) pageMsg {
	msg := pageMsg{epoch: epoch, asked: [2]bool{before > 0, after > 0}}
	q.Max = linePage
	if before > 0 {
		b := q
		b.Before, b.Backward = before, true
		msg.older, msg.err = src.Lines(b)
		msg.fullO = len(msg.older) == linePage
		slices.SortStableFunc(msg.older, bySeq)
	}
	if after > 0 && msg.err == nil {
		a := q
		a.After, a.Before = after, end
		msg.newer, msg.err = src.Lines(a)
		msg.fullN = len(msg.newer) == linePage
		slices.SortStableFunc(msg.newer, bySeq)
	}
	return msg
}

func bySeq(a, b tape.Line) int {
	switch {
	case a.Seq < b.Seq:
		return -1
	case a.Seq > b.Seq:
		return 1
	}
	return 0
}

// source is where lines are read from, and whether that may be done at once.
func (m *Model) source() (src LineSource, quick bool) {
	if m.opts.Lines != nil {
		return m.opts.Lines, false
	}
	return m.linesOf(m.output.q.Nodes), m.output.match == nil
}

// seq is the number of the event at a position of the tape, as the source counts.
func (m *Model) seq(at int) uint64 {
	if m.opts.Lines == nil {
		return uint64(at + 1)
	}
	for ; at >= 0; at-- {
		if s := m.event(at).Seq; s > 0 {
			return s
		}
	}
	return 0
}

// fetch is the question that is open, as a command; nil if there is none.
func (m *Model) fetch() tea.Cmd {
	o := &m.output
	if !o.wish.open || o.busy {
		return nil
	}
	w := o.wish
	o.wish = wish{}
	src, quick := m.source()
	q, epoch, at := o.q, o.epoch, m.at
	end := m.seq(m.at-1) + 1
	if quick && !w.search {
		msg := ask(src, q, epoch, w.before, w.after, end)
		msg.at = at
		m.onPage(msg)
		return nil
	}
	o.busy = true
	re := o.search
	return func() tea.Msg {
		msg := pageMsg{}
		if w.search && re != nil {
			msg = sought(src, q, epoch, w, end, func(s string) bool { return re.MatchString(plainText(s)) })
		} else {
			msg = ask(src, q, epoch, w.before, w.after, end)
		}
		msg.at = at
		return msg
	}
}

// sought looks for the next line that a search finds, and reads what is around it.
func sought(src LineSource, q tape.LineQuery, epoch int, w wish, end uint64, found func(string) bool) pageMsg {
	s, keep := q, q.Match
	s.Max, s.Backward, s.Before, s.After = 1, w.back, end, w.after
	if w.back {
		s.Before, s.After = w.before, 0
	}
	s.Match = func(text string) bool { return found(text) && (keep == nil || keep(text)) }
	hits, err := src.Lines(s)
	hits = slices.DeleteFunc(hits, func(l tape.Line) bool { return l.Stream == "note" })
	if err != nil || len(hits) == 0 {
		return pageMsg{epoch: epoch, sought: true, err: err}
	}
	at := hits[0].Seq
	msg := ask(src, q, epoch, at+1, at, end)
	msg.hit, msg.sought = at, true
	return msg
}
