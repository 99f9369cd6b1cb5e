//go:build !unix

package exitreg

import (
	"os"
	"syscall"
)

// Windows delivers only the console's interrupt, and has no death by signal.
var defaultSignals = []os.Signal{os.Interrupt}

const (
	terminate = syscall.SIGTERM
	canRaise  = false
)

func raise(os.Signal) {}

// strike ends this process at once.
func strike() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		_ = p.Kill()
	}
}

func halt() {} // there is no SIGSTOP

func number(sig os.Signal) int {
	if s, ok := sig.(syscall.Signal); ok {
		return int(s)
	}
	return 2 // os.Interrupt
}

func signalName(sig os.Signal) string {
	switch sig {
	case os.Interrupt:
		return "SIGINT"
	case os.Signal(syscall.SIGTERM):
		return "SIGTERM"
	}
	return sig.String()
}
