package main

import (
	"os"
	"strings"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/ui"
)

// screen is the Bubble Tea program and the terminal it has.
type screen struct {
	terminal *terminal
	program  *tea.Program
	suspend  *suspender
	leave    func() // ends the process when the screen does not end by itself
}

// newScreen takes the terminal and makes the program for what is shown.
func newScreen(o *options, show ui.Options) (*screen, error) {
	t, err := openTerminal()
	if err != nil {
		return nil, &failure{statusFailed, "screen", err.Error(), "--plain needs no terminal"}
	}
	s := &screen{terminal: t, suspend: newSuspender(t)}
	if err := t.raw(); err != nil {
		t.abandon()
		return nil, &failure{statusFailed, "screen", err.Error(), "--plain needs no terminal"}
	}
	s.spawn(t.keys.run)
	o.dress(&show, t)
	show.Input, show.Output = t.keys.Keys, t.out
	s.program = ui.NewProgram(ui.New(show), tea.WithFilter(s.filter), tea.WithoutCatchPanics())
	s.suspend.program = s.program
	return s, nil
}

// dress decides how the screen looks.
func (o *options) dress(show *ui.Options, t *terminal) {
	profile := o.colourProfile(t.out) // standard output is caught by now
	show.Profile = canvasProfile(profile)
	show.ASCII = o.ascii || !utf8Locale()
	show.Motion = o.motion()
	show.Slow = os.Getenv("SSH_CONNECTION") != ""
	show.Now = time.Now
	show.Signals = live.SignalNames()
	show.Theme = o.themeFor(profile, func() bool {
		dark, ok := askBackground(t.out, t.keys.Replies)
		return dark || !ok && o.dark()
	})
}

// spawn is a goroutine whose panic leaves the terminal usable.
func (s *screen) spawn(fn func()) { spawn(s.terminal.abandon, fn) }

// panicMsg makes the loop of the screen panic; see debugPanic.
type panicMsg struct{}

// filter sees every message before the screen does.
func (s *screen) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg.(type) {
	case tea.SuspendMsg:
		s.suspend.ask() // Bubble Tea would wait for ever where there is no job control
		return nil
	case tea.QuitMsg:
		s.spawn(func() { // a terminal that stands still would keep it from ending
			time.Sleep(patience)
			s.terminal.abandon()
			if s.leave != nil {
				s.leave()
			}
		})
	case panicMsg:
		panic("forced by MULTIEXIT_DEBUG_PANIC=update")
	}
	return msg
}

// run shows the screen until it is left. The error is of the screen itself, as
// when its terminal is gone. A panic in its loop ends the process here, one in a
// command of its by way of the guard: Bubble Tea, which would recover both, prints
// stack traces.
func (s *screen) run() error {
	defer crash(s.terminal.abandon)
	s.spawn(s.suspend.run)
	_, err := s.program.Run()
	for line := range strings.Lines(s.terminal.close()) {
		os.Stderr.WriteString(tree.Clean(strings.TrimRight(line, "\r\n")) + "\n")
	}
	return err
}

// watchLoss takes a terminal that is gone for a SIGHUP: what runs is stopped,
// without a screen.
func (s *screen) watchLoss(steps *ladder) {
	<-s.terminal.keys.Lost
	steps.rung(syscall.SIGHUP)
}

// quit ends the screen, from any goroutine.
func (s *screen) quit() { s.spawn(s.program.Quit) }
