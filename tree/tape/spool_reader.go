package tape

import (
	"bytes"
	"context"
	"io"
)

// Reader goes through a Spool from its header to its end, as the bytes that are
// in the file. It belongs to one goroutine.
type Reader struct {
	s    *Spool
	off  int64
	from uint64 // events before it are left out; 0: none
}

// Reader begins with the header and goes on with the first event whose Seq is
// from or greater; 0 and 1 are all. Readers need not be closed.
func (s *Spool) Reader(from uint64) *Reader {
	return &Reader{s: s, from: from}
}

// Next returns whole lines, at least one, in buf if they fit: a buffer of 64 KiB
// is a good one. It waits until there is one, or ctx ends; what is there already
// is read even then. After Close and the last line it returns io.EOF, after a
// failed Write the error of that.
func (r *Reader) Next(ctx context.Context, buf []byte) ([]byte, error) {
	if r.s.blind {
		return nil, ErrBlind
	}
	if cap(buf) < 4<<10 {
		buf = make([]byte, 64<<10)
	}
	for {
		size, more, end := r.s.extent()
		for r.off < size {
			lines, err := r.read(buf, size)
			if err != nil || len(lines) > 0 {
				return lines, err
			}
		}
		if end != nil {
			return nil, end
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// read reads on, and returns what of it is wanted.
func (r *Reader) read(buf []byte, size int64) ([]byte, error) {
	header := r.off == 0
	if header {
		size = r.s.head
	}
	lines, skip, err := r.s.readLines(buf, r.off, size)
	r.off += int64(len(lines)) + skip
	if err != nil {
		return nil, err
	}
	if n := len(lines); n > 0 && lines[n-1] != '\n' {
		lines = append(lines, '\n') // the last one of a file that was opened
	}
	switch {
	case header && r.off == r.s.head && r.from > 1:
		r.s.mu.Lock()
		r.off = max(r.off, r.s.index.from(r.from))
		r.s.mu.Unlock()
	case !header && r.from > 1:
		lines = r.wanted(lines)
	}
	return lines, nil
}

// wanted drops the lines before the first that is wanted.
func (r *Reader) wanted(lines []byte) []byte {
	for len(lines) > 0 {
		if seqOf(lines) >= r.from {
			r.from = 0
			return lines
		}
		i := bytes.IndexByte(lines, '\n')
		lines = lines[i+1:]
	}
	return nil
}

// seqOf is the Seq of a line that begins with it, as those do that are written
// here; 0 for others.
func seqOf(line []byte) (seq uint64) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"seq":`))
	if !ok {
		return 0
	}
	c := cursor{rest: rest}
	n, _ := c.number()
	return uint64(n)
}

// readLines reads whole lines between off and end into buf, or into a larger one
// if not even one fits. A line that is longer than any may be is passed over: skip
// is the number of its bytes.
func (s *Spool) readLines(buf []byte, off, end int64) (lines []byte, skip int64, err error) {
	buf = buf[:cap(buf)]
	have := 0
	for {
		want := int(min(int64(len(buf)), end-off))
		n, err := s.f.ReadAt(buf[have:want], off+int64(have))
		have += n
		if err != nil && (err != io.EOF || have < want) {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF // somebody has made the file shorter
			}
			return nil, 0, err
		}
		if int64(have) == end-off {
			return buf[:have], 0, nil // it ends with a line
		}
		if i := bytes.LastIndexByte(buf[:have], '\n'); i >= 0 {
			return buf[:i+1], 0, nil
		}
		if have > 2*maxLine {
			skip, err = s.pass(buf, off+int64(have), end)
			return nil, int64(have) + skip, err
		}
		buf = append(buf, make([]byte, len(buf))...)
	}
}

// pass is the number of bytes to the next line.
func (s *Spool) pass(buf []byte, off, end int64) (skip int64, err error) {
	for at := off; at < end; {
		n, err := s.f.ReadAt(buf[:min(int64(len(buf)), end-at)], at)
		if n == 0 {
			return at - off, err
		}
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return at - off + int64(i) + 1, nil
		}
		at += int64(n)
	}
	return end - off, nil
}
