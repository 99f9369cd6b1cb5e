package ui

import (
	"fmt"

	"multiexit/tree"
)

// shorten keeps the tape of a screen that runs for days from growing with what
// programs write to their terminals: of each, the older half is replaced by one
// chunk that makes an empty terminal show the same. A recording has everything.
func (m *Model) shorten() {
	if m.ptyBytes <= max(ptyMost, m.ptyRoom) {
		return
	}
	cut := m.cuts()
	tape := make([]tree.Event, 0, len(m.tape))
	moved := make([]int32, len(m.tape)+1) // where a position is now
	m.ptyBytes = 0
	for i := range m.tape {
		moved[i] = int32(len(tape))
		e := m.tape[i]
		if e.Kind == "out" && e.Stream == ptyStream {
			k := cut[rootOf(e.Node)]
			if i+1 < k.at {
				continue
			}
			if i+1 == k.at {
				e.Text, e.Scope = k.text, fmt.Sprintf("%dx%d", k.cols, k.rows)
			}
			m.ptyBytes += cost(&e)
		}
		tape = append(tape, e)
	}
	moved[len(m.tape)] = int32(len(tape))
	m.tape = tape
	m.ptyRoom = m.ptyBytes + ptyMost/4 // not again at once when there was little to drop
	m.relocate(moved)
}

// cost is what a chunk takes of the memory, roughly.
func cost(e *tree.Event) int { return len(e.Text) + 256 }

// cuts are the states from which on the terminals are kept: the newest that lies
// in the older half of the bytes, or if there is none, the oldest there is.
func (m *Model) cuts() map[string]mark {
	half, size := len(m.tape), 0
	for i := len(m.tape) - 1; i >= 0 && size < ptyMost/2; i-- {
		if e := &m.tape[i]; e.Kind == "out" && e.Stream == ptyStream {
			size += cost(e)
		}
		half = i
	}
	cut := map[string]mark{}
	for root, t := range m.terminals {
		if len(t.marks) == 0 {
			continue
		}
		k := t.nearest(half)
		if k.text == "" {
			k = t.marks[0]
		}
		cut[root] = k
	}
	return cut
}

// relocate puts everything that knows a position of the tape where it is now.
func (m *Model) relocate(moved []int32) {
	m.epoch++
	for i := range m.log {
		m.log[i] = moved[m.log[i]]
	}
	m.at = int(moved[m.at])
	m.due = m.due[:0]
	for i := range m.tape {
		m.due = append(m.due, max(m.when(i), m.tape[i].T))
	}
	for _, t := range m.terminals {
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
		t.marks = kept
		t.first, t.past, t.pastAt = int(moved[t.first]), nil, 0
	}
	m.brush.ended = ended{}
	if m.opts.Lines == nil {
		m.output.forget()
	}
}
