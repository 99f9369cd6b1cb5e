package demo

import (
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"multiexit/tree"
)

// become makes this process one without exit handlers on which SIGTERM has the
// given effect, and does not return. It becomes sleep(1) under the given name:
// the runtime of a Go program catches every signal, so that its mask in /proc
// would not show the default action. An ignored and a blocked signal stay so
// across exec.
func become(name string, term tree.Disposition) {
	runtime.LockOSThread() // the blocked mask is the thread's that calls exec
	switch term {
	case tree.Ignored:
		signal.Ignore(syscall.SIGTERM)
	case tree.Blocked:
		block(syscall.SIGTERM)
	}
	if path, ok := sleep(); ok {
		syscall.Exec(path, []string{name, "86400"}, os.Environ())
	}
	time.Sleep(lifetime) // without Notify a Go program dies of SIGTERM, too
	os.Exit(0)
}

// sleep finds a sleep that can go by another name: one that is not a part of a
// program of many commands, which chooses by argv[0].
func sleep() (path string, ok bool) {
	path, err := filepath.EvalSymlinks("/bin/sleep")
	return path, err == nil && filepath.Base(path) == "sleep"
}
