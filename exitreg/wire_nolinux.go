//go:build unix && !linux

package exitreg

// Where MSG_NOSIGNAL is not to be had, Go ignores the SIGPIPE of a socket unless
// the program asked for it.
const sendFlags = 0
