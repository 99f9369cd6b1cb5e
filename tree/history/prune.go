package history

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ErrBusy says that a recording is being written or read.
var ErrBusy = errors.New("it is being written or read")

// Prune removes the oldest recordings that the limits do not allow, but none that
// is being written or read, and what is of no use any more. When another process
// does so at the same time, it is left to that.
func (s *Store) Prune(l Limits) {
	guard, err := os.OpenFile(filepath.Join(s.dir, ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return
	}
	defer guard.Close()
	if taken, _ := lock(guard, true); !taken {
		return
	}
	s.sweep()
	list, _ := s.List()
	runs, bytes := len(list), int64(0)
	for i := range list {
		bytes += list[i].weight()
	}
	for i := len(list) - 1; i >= 0 && (runs > l.Runs || bytes > l.Bytes); i-- {
		if s.Remove(&list[i]) == nil {
			runs, bytes = runs-1, bytes-list[i].weight()
		}
	}
}

// weight is what an entry takes of the limit: a link takes nothing.
func (e *Entry) weight() int64 {
	if e.Target != "" {
		return 0
	}
	return e.Size
}

// Remove removes a recording and its summary; of a link, the link. It is ErrBusy
// if anybody writes or reads it.
func (s *Store) Remove(e *Entry) error {
	if e.State == Running {
		return ErrBusy
	}
	f, err := os.Open(e.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	if taken, _ := lock(f, true); !taken && e.Target == "" {
		return ErrBusy
	}
	return s.remove(e.Path)
}

func (s *Store) remove(path string) error {
	err := os.Remove(path)
	os.Remove(summaryPath(path))
	return err
}

// sweep removes links to what is gone, and summaries without a recording. A new
// one comes before its recording has its name, so it is given time.
func (s *Store) sweep() {
	const old = time.Minute
	names := s.names()
	kept := map[string]bool{}
	for _, name := range names {
		path := filepath.Join(s.dir, name)
		target, _ := os.Readlink(path)
		if e, ok := s.entry(name); target != "" && !ok && e.State != Running {
			s.remove(path)
			continue
		}
		kept[summaryPath(name)] = true
	}
	files, _ := os.ReadDir(s.dir)
	for _, f := range files {
		name := f.Name()
		ours := strings.HasSuffix(name, ".json") || strings.HasPrefix(name, ".new-")
		if info, err := f.Info(); ours && err == nil && !kept[name] && time.Since(info.ModTime()) > old {
			os.Remove(filepath.Join(s.dir, name))
		}
	}
}
