package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Store is a directory of recordings.
type Store struct{ dir string }

// Limits bound a Store: what is older goes.
type Limits struct {
	Runs  int
	Bytes int64 // of all recordings that are not links
}

// Bounds are the limits that are in force.
var Bounds = Limits{Runs: 200, Bytes: 2 << 30}

// ErrNoHome says that the environment names no place.
var ErrNoHome = errors.New("neither XDG_STATE_HOME nor HOME names a directory")

// Default is the store that the environment names: $XDG_STATE_HOME/multiexit, else
// ~/.local/state/multiexit.
func Default() (*Store, error) {
	base := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(base) { // "should be considered invalid and ignored"
		home := os.Getenv("HOME")
		if !filepath.IsAbs(home) {
			return nil, ErrNoHome
		}
		base = filepath.Join(home, ".local", "state")
	}
	return At(filepath.Join(base, "multiexit")), nil
}

// At is the store in a directory, which need not be there yet.
func At(dir string) *Store { return &Store{dir} }

// Dir is its directory.
func (s *Store) Dir() string { return s.dir }

// open makes the directory, for its user alone. It refuses one in which others
// can make files, or that is another user's: under sudo the home may be that of
// whoever called it, and files of root in there would lock him out.
func (s *Store) open() error {
	if err := os.MkdirAll(filepath.Dir(s.dir), 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Stat(s.dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s: not a directory", s.dir)
	case !ok || int(st.Uid) != os.Geteuid():
		return fmt.Errorf("%s: belongs to another user", s.dir)
	case info.Mode().Perm()&0o077 != 0:
		return os.Chmod(s.dir, 0o700)
	}
	return nil
}

// room is how many bytes may be written in the directory.
func (s *Store) room() (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(s.dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
