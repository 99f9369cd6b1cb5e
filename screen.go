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
	"multiexit/ui/tty"
)

// screen is the Bubble Tea program and the terminal it has.
type screen struct {
	terminal *tty.Terminal
	program  *tea.Program
	suspend  *tty.Suspender
	leave    func() // ends the process when the screen does not end by itself
}

// newScreen takes the terminal and makes the program for what is shown.
func newScreen(o *options, show ui.Options) (*screen, error) {
	return openScreen(o, show, func(show ui.Options, opts ...tea.ProgramOption) *tea.Program {
		return ui.NewProgram(ui.New(show), opts...)
	})
}

// openScreen is newScreen for any program that looks as options say.
func openScreen(o *options, show ui.Options, program func(ui.Options, ...tea.ProgramOption) *tea.Program) (*screen, error) {
	t, err := tty.Open()
	if err != nil {
		return nil, &failure{statusFailed, "screen", err.Error(), "--plain needs no terminal"}
	}
	s := &screen{terminal: t, suspend: tty.NewSuspender(t)}
	if err := t.Raw(); err != nil {
		t.Abandon()
		return nil, &failure{statusFailed, "screen", err.Error(), "--plain needs no terminal"}
	}
	s.spawn(t.ReadKeys)
	o.dress(&show, t)
	show.Input, show.Output = t.Keys(), t.Output()
	show.Clipboard = func(text string) { t.Output().WriteString(ui.ClipboardSequence(text)) }
	s.program = program(show, tea.WithFilter(s.filter), tea.WithoutCatchPanics())
	return s, nil
}

// dress decides how the screen looks.
func (o *options) dress(show *ui.Options, t *tty.Terminal) {
	profile := o.colourProfile(t.Output()) // standard output is caught by now
	show.Profile = canvasProfile(profile)
	show.ASCII = o.ascii || !tty.UTF8()
	show.Motion = o.motion()
	show.Slow = os.Getenv("SSH_CONNECTION") != ""
	show.Sync = tty.Synchronizes()
	show.Now = time.Now
	show.Signals = live.SignalNames()
	show.Theme = o.themeFor(profile, func() bool {
		dark, ok := t.AskBackground()
		return dark || !ok && o.dark()
	})
}

// spawn is a goroutine whose panic leaves the terminal usable.
func (s *screen) spawn(fn func()) { panics.Spawn(s.terminal.Abandon, fn) }

// panicMsg makes the loop of the screen panic; see tty.Panics.Provoke.
type panicMsg struct{}

// filter sees every message before the screen does.
func (s *screen) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg.(type) {
	case tea.SuspendMsg:
		s.suspend.Suspend() // Bubble Tea would wait for ever where there is no job control
		return nil
	case tea.QuitMsg:
		s.spawn(func() { // a terminal that stands still would keep it from ending
			time.Sleep(patience)
			s.terminal.Abandon()
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
	defer panics.Recover(s.terminal.Abandon)
	s.spawn(func() { s.suspend.Run(suspendable{s.program}) })
	_, err := s.program.Run()
	for line := range strings.Lines(s.terminal.Restore()) {
		os.Stderr.WriteString(tree.Clean(strings.TrimRight(line, "\r\n")) + "\n")
	}
	return err
}

// showUntilLeft shows what runs nothing: a recording, or two.
func (s *screen) showUntilLeft(steps *ladder) error {
	steps.leave = func(status int) {
		s.terminal.Abandon()
		os.Exit(status)
	}
	s.leave = func() { steps.leave(steps.status()) }
	steps.next, steps.kill = s.leave, func() {}
	steps.stop = func() {
		s.quit()
		s.spawn(func() { // a terminal that stands still keeps the screen from leaving
			time.Sleep(patience)
			s.leave()
		})
	}
	s.spawn(steps.run)
	s.spawn(func() { s.watchLoss(steps) })
	panics.Provoke(s.terminal.Abandon, func() { s.program.Send(panicMsg{}) })
	if err := s.run(); err != nil && steps.status() == 0 {
		return err
	}
	return exit(steps.status())
}

// watchLoss takes a terminal that is gone for a SIGHUP: what runs is stopped,
// without a screen.
func (s *screen) watchLoss(steps *ladder) {
	<-s.terminal.Lost()
	steps.rung(syscall.SIGHUP)
}

// abandon leaves the screen and the process at once.
func (s *screen) abandon(status int) {
	s.terminal.Abandon()
	os.Exit(status)
}

// quit ends the screen, from any goroutine.
func (s *screen) quit() { s.spawn(s.program.Quit) }

// suspendable is the program as a tty.Suspender sees it.
type suspendable struct{ program *tea.Program }

func (p suspendable) Release() error     { return p.program.ReleaseTerminal() }
func (p suspendable) Notice(text string) { p.program.Send(ui.NoticeMsg(text)) }

func (p suspendable) Resume() {
	p.program.RestoreTerminal()
	p.program.Send(tea.EnableMouseCellMotion()) // Bubble Tea forgets to
	p.program.Send(tea.ResumeMsg{})
}
