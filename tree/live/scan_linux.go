package live

import (
	"bytes"
	"cmp"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// scan finds processes by looking into /proc.
//
// Whether to look at all is cheap to know: the last field of /proc/loadavg is
// the newest pid of this pid namespace. If it has not moved, nothing was born.
// If it has moved a little, the pids in between are all there is to look at. If
// it has moved far, or now and then to be sure, the children files of the whole
// tree are walked.
type scan struct {
	s         *Session
	self      int
	loadavg   int  // kept open; -1: there is no trustworthy one
	able      bool // there is a /proc
	kidsFile  bool // the kernel has /proc/PID/task/TID/children (CONFIG_PROC_CHILDREN)
	last      int  // newest pid at the last look
	again     []int
	doubts    map[int]doubt  // children of ours that we cannot tell about yet
	unsure    int            // how many there were at the last look
	strangers map[int]uint64 // children of ours that are not the tree's, by start time
	moved     bool           // something was born since the last walk
	nextWalk  time.Time
	buf       []byte
	pids      []int
	cands     []stat
}

// newScan must be called before the command is started: what is our child by
// then does not belong to it.
func newScan(s *Session) *scan {
	sc := &scan{s: s, self: os.Getpid(), loadavg: -1, strangers: map[int]uint64{}, doubts: map[int]doubt{}, buf: make([]byte, 32<<10)}
	if fd, err := unix.Open("/proc/loadavg", unix.O_RDONLY|unix.O_CLOEXEC, 0); err == nil {
		sc.loadavg = fd
	}
	_, err := os.Stat("/proc/thread-self/children")
	sc.kidsFile = err == nil
	_, err = readStat(sc.self)
	sc.able = err == nil
	sc.last = sc.newest()
	sc.pids = sc.children(sc.self, nil)
	for _, pid := range sc.pids {
		if st, err := readStat(pid); err == nil {
			sc.strangers[pid] = st.start
		}
	}
	return sc
}

// prove checks after the first start of a process that the newest pid moves. In
// a container it may be made up (lxcfs).
func (sc *scan) prove(born int) {
	if now := sc.newest(); sc.loadavg >= 0 && now == sc.last && now != born {
		unix.Close(sc.loadavg)
		sc.loadavg = -1
	}
}

func (sc *scan) name() string { return "scan" }

func (sc *scan) fd() int { return -1 }

func (sc *scan) close() {
	if sc.loadavg >= 0 {
		unix.Close(sc.loadavg)
	}
}

// newest is the pid given out last; 0 if that cannot be known.
func (sc *scan) newest() int {
	if sc.loadavg < 0 {
		return 0
	}
	var buf [128]byte
	n, err := unix.Pread(sc.loadavg, buf[:], 0)
	if err != nil {
		return 0
	}
	b := bytes.TrimSpace(buf[:n])
	return int(number(b[bytes.LastIndexByte(b, ' ')+1:]))
}

func (sc *scan) births(all bool) int {
	now := time.Now()
	last := sc.last
	sc.last = sc.newest()
	known := sc.loadavg >= 0 && sc.last > 0
	sc.moved = sc.moved || !known || sc.last != last
	far := sc.last < last || sc.last-last > 64+2*len(sc.s.live)
	sc.pids = append(sc.pids[:0], sc.again...)
	sc.again = sc.again[:0]
	if known && !far {
		for pid := last + 1; pid <= sc.last; pid++ {
			sc.pids = append(sc.pids, pid)
		}
	}
	switch {
	case all, !known, far, sc.moved && now.After(sc.nextWalk):
		return sc.walk(now, last)
	case len(sc.pids) == 0:
		return 0
	}
	return sc.consider(sc.pids, last)
}

// consider looks at pids, of which those above last are new. A pid that is given
// out is not at once in /proc, and a child whose parent just died is between
// two parents: what cannot be placed is looked at once more the next time.
func (sc *scan) consider(pids []int, last int) int {
	sc.cands = sc.cands[:0]
	for _, pid := range pids {
		st, err := readStat(pid)
		switch {
		case err != nil && pid > last:
			sc.again = append(sc.again, pid)
		case err == nil && sc.candidate(&st):
			sc.cands = append(sc.cands, st)
		}
	}
	return sc.place(last)
}

// candidate leaves out threads, what is known, and clones whose end is no signal to
// their parent: exec makes a process of them, and the next walk finds it. Every Go
// program makes one that ends at once, a probe, before it first starts a process.
func (sc *scan) candidate(st *stat) bool {
	if st.exitSignal <= 0 || st.state == 'X' {
		return false
	}
	if p := sc.s.byPID[st.pid]; p != nil && p.start == st.start {
		return false
	}
	start, stranger := sc.strangers[st.pid]
	return !stranger || start != st.start
}

// place enters those candidates that descend from the tree, in order of birth.
func (sc *scan) place(last int) int {
	slices.SortFunc(sc.cands, func(a, b stat) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.pid, b.pid))
	})
	placed := 0
	for progress := true; progress; {
		progress = false
		rest := sc.cands[:0]
		for i := range sc.cands {
			c := sc.cands[i]
			if !sc.candidate(&c) { // listed twice
				continue
			}
			if parent, orphan, ok := sc.parentOf(&c); ok {
				sc.s.found(&c, parent, orphan)
				placed++
				progress = true
			} else {
				rest = append(rest, c)
			}
		}
		sc.cands = rest
	}
	sc.unsure = 0
	for _, c := range sc.cands {
		switch _, doubtful := sc.doubts[c.pid]; {
		case doubtful && c.ppid == sc.self:
			sc.unsure++
			sc.again = append(sc.again, c.pid)
		case c.pid > last && c.ppid != sc.self && c.ppid != 1 && unix.Kill(c.ppid, 0) == unix.ESRCH:
			sc.again = append(sc.again, c.pid)
		}
	}
	return placed
}

// walk looks at all children of the tree and of ours, and at the pids that are new
// since last, already in sc.pids. It goes on with the children of what it finds:
// those left for later would come after siblings born in the meantime.
func (sc *scan) walk(now time.Time, last int) int {
	sc.moved = false
	if sc.kidsFile {
		sc.pids = sc.children(sc.self, sc.pids)
	} else {
		sc.pids, _ = readDir("/proc", sc.buf, sc.pids)
	}
	n, looked := 0, 0
	for {
		if sc.kidsFile {
			for _, p := range sc.s.live[looked:] {
				sc.pids = sc.children(p.pid, sc.pids)
			}
		}
		looked = len(sc.s.live)
		n += sc.consider(sc.unknown(), last)
		if !sc.kidsFile || len(sc.s.live) == looked {
			break
		}
		sc.pids = sc.pids[:0]
	}
	end := time.Now()
	// At most half a thousandth of the time is spent on making sure.
	sc.nextWalk = end.Add(min(max(time.Second, 2000*end.Sub(now)), 10*time.Second))
	n += sc.unsure
	if n > 0 {
		sc.nextWalk = end.Add(20 * time.Millisecond)
		sc.moved = true // what was just born may have children in a moment
	}
	return n
}

// unknown leaves of sc.pids those that are not in the tree yet.
func (sc *scan) unknown() []int {
	rest := sc.pids[:0]
	for _, pid := range sc.pids {
		if p := sc.s.byPID[pid]; p == nil || p.dead {
			rest = append(rest, pid)
		}
	}
	return rest
}

// children appends the children of all threads of pid.
func (sc *scan) children(pid int, dst []int) []int {
	base := "/proc/" + strconv.Itoa(pid) + "/task"
	var few [16]int
	tids, _ := readDir(base, sc.buf, few[:0])
	for _, tid := range tids {
		path := base + "/" + strconv.Itoa(tid) + "/children"
		b, err := readAll(path, sc.buf)
		for err == nil && len(b) == len(sc.buf) { // thousands of them
			sc.buf = make([]byte, 2*len(sc.buf))
			b, err = readAll(path, sc.buf)
		}
		if err != nil {
			continue
		}
		for len(b) > 0 {
			word := b
			if i := bytes.IndexByte(b, ' '); i >= 0 {
				word, b = b[:i], b[i+1:]
			} else {
				b = nil
			}
			if n := int(number(word)); n > 0 {
				dst = append(dst, n)
			}
		}
	}
	return dst
}
