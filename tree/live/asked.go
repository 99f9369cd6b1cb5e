package live

import (
	"slices"
	"time"
)

// look is one that somebody asked for.
type look struct {
	answer chan uint64
	turns  int // that have begun since
}

// Look has the session look at its processes, and asks how far the stream is then:
// the channel gets the Seq of its newest event, and what had happened when Look was
// called is not behind that one. So one can tell that nothing happens from not
// having been told of it yet, as on a machine that has no time for the observer, or for
// a program that has just been started: while such a one runs or wants to, for up to a
// second, there is no answer. The channel is closed without a number if the session is
// over.
func (s *Session) Look() <-chan uint64 {
	answer := make(chan uint64, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		close(answer)
		return answer
	}
	s.looks = append(s.looks, look{answer: answer})
	s.poke()
	return answer
}

// answerLooks is the end of a turn. A turn may have begun to wait before somebody
// asked; the one after it has not. Who was just forked is told of a moment later, by
// the name of the program that it becomes.
func (s *Session) answerLooks() {
	if len(s.looks) == 0 {
		return
	}
	coming := slices.ContainsFunc(s.live, func(p *proc) bool { return !p.announced || s.starting(p) })
	left := s.looks[:0]
	for _, l := range s.looks {
		switch l.turns++; {
		case s.ended:
			close(l.answer)
		case l.turns >= 2 && !coming:
			l.answer <- s.queue.newest()
		default:
			left = append(left, l)
		}
	}
	clear(s.looks[len(left):])
	s.looks = left
}

// starting says that a program has just been started and is at work, or lacks a
// processor for it.
func (s *Session) starting(p *proc) bool {
	const youth = time.Second
	return p.handle.busy() && s.now()-max(p.born, p.became) < youth
}
