package history

import (
	"errors"
	"os"
	"syscall"
)

// lock takes a lock on an open file, which ends with it, however that comes. It
// is not taken if somebody else has one that excludes it. Where the file system
// has no locks, none is taken and none is missed.
func lock(f *os.File, exclusive bool) (taken bool) {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		return !errors.Is(err, syscall.EWOULDBLOCK)
	}
}

// written says that the writer of a recording still lives.
func written(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return !lock(f, false)
}

// Hold keeps the recording of an entry from being removed until the process ends.
func (e *Entry) Hold() {
	if f, err := os.Open(e.Path); err == nil {
		lock(f, false)
		held = append(held, f)
	}
}

var held []*os.File // an *os.File that nothing refers to is closed
