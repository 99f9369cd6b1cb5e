package tape

import (
	"errors"
	"io"
	"os"

	"multiexit/tree"
)

// OpenSpool opens the recording at path for paging through it: it is read once for
// the index, and is complete from the beginning. What is no event in it is passed
// over; a line that is cut off at the end is not there. The errors are those of
// Open. Free closes the file.
func OpenSpool(path string) (*Spool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	s := &Spool{f: f, index: newIndex(), end: io.EOF, blind: !info.Mode().IsRegular()}
	if err := s.scanAll(); err != nil {
		f.Close()
		if bad := (*FormatError)(nil); errors.As(err, &bad) {
			bad.Path = path
		}
		return nil, err
	}
	return s, nil
}

func (s *Spool) scanAll() (err error) {
	d := NewDecoder(s.f)
	if s.header, err = d.Header(); err != nil {
		return err
	}
	s.head, s.size = d.next, d.next
	for {
		var e tree.Event
		switch err := d.Decode(&e).(type) {
		case nil:
			en := entryOf(&e, d.offset, int(d.next-d.offset))
			s.index.add(&en)
			s.seq = max(s.seq, e.Seq)
		case *Damage:
			if d.torn {
				return nil
			}
		default:
			if err == io.EOF {
				return nil
			}
			return err
		}
		s.size = d.next
	}
}

// Free closes the file of OpenSpool; it cannot be read any more.
func (s *Spool) Free() error { return s.f.Close() }
