package main

import (
	"os"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"

	"multiexit/ui"
)

// suspender stops the program for the shell (ctrl+z, or a SIGTSTP from outside)
// and brings the screen back when it goes on. What runs under multiexit runs in
// groups of its own and is not stopped; only nobody watches meanwhile, and who
// writes more than a pipe holds waits.
type suspender struct {
	terminal *terminal
	program  *tea.Program
	stops    chan os.Signal
}

func newSuspender(t *terminal) *suspender {
	s := &suspender{terminal: t, stops: make(chan os.Signal, 1)}
	signal.Notify(s.stops, syscall.SIGTSTP)
	return s
}

// run suspends at each SIGTSTP.
func (s *suspender) run() {
	for range s.stops {
		s.suspend()
	}
}

// ask suspends as a SIGTSTP would.
func (s *suspender) ask() {
	select {
	case s.stops <- syscall.SIGTSTP:
	default:
	}
}

func (s *suspender) suspend() {
	if orphaned() {
		s.program.Send(ui.NoticeMsg("not suspended: no shell is there to bring it back"))
		return
	}
	if s.program.ReleaseTerminal() != nil {
		return
	}
	s.terminal.unraw()
	s.terminal.out.WriteString("multiexit: suspended; what it started goes on (fg brings the screen back)\n")
	s.stop()
	s.terminal.raw()
	s.program.RestoreTerminal()
	s.program.Send(tea.EnableMouseCellMotion()) // Bubble Tea forgets to
	s.program.Send(tea.ResumeMsg{})
}

// stop stops the process group as the terminal would, and returns when it is
// continued. SIGTSTP does not stop us any more: once caught, the Go runtime
// never gives its default action back. So for us it is SIGSTOP.
func (s *suspender) stop() {
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
