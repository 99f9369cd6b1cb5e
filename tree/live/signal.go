package live

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// SignalNames lists the signals of this system in the order of their numbers,
// for a menu. Real-time signals are left out; ParseSignal knows them.
func SignalNames() []string {
	var names []string
	for n := syscall.Signal(1); n < 32; n++ {
		if name := unix.SignalName(n); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// ParseSignal reads "SIGTERM", "TERM", "term", "15", "SIGRTMIN+1" or "RTMAX-2".
func ParseSignal(s string) (syscall.Signal, error) {
	name := strings.ToUpper(strings.TrimSpace(s))
	if n, err := strconv.Atoi(name); err == nil {
		if n < 1 || n > maxSignal {
			return 0, fmt.Errorf("signal %s: not between 1 and %d", s, maxSignal)
		}
		return syscall.Signal(n), nil
	}
	name = "SIG" + strings.TrimPrefix(name, "SIG")
	if n := unix.SignalNum(name); n != 0 {
		return n, nil
	}
	if n, ok := realTime(name); ok {
		return n, nil
	}
	return 0, fmt.Errorf("signal %q: unknown (a name such as TERM, or a number from 1 to %d)", s, maxSignal)
}

// SignalName is the name of sig: "SIGTERM", "SIGRTMIN+1", or "signal 99" when it
// has none.
func SignalName(sig syscall.Signal) string {
	if name := unix.SignalName(sig); name != "" {
		return name
	}
	if n := int(sig); rtMin > 0 && n >= rtMin && n <= maxSignal {
		switch {
		case n == rtMin:
			return "SIGRTMIN"
		case n == maxSignal:
			return "SIGRTMAX"
		case n-rtMin <= maxSignal-n:
			return "SIGRTMIN+" + strconv.Itoa(n-rtMin)
		}
		return "SIGRTMAX-" + strconv.Itoa(maxSignal-n)
	}
	return "signal " + strconv.Itoa(int(sig))
}

// realTime reads SIGRTMIN, SIGRTMIN+n, SIGRTMAX and SIGRTMAX-n.
func realTime(name string) (syscall.Signal, bool) {
	if rtMin == 0 {
		return 0, false
	}
	base, rest := rtMin, ""
	if r, ok := strings.CutPrefix(name, "SIGRTMIN"); ok {
		rest = r
	} else if r, ok := strings.CutPrefix(name, "SIGRTMAX"); ok {
		base, rest = maxSignal, r
	} else {
		return 0, false
	}
	off := 0
	if rest != "" {
		if rest[0] != '+' && rest[0] != '-' {
			return 0, false
		}
		n, err := strconv.Atoi(rest)
		if err != nil {
			return 0, false
		}
		off = n
	}
	n := base + off
	return syscall.Signal(n), n >= rtMin && n <= maxSignal
}
