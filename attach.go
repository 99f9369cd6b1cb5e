package main

import (
	"strings"

	"github.com/spf13/cobra"

	"multiexit/tree/remote"
	"multiexit/ui"
)

// attachFlags are the flags of attach.
type attachFlags struct {
	options
	readonly bool
	noFollow bool
}

// attachCommand opens a second screen on a session.
func attachCommand() *cobra.Command {
	a := &attachFlags{}
	cmd := &cobra.Command{
		Use:     "attach [PID]",
		Short:   "Open a second screen on a session that runs in another terminal",
		Long:    attachHelp,
		Example: "  multiexit attach\n  multiexit attach --readonly 4711",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(strings.Join(args, ""))
		},
	}
	a.addShow(cmd)
	f := cmd.Flags()
	f.BoolVar(&a.readonly, "readonly", false, "watch only: nothing can be signalled, started or stopped from here")
	f.BoolVar(&a.noFollow, "no-follow", false, "with --readonly: do not follow the selection of the first screen")
	f.StringVar(&a.record, "record", "", "write a recording to `FILE`, for multiexit replay")
	return cmd
}

func (a *attachFlags) run(session string) error {
	how, err := a.output()
	if err != nil {
		return err
	}
	s, err := dial(session, a.readonly, "name one: multiexit attach PID")
	if err != nil {
		return err
	}
	defer s.Close()
	a.noRecord = true // the session itself is in the history
	record, err := openRecord(&a.options)
	if err != nil {
		return err
	}
	steps := &ladder{}
	steps.listen()
	w := newWatch(&a.options, joined{s}, record)
	if how == toScreen {
		return a.onScreen(s, w, steps)
	}
	return a.inLines(s, w, steps, how)
}

// joined is a session that is somebody else's: to leave it is not to stop it.
type joined struct{ *remote.Client }

func (j joined) Stop() { j.Client.Close() }

// Look is answered at once: what the other one has not told yet cannot be known here.
func (j joined) Look() <-chan uint64 {
	answer := make(chan uint64, 1)
	answer <- 1
	return answer
}

// inLines prints the session until it is over, or until a signal ends us.
func (a *attachFlags) inLines(s *remote.Client, w *watch, steps *ladder, how output) error {
	var err error
	if w.sink, err = newSink(&a.options, w.tree, s.Header(), how); err != nil {
		return exit(sinkStatus(err))
	}
	steps.stop = func() { s.Close() }
	steps.next, steps.kill = steps.stop, steps.stop
	steps.leave = func(int) {}
	leaveWithReader() // it is no session of ours that would have to be ended
	panics.Spawn(nil, steps.run)
	w.run()
	w.record.Close(w.tree)
	if w.sinkErr != nil {
		return exit(sinkStatus(w.sinkErr))
	}
	return exit(steps.status())
}

// onScreen shows the session in a screen of its own.
func (a *attachFlags) onScreen(s *remote.Client, w *watch, steps *ladder) error {
	to := ui.NewFeed()
	w.sink = feed{to}
	h := s.Header()
	show := ui.Options{
		Title: titleOf(h.Argv), Header: h, Feed: to, Driver: joinedDriver{s}, LogAll: true,
		ReadOnly: a.readonly, Follow: a.readonly && !a.noFollow, Attached: true,
	}
	if w.record.spool != nil {
		show.Lines = w.record.spool
	}
	if d, ok := demoOf(h.Argv); ok {
		show.Title, show.About, show.LogAll = d.Name, d.About, false
	}
	sc, err := newScreen(&a.options, show)
	if err != nil {
		return err
	}
	leave := func() { sc.quit() }
	steps.stop, steps.next, steps.kill = leave, leave, func() {}
	steps.leave = sc.abandon
	sc.leave = func() { sc.abandon(steps.status()) }
	sc.spawn(steps.run)
	sc.spawn(func() { sc.watchLoss(steps) })
	sc.spawn(func() {
		w.run()
		to.Close()
	})
	if a.readonly && !a.noFollow {
		sc.spawn(func() {
			nodes, err := s.Follow()
			if err != nil {
				return
			}
			for node := range nodes {
				sc.program.Send(ui.FollowMsg{Node: node})
			}
		})
	}
	err = sc.run()
	s.Close()
	w.record.Close(w.tree)
	if err != nil && steps.status() == 0 {
		return &failure{statusFailed, "screen", err.Error(), ""}
	}
	return exit(steps.status())
}

// joinedDriver lets a second screen signal, stop and start.
type joinedDriver struct{ *remote.Client }

func (d joinedDriver) Usage(node string) (ui.Usage, error) {
	u, err := d.Client.Usage(node)
	return ui.Usage(u), err
}
