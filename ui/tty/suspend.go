package tty

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// Screen is what is drawn on the terminal, as far as a Suspender needs it.
type Screen interface {
	Release() error     // leaves the terminal as a shell expects it; an error: it stays
	Resume()            // comes back, in raw modes again
	Notice(text string) // shows a remark to the user
}

// Suspender stops the program for the shell (ctrl+z, or a SIGTSTP from outside)
// and brings the screen back when it goes on. What runs under multiexit runs in
// groups of its own and is not stopped; only nobody watches meanwhile, and who
// writes more than a pipe holds waits.
type Suspender struct {
	terminal *Terminal
	stops    chan os.Signal
}

// NewSuspender takes SIGTSTP from now on, for the rest of the life of the
// process; nothing is done about it before Run.
func NewSuspender(t *Terminal) *Suspender {
	s := &Suspender{terminal: t, stops: make(chan os.Signal, 1)}
	signal.Notify(s.stops, syscall.SIGTSTP)
	return s
}

// Run suspends at each SIGTSTP and each Suspend. It never returns.
func (s *Suspender) Run(screen Screen) {
	for range s.stops {
		s.suspend(screen)
	}
}

// Suspend asks for what a SIGTSTP asks for, from any goroutine. It does not wait;
// where one is asked for already it changes nothing.
func (s *Suspender) Suspend() {
	select {
	case s.stops <- syscall.SIGTSTP:
	default:
	}
}

func (s *Suspender) suspend(screen Screen) {
	if orphaned() {
		screen.Notice("not suspended: no shell is there to bring it back")
		return
	}
	if screen.Release() != nil {
		return
	}
	s.terminal.unraw()
	s.terminal.out.WriteString("multiexit: suspended; what it started goes on (fg brings the screen back)\n")
	s.stop()
	s.terminal.Raw()
	screen.Resume()
}

// stop stops the process group as the terminal would, and returns when it is
// continued. SIGTSTP does not stop us any more: once caught, the Go runtime
// never gives its default action back. So for us it is SIGSTOP.
func (s *Suspender) stop() {
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	syscall.Kill(0, syscall.SIGTSTP)
	<-s.stops // ours; it is no wish to suspend again
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	<-goesOn
}

// orphaned says that there is no shell with job control to bring us back: that
// nobody in our session, but outside our process group, is the parent of one of
// it (setpgid(2), "orphaned process group"). Asked is our line of ancestors, for
// that is where a shell is, behind a go run or a script perhaps.
func orphaned() bool {
	session, err := unix.Getsid(0)
	if err != nil {
		return true
	}
	for parent := os.Getppid(); parent > 1; parent = parentOf(parent) {
		theirs, err := unix.Getsid(parent)
		if err != nil || theirs != session {
			return true
		}
		if group, err := unix.Getpgid(parent); err != nil || group != unix.Getpgrp() {
			return err != nil
		}
	}
	return true
}
