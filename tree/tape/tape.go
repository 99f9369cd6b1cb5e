// Package tape reads and writes recordings: a header line, then one event a
// line, as JSON, in the order in which the observer saw them.
//
// A recording is read for what is good in it. A line that is no event is
// reported and skipped. A kind that this version does not know is an event like
// any other (tree.Tree counts it); a line with a key it does not know is kept as
// it is and counted, and WriteTo writes it back.
package tape

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"slices"
	"sort"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Tape is a recording. A literal of Header and Events is a valid one.
type Tape struct {
	Header  tree.Header
	Events  []tree.Event
	Damage  *Damage // the first thing that is broken; nil: whole
	Unknown int     // events with a key this version does not know

	reel   *Reel           // the events instead of Events, if it was loaded
	packed *Reel           // what Reel has made of Events
	due    []time.Duration // see Due
	head   []byte          // the header as it was read
	raw    map[int][]byte  // lines with unknown keys, by position in Events
}

// Read reads a recording to its end. The error is a *FormatError when it is
// none, or that of r; then the tape holds what was read until then, if it is
// not nil. A recording that is broken somewhere is no error: see Damage.
func Read(r io.Reader) (*Tape, error) {
	t := new(Tape)
	return t.read(NewDecoder(r), t.free, t.keep)
}

// Load is Read into little memory: the events are those of All, or of Reel to be
// played, and Events is nil.
func Load(r io.Reader) (*Tape, error) {
	t, e := &Tape{reel: new(Reel)}, new(tree.Event)
	d := NewDecoder(r)
	d.names.lend = true
	return t.read(d, func() *tree.Event { return e }, func(d *Decoder) {
		t.reel.Append(e)
		if d.Extra() {
			t.Unknown++
		}
	})
}

// Of is a tape of the events of a reel.
func Of(r *Reel) *Tape { return &Tape{reel: r} }

// Reel has the events of the tape. It is not to be added to.
func (t *Tape) Reel() *Reel {
	if t.reel != nil {
		return t.reel
	}
	if t.packed == nil || t.packed.Len() != len(t.Events) {
		t.packed = new(Reel)
		for i := range t.Events {
			t.packed.Append(&t.Events[i])
		}
	}
	return t.packed
}

// read reads a recording: each event into a place, from where it is kept.
func (t *Tape) read(d *Decoder, place func() *tree.Event, keep func(*Decoder)) (*Tape, error) {
	h, err := d.Header()
	if err != nil {
		return nil, err
	}
	t.Header, t.head = h, append(bytes.Clone(d.Line()), '\n')
	for {
		switch err := d.Decode(place()).(type) {
		case nil:
			keep(d)
		case *Damage:
			t.damaged(err)
		default:
			if err != io.EOF {
				return t, err
			}
			t.checkEnd(d)
			return t, nil
		}
	}
}

// free is the place behind the last event. Doubling copies less than append does,
// and an event is large.
func (t *Tape) free() *tree.Event {
	n := len(t.Events)
	if n == cap(t.Events) {
		t.Events = slices.Grow(t.Events, max(64, n))
	}
	return &t.Events[:n+1][n]
}

// keep takes in the event that d has read into the free place.
func (t *Tape) keep(d *Decoder) {
	if d.Extra() {
		if t.raw == nil {
			t.raw = map[int][]byte{}
		}
		t.raw[len(t.Events)] = bytes.Clone(d.Line())
		t.Unknown++
	}
	t.Events = t.Events[:len(t.Events)+1]
}

func (t *Tape) damaged(d *Damage) {
	if t.Damage == nil {
		t.Damage = d
		return
	}
	t.Damage.More++
}

// checkEnd reports a recording that was cut off between two lines: whoever wrote
// it did not live to write eof.
func (t *Tape) checkEnd(d *Decoder) {
	if t.Damage == nil && t.last() != exitreg.KindEOF {
		t.Damage = &Damage{Line: d.line, Offset: d.offset, Reason: "it ends without eof: cut off while recording"}
	}
}

// Fold is the tree after all events.
func (t *Tape) Fold() *tree.Tree {
	if t.reel == nil {
		return tree.Fold(t.Events)
	}
	whole := new(tree.Tree)
	for _, e := range t.All() {
		whole.Apply(e)
	}
	return whole
}

// All are the events with their positions, in order of arrival. An event is valid
// until the next one is asked for; its strings stay.
func (t *Tape) All() iter.Seq2[int, *tree.Event] {
	return func(yield func(int, *tree.Event) bool) {
		if t.reel == nil {
			for i := range t.Events {
				if !yield(i, &t.Events[i]) {
					return
				}
			}
			return
		}
		e := new(tree.Event)
		for i := range t.reel.Len() {
			if t.reel.Event(i, e); !yield(i, e) {
				return
			}
		}
	}
}

// last is the kind of the last event.
func (t *Tape) last() exitreg.Kind {
	switch n := len(t.Events); {
	case n > 0:
		return t.Events[n-1].Kind
	case t.reel != nil && t.reel.Len() > 0:
		return t.reel.Kind(t.reel.Len() - 1)
	}
	return ""
}

// Open reads the recording at path. Its errors are one line and name the path
// and, for a file that is no recording, the line.
func Open(path string) (*Tape, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err // "open PATH: no such file or directory"
	}
	defer f.Close()
	t, err := Read(f)
	if bad := (*FormatError)(nil); errors.As(err, &bad) {
		bad.Path = path
	}
	return t, err
}

// Duration is the greatest time in the recording.
func (t *Tape) Duration() time.Duration {
	if t.reel != nil {
		return t.reel.Duration()
	}
	if len(t.Events) == 0 {
		return 0
	}
	return t.Due(len(t.Events) - 1)
}

// Due is the time from which on the event at i has happened on the playhead's way:
// its own, or that of an earlier event that is later by the clock. Events are in
// order of arrival, so their times may step back; Due does not.
func (t *Tape) Due(i int) time.Duration {
	if t.reel != nil {
		return t.reel.Due(i)
	}
	t.fill()
	return t.due[i]
}

// At is the number of events that have happened at d. It grows with d.
func (t *Tape) At(d time.Duration) int {
	if t.reel != nil {
		return t.reel.At(d)
	}
	t.fill()
	return sort.Search(len(t.due), func(i int) bool { return t.due[i] > d })
}

func (t *Tape) fill() {
	for i := len(t.due); i < len(t.Events); i++ {
		due := max(t.Events[i].T, 0)
		if i > 0 {
			due = max(due, t.due[i-1])
		}
		t.due = append(t.due, due)
	}
}
