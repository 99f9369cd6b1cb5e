package live

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

var ownSession, _ = unix.Getsid(0)

// environMark reads the mark of a process. Not readable: another user's, or gone.
func environMark(pid int) (mark string, readable bool) {
	mark, _, readable = environMarks(pid)
	return mark, readable
}

// environMarks reads the mark of a process and the root id of its command.
func environMarks(pid int) (mark, node string, readable bool) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		return "", "", false
	}
	for word := range bytes.SplitSeq(b, []byte{0}) {
		if v, ok := bytes.CutPrefix(word, []byte(sockEnv+"=")); ok {
			mark = string(v)
		} else if v, ok := bytes.CutPrefix(word, []byte(nodeEnv+"=")); ok {
			node = string(v)
		}
	}
	return mark, node, true
}

// sameProgram says whether pid runs the executable that we run.
func sameProgram(pid int) bool {
	var a, b unix.Stat_t
	if unix.Stat("/proc/self/exe", &a) != nil || unix.Stat("/proc/"+strconv.Itoa(pid)+"/exe", &b) != nil {
		return false
	}
	return a.Dev == b.Dev && a.Ino == b.Ino
}
