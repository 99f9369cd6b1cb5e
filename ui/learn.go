package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// A tape is learnt from its beginning: what is on it goes into the memory, from
// which any moment of it can be shown, and into the lists of what the panes look
// for. One that grows is learnt as it comes, a recording in small steps between
// two frames, or at once as far as somebody wants to go.

const (
	learnStep   = 8 << 10  // events that are learnt between two messages: a few milliseconds
	learnAtOnce = 64 << 10 // events that are worth waiting for
	prepareStep = 16 << 10 // processes and handlers that are made between two messages
)

// markSpan is how many events lie between two moments that are remembered. Tests
// lower it.
var markSpan = tree.Every

// learnMsg goes on with what is left, of the screen that it is for.
type learnMsg struct{ of *Model }

// quest is where somebody wants to go as soon as so much of the tape is known.
type quest struct {
	at int
	do func()
}

// turn is a change of the shutdown that is shown: an event with which one began,
// ended or gave way to another.
type turn struct {
	at        int
	from, has bool // there was one before; there is one now
}

// learnt is how much of the tape is known.
func (m *Model) learnt() int { return m.memory.Len() }

// learn gets to know the tape up to some event.
func (m *Model) learn(to int) {
	for at := m.learnt(); at < to; at++ {
		m.tape.Event(at, &m.lesson)
		m.study(at, &m.lesson)
	}
}

// study takes in the next event, which stands at a position.
func (m *Model) study(at int, e *tree.Event) {
	head := m.memory.Head
	was := head.Shut
	m.memory.Apply(e)
	if head.Shut != was {
		m.turns = append(m.turns, turn{at, was != nil, head.Shut != nil})
	}
	m.flag(e)
	m.index.add(head, at, e, m.logAll)
	m.unroll(at, e)
}

// learnMore asks for another turn when something is left of a recording.
func (m *Model) learnMore() tea.Cmd {
	if m.prepared {
		return nil
	}
	return func() tea.Msg { return learnMsg{m} }
}

func (m *Model) onLearn() tea.Cmd {
	n := m.tape.Len()
	switch {
	case m.learnt() < n:
		m.learn(min(n, m.learnt()+learnStep))
	default:
		m.prepared = m.memory.Prepare(m.tree, prepareStep)
	}
	m.pursueQuest()
	return m.learnMore()
}

// once does something when so much of the tape is known: now, if that is not far.
func (m *Model) once(at int, do func()) {
	m.quest = quest{}
	if at-m.learnt() > learnAtOnce {
		m.quest, m.dirty = quest{at, do}, true
		return
	}
	m.learn(at)
	do()
}

func (m *Model) pursueQuest() {
	q := m.quest
	if q.do == nil {
		return
	}
	m.dirty = true // the footer says how far it is
	if m.learnt() >= q.at && (m.prepared || m.learnt() < m.tape.Len()) {
		m.quest = quest{}
		q.do()
	}
}

// event is the one at a position of the tape. It is valid until the next one is
// asked for.
func (m *Model) event(at int) *tree.Event {
	m.tape.Event(at, &m.reading)
	return &m.reading
}
