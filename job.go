package main

import (
	"time"

	"multiexit/tree"
	"multiexit/tree/live"
)

// job is what is to be started and watched.
type job struct {
	title   string
	about   [2]string
	start   live.Options
	command bool // a command of the user's: its exit status is ours
}

// watchJob starts a job, shows it the way the flags say, and returns when
// nothing of it is left.
func watchJob(o *options, j *job) error {
	how, err := o.output()
	if err != nil {
		return err
	}
	record, err := openRecord(o.record)
	if err != nil {
		return err
	}
	j.start.Grace = time.Duration(o.grace)
	steps := &ladder{}
	steps.listen() // before anything is started: from here on a signal means an orderly end
	s, err := live.Start(j.start)
	if err != nil {
		record.cancel()
		return startFailure(err)
	}
	w := &watch{
		session: s,
		record:  record,
		tree:    new(tree.Tree),
		sender:  newSender(o.sends, s.Header().Start),
		length:  time.Duration(o.length),
	}
	w.recordErr = record.begin(s.Header())
	if how == toScreen {
		return onScreen(o, j, s, w, steps)
	}
	return inLines(o, j, s, w, steps, how)
}

// result says what is left to say when everything is over, and gives the exit
// status.
func (w *watch) result(j *job, v live.Verdict, steps *ladder) error {
	status := statusOK
	if j.command {
		status = commandStatus(v)
	}
	if err := w.record.Close(); w.recordErr == nil {
		w.recordErr = err
	}
	if w.recordErr != nil {
		report(w.recordErr)
	}
	for _, err := range w.sender.errs {
		status = report(err)
	}
	if len(v.Survivors) > 0 {
		status = statusFailed
	}
	switch {
	case steps.status() != 0:
		status = steps.status()
	case w.sinkErr != nil:
		status = sinkStatus(w.sinkErr)
	}
	return exit(status)
}
