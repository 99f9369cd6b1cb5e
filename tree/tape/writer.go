package tape

import (
	"io"

	"multiexit/tree"
)

// Writer writes a recording. It is not safe for concurrent use.
type Writer struct {
	w   io.Writer
	buf []byte
	err error
}

// NewWriter writes the header at once. Its version is the one that this package
// writes, whatever h says.
func NewWriter(w io.Writer, h tree.Header) (*Writer, error) {
	line, err := appendHeader(nil, h)
	if err == nil {
		_, err = w.Write(line)
	}
	return &Writer{w: w, err: err}, err
}

// Write writes a batch of events, whole lines in one call of the underlying
// Write (or in several of 1 MiB, if it is large): a reader at the other end of a
// pipe has them at once, and a crash tears one line at most. After an error
// every Write returns that error and writes nothing.
func (w *Writer) Write(events []tree.Event) error {
	if w.err != nil {
		return w.err
	}
	for i := range events {
		w.buf = append(events[i].AppendJSON(w.buf), '\n')
		if len(w.buf) >= 1<<20 {
			w.flush()
		}
	}
	w.flush()
	return w.err
}

func (w *Writer) flush() {
	if w.err == nil && len(w.buf) > 0 {
		_, w.err = w.w.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// Close returns the first error there was. It does not close the underlying
// writer, and what was written is complete without it.
func (w *Writer) Close() error { return w.err }

// WriteTo writes the recording again: the header, and each event with the keys
// this version does not know, as they were read; an event without such keys is
// written anew, from Events. Lines that were no events are left out.
func (t *Tape) WriteTo(w io.Writer) (int64, error) {
	out := counter{w: w}
	head := t.head
	if head == nil {
		var err error
		if head, err = appendHeader(nil, t.Header); err != nil {
			return 0, err
		}
	}
	_, err := out.Write(head)
	lines := Writer{w: &out, err: err}
	for i := range t.Events {
		if raw := t.raw[i]; raw != nil {
			lines.buf = append(append(lines.buf, raw...), '\n')
		} else {
			lines.buf = append(t.Events[i].AppendJSON(lines.buf), '\n')
		}
		if len(lines.buf) >= 64<<10 {
			lines.flush()
		}
	}
	lines.flush()
	return out.n, lines.err
}

// counter counts the bytes that were written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
