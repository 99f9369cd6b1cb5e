//go:build linux || darwin

package remote

import (
	"net"

	"golang.org/x/sys/unix"
)

// hungUp says that the other end is closed, and not only for writing.
func hungUp(nc *net.UnixConn) bool {
	raw, err := nc.SyscallConn()
	if err != nil {
		return true
	}
	up := false
	err = raw.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: 0}}
		n, _ := unix.Poll(fds, 0)
		up = n == 0 || fds[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) == 0
	})
	return err != nil || !up
}
