package live

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"
)

// birthmark is a mark that a process keeps though it clears its environment,
// forks twice and leaves its session: the soft limit on the time that a real-time
// task may run without a pause. It is inherited across fork and exec
// (getrlimit(2)), everybody may read it in /proc/PID/limits, it is infinite
// nearly everywhere, and what we put there means 36,000 years or more. It tells
// the session and the number of the command. Zero: no mark is to be had.
type birthmark uint64

// Bits of a mark: one that makes it huge, those of the session, those of the command.
const (
	markBase  = 1 << 60
	markRoots = 1 << 16
)

func newBirthmark() birthmark {
	var lim unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_RTTIME, &lim) != nil || lim.Max != unix.RLIM_INFINITY {
		return 0
	}
	var b [8]byte
	rand.Read(b[:])
	return birthmark(markBase | binary.NativeEndian.Uint64(b[:])>>8<<16&(markBase-1))
}

// wear makes those who are born from now on carry the mark, until off is called.
// It concerns all children of this program: hold started meanwhile.
func (m birthmark) wear(root int) (off func()) {
	var was unix.Rlimit
	if m == 0 || unix.Getrlimit(unix.RLIMIT_RTTIME, &was) != nil {
		return func() {}
	}
	unix.Setrlimit(unix.RLIMIT_RTTIME, &unix.Rlimit{Cur: uint64(m) + uint64(root%markRoots), Max: was.Max})
	return func() { unix.Setrlimit(unix.RLIMIT_RTTIME, &was) }
}

// on says whether pid carries the mark, and which command it descends from.
func (m birthmark) on(pid int) (root int, ok bool) {
	if m == 0 {
		return 0, false
	}
	var buf [4096]byte
	b, err := readAll("/proc/"+strconv.Itoa(pid)+"/limits", buf[:])
	if err != nil {
		return 0, false
	}
	_, b, ok = bytes.Cut(b, []byte("Max realtime timeout"))
	n := uint64(number(bytes.TrimLeft(b, " ")))
	if !ok || n/markRoots != uint64(m)/markRoots {
		return 0, false
	}
	return int(n % markRoots), true
}
