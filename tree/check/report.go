package check

import (
	"time"

	"multiexit/tree"
)

// Report is what there is to say of the last shutdown of a tree.
type Report struct {
	Shut     *tree.Signal  `json:"-"`              // what it began with; nil if there was none
	Cause    string        `json:"cause,omitzero"` // its name: "SIGTERM", "exit 0"
	Node     string        `json:"node,omitzero"`  // where it began
	All      bool          `json:"all,omitzero"`   // it was the stop of all commands, of several
	Start    time.Duration `json:"start"`          // when
	Total    time.Duration `json:"total"`          // until the last of those asked was gone, or until now
	Held     time.Duration `json:"held,omitzero"`  // of Total: while the observer held somebody
	Over     bool          `json:"over"`           // they are all gone
	Blame    []Blame       `json:"blame"`          // slowest first
	Holds    []Holding     `json:"holds,omitzero"` // who was held, and for how long; the longest first
	Path     []Step        `json:"path"`           // from the start to the end, without a gap
	Findings []Finding     `json:"findings"`       // in order of time; of the whole tree, see Finding.Earlier
}

// Beginning is what the shutdown began with, and where: "SIGTERM to web 4711", "exit 0
// of web 4711" of what a process began by itself, "the stop of everything, first SIGTERM
// to web 4711"; "" if there was none.
func (r *Report) Beginning() string {
	if r.Shut == nil {
		return ""
	}
	with := " to "
	if r.Shut.Sender == "" && !tree.Ends(r.Shut.Name) {
		with = " of "
	}
	s := tree.Clean(r.Shut.Name) + with + called(r.Shut.Node)
	if r.All {
		s = "the stop of everything, first " + s + ","
	}
	return s
}

// Analyze reports on the last shutdown of t, up to t.Last. Of a tree in which
// nobody was asked to end there are only findings.
func Analyze(t *tree.Tree) *Report { return AnalyzeAt(t, t.Last) }

// AnalyzeAt is Analyze up to a moment after t.Last, until which nothing else has
// happened: who is held is held until then. A tree that is done has no such moment.
//
// Of that shutdown are the processes that somebody asked to end and that were
// not gone before it began. One that ended without being asked has no part in it, but
// for the child of a process without handlers that was gone before that was: what else
// ended because of the shutdown nobody can know.
func AnalyzeAt(t *tree.Tree, now time.Duration) *Report {
	r := &Report{Blame: []Blame{}, Path: []Step{}}
	s := survey(t, now)
	if s != nil {
		r.Shut, r.Cause, r.Node = t.Shut, t.Shut.Name, t.Shut.Node.ID
		r.Start, r.Total, r.Over = s.start, s.end-s.start, s.over
		r.All, r.Held = t.StopsAll(), s.standing(s.start, s.end)
		r.Blame, r.Holds, r.Path = s.blame(), s.holdings(), s.path()
	}
	r.Findings = findings(t, r)
	return r
}
