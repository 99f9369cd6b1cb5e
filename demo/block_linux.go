package demo

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// block blocks sig, one of the first 32, in the calling thread.
func block(sig syscall.Signal) {
	var set unix.Sigset_t
	set.Val[0] = 1 << (sig - 1)
	unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil)
}
