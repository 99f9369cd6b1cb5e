package live

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"
)

// stat is what /proc/PID/stat says (proc_pid_stat(5)).
type stat struct {
	pid, ppid, pgid, sid int
	tty                  int // the device of its controlling terminal; 0: none
	comm                 [16]byte
	state                byte
	threads              int
	start                uint64    // in clock ticks since boot
	mm                   [2]uint64 // startcode and startstack: the addresses of program and stack, which are drawn anew by every exec and kept by fork; zeros if we may not know
	exitSignal           int       // -1: no process but a thread
	exitCode             int       // wait status of what is ending or has ended; 0 if we may not know
}

func (st *stat) stopped() bool { return st.state == 'T' || st.state == 't' }

// killed says that SIGKILL is ending it, which may take long with much memory to
// free. It runs for that, even if it was stopped, but nobody has continued it.
func (st *stat) killed() bool { return unix.WaitStatus(st.exitCode).Signal() == unix.SIGKILL }

func (st *stat) name() string { return string(bytes.TrimRight(st.comm[:], "\x00")) }

// readAll reads a small file of /proc with three system calls; os.ReadFile needs
// ten. It fills buf at most.
func readAll(path string, buf []byte) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	n := 0
	for n < len(buf) {
		m, err := unix.Read(fd, buf[n:])
		if err != nil {
			return nil, err
		}
		if m == 0 {
			break
		}
		n += m
	}
	return buf[:n], nil
}

// readStat reads the stat of pid, which may be a thread's too.
func readStat(pid int) (stat, error) {
	var buf [1024]byte
	fd, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return stat{}, err
	}
	defer unix.Close(fd)
	return preadStat(fd, buf[:])
}

// preadStat reads it through an open file, which belongs to one process for ever:
// ESRCH once it is gone, even if the pid is in use again.
func preadStat(fd int, buf []byte) (stat, error) {
	n, err := unix.Pread(fd, buf, 0)
	if err != nil {
		return stat{}, err
	}
	st, ok := parseStat(buf[:n])
	if !ok {
		return stat{}, unix.ESRCH
	}
	return st, nil
}

// parseStat splits a stat line. The name in parentheses may contain anything,
// parentheses and line ends included; nothing after it can.
func parseStat(b []byte) (stat, bool) {
	var st stat
	open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if open < 0 || end < open {
		return st, false
	}
	st.pid = int(number(bytes.TrimSpace(b[:open])))
	copy(st.comm[:], b[open+1:end])
	field := 2
	for rest := b[end+1:]; len(rest) > 0; {
		rest = bytes.TrimLeft(rest, " ")
		word := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			word, rest = rest[:i], rest[i:]
		} else {
			word, rest = bytes.TrimRight(rest, "\n"), nil
		}
		field++
		switch field {
		case 3:
			st.state = word[0]
		case 4:
			st.ppid = int(number(word))
		case 5:
			st.pgid = int(number(word))
		case 6:
			st.sid = int(number(word))
		case 7:
			st.tty = int(number(word))
		case 20:
			st.threads = int(number(word))
		case 22:
			st.start = uint64(number(word))
		case 26:
			st.mm[0] = uint64(number(word))
		case 28:
			st.mm[1] = uint64(number(word))
		case 38:
			st.exitSignal = int(number(word))
		case 52:
			st.exitCode = int(number(word))
		}
	}
	return st, field >= 44 && st.pid > 0
}

// number reads a decimal number as far as it goes.
func number(b []byte) int64 {
	neg := len(b) > 0 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	var n uint64
	for _, c := range b {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + uint64(c-'0')
	}
	if neg {
		return -int64(n)
	}
	return int64(n)
}

// masks are the signal sets of /proc/PID/status; bit n-1 is signal n.
type masks struct {
	blocked, ignored, caught, pending uint64
	inner                             int // pid in its innermost namespace
	state                             byte
	threads                           int
}

// readMasks reads the status of a process or, with its task path, of a thread.
func readMasks(path string) (masks, error) {
	var m masks
	var buf [4096]byte
	b, err := readAll(path, buf[:])
	if err != nil {
		return m, err
	}
	for len(b) > 0 {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line, b = b[:i], b[i+1:]
		} else {
			b = nil
		}
		key, value, ok := bytes.Cut(line, []byte(":\t"))
		if !ok || len(value) == 0 {
			continue
		}
		switch string(key) {
		case "State":
			m.state = value[0]
		case "Threads":
			m.threads = int(number(value))
		case "NSpid":
			m.inner = int(number(value[bytes.LastIndexByte(value, '\t')+1:]))
		case "SigPnd", "ShdPnd":
			m.pending |= hexMask(value)
		case "SigBlk":
			m.blocked = hexMask(value)
		case "SigIgn":
			m.ignored = hexMask(value)
		case "SigCgt":
			m.caught = hexMask(value)
		}
	}
	return m, nil
}

func hexMask(b []byte) uint64 {
	n, _ := strconv.ParseUint(string(b), 16, 64)
	return n
}

// readArgv reads the command line of a process; nil for a zombie, or if it has
// written nothing there.
func readArgv(pid int) []string {
	base := "/proc/" + strconv.Itoa(pid)
	argv := readCmdline(base)
	if argv != nil {
		return argv
	}
	// Its leader may have ended before its other threads.
	var few [16]int
	tids, _ := readDir(base+"/task", make([]byte, 4096), few[:0])
	for _, tid := range tids {
		if argv := readCmdline(base + "/task/" + strconv.Itoa(tid)); argv != nil {
			return argv
		}
	}
	return nil
}

func readCmdline(base string) []string {
	var buf [maxText]byte
	b, err := readAll(base+"/cmdline", buf[:])
	if err != nil {
		return nil
	}
	b = bytes.TrimRight(b, "\x00")
	if len(b) == 0 {
		return nil
	}
	var argv []string
	for word := range bytes.SplitSeq(b, []byte{0}) {
		argv = append(argv, string(word))
	}
	return cleanArgs(argv)
}

// readDir lists the numbers in a directory of /proc: pids or thread ids.
func readDir(path string, buf []byte, dst []int) ([]int, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return dst, err
	}
	defer unix.Close(fd)
	var names []string
	for {
		n, err := unix.Getdents(fd, buf)
		if n <= 0 || err != nil {
			return dst, err
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names[:0])
		for _, name := range names {
			if name[0] >= '0' && name[0] <= '9' {
				dst = append(dst, int(number([]byte(name))))
			}
		}
	}
}
