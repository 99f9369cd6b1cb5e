package history

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// lock takes a lock on an open file, which ends with it, however that comes. It
// is not taken if somebody else has one that excludes it. Where the file system
// has no locks, none is taken, none is missed, and known is false.
func lock(f *os.File, exclusive bool) (taken, known bool) {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		excluded := errors.Is(err, syscall.EWOULDBLOCK)
		return !excluded, err == nil || excluded
	}
}

// Written says that the writer of a recording still lives. Where there are no
// locks to tell, one that was written to in the last day is taken for such.
func Written(path string) bool {
	const recent = 24 * time.Hour
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	taken, known := lock(f, false)
	if info, err := f.Stat(); !known && err == nil {
		return time.Since(info.ModTime()) < recent
	}
	return !taken
}

// Hold keeps the recording of an entry from being removed until the process ends.
func (e *Entry) Hold() {
	if f, err := os.Open(e.Path); err == nil {
		lock(f, false)
		held = append(held, f)
	}
}

var held []*os.File // an *os.File that nothing refers to is closed
