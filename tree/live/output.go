package live

import (
	"bytes"
	"strings"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

const (
	// maxLine is where a line of output is cut. The rest of it, to the next newline,
	// is thrown away: a program that prints 1 GB without a newline costs nothing.
	maxLine = 16 << 10
	// Lines that come faster than this, for longer than the burst, are skipped: no
	// reader of the stream could use them, and the writer would be held up.
	outBurst = 100_000
	outRate  = 50_000 // a second
	// tailSize is how much of the end of what is skipped is kept: last words are
	// never lost.
	tailSize = 16 << 10
)

var newline = []byte("\n")

// lines makes events from one of the two output pipes of a command.
type lines struct {
	command *command
	stream  string // "stdout" or "stderr"
	part    []byte // a line whose end has not come yet
	cut     bool   // part is full: what follows belongs to no event

	raw  [][]byte // read, but not looked at yet
	size int      // bytes in raw

	skipped int    // lines that were not made events since the last one that was
	tail    []byte // the end of them
	torn    bool   // tail does not begin at the beginning of a line
}

// tally names the notes about it.
func (l *lines) tally() string { return l.stream + l.command.Node }

// pace is how many more lines may come at once.
type pace struct {
	left float64
	at   time.Duration
}

func (p *pace) allow(n int, now time.Duration) bool {
	p.left = min(outBurst, p.left+outRate*(now-p.at).Seconds())
	p.at = now
	if float64(n) > p.left {
		return false
	}
	p.left -= float64(n)
	return true
}

// feed takes what was read and emits the lines that end in it.
func (l *lines) feed(s *Session, data []byte) {
	at := s.at
	n := bytes.Count(data, newline)
	if n > 0 && (!l.command.pace.allow(n, at) || s.queue.full()) || n == 0 && l.skipped > 0 {
		l.skip(data, n)
		return
	}
	l.catchUp(s)
	l.split(s, at, data)
}

func (l *lines) split(s *Session, at time.Duration, data []byte) {
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			l.keep(data)
			return
		}
		if len(l.part) == 0 && !l.cut && i <= maxLine {
			l.emit(s, at, data[:i])
		} else {
			l.keep(data[:i])
			l.emit(s, at, l.part)
			l.part, l.cut = l.part[:0], false
		}
		data = data[i+1:]
	}
}

// skip lets n lines go, all but the last of them.
func (l *lines) skip(data []byte, n int) {
	if l.skipped == 0 {
		l.tail = append(l.tail[:0], l.part...)
		l.part, l.torn, l.cut = l.part[:0], l.cut, false
	}
	l.skipped += n
	if over := len(data) - tailSize; over > 0 {
		data, l.tail, l.torn = data[over:], l.tail[:0], true
	}
	l.tail = append(l.tail, data...)
	if over := len(l.tail) - tailSize; over > 0 {
		l.tail = append(l.tail[:0], l.tail[over:]...)
		l.torn = true
	}
}

// catchUp tells how many lines are missing, where they are missing, and emits the
// end of them.
func (l *lines) catchUp(s *Session) {
	if l.skipped == 0 {
		return
	}
	tail := l.tail
	if l.torn {
		_, tail, _ = bytes.Cut(tail, newline)
	}
	if lost := l.skipped - bytes.Count(tail, newline); lost > 0 {
		s.note(l.command.root, l.tally(), "%d lines of %s dropped: they came faster than they could be shown", lost, l.stream)
	}
	l.skipped = 0
	l.split(s, s.at, tail)
	l.tail = l.tail[:0]
}

// flush emits last words that no newline ends.
func (l *lines) flush(s *Session) {
	l.catchUp(s)
	if len(l.part) > 0 {
		l.emit(s, s.at, l.part)
		l.part, l.cut = nil, false
	}
}

func (l *lines) keep(data []byte) {
	if room := maxLine - len(l.part); len(data) > room {
		data, l.cut = data[:room], true
	}
	l.part = append(l.part, data...)
}

// emit queues one line. Control characters stay; bytes that are no UTF-8 are
// replaced, for the stream is JSON.
func (l *lines) emit(s *Session, at time.Duration, line []byte) {
	text := string(bytes.TrimSuffix(line, []byte("\r")))
	if l.cut {
		text += " ... (line cut)"
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	root := l.command.root
	s.push(&tree.Event{Kind: exitreg.KindOut, T: at, Node: root.id, PID: root.pid,
		Stream: l.stream, Text: text})
}
