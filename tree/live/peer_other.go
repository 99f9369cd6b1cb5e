//go:build !linux && !darwin

package live

import (
	"errors"
	"net"
)

// peer cannot be asked for here, so nobody is let in.
func peer(*net.UnixConn) (pid, uid int, err error) {
	return 0, -1, errors.New("this system does not tell who is at the other end of a socket")
}
