package live

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// procDir is the directory in /proc of one process, held open: it never shows
// another one, even when the pid is used again.
type procDir struct {
	fd   int
	base string // a path to it
}

// openDir opens the directory of p, with the session locked. Nothing is locked
// while it is read from then on.
func (p *proc) openDir() (procDir, stat, error) {
	fd, err := unix.Open("/proc/"+strconv.Itoa(p.pid), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return procDir{}, stat{}, err
	}
	st, err := p.look() // it lives yet, so what was opened before is its own
	if err != nil {
		unix.Close(fd)
		return procDir{}, stat{}, err
	}
	return procDir{fd, "/proc/self/fd/" + strconv.Itoa(fd)}, st, nil
}

func (d procDir) close() { unix.Close(d.fd) }
