package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"multiexit/tree/live"
	"multiexit/tree/tape"
)

// patience is how long something that is over may take to come to its end before
// it is left: a pager that does not read, a terminal that stands still.
const patience = 2 * time.Second

// inLines shows a session as lines, for people or for programs. The session is
// over when the command has exited, or when --for is.
func inLines(o *options, j *job, s *live.Session, w *watch, steps *ladder, how output) error {
	w.endOnRoot, w.endOnSend = true, true
	steps.stop, steps.kill, steps.leave = s.Stop, s.Kill, os.Exit
	steps.asked = func(rung int) {
		if rung == 1 {
			spawn(nil, func() { leaveAfter(s, steps) })
		}
	}
	spawn(nil, steps.run)
	if how == toJSON {
		out, err := tape.NewWriter(os.Stdout, s.Header())
		if w.sink, w.sinkErr = out, err; err != nil {
			s.Stop()
		}
	} else {
		w.sink = newPlain(os.Stdout, w.tree, newLook(o, o.colourProfile(os.Stdout), o.dark()))
	}
	debugPanic(nil, nil)
	w.run()
	v := s.Wait()
	if how == toLines && w.sinkErr == nil || len(v.Survivors) > 0 {
		printVerdict(os.Stderr, v)
	}
	return w.result(j, v, steps)
}

// leaveAfter ends the program when everything is gone and the lines still cannot
// be written.
func leaveAfter(s *live.Session, steps *ladder) {
	s.Wait()
	time.Sleep(patience)
	steps.leave(steps.status())
}

// printVerdict says in a line what became of everything.
func printVerdict(w io.Writer, v live.Verdict) {
	line := fmt.Sprintf("multiexit: %s, %d gone", count(v.Total, "process", "processes"), v.Gone)
	if n := len(v.Survivors); n > 0 {
		line += fmt.Sprintf(", %d survived: %s", n, strings.Join(v.Survivors, "; "))
	}
	fmt.Fprintln(w, line)
}

// sinkStatus is the exit status when the lines could not be written. A reader
// that went away (head, a pager that was quit) is no failure worth a word: the
// status is that of a program ended by SIGPIPE.
func sinkStatus(err error) int {
	if errors.Is(err, syscall.EPIPE) {
		return statusSignal + int(syscall.SIGPIPE)
	}
	return report(&failure{statusFailed, "standard output", reason(err), ""})
}
