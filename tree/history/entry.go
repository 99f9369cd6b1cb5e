package history

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// State is how far a recording has come.
type State string

const (
	Complete State = "complete"
	Running  State = "running" // its session still writes
	CutOff   State = "cut-off" // its session was killed, or could not write any more
)

// Entry is one recording of a Store.
type Entry struct {
	Number int       // 1 is the newest
	ID     string    //
	Path   string    //
	Target string    // the file of the user's that Path is a link to; "" if it is none
	Began  time.Time // by its name
	State  State     //
	Size   int64     // of the recording in bytes
}

// List are all entries, the newest first. A store that is not there yet has none.
func (s *Store) List() ([]Entry, error) {
	if _, err := os.ReadDir(s.dir); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	var list []Entry
	for _, name := range slices.Backward(s.names()) {
		if e, ok := s.entry(name); ok {
			e.Number = len(list) + 1
			list = append(list, e)
		}
	}
	return list, nil
}

// names are the file names of all recordings, the oldest first.
func (s *Store) names() (names []string) {
	files, _ := os.ReadDir(s.dir) // in order of their names
	for _, f := range files {
		if _, ok := idOf(f.Name()); ok {
			names = append(names, f.Name())
		}
	}
	return names
}

// entry looks at one file. It is not ok if it is gone, or a link to what is gone
// or holds another recording by now.
func (s *Store) entry(name string) (e Entry, ok bool) {
	e = Entry{Path: filepath.Join(s.dir, name), State: Complete}
	e.ID, _ = idOf(name)
	at, _, _ := strings.Cut(name, "-")
	e.Began, _ = time.Parse(layout, at)
	info, err := os.Stat(e.Path)
	if err != nil || !info.Mode().IsRegular() {
		return e, false
	}
	e.Size = info.Size()
	e.Target, _ = os.Readlink(e.Path)
	if strings.HasSuffix(name, running+ext) {
		switch {
		case Written(e.Path):
			e.State = Running
		case !ended(e.Path, e.Size):
			e.State = CutOff
		}
	}
	return e, e.Target == "" || e.State == Running || e.current()
}

// current says that the file behind a link still holds what it held: another
// recording began at another time.
func (e *Entry) current() bool {
	h, err := header(e.Path)
	const start = time.Minute // between the name of an entry and the start of its session
	return err == nil && h.Start.Sub(e.Began).Abs() < start
}

// header is the first line of a recording.
func header(path string) (tree.Header, error) {
	f, err := os.Open(path)
	if err != nil {
		return tree.Header{}, err
	}
	defer f.Close()
	return tape.NewDecoder(f).Header()
}

// last is the last whole event of a recording, without reading the rest of it.
func last(path string, size int64) (e tree.Event, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return e, false
	}
	defer f.Close()
	buf := make([]byte, min(size, 256<<10))
	n, err := f.ReadAt(buf, size-int64(len(buf)))
	if err != nil && err != io.EOF {
		return e, false
	}
	buf = buf[:bytes.LastIndexByte(buf[:n], '\n')+1]
	start := bytes.LastIndexByte(buf[:max(0, len(buf)-1)], '\n') + 1
	return e, json.Unmarshal(buf[start:], &e) == nil
}

// ended says that a recording is whole, though its session did not live to say so.
func ended(path string, size int64) bool {
	e, ok := last(path, size)
	return ok && e.Kind == exitreg.KindEOF
}
