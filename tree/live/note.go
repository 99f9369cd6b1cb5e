package live

import (
	"fmt"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// A note of one kind is told noteBurst times, then once per noteEvery with the
// number of those left out: a hostile peer must not fill the stream with our own
// remarks about it.
const (
	noteBurst = 5
	noteEvery = time.Second
)

// tally counts the notes of one kind.
type tally struct {
	told int
	left int // left out since the last one told
	last time.Time
	p    *proc
	text string
}

// note tells a remark about p, or about nobody in particular if p is nil. Notes
// of the same kind are rate limited together.
func (s *Session) note(p *proc, kind, format string, args ...any) {
	t := s.notes[kind]
	if t == nil {
		t = &tally{}
		s.notes[kind] = t
	}
	now := time.Now()
	if t.told >= noteBurst && now.Sub(t.last) < noteEvery {
		t.left++
		t.p, t.text = p, fmt.Sprintf(format, args...)
		return
	}
	t.told++
	t.last = now
	s.tell(p, t, fmt.Sprintf(format, args...))
}

func (s *Session) tell(p *proc, t *tally, text string) {
	if t.left > 0 {
		text = fmt.Sprintf("%s (and %d more of this kind)", text, t.left)
		t.left = 0
	}
	e := tree.Event{Kind: exitreg.KindNote, T: s.now(), Text: text}
	if p != nil {
		s.emit(p, e)
		return
	}
	s.push(&e)
}

// tellRest tells what rate limiting has left out.
func (s *Session) tellRest() {
	for _, t := range s.notes {
		if t.left > 0 {
			t.left--
			s.tell(t.p, t, t.text)
		}
	}
}
