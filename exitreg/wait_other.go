//go:build !linux

package exitreg

import "os"

// watch returns a channel that is closed when the child has ended.
func watch(p *os.Process) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = p.Wait() // an error: somebody else has waited for it
	}()
	return gone
}
