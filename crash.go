package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// spawn starts a goroutine of ours. If it panics, restore makes the terminal
// usable, the report goes into a file, one line says so, and the program ends
// with statusFailed; the keeper then ends what was started.
func spawn(restore func(), fn func()) {
	go func() {
		defer crash(restore)
		fn()
	}()
}

// crash is deferred; it does nothing unless there is a panic.
func crash(restore func()) {
	v := recover()
	if v == nil {
		return
	}
	stack := debug.Stack()
	if restore != nil {
		restore()
	}
	tellCrash(fmt.Sprint(v), stack)
	os.Exit(statusFailed)
}

// tellCrash writes the report and prints the line.
func tellCrash(what string, stack []byte) {
	first, _, _ := strings.Cut(what, "\n")
	advice := "the report could not be written"
	if f, err := createReport(); err == nil {
		fmt.Fprintf(f, "multiexit %s\n%s\n\npanic: %s\n\n%s", version(), strings.Join(os.Args, " "), what, stack)
		f.Close()
		advice = "the report is in " + f.Name()
	}
	report(&failure{statusFailed, "internal error", first, advice})
}

// createReport makes a file for a crash report: in XDG_STATE_HOME if that is
// set, else in the directory for temporary files.
func createReport() (*os.File, error) {
	dir := os.TempDir()
	if state := os.Getenv("XDG_STATE_HOME"); state != "" {
		dir = filepath.Join(state, "multiexit")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	return os.CreateTemp(dir, "multiexit-crash-"+time.Now().Format("20060102-150405")+"-*.txt")
}
