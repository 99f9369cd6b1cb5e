package tape

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"multiexit/exitreg"
	"multiexit/tree"
)

// Spool is a recording that stands behind a session while it runs: it grows at
// its end, and any number of readers go through it, each at its own pace and at
// the cost of nobody but itself. What is in it is on disk. In memory is only an
// index: 24 bytes for every 64 lines of output of a command, or for every 64 KiB
// of the file if they are further apart (about 0.4 MiB for a million lines).
//
// A Spool is safe for concurrent use; Writes come one after the other.
type Spool struct {
	f      *os.File
	header tree.Header
	head   int64 // size of the header's line
	limit  int64
	blind  bool // f can only be written

	writing sync.Mutex
	buf     []byte  // lines that are not in the file yet
	fresh   []entry // the same lines
	told    bool    // that the limit was reached
	broken  bool    // a write failed

	mu    sync.Mutex
	size  int64 // of the whole lines in the file: nobody reads beyond
	index index
	seq   uint64        // of the last event
	more  chan struct{} // closed when there is more to read, or never will be; nil: nobody waits
	end   error         // what a reader gets after the last line; nil: there will be more
}

// ErrBlind is what reading gives when the recording goes to a file that can only
// be written: a pipe, a device, a file without permission to read.
var ErrBlind = errors.New("the recording goes to a file that cannot be read")

// ErrClosed is what Write returns after Close.
var ErrClosed = errors.New("the recording is complete")

// NewSpool empties f and writes the header. When the file has reached limit bytes
// (0: never) further output is left out of it, which a note tells in the place of
// the first event that is missing; all other events are kept. The file stays the
// caller's, who closes it when nobody reads any more.
func NewSpool(f *os.File, h tree.Header, limit int64) (*Spool, error) {
	line, err := appendHeader(nil, h)
	if err != nil {
		return nil, err
	}
	s := &Spool{f: f, header: h, head: int64(len(line)), limit: limit, index: newIndex()}
	s.header.Version = Version
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if s.blind = !info.Mode().IsRegular(); !s.blind {
		if _, err = f.Seek(0, io.SeekStart); err == nil {
			err = f.Truncate(0)
		}
	}
	if err == nil {
		_, err = f.Write(line)
	}
	if err != nil {
		return nil, err
	}
	if !s.blind {
		_, err := f.ReadAt(line, 0)
		s.blind = err != nil
	}
	s.size = s.head
	return s, nil
}

// Header is the first line.
func (s *Spool) Header() tree.Header { return s.header }

// Seq is that of the last event in the file.
func (s *Spool) Seq() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seq
}

// Size is that of the file in bytes.
func (s *Spool) Size() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size
}

// Write appends a batch, and wakes the readers. It returns the first error of the
// file and takes nothing after it: what is good stays readable, and those who
// have read it get the error. Further Writes do nothing and return nil.
func (s *Spool) Write(events []tree.Event) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.broken {
		return nil
	}
	if s.closed() {
		return ErrClosed
	}
	for i := range events {
		s.add(&events[i])
		if len(s.buf) >= 1<<20 {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return s.flush()
}

func (s *Spool) closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.end != nil
}

// add encodes an event into buf.
func (s *Spool) add(e *tree.Event) {
	if e.Kind == exitreg.KindOut && s.limit > 0 && s.size+int64(len(s.buf)) >= s.limit {
		if s.told {
			return
		}
		s.told = true
		e = instead(e, fmt.Sprintf("from here on output is not kept: the file behind the session has its %d MiB", (s.limit+1<<20-1)>>20))
	}
	start := len(s.buf)
	s.buf = append(e.AppendJSON(s.buf), '\n')
	if size := len(s.buf) - start; size > maxLine {
		e = instead(e, fmt.Sprintf("an event of %d bytes is not kept", size))
		s.buf = append(e.AppendJSON(s.buf[:start]), '\n')
	}
	s.fresh = append(s.fresh, entryOf(e, s.size+int64(start), len(s.buf)-start))
}

// instead is a note in the place of an event.
func instead(e *tree.Event, text string) *tree.Event {
	return &tree.Event{Seq: e.Seq, T: e.T, Kind: exitreg.KindNote, Text: text}
}

// flush writes buf. Of lines that are in the file in part, on a full disk, the
// whole ones are kept.
func (s *Spool) flush() error {
	if len(s.buf) == 0 {
		return nil
	}
	n, err := s.f.Write(s.buf)
	if err != nil {
		s.broken = true
		n = bytes.LastIndexByte(s.buf[:n], '\n') + 1
		if !s.blind {
			s.f.Truncate(s.size + int64(n))
		}
	}
	s.commit(int64(n), err)
	s.buf, s.fresh = s.buf[:0], s.fresh[:0]
	return err
}

// commit shows n further bytes to the readers.
func (s *Spool) commit(n int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size += n
	for i := range s.fresh {
		e := &s.fresh[i]
		if e.off+int64(e.size) > s.size {
			break
		}
		s.index.add(e)
		s.seq = max(s.seq, e.seq)
	}
	if err != nil {
		s.end = err
	}
	s.wake()
}

// wake tells those who wait that something has changed; s.mu is held.
func (s *Spool) wake() {
	if s.more != nil {
		close(s.more)
		s.more = nil
	}
}

// Close says that nothing more comes: readers get io.EOF after the last line. The
// file stays open.
func (s *Spool) Close() error {
	s.writing.Lock() // a Write that has begun is whole
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end == nil {
		s.end = io.EOF
	}
	s.wake()
	return nil
}

// extent is how far the file can be read. Behind it comes the error, or, if that
// is nil, more, when the channel is closed.
func (s *Spool) extent() (size int64, more <-chan struct{}, end error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end == nil && s.more == nil {
		s.more = make(chan struct{})
	}
	return s.size, s.more, s.end
}

// root is the node of the command that a node descends from.
func root(node string) string {
	root, _, _ := strings.Cut(node, ".")
	return root
}
