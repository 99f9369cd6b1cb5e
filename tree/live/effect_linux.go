package live

import (
	"syscall"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

// bitOf is the place of a signal in the masks of /proc/PID/status.
func bitOf(sig syscall.Signal) uint64 { return 1 << (uint(sig) - 1) }

// unstoppable signals do what they do, whatever a process wants.
func unstoppable(sig syscall.Signal) bool { return sig == unix.SIGKILL || sig == unix.SIGSTOP }

// shielded says that a process is the first of a pid namespace below ours. The
// kernel spares it all default actions but those of SIGKILL and SIGSTOP from
// outside: pid_namespaces(7).
func shielded(p *proc, m *masks) bool { return m.inner == 1 && m.inner != p.pid }

// effect tells what sig would do to p, whose masks m were just read from base, its
// directory in /proc. Unknown is for runtimes whose masks say "caught" of signals
// that the program may not want. Of p only pid, takesTerm and term are used, so it
// may be a copy.
func effect(p *proc, base string, m *masks, sig syscall.Signal) tree.Disposition {
	bit := bitOf(sig)
	switch {
	case unstoppable(sig):
		return tree.Default
	case m.ignored&bit != 0:
		return tree.Ignored
	case m.blocked&bit != 0 && blockedInAll(base, m.threads, bit):
		if hasSignalFD(base, bit) {
			return tree.Caught
		}
		if sig == unix.SIGTERM && p.term != tree.Unknown && p.term != tree.Blocked {
			return p.term // blocked for a moment only: it was not at the last look
		}
		return tree.Blocked
	case m.caught&bit != 0:
		return caught(p, sig)
	case waitsForSignal(base, m.threads, bit):
		return tree.Caught
	case shielded(p, m):
		return tree.Ignored
	}
	return tree.Default
}
