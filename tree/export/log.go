package export

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// line is one event in words.
type line struct {
	at   time.Duration // as it happened
	due  time.Duration // the same, but never before that of the line before
	node string        // of the process; may be empty
	name string        // what it was called then
	mood mood
	text string
}

// mood is what kind of line it is.
type mood uint8

const (
	calm   mood = iota
	alarm       // a signal
	starts      // a handler
	good        // it was done
	gone        // a process ended as it should
	bad         // something failed
	output      // of a process
	remark      // of the observer
)

// tell says the events of a tape from a moment on, in the order of arrival, until
// hear returns false. What only programs need is left out.
func tell(t *tape.Tape, from time.Duration, hear func(line) bool) {
	tr := new(tree.Tree)
	for i, e := range t.All() {
		tr.Apply(e)
		if e.T < from {
			continue
		}
		m, ok := moodOf(tr, e)
		if !ok {
			continue
		}
		l := line{at: e.T, due: t.Due(i), node: e.Node, name: clean(e.Node), mood: m, text: clean(tr.Describe(e))}
		if n := tr.Node(e.Node); n != nil {
			l.name = called(n)
		}
		if !hear(l) {
			return
		}
	}
}

func moodOf(t *tree.Tree, e *tree.Event) (m mood, ok bool) {
	switch e.Kind {
	case exitreg.KindHello, exitreg.KindLeave, exitreg.KindEOF, exitreg.KindDisposition, exitreg.KindRegister,
		exitreg.KindUnregister, exitreg.KindWait:
		return calm, false
	case exitreg.KindSignal, exitreg.KindDeliver, exitreg.KindRung, exitreg.KindFault:
		return alarm, true
	case exitreg.KindBegin:
		return starts, true
	case exitreg.KindEnd:
		if e.Err != "" {
			return bad, true
		}
		return good, true
	case exitreg.KindSkip:
		return bad, true
	case exitreg.KindExit:
		if n := t.Node(e.Node); n != nil && n.State == tree.Failed {
			return bad, true
		}
		return gone, true
	case exitreg.KindOut:
		return output, true
	case exitreg.KindNote:
		return remark, true
	}
	return calm, true
}
