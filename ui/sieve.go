package ui

import (
	"strconv"
	"time"

	"multiexit/tree"
)

// How much output the screen takes: a burst, then so many lines a second of the
// stream's own time. Nobody reads more; a recording has every line.
const (
	outBurst  = 5_000
	outSecond = 200
	tailMost  = 200 // lines of the end of what was left out that are shown after all
)

// ptyWaiting is how many bytes of terminals wait for a screen that stands still.
const ptyWaiting = 32 << 20

// anew ends a sequence that was torn and empties the terminal.
const anew = "\x18\x1b[m\x1b[2J\x1b[H"

// sieve lets output through as far as the screen takes it, and everything else.
type sieve struct {
	room    int           // lines that may pass now
	filled  time.Duration // when room was last added
	begun   bool          // a line has passed
	dropped int           // lines since the last one that passed
	tail    []tree.Event  // the last of them, in a ring
	oldest  int           // of the tail

	waiting int             // bytes of terminals in the queue
	torn    map[string]bool // terminals of which chunks were left out since the last one that passed
}

// pass appends to dst what the screen takes of events. Lines that were left out
// are told of in front of the next line, or before the end of a process; then the
// last of them are shown, as they are when nothing more comes (see Feed.quiet).
func (s *sieve) pass(dst, events []tree.Event) []tree.Event {
	for i := range events {
		e := &events[i]
		if e.Kind == "out" && e.Stream == ptyStream {
			dst = s.chunk(dst, e)
			continue
		}
		if e.Kind == "out" && !s.takes(e.T) {
			s.drop(e)
			continue
		}
		if s.dropped > 0 {
			switch e.Kind {
			case "out":
				s.tail, s.oldest = s.tail[:0], 0 // what comes now is newer
				dst = s.flush(dst, e.T)
			case "exit", "leave", "eof": // the last words before it are wanted
				dst = s.flush(dst, e.T)
			}
		}
		dst = append(dst, *e)
	}
	if s.waiting > ptyWaiting {
		dst = s.relieve(dst)
	}
	return dst
}

// drop leaves a line out, unless it turns out to be one of the last.
func (s *sieve) drop(e *tree.Event) {
	s.dropped++
	if len(s.tail) < tailMost {
		s.tail, s.oldest = append(s.tail, *e), 0
		return
	}
	s.tail[s.oldest] = *e
	s.oldest = (s.oldest + 1) % tailMost
}

// flush tells of what was left out and shows the end of it.
func (s *sieve) flush(dst []tree.Event, at time.Duration) []tree.Event {
	if n := s.dropped - len(s.tail); n > 0 {
		if s.oldest < len(s.tail) {
			at = s.tail[s.oldest].T
		}
		dst = append(dst, tree.Event{T: at, Kind: "note", Text: strconv.Itoa(n) + " lines of output are not shown (--record keeps them)"})
	}
	if s.oldest < len(s.tail) {
		dst = append(dst, s.tail[s.oldest:]...)
	}
	dst = append(dst, s.tail[:min(s.oldest, len(s.tail))]...)
	clear(s.tail)
	s.tail, s.oldest, s.dropped = s.tail[:0], 0, 0
	return dst
}

// chunk lets through what was written to a terminal, which is not made of lines
// and worth nothing with holes in it.
func (s *sieve) chunk(dst []tree.Event, e *tree.Event) []tree.Event {
	dst = append(dst, *e)
	last := &dst[len(dst)-1]
	if root := rootOf(e.Node); s.torn[root] {
		last.Text = anew + last.Text
		delete(s.torn, root)
	}
	s.waiting += cost(last)
	return dst
}

// relieve leaves out the older half of what was written to terminals and nobody
// has taken: the screen stands still, and when it goes on, what is left is drawn
// on empty terminals.
func (s *sieve) relieve(queue []tree.Event) []tree.Event {
	kept, over := queue[:0], s.waiting/2
	if s.torn == nil {
		s.torn = map[string]bool{}
	}
	for i := range queue {
		e := queue[i]
		root := rootOf(e.Node)
		switch {
		case e.Kind != "out" || e.Stream != ptyStream:
		case over > 0:
			over -= cost(&e)
			s.waiting -= cost(&e)
			s.torn[root] = true
			continue
		case s.torn[root]:
			e.Text = anew + e.Text
			delete(s.torn, root)
		}
		kept = append(kept, e)
	}
	clear(queue[len(kept):])
	return kept
}

func (s *sieve) takes(at time.Duration) bool {
	if !s.begun {
		s.room, s.filled, s.begun = outBurst, at, true
	}
	if more := int((at - s.filled) * outSecond / time.Second); more > 0 {
		s.room, s.filled = min(outBurst, s.room+more), at
	}
	if s.room == 0 {
		return false
	}
	s.room--
	return true
}
