package ui

import (
	"fmt"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// Of what commands print the tape keeps so many bytes. What there was of events of
// other kinds it keeps whole, about 40 bytes each: they are what the tree is.
var (
	ptyMost   = 16 << 20 // of chunks of terminals
	printMost = 64 << 20 // of lines
)

// shorten keeps the tape of a screen that runs for days from growing with what
// programs print. Of lines the older half goes, for the source has them; of each
// terminal the older half is replaced by one chunk that makes an empty one show
// the same. A recording has everything.
func (m *Model) shorten() {
	lines := m.printed > printMost
	if !lines && m.ptyBytes <= max(ptyMost, m.ptyRoom) {
		return
	}
	over, cut := 0, m.cuts()
	if lines {
		over = m.printed - printMost/2
	}
	reel := new(tape.Reel)
	moved := make([]int32, m.tape.Len()+1) // where a position is now
	m.ptyBytes, m.printed = 0, 0
	for i := range m.tape.Len() {
		moved[i] = int32(reel.Len())
		e := m.event(i)
		switch {
		case e.Kind != "out":
		case e.Stream == ptyStream:
			k := cut[rootOf(e.Node)]
			if i+1 < k.at {
				continue
			}
			if i+1 == k.at {
				e.Text, e.Scope = k.text, fmt.Sprintf("%dx%d", k.cols, k.rows)
			}
			m.ptyBytes += cost(e)
		case over > 0:
			over -= cost(e)
			continue
		default:
			m.printed += cost(e)
		}
		reel.Append(e)
	}
	moved[m.tape.Len()] = int32(reel.Len())
	m.tape = reel
	m.ptyRoom = m.ptyBytes + ptyMost/4 // not again at once when there was little to drop
	m.relocate(moved)
}

// cost is what an event that was printed takes of the memory, at most.
func cost(e *tree.Event) int { return len(e.Text) + 256 }

// relocate puts everything that knows a position of the tape where it is now.
func (m *Model) relocate(moved []int32) {
	m.epoch++
	m.index.relocate(moved)
	m.memory.Renumber(func(at int) int { return int(moved[at]) })
	for i := range m.turns {
		m.turns[i].at = int(moved[m.turns[i].at])
	}
	m.at = int(moved[m.at])
	m.back, m.picked = min(m.back, max(0, m.logged()-1)), 0
	for _, t := range m.terminals {
		t.relocate(moved)
	}
	m.brush.ended = ended{}
	o := &m.output
	switch {
	case m.opts.Lines == nil: // its numbers are positions
		o.forget()
	case o.at >= 0:
		o.at = int(moved[o.at])
	}
}

func (t *terminal) relocate(moved []int32) {
	for i := range t.queue {
		t.queue[i] = moved[t.queue[i]]
	}
	kept := t.marks[:0]
	for _, k := range t.marks {
		at := int(moved[k.at])
		if n := len(kept); n > 0 && kept[n-1].at == at {
			kept = kept[:n-1]
		}
		k.at = at
		kept = append(kept, k)
	}
	clear(t.marks[len(kept):])
	t.marks = kept
	t.first, t.past, t.pastAt = int(moved[t.first]), nil, 0
}
