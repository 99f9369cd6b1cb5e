package ui

import (
	"time"

	"multiexit/tree/check"
)

// whyLine is one line of the analysis.
type whyLine struct {
	kind  whyKind
	of    int    // index of the step, the blame, the hold or the finding
	entry int    // what is selected with it; -1: nothing
	text  string // of a heading, and of the pieces of a finding
}

type whyKind uint8

const (
	whyBlank whyKind = iota
	whyHead
	whyStep
	whyBlame
	whyHeld
	whyFinding // its first line
	whyMore    // the lines after it
	whyAdvice
	whyRest // how many are not listed
)

// How much of the lists is shown: the rest is in the report of the command line.
const (
	topBlame    = 10
	topFindings = 100
)

// lay breaks the report into lines of the width.
func (w *why) lay() {
	r := w.report
	w.lines = w.lines[:0]
	entry := 0
	head := func(text string) {
		if len(w.lines) > 0 {
			w.lines = append(w.lines, whyLine{kind: whyBlank, entry: -1})
		}
		w.lines = append(w.lines, whyLine{kind: whyHead, entry: -1, text: text})
	}
	if len(w.path) > 0 {
		head("Critical path")
	}
	for i := range w.path {
		w.lines = append(w.lines, whyLine{kind: whyStep, of: i, entry: entry})
		entry++
	}
	if len(r.Blame) > 0 {
		head("Slowest by themselves")
	}
	for i := range min(topBlame, len(r.Blame)) {
		w.lines = append(w.lines, whyLine{kind: whyBlame, of: i, entry: entry})
		entry++
	}
	if len(r.Holds) > 0 {
		head("Held by you")
	}
	for i := range min(topBlame, len(r.Holds)) {
		w.lines = append(w.lines, whyLine{kind: whyHeld, of: i, entry: entry})
		entry++
	}
	if len(r.Findings) > 0 {
		head("Findings")
	}
	for i := range min(topFindings, len(r.Findings)) {
		w.wrap(whyFinding, i, entry, r.Findings[i].Text)
		w.wrap(whyAdvice, i, entry, r.Findings[i].Advice)
		entry++
	}
	if n := len(r.Findings) - topFindings; n > 0 {
		w.lines = append(w.lines, whyLine{kind: whyRest, of: n, entry: -1})
	}
	w.cur = max(0, min(w.cur, entry-1))
}

// wrap appends a text in pieces; they are indented by two cells.
func (w *why) wrap(kind whyKind, of, entry int, text string) {
	for text != "" {
		cut := wrap(text, max(8, w.width-2))
		w.lines = append(w.lines, whyLine{kind, of, entry, text[:cut]})
		for text = text[cut:]; text != "" && text[0] == ' '; text = text[1:] {
		}
		if kind == whyFinding {
			kind = whyMore
		}
	}
}

// last is the number of the last entry.
func (w *why) last() int {
	for i := len(w.lines) - 1; i >= 0; i-- {
		if e := w.lines[i].entry; e >= 0 {
			return e
		}
	}
	return 0
}

// scroll keeps the selected entry, and the heading before it, on a screen of h
// lines.
func (w *why) scroll(h int) {
	first, last := -1, -1
	for i := range w.lines {
		if w.lines[i].entry == w.cur {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		w.top = 0
		return
	}
	w.top = max(w.top, last-h+1)
	if first > 0 && w.lines[first-1].kind == whyHead {
		first--
	}
	w.top = max(0, min(w.top, first, len(w.lines)-h))
}

// target is where the selected entry happened.
func (w *why) target() (node string, at time.Duration, ok bool) {
	for _, l := range w.lines {
		if l.entry != w.cur {
			continue
		}
		switch l.kind {
		case whyStep:
			return w.path[l.of].Node, w.path[l.of].At, true
		case whyBlame:
			return w.report.Blame[l.of].Node, w.report.Blame[l.of].At, true
		case whyHeld:
			return w.report.Holds[l.of].Node, w.report.Holds[l.of].At, true
		case whyFinding:
			return w.report.Findings[l.of].Node, w.report.Findings[l.of].At, true
		}
	}
	return "", 0, false
}

// stepWords is what a step was spent on, in two parts: the name of a handler, and
// words.
func stepWords(s *check.Step) (handler, words string) {
	switch s.Kind {
	case check.KindHandler:
		return s.Handler, ""
	case check.KindWait:
		return s.Handler, " for "
	case check.KindProcess:
		return "", "itself"
	case check.KindLinger:
		return "", "is still there"
	case check.KindDeliver:
		return "", "until its run begins"
	case check.KindBetween:
		return "", "between two handlers"
	case check.KindExit:
		return "", "after its last handler"
	case check.KindHeld:
		return "", "held " + s.Where
	case check.KindOrder:
		return "", "until it is asked, in its turn"
	case check.KindAsk:
		return "", "until it is asked to end"
	}
	return "", string(s.Kind)
}
