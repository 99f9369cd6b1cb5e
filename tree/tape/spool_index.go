package tape

import (
	"sort"

	"multiexit/exitreg"
	"multiexit/tree"
)

const (
	blockLines = 64       // of output in a block, at most
	blockSpan  = 64 << 10 // bytes after which no line is added to a block
	markEvery  = 256 << 10
)

// entry is one line of the file.
type entry struct {
	seq  uint64
	off  int64
	size int
	out  bool
	id   trackID
}

func entryOf(e *tree.Event, off int64, size int) entry {
	out := e.Kind == exitreg.KindOut
	en := entry{seq: e.Seq, off: off, size: size, out: out}
	if out {
		en.id = trackID{root(e.Node), e.Stream == "pty"}
	}
	return en
}

// index says where in the file is what. It only grows.
type index struct {
	tracks map[trackID]*track
	near   *track // of the line before: the next is often of the same
	nearID trackID
	marks  []block // of all events; size is not used
	last   uint64  // Seq
	mixed  bool    // the file is not in the order of Seq: it is good for nothing
}

func newIndex() index { return index{tracks: map[trackID]*track{}} }

// trackID names what is paged through by itself: the lines of a command, or what
// it wrote to its terminal.
type trackID struct {
	root string
	raw  bool
}

// track is where the output of one command is, in order.
type track struct {
	done  []block
	open  block // the last one, which may still grow; size 0: none
	lines int   // in open
}

// block is a part of the file that begins and ends with a line of its track. Lines
// of others may be in between.
type block struct {
	off  int64
	seq  uint64 // of its first line
	size uint32
}

func (b block) end() int64 { return b.off + int64(b.size) }

func (x *index) add(e *entry) {
	if e.seq < x.last {
		x.mixed = true
	}
	x.last = e.seq
	if n := len(x.marks); n == 0 || e.off-x.marks[n-1].off >= markEvery {
		x.marks = append(x.marks, block{off: e.off, seq: e.seq})
	}
	if !e.out {
		return
	}
	if x.near == nil || x.nearID != e.id {
		t := x.tracks[e.id]
		if t == nil {
			t = &track{}
			x.tracks[e.id] = t
		}
		x.near, x.nearID = t, e.id
	}
	x.near.add(e)
}

func (t *track) add(e *entry) {
	end := e.off + int64(e.size)
	if t.open.size == 0 || t.lines == blockLines || end-t.open.off > blockSpan {
		if t.open.size > 0 {
			t.done = append(t.done, t.open)
		}
		t.open, t.lines = block{off: e.off, seq: e.seq}, 0
	}
	t.open.size = uint32(end - t.open.off)
	t.lines++
}

// from is where to begin to read for the events of seq and later.
func (x *index) from(seq uint64) (off int64) {
	i := sort.Search(len(x.marks), func(i int) bool { return x.marks[i].seq > seq })
	if i == 0 || x.mixed {
		return 0
	}
	// Events of the same Seq may be before the mark.
	for i--; i > 0 && x.marks[i].seq == seq; {
		i--
	}
	return x.marks[i].off
}

// len, at: the blocks, the open one included.
func (t *track) len() int {
	if t.open.size > 0 {
		return len(t.done) + 1
	}
	return len(t.done)
}

func (t *track) at(i int) block {
	if i == len(t.done) {
		return t.open
	}
	return t.done[i]
}

// before is the last block that begins before off.
func (t *track) before(off int64) (b block, ok bool) {
	i := sort.Search(t.len(), func(i int) bool { return t.at(i).off >= off })
	if i == 0 {
		return b, false
	}
	return t.at(i - 1), true
}

// after is the first block that ends after off.
func (t *track) after(off int64) (b block, ok bool) {
	i := sort.Search(t.len(), func(i int) bool { return t.at(i).end() > off })
	if i == t.len() {
		return b, false
	}
	return t.at(i), true
}

// bounds is the part of the file in which the track's lines with
// after < Seq < before are (before 0: no bound).
func (t *track) bounds(after, before uint64) (from, to int64) {
	n := t.len()
	first := sort.Search(n, func(i int) bool { return t.at(i).seq > after })
	first = max(first-1, 0)
	last := n
	if before > 0 {
		last = sort.Search(n, func(i int) bool { return t.at(i).seq >= before })
	}
	if last <= first {
		return 0, 0
	}
	return t.at(first).off, t.at(last - 1).end()
}
