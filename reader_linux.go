package main

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// leaveWithReader ends the program when nobody reads its standard output any more
// (head has seen enough), though there is nothing to write at the moment. The
// status is that of a program ended by SIGPIPE.
func leaveWithReader() {
	panics.Spawn(nil, func() {
		fds := []unix.PollFd{{Fd: 1}} // an error is always told: poll(2)
		for {
			n, err := unix.Poll(fds, -1)
			switch {
			case n > 0 && fds[0].Revents&unix.POLLERR != 0:
				os.Exit(statusSignal + int(unix.SIGPIPE))
			case n > 0, err != nil && err != unix.EINTR:
				return // a file, a terminal that is gone
			}
			time.Sleep(time.Second / 10)
		}
	})
}
