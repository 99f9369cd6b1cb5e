//go:build !linux && !darwin

package remote

import (
	"errors"
	"net"
)

// peer cannot be asked for here, so nobody is let in.
func peer(*net.UnixConn) (uid int, err error) {
	return -1, errors.New("this system does not tell who is at the other end of a socket")
}
