package main

import (
	"os"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
)

// job is what is to be started and watched.
type job struct {
	title   string
	about   [2]string
	start   live.Options
	argv    []string // what the header of the stream says is watched; nil: start.Argv
	command bool     // a command of the user's: its exit status is ours
}

// header is that of the stream: of a demo it names the scenario, not the worker
// that plays it.
func (j *job) header(s *live.Session) tree.Header {
	h := s.Header()
	if j.argv != nil {
		h.Argv = j.argv
	}
	return h
}

// watchJob starts a job, shows it the way the flags say, and returns when
// nothing of it is left.
func watchJob(o *options, j *job) error {
	how, err := o.output()
	if err != nil {
		return err
	}
	if _, err := os.Executable(); how == toScreen && err != nil { // the terminal's guard is ourselves again
		return &failure{statusFailed, "screen", err.Error(), "--plain needs no terminal"}
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
	w.recordErr = record.begin(j.header(s))
	if how == toScreen {
		return onScreen(o, j, s, w, steps)
	}
	return inLines(o, j, s, w, steps, how)
}

// session is what is watched; *live.Session is the one there is.
type session interface {
	Events() <-chan []tree.Event
	Signal(node, sig, scope string) error
	Stop()
	RootGone() <-chan struct{}
}

// sink is where events are shown.
type sink interface {
	Write([]tree.Event) error
}

// watch is the one way of the events: from the session into the recording, the
// tree and the sink. One goroutine runs it.
type watch struct {
	session session
	record  *recorder
	tree    *tree.Tree
	sink    sink
	sender  *sender

	length    time.Duration // stop everything after it; 0: never
	endOnRoot bool          // stop everything when the command has ended
	endOnSend bool          // stop everything when a --send reached nobody
	onOver    func()        // told when length is over; may be nil
	onSend    func(error)   // told of a --send that reached nobody; may be nil

	recordErr, sinkErr error // the first of each
}

// run goes on until the stream is complete.
func (w *watch) run() {
	var over <-chan time.Time
	if w.length > 0 {
		over = time.After(w.length)
	}
	rootGone := w.session.RootGone()
	if !w.endOnRoot {
		rootGone = nil
	}
	due := time.NewTimer(0)
	defer due.Stop()
	for events := w.session.Events(); ; {
		if at, ok := w.sender.next(); ok {
			due.Reset(time.Until(at))
		} else {
			due.Stop()
		}
		select {
		case batch, ok := <-events:
			if !ok {
				return
			}
			w.take(batch)
		case <-due.C:
			w.fire()
		case <-over:
			w.session.Stop()
			if w.onOver != nil {
				w.onOver()
			}
		case <-rootGone:
			rootGone = nil
			w.session.Stop()
		}
	}
}

func (w *watch) take(batch []tree.Event) {
	if err := w.record.Write(batch); err != nil {
		w.recordErr = err
		batch = append(batch[:len(batch):len(batch)], w.note(err.Error()))
	}
	for i := range batch {
		w.tree.Apply(&batch[i])
	}
	w.sender.observe(batch, time.Now())
	w.show(batch)
}

// note is a remark of ours within the stream.
func (w *watch) note(text string) tree.Event {
	return tree.Event{T: w.tree.Last, Kind: exitreg.KindNote, Text: text}
}

// show writes to the sink. When nobody reads it any more there is nothing to
// watch for: everything is stopped, the recording goes on.
func (w *watch) show(batch []tree.Event) {
	if w.sinkErr != nil {
		return
	}
	if w.sinkErr = w.sink.Write(batch); w.sinkErr != nil {
		w.session.Stop()
	}
}

func (w *watch) fire() {
	before := len(w.sender.errs)
	w.sender.fire(w.tree, time.Now(), w.session.Signal)
	for _, err := range w.sender.errs[before:] {
		if w.endOnSend {
			w.session.Stop()
		}
		if w.onSend != nil {
			w.onSend(err)
		}
	}
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
