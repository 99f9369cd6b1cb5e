//go:build !linux

package demo

import (
	"os/signal"
	"syscall"
)

// block ignores sig: a thread's signal mask is out of reach here, and what can be
// seen from outside is the same.
func block(sig syscall.Signal) { signal.Ignore(sig) }
