//go:build unix

package exitreg

import "syscall"

// writeStderr goes around os.Stderr: a write by package os to a closed pipe on
// descriptor 1 or 2 ends the process with SIGPIPE (os/signal, "SIGPIPE"), which a
// handler's error message must not do. What cannot be written is dropped.
func writeStderr(line []byte) {
	for len(line) > 0 {
		n, err := syscall.Write(2, line)
		if err != nil && err != syscall.EINTR {
			return
		}
		line = line[max(n, 0):]
	}
}
