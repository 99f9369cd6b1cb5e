package live

import (
	"bytes"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

const termBit = 1 << (unix.SIGTERM - 1)

// termOf tells what SIGTERM would do to p, from its signal masks. Unknown means
// that no claim can be made, not that nothing happens.
func termOf(p *proc) tree.Disposition {
	base := "/proc/" + strconv.Itoa(p.pid)
	m, err := readMasks(base + "/status")
	if err != nil {
		return p.term
	}
	before := p.handle.blocked
	p.handle.blocked = m.blocked&termBit != 0 && blockedInAll(base, p.handle.threads, termBit)
	switch {
	case m.ignored&termBit != 0:
		return tree.Ignored
	case p.handle.blocked:
		if hasSignalFD(base, termBit) {
			return tree.Caught
		}
		if !before {
			return p.term // shells block for a moment when they fork: wait for a second look
		}
		return tree.Blocked
	case m.caught&termBit != 0:
		return caught(p, unix.SIGTERM)
	case shielded(p, &m):
		return tree.Ignored // the kernel shields the first process of a namespace from default actions
	case waitsForSignal(base, p.handle.threads, termBit):
		return tree.Caught
	}
	return tree.Default
}

// caught doubts the mask of runtimes that install a handler for everything, no
// matter whether the program wants the signal.
func caught(p *proc, sig syscall.Signal) tree.Disposition {
	if p.takesTerm && sig == unix.SIGTERM {
		return tree.Caught // it said so itself
	}
	if wants, isGo := goWants(p, sig); isGo {
		if wants == tree.Default {
			return goDefault(sig)
		}
		return wants
	}
	switch exe, _ := os.Readlink("/proc/" + strconv.Itoa(p.pid) + "/exe"); {
	case strings.HasPrefix(path.Base(exe), "node"), strings.HasPrefix(path.Base(exe), "ruby"):
		return tree.Unknown
	}
	return tree.Caught
}

// blockedInAll: a signal to the process goes to any thread that takes it, so it
// is blocked only if all threads block it.
func blockedInAll(base string, threads int, bit uint64) bool {
	if threads <= 1 {
		return true
	}
	var few [16]int
	tids, _ := readDir(base+"/task", make([]byte, 4096), few[:0])
	for _, tid := range tids {
		m, err := readMasks(base + "/task/" + strconv.Itoa(tid) + "/status")
		if err == nil && m.blocked&bit == 0 {
			return false
		}
	}
	return true
}

// hasSignalFD says whether the process reads a signal from a signalfd, which
// needs it blocked.
func hasSignalFD(base string, bit uint64) bool {
	var few [64]int
	fds, _ := readDir(base+"/fd", make([]byte, 4096), few[:0])
	for _, fd := range fds {
		n := strconv.Itoa(fd)
		if to, err := os.Readlink(base + "/fd/" + n); err != nil || to != "anon_inode:[signalfd]" {
			continue
		}
		info, err := os.ReadFile(base + "/fdinfo/" + n)
		if err != nil {
			continue
		}
		if _, set, ok := bytes.Cut(info, []byte("sigmask:\t")); ok {
			set, _, _ = bytes.Cut(set, []byte("\n"))
			if hexMask(set)&bit != 0 {
				return true
			}
		}
	}
	return false
}

// waitsForSignal says whether a thread sits in sigwait for a signal. While it
// does, the mask shows the signal as not blocked though it ends nobody.
func waitsForSignal(base string, threads int, bit uint64) bool {
	if threads == 1 {
		waits, _ := sitsInSigwait(base, base, bit)
		return waits
	}
	var few [16]int
	tids, _ := readDir(base+"/task", make([]byte, 4096), few[:0])
	for _, tid := range tids {
		waits, ok := sitsInSigwait(base, base+"/task/"+strconv.Itoa(tid), bit)
		if waits || !ok {
			return waits // not permitted: as it will be for the others
		}
	}
	return false
}

// sitsInSigwait looks at one thread; ok is false if we may not.
func sitsInSigwait(base, task string, bit uint64) (waits, ok bool) {
	var buf [256]byte
	b, err := readAll(task+"/syscall", buf[:])
	if err != nil {
		return false, false
	}
	nr, rest, _ := strings.Cut(string(b), " ")
	if nr != strconv.Itoa(unix.SYS_RT_SIGTIMEDWAIT) {
		return false, true
	}
	arg, _, _ := strings.Cut(rest, " ")
	at, err := strconv.ParseUint(strings.TrimPrefix(arg, "0x"), 16, 64)
	if err != nil {
		return false, true
	}
	set, read := readWord(base, at)
	return read && set&bit != 0, true
}

// readWord reads eight bytes of a process's memory.
func readWord(base string, at uint64) (uint64, bool) {
	fd, err := unix.Open(base+"/mem", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, false
	}
	defer unix.Close(fd)
	var b [8]byte
	if n, err := unix.Pread(fd, b[:], int64(at)); err != nil || n != len(b) {
		return 0, false
	}
	return nativeEndian.Uint64(b[:]), true
}
