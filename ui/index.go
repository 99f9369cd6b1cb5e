package ui

import (
	"sort"

	"multiexit/tree"
)

// index is where on the tape is what the panes look for, in order, as far as the
// tape is known. What lies before the playhead is a part of each list: nothing has
// to be made again when it moves.
type index struct {
	log     []int32 // what the log shows
	lines   []int32 // what was prints, by all
	missing []int32 // notes about lines that are not there
	alone   bool    // there is one command, so its ladder says all that the whole one's does
	by      map[string]*outputAt
	runs    runs
}

// outputAt is where the output of one command is.
type outputAt struct {
	lines  []int32
	chunks []int32 // of its terminal
}

// add takes in the event at a position, which the tree has.
func (x *index) add(t *tree.Tree, at int, e *tree.Event, all bool) {
	x.alone = len(t.Commands) == 1
	if logs(e, all) && (all || !x.echo(e)) {
		x.log = append(x.log, int32(at))
	}
	switch e.Kind {
	case "begin", "end", "exit":
		x.runs.add(t, at, e)
	case "note":
		if missing(e.Text) {
			x.missing = append(x.missing, int32(at))
			x.lines = append(x.lines, int32(at))
		}
	case "out":
		p := x.of(rootOf(e.Node))
		if e.Stream == ptyStream {
			p.chunks = append(p.chunks, int32(at))
			return
		}
		p.lines = append(p.lines, int32(at))
		x.lines = append(x.lines, int32(at))
	}
}

// echo says whether e is a step of the ladder of everything that only says again what
// the ladder of the only command does.
func (x *index) echo(e *tree.Event) bool { return e.Kind == "rung" && e.Node == "" && x.alone }

func (x *index) of(root string) *outputAt {
	p := x.by[root]
	if p == nil {
		p = &outputAt{}
		if x.by == nil {
			x.by = map[string]*outputAt{}
		}
		x.by[root] = p
	}
	return p
}

// chunks are the positions of what was written to the terminal of a command, from
// one position on and before another.
func (x *index) chunks(root string, from, to int) []int32 {
	p := x.by[root]
	if p == nil {
		return nil
	}
	return between(p.chunks, from, to)
}

// before is the number of positions in a list that lie before one.
func before32(list []int32, at int) int {
	return sort.Search(len(list), func(i int) bool { return int(list[i]) >= at })
}

func between(list []int32, from, to int) []int32 {
	return list[before32(list, from):max(before32(list, from), before32(list, to))]
}

// relocate puts all positions where they are now, and drops those of events that
// are not there any more.
func (x *index) relocate(moved []int32) {
	move := func(list []int32) []int32 {
		kept := list[:0]
		for _, at := range list {
			if moved[at] != moved[at+1] {
				kept = append(kept, moved[at])
			}
		}
		return kept
	}
	x.log, x.lines, x.missing = move(x.log), move(x.lines), move(x.missing)
	for _, p := range x.by {
		p.lines, p.chunks = move(p.lines), move(p.chunks)
	}
	x.runs.relocate(moved)
}
