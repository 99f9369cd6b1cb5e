package live

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/tree"
)

const (
	maxFiles   = 4096      // open files that are listed
	maxEnviron = 256 << 10 // bytes of environment that are read
)

// Details tells what the system knows of the process of a node at this moment. It
// reads some ten files, and a link for each open file: it is meant for one process
// that somebody looks at. What may not be read is named in Denied, and missing.
func (s *Session) Details(node string) (tree.Details, error) {
	s.mu.Lock()
	p := s.byID[node]
	switch {
	case p == nil:
		s.mu.Unlock()
		return tree.Details{}, fmt.Errorf("details of %w", s.unknown(node))
	case p.dead:
		s.mu.Unlock()
		return tree.Details{}, fmt.Errorf("details of %s: process %d is gone", node, p.pid)
	}
	dir, st, err := p.openDir()
	q, c := *p, p.count() // read without the lock: nobody waits for /proc
	started := s.header.Start.Add(time.Duration(st.start)*(time.Second/ticks) - s.system.boot)
	s.mu.Unlock()
	if err != nil {
		return tree.Details{}, fmt.Errorf("details of %s: process %d is gone", node, q.pid)
	}
	defer dir.close()
	x := examination{base: dir.base, Details: tree.Details{PID: q.pid, PPID: st.ppid, PGID: st.pgid, SID: st.sid,
		TTY: ttyName(st.tty), State: stateName(st.state), Threads: st.threads, Started: started}}
	c.describe(&x.Details)
	x.words()
	x.files()
	x.limits()
	x.signals(&q)
	if x.gone {
		return tree.Details{}, fmt.Errorf("details of %s: process %d is gone", node, q.pid)
	}
	return x.Details, nil
}

// examination collects the details of one process from its directory in /proc.
type examination struct {
	tree.Details
	base string
	gone bool
}

// failed notes why something could not be read.
func (x *examination) failed(what string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, unix.ESRCH):
		x.gone = true
	case errors.Is(err, fs.ErrPermission):
		x.Denied = append(x.Denied, what+": permission denied")
	case x.State != "zombie": // which has nothing any more
		x.Denied = append(x.Denied, what+": "+reason(err))
	}
}

func reason(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return err.Error()
}

// words reads the command line, the environment, the directory and the program.
func (x *examination) words() {
	argv, err := readWords(x.base+"/cmdline", maxEnviron)
	x.failed("command line", err)
	x.Argv = argv
	env, err := readWords(x.base+"/environ", maxEnviron)
	x.failed("environment", err)
	x.Env = env
	if size := len(strings.Join(env, "\x00")); size >= maxEnviron-1 {
		x.Denied = append(x.Denied, fmt.Sprintf("environment: what is beyond %d KiB", maxEnviron>>10))
	}
	x.Dir = x.link("working directory", "cwd")
	x.Exe = x.link("program", "exe")
}

// readWords reads a list of strings that zero bytes end, and cleans them.
func readWords(path string, most int) ([]string, error) {
	b, err := readAll(path, make([]byte, most))
	if err != nil || len(b) == 0 {
		return nil, err
	}
	b = bytes.TrimSuffix(b, []byte{0})
	var words []string
	for w := range bytes.SplitSeq(b, []byte{0}) {
		words = append(words, clean(string(w), most))
	}
	return words, nil
}

func (x *examination) link(what, name string) string {
	to, err := os.Readlink(x.base + "/" + name)
	x.failed(what, err)
	return clean(to, maxText)
}

// files lists the open files in the order of their numbers.
func (x *examination) files() {
	fds, err := readDir(x.base+"/fd", make([]byte, 32<<10), nil)
	x.failed("open files", err)
	slices.Sort(fds)
	if len(fds) > maxFiles {
		x.Denied = append(x.Denied, fmt.Sprintf("open files: %d more than are listed", len(fds)-maxFiles))
		fds = fds[:maxFiles]
	}
	for _, fd := range fds {
		to, err := os.Readlink(x.base + "/fd/" + strconv.Itoa(fd))
		if err == nil { // else closed in the meantime
			x.Files = append(x.Files, tree.OpenFile{FD: fd, Path: clean(to, maxText)})
		}
	}
}

// limits reads the resource limits. The kernel prints a table of fixed columns:
// name, soft, hard, unit (fs/proc/base.c).
func (x *examination) limits() {
	b, err := readAll(x.base+"/limits", make([]byte, 8<<10))
	x.failed("limits", err)
	for line := range strings.Lines(string(b)) {
		if l, ok := parseLimit(line); ok {
			x.Limits = append(x.Limits, l)
		}
	}
}

func parseLimit(line string) (l tree.Limit, ok bool) {
	const nameWidth = 26
	if len(line) < nameWidth || !strings.HasPrefix(line, "Max ") {
		return l, false
	}
	l.Name = strings.ToLower(strings.TrimSpace(line[len("Max "):nameWidth]))
	values := strings.Fields(line[nameWidth:])
	if len(values) < 2 {
		return l, false
	}
	l.Soft, l.Hard = values[0], values[1]
	if len(values) > 2 && !strings.Contains(l.Name, values[2]) {
		l.Name += " (" + values[2] + ")"
	}
	return l, true
}

// signals tells what each signal would do. Two are left out that the C library
// keeps for itself: signal(7).
func (x *examination) signals(p *proc) {
	m, err := readMasks(x.base + "/status")
	if err != nil {
		x.failed("signals", err)
		return
	}
	for n := syscall.Signal(1); n <= maxSignal; n++ {
		if n == 32 || n == 33 {
			continue
		}
		x.Signals = append(x.Signals, tree.Standing{Signal: SignalName(n), Effect: effect(p, x.base, &m, n),
			Pending: m.pending&bitOf(n) != 0})
	}
}

// stateName is the word for a state letter of proc_pid_stat(5).
func stateName(c byte) string {
	return cmp.Or(map[byte]string{'R': "running", 'S': "sleeping", 'D': "uninterruptible", 'T': "stopped",
		't': "traced", 'Z': "zombie", 'X': "dead", 'I': "idle"}[c], string(rune(c)))
}

// ttyName is the name of a terminal's device below /dev, by the numbers that the
// kernel gives them (Documentation/admin-guide/devices.txt); those of an unknown
// driver are "major:minor".
func ttyName(dev int) string {
	major, minor := dev>>8&0xfff, dev&0xff|dev>>12&0xfff00
	switch {
	case dev == 0:
		return ""
	case major >= 136 && major < 144:
		return "pts/" + strconv.Itoa(minor+(major-136)<<8)
	case major == 4 && minor < 64:
		return "tty" + strconv.Itoa(minor)
	case major == 4:
		return "ttyS" + strconv.Itoa(minor-64)
	case major == 5 && minor == 1:
		return "console"
	}
	return strconv.Itoa(major) + ":" + strconv.Itoa(minor)
}
