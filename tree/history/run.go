package history

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	ext     = ".jsonl"
	running = ".running"
	layout  = "20060102T150405.000Z"
)

// Run is the place of a session that runs in its Store.
type Run struct {
	ID   string
	File *os.File // to be written, and closed after Complete; of a link, the user's own file

	store *Store
	name  string // of the files, without their ends
}

// least is the room below which a recording is not begun.
const least = 64 << 20

// Begin makes the file of a session that starts now, and removes what the bounds
// do not allow any more. room is how large it may become: a part of what the disk
// has left.
func (s *Store) Begin(now time.Time) (r *Run, room int64, err error) {
	if err := s.open(); err != nil {
		return nil, 0, err
	}
	free, err := s.room()
	switch {
	case err != nil:
		return nil, 0, err
	case free < least:
		return nil, 0, fmt.Errorf("%s: only %d MiB are left on the disk", s.dir, free>>20)
	}
	s.Prune(Bounds)
	for {
		r = s.place(now)
		if r.File, err = os.OpenFile(r.path(true), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
			return nil, 0, err
		}
		lock(r.File, true)
		if r.there() {
			return r, free / 4, nil
		}
		r.File.Close() // somebody has removed all that was not locked
	}
}

// there says that the file has its name.
func (r *Run) there() bool {
	named, err := os.Stat(r.path(true))
	if err != nil {
		return false
	}
	open, err := r.File.Stat()
	return err == nil && os.SameFile(named, open)
}

// Link makes an entry for a session that is recorded in a file of the user's own.
// It takes the place of entries for earlier contents of that file. Only regular
// files have one: else the run and the error are nil.
func (s *Store) Link(f *os.File, now time.Time) (*Run, error) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	target, err := filepath.Abs(f.Name())
	if err == nil {
		err = s.open()
	}
	if err != nil {
		return nil, err
	}
	s.Prune(Bounds)
	for _, name := range s.names() {
		path := filepath.Join(s.dir, name)
		if to, err := os.Readlink(path); err == nil && to == target {
			s.remove(path)
		}
	}
	r := s.place(now)
	r.File = f
	lock(f, true)
	return r, os.Symlink(target, r.path(true))
}

// place finds a name that no other has.
func (s *Store) place(now time.Time) *Run {
	taken := map[string]bool{}
	for _, name := range s.names() {
		if id, ok := idOf(name); ok {
			taken[id] = true
		}
	}
	id := newID()
	for taken[id] {
		id = newID()
	}
	return &Run{ID: id, store: s, name: now.UTC().Format(layout) + "-" + id}
}

// newID is a short word that is no number and no English one either.
func newID() string {
	const first, rest = "bcdfghjkmnpqrstvwxz", "bcdfghjkmnpqrstvwxz23456789"
	var b [4]byte
	rand.Read(b[:])
	id := []byte{first[int(b[0])%len(first)], 0, 0, 0}
	for i := 1; i < len(id); i++ {
		id[i] = rest[int(b[i])%len(rest)]
	}
	return string(id)
}

// idOf is the id in the name of a recording.
func idOf(name string) (string, bool) {
	stem, ok := strings.CutSuffix(name, ext)
	stem = strings.TrimSuffix(stem, running)
	at, id, dash := strings.Cut(stem, "-")
	_, err := time.Parse(layout, at)
	return id, ok && dash && err == nil && id != ""
}

func (r *Run) path(runs bool) string {
	end := ext
	if runs {
		end = running + ext
	}
	return filepath.Join(r.store.dir, r.name+end)
}

// Path is where the recording is now.
func (r *Run) Path() string {
	if _, err := os.Lstat(r.path(false)); err == nil {
		return r.path(false)
	}
	return r.path(true)
}

// Complete gives a recording that has come to its end its summary and its name.
// The lock goes when its file is closed.
func (r *Run) Complete(sum *Summary) error {
	sum.save(summaryPath(r.path(false)))
	err := os.Rename(r.path(true), r.path(false))
	if errors.Is(err, fs.ErrNotExist) {
		os.Remove(summaryPath(r.path(false))) // somebody has removed it by hand
	}
	return err
}

// Drop takes the place back. It closes no file.
func (r *Run) Drop() { os.Remove(r.path(true)) }
