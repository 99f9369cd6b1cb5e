package tty

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// parentOf is the parent of another process; 0 if that cannot be known. The name
// in the second field of /proc/PID/stat may hold anything, so it is skipped by
// its last parenthesis (proc_pid_stat(5)).
func parentOf(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(string(fields[1]))
	return parent
}
