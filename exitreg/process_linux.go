package exitreg

import (
	"bytes"
	"os"
	"strconv"
)

// identify reads who has the pid now. Without /proc it knows the pid only.
func identify(pid int) identity {
	start, _ := stat(pid)
	return identity{PID: pid, Start: start}
}

// alive says whether that very process still runs. A zombie does not: it can
// drive nobody's shutdown. Without /proc only our own parent can be told.
func (id identity) alive() bool {
	if id.PID <= 0 {
		return false
	}
	start, state := stat(id.PID)
	if id.Start == 0 || state == 0 && !procMounted() {
		return id.PID == os.Getppid()
	}
	return start == id.Start && state != 'Z' && state != 'X'
}

func procMounted() bool {
	_, err := os.Stat("/proc/self/stat")
	return err == nil
}

// stat is the start time (field 22) and the state (field 3) of proc_pid_stat(5);
// 0 and 0 if there is no such process. The name before them may hold anything,
// blanks and brackets too, so the fields count from the last bracket.
func stat(pid int) (start uint64, state byte) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0
	}
	f := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(f) < 20 {
		return 0, 0
	}
	start, _ = strconv.ParseUint(string(f[19]), 10, 64)
	return start, f[0][0]
}
