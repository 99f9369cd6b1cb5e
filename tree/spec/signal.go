package spec

import (
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// The real-time signals of Linux, less the two that its C libraries keep for
// themselves. Other systems have no names for theirs here.
const (
	rtMin = 34
	rtMax = 64
)

// canonical gives the full name of a signal, "SIGTERM" or "SIGRTMIN+1", for TERM,
// sigterm, 15 or RTMIN+1; ok is false if this system has no such signal.
func canonical(s string) (name string, ok bool) {
	name = strings.ToUpper(strings.TrimSpace(s))
	if n, err := strconv.Atoi(name); err == nil {
		return numbered(n)
	}
	name = "SIG" + strings.TrimPrefix(name, "SIG")
	if n := unix.SignalNum(name); n != 0 {
		return unix.SignalName(n), true
	}
	for base, first := range map[string]int{"SIGRTMIN": rtMin, "SIGRTMAX": rtMax} {
		rest, found := strings.CutPrefix(name, base)
		if !found {
			continue
		}
		offset, err := strconv.Atoi(rest)
		if rest != "" && (err != nil || rest[0] != '+' && rest[0] != '-') || first+offset < rtMin {
			return "", false
		}
		return numbered(first + offset)
	}
	return "", false
}

func numbered(n int) (string, bool) {
	if name := unix.SignalName(syscall.Signal(n)); name != "" {
		return name, true
	}
	if runtime.GOOS != "linux" || n < rtMin || n > rtMax {
		return "", false
	}
	switch {
	case n == rtMin:
		return "SIGRTMIN", true
	case n == rtMax:
		return "SIGRTMAX", true
	}
	return "SIGRTMIN+" + strconv.Itoa(n-rtMin), true
}

// signalNames are the signals that end a process, for advice.
var signalNames = []string{"TERM", "INT", "QUIT", "HUP", "KILL", "USR1", "USR2", "WINCH", "ABRT", "ALRM"}

// harmless says of a signal that it ends no process that leaves it alone, and
// that no process can make more of it than a pause.
func harmless(name string) bool {
	switch name {
	case "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGCONT":
		return true
	}
	return false
}
