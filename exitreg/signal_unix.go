//go:build unix

package exitreg

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

var defaultSignals = []os.Signal{syscall.SIGTERM, syscall.SIGINT}

const (
	terminate = syscall.SIGTERM
	canRaise  = true
)

// raise gives the signal back its default action and sends it to this process,
// so that its parent sees death by that signal. That it returns is possible: the
// signal is blocked, or its default action does not end a process.
func raise(sig os.Signal) {
	s, ok := sig.(syscall.Signal)
	if !ok {
		return
	}
	signal.Reset(sig)
	if syscall.Kill(syscall.Getpid(), s) == nil {
		time.Sleep(time.Second)
	}
}

// strike ends this process as a SIGKILL from elsewhere does.
func strike() {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	time.Sleep(time.Second) // until it has come
}

// halt stops this process as a SIGSTOP from elsewhere does. The kernel may give it
// to another thread, and stop this one a moment later.
func halt() {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	time.Sleep(10 * time.Millisecond)
}

func number(sig os.Signal) int {
	if s, ok := sig.(syscall.Signal); ok {
		return int(s)
	}
	return 0
}

// Only those that have a name on every Unix and may end a program.
var signalNames = map[syscall.Signal]string{
	syscall.SIGHUP: "SIGHUP", syscall.SIGINT: "SIGINT", syscall.SIGQUIT: "SIGQUIT",
	syscall.SIGABRT: "SIGABRT", syscall.SIGALRM: "SIGALRM", syscall.SIGTERM: "SIGTERM",
	syscall.SIGUSR1: "SIGUSR1", syscall.SIGUSR2: "SIGUSR2", syscall.SIGPIPE: "SIGPIPE",
	syscall.SIGXCPU: "SIGXCPU", syscall.SIGXFSZ: "SIGXFSZ", syscall.SIGVTALRM: "SIGVTALRM",
	syscall.SIGPROF: "SIGPROF", syscall.SIGTSTP: "SIGTSTP", syscall.SIGTTIN: "SIGTTIN",
	syscall.SIGTTOU: "SIGTTOU", syscall.SIGCONT: "SIGCONT", syscall.SIGWINCH: "SIGWINCH",
	syscall.SIGIO: "SIGIO", syscall.SIGSYS: "SIGSYS", syscall.SIGTRAP: "SIGTRAP",
}

// signalName is "SIGTERM"; the number's text for a signal without a name.
func signalName(sig os.Signal) string {
	if s, ok := sig.(syscall.Signal); ok && signalNames[s] != "" {
		return signalNames[s]
	}
	return sig.String()
}
