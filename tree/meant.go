package tree

import (
	"strconv"
	"strings"
)

// Meant says whether a pattern, as Select has them, means a process that may have
// been born just now: by its path id, its name, that of its script (see Script), that
// of its command (of which it is the first process; else "") or of a group that the
// command is in, by a glob over these, or by "pid:N". Other than for Select an exact
// name does not go before a glob.
func Meant(pattern, id, name, script, command string, pid int) bool {
	if n, ok := strings.CutPrefix(pattern, "pid:"); ok {
		return n == strconv.Itoa(pid)
	}
	switch {
	case pattern == "":
		return false
	case glob(pattern, id), glob(pattern, name), pattern == name, script != "" && (glob(pattern, script) || pattern == script):
		return true
	}
	return command != "" && (glob(pattern, command) || strings.HasPrefix(command, pattern+"/"))
}

// Glob says whether s matches a pattern in which * is any text and ? any character.
func Glob(pattern, s string) bool { return glob(pattern, s) }
