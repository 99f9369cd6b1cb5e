package tty

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"multiexit/tree"
)

// Panics says what becomes of a panic: the terminal is made usable, the report
// goes into a file, one line on standard error says so, and the program ends.
type Panics struct {
	Version func() string // for the report
	Status  int           // the exit status
}

// Spawn runs fn in a goroutine of its own, with Recover.
func (p *Panics) Spawn(restore func(), fn func()) {
	go func() {
		defer p.Recover(restore)
		fn()
	}()
}

// Recover is to be deferred; it does nothing unless there is a panic. It calls
// restore, unless that is nil, to get the terminal back (Terminal.Abandon), and
// does not return.
func (p *Panics) Recover(restore func()) {
	v := recover()
	if v == nil {
		return
	}
	stack := debug.Stack()
	if restore != nil {
		restore()
	}
	p.tell(fmt.Sprint(v), stack)
	os.Exit(p.Status)
}

// tell writes the report and prints the line.
func (p *Panics) tell(what string, stack []byte) {
	first, _, _ := strings.Cut(what, "\n")
	advice := "the report could not be written"
	if f, err := createReport(); err == nil {
		fmt.Fprintf(f, "multiexit %s\n%s\n\npanic: %s\n\n%s", p.Version(), strings.Join(os.Args, " "), what, stack)
		f.Close()
		advice = "the report is in " + f.Name()
	}
	fmt.Fprintln(os.Stderr, tree.Clean(fmt.Sprintf("multiexit: internal error: %s (%s)", first, advice)))
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
