package remote

import (
	"net"

	"golang.org/x/sys/unix"
)

// peer asks the kernel whose process is at the other end.
func peer(nc *net.UnixConn) (uid int, err error) {
	raw, err := nc.SyscallConn()
	if err != nil {
		return -1, err
	}
	uid = -1
	ctlErr := raw.Control(func(fd uintptr) {
		var cred *unix.Xucred
		if cred, err = unix.GetsockoptXucred(int(fd), unix.SOL_LOCAL, unix.LOCAL_PEERCRED); err == nil {
			uid = int(cred.Uid)
		}
	})
	if err == nil {
		err = ctlErr
	}
	return uid, err
}
