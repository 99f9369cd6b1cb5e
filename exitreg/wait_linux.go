package exitreg

import (
	"errors"
	"os"
	"syscall"
)

// waitid(2): what to wait for, and not to reap.
const (
	pPID   = 1
	pPIDFD = 3
)

// watch returns a channel that is closed when the child has ended. It leaves the
// zombie to whoever calls Wait; if that is somebody else right now, the child is
// just as gone.
func watch(p *os.Process) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		err := p.WithHandle(func(pidfd uintptr) { waitid(pPIDFD, pidfd) })
		if errors.Is(err, os.ErrNoHandle) { // a kernel before 5.4
			waitid(pPID, uintptr(p.Pid))
		}
	}()
	return gone
}

// waitid blocks until the child has ended. Any error but an interruption means
// that there is no such child any more.
func waitid(idType int, id uintptr) {
	for {
		_, _, err := syscall.Syscall6(syscall.SYS_WAITID, uintptr(idType), id, 0, syscall.WEXITED|syscall.WNOWAIT, 0, 0)
		if err != syscall.EINTR {
			return
		}
	}
}
