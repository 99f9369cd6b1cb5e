package tape

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Line is one line of output.
type Line struct {
	Seq    uint64
	T      time.Duration
	Node   string
	Stream string // "stdout", "stderr", or "pty" for a chunk of what a terminal got
	Text   string
}

// LineQuery says which lines are wanted: the first Max of those that fit, or the
// last with Backward. A page back is a query with Before, the Seq of the first
// line that one has, and Backward.
type LineQuery struct {
	Nodes    []string // those of these nodes and of all below them; nil: all
	After    uint64   // only those with a greater Seq
	Before   uint64   // only those with a smaller Seq; 0: no bound
	Max      int      // 0: 1000
	Backward bool
	Match    func(text string) bool // nil: all
	Raw      bool                   // also what was written to terminals, in chunks of Stream "pty"
	Context  context.Context        // ends a long search; nil: it goes to its end
}

// Lines looks lines of output up in the file, and returns them in its order,
// Backward or not. It reads no more of the file than it has to: without Match
// about what it returns. When Context ends it returns what it has and the reason.
func (s *Spool) Lines(q LineQuery) ([]Line, error) {
	if s.blind {
		return nil, ErrBlind
	}
	if q.Max <= 0 {
		q.Max = 1000
	}
	v := s.view(&q)
	if q.Backward {
		return v.backward()
	}
	return v.forward()
}

// view is what of the file one query may have to read.
type view struct {
	s        *Spool
	q        *LineQuery
	tracks   []track // as they were when it was asked
	from, to int64
	names    names
	buf      []byte
}

func (s *Spool) view(q *LineQuery) *view {
	v := &view{s: s, q: q, from: -1}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, t := range s.index.tracks {
		if id.raw && !q.Raw || !q.wantsRoot(id.root) {
			continue
		}
		snap := track{done: t.done[:len(t.done):len(t.done)], open: t.open}
		from, to := snap.bounds(q.After, q.Before)
		if s.index.mixed {
			from, to = snap.bounds(0, 0)
		}
		if from == to {
			continue
		}
		if v.from < 0 || from < v.from {
			v.from = from
		}
		v.to = max(v.to, to)
		v.tracks = append(v.tracks, snap)
	}
	return v
}

func (q *LineQuery) wantsRoot(r string) bool {
	return q.Nodes == nil || slices.ContainsFunc(q.Nodes, func(node string) bool { return root(node) == r })
}

func (q *LineQuery) wantsNode(node string) bool {
	return q.Nodes == nil || slices.ContainsFunc(q.Nodes, func(n string) bool {
		rest, ok := strings.CutPrefix(node, n)
		return ok && (rest == "" || rest[0] == '.')
	})
}

func (q *LineQuery) wants(e *tree.Event) bool {
	return e.Kind == exitreg.KindOut && e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) &&
		(q.Raw || e.Stream != "pty") && q.wantsNode(e.Node) && (q.Match == nil || q.Match(e.Text))
}

func (q *LineQuery) err() error {
	if q.Context == nil {
		return nil
	}
	return q.Context.Err()
}

// forward goes from block to block. Blocks of several tracks may overlap; no part
// of the file is read twice.
func (v *view) forward() (found []Line, err error) {
	for at := v.from; at < v.to && len(found) < v.q.Max; {
		if err := v.q.err(); err != nil {
			return found, err
		}
		lo, hi := v.to, v.to
		for i := range v.tracks {
			if b, ok := v.tracks[i].after(at); ok && max(b.off, at) < lo {
				lo, hi = max(b.off, at), min(b.end(), v.to)
			}
		}
		found, err = v.scan(found, lo, hi, v.q.Max)
		if err != nil {
			return found, err
		}
		at = hi
	}
	return found, nil
}

// backward reads from the last block that begins before the part that was read,
// up to that part. No block begins in between, so all lines there are in blocks
// that begin at or before it, and none is missed.
func (v *view) backward() (found []Line, err error) {
	var pages [][]Line // the last first
	n := 0
	for end := v.to; end > v.from && n < v.q.Max; {
		if err = v.q.err(); err != nil {
			break
		}
		lo, hi := v.from, v.from
		for i := range v.tracks {
			if b, ok := v.tracks[i].before(end); ok {
				lo, hi = max(lo, b.off), max(hi, min(b.end(), end))
			}
		}
		var page []Line
		if page, err = v.scan(nil, lo, hi, -1); err != nil {
			break
		}
		if len(page) > 0 {
			pages = append(pages, page)
		}
		n += len(page)
		end = lo
	}
	for _, page := range slices.Backward(pages) {
		found = append(found, page...)
	}
	return found[max(0, len(found)-v.q.Max):], err
}

// scan appends the wanted lines of a part of the file, until there are most of
// them (-1: all).
func (v *view) scan(found []Line, lo, hi int64, most int) ([]Line, error) {
	if v.buf == nil {
		v.buf = make([]byte, 128<<10)
	}
	var e tree.Event
	for lo < hi {
		text, skip, err := v.s.readLines(v.buf, lo, hi)
		if err != nil {
			return found, err
		}
		lo += int64(len(text)) + skip
		for line := range bytes.Lines(text) {
			if v.decode(bytes.TrimSpace(line), &e) && v.q.wants(&e) {
				found = append(found, Line{Seq: e.Seq, T: e.T, Node: e.Node, Stream: e.Stream, Text: e.Text})
				if len(found) == most {
					return found, nil
				}
			}
		}
	}
	return found, nil
}

var (
	aKind   = []byte(`"kind":"`)
	outKind = []byte(`"kind":"out"`)
)

// decode reads a line of output. A quote in a text is escaped, so that no text can
// look like a kind.
func (v *view) decode(line []byte, e *tree.Event) bool {
	if i := bytes.Index(line, aKind); i >= 0 && !bytes.HasPrefix(line[i:], outKind) {
		return false
	}
	*e = tree.Event{}
	if v.names.scan(line, e) {
		return true
	}
	*e = tree.Event{}
	return json.Unmarshal(line, e) == nil
}
