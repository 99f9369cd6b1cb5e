package main

import (
	"fmt"
	"math"
	"os"
	"sync"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
	"multiexit/tree/supervise"
)

// job is what is to be started and watched.
type job struct {
	title   string
	about   [2]string
	file    *spec.File
	argv    []string // what the header of the stream says is watched
	command bool     // commands of the user's: the exit status of the first is ours

	pty, keep, pidNamespace bool
	dump                    time.Duration
}

// supervisor makes what runs the job. hold: on the screen it stays when all have
// ended, so that something can be started again.
func (j *job) supervisor(o *options, hold bool) *supervise.Supervisor {
	return supervise.New(j.file, supervise.Options{
		Config:       live.Config{Argv: j.argv, Grace: time.Duration(o.grace), Dump: j.dump, Keep: j.keep},
		Hold:         hold,
		PTY:          j.pty,
		PIDNamespace: j.pidNamespace,
		Orders:       o.orders(),
	})
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
	if err := checkVerdict(o.verdict); err != nil {
		return err
	}
	record, err := openRecord(o)
	if err != nil {
		return err
	}
	steps := &ladder{}
	steps.listen() // before anything is started: from here on a signal means an orderly end
	sv := j.supervisor(o, how == toScreen)
	if err := sv.Start(); err != nil {
		record.cancel()
		return startFailure(err)
	}
	w := newWatch(o, sv, record)
	if w.control, err = serve(o, sv, w); err != nil {
		report(err)
	}
	if how == toScreen {
		return onScreen(o, j, sv, w, steps)
	}
	return inLines(o, j, sv, w, steps, how)
}

// session is what is watched: commands of ours, or those of another multiexit.
type session interface {
	Header() tree.Header
	Events() <-chan []tree.Event
	Look() <-chan uint64
	Signal(node, sig, scope string) error
	Stop()
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
	control *control // nil: none
	sink    sink
	sender  *sender

	mu   sync.Mutex // guards the tree against those who ask from elsewhere
	tree *tree.Tree

	otlp      *delivery     // nil: nobody wants a trace
	verdict   string        // the file for the verdict; empty: none
	length    time.Duration // stop everything after it; 0: never
	faults    faults        // guarded by mu once the session has a control socket
	holds     holds
	endOnSend bool        // stop everything when a --send reached nobody
	onOver    func()      // told when length is over; may be nil
	onSend    func(error) // told of a --send that reached nobody; may be nil

	look  <-chan uint64 // that was asked for because nothing seems to happen; nil: none
	upTo  uint64        // the answer to it; 0: not yet
	taken uint64        // the newest event

	recordErr, sinkErr error // the first of each
}

func newWatch(o *options, s session, record *recorder) *watch {
	return &watch{
		session: s, record: record, tree: new(tree.Tree),
		sender: newSender(o.sends, s.Header().Start), length: time.Duration(o.length), verdict: o.verdict, faults: o.faults, holds: o.holds,
		recordErr: record.begin(s.Header()), otlp: newDelivery(o.otlp, s.Header()),
	}
}

// run goes on until the stream is complete.
func (w *watch) run() {
	var over <-chan time.Time
	if w.length > 0 {
		over = time.After(w.length)
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
			w.settle()
		case <-due.C:
			w.fire()
			w.settle()
		case upTo, ok := <-w.look:
			if w.look, w.upTo = nil, upTo; !ok {
				w.upTo = math.MaxUint64 // it is over
			}
			w.settle()
		case <-over:
			w.session.Stop()
			if w.onOver != nil {
				w.onOver()
			}
		}
	}
}

// settle finds out whether a tree at rest is so: whether all is told that has
// happened until now.
func (w *watch) settle() {
	switch {
	case !w.sender.resting || !w.sender.settled.IsZero():
		w.look, w.upTo = nil, 0
	case w.look == nil && w.upTo == 0:
		w.look = w.session.Look()
	case w.upTo > 0 && w.upTo <= w.taken:
		w.sender.confirm(time.Now())
	}
}

func (w *watch) take(batch []tree.Event) {
	if n := len(batch); n > 0 {
		w.taken = batch[n-1].Seq
	}
	if err := w.record.Write(batch); err != nil {
		w.recordErr = err
		batch = append(batch[:len(batch):len(batch)], w.note(err.Error()))
	}
	w.mu.Lock()
	for i := range batch {
		w.tree.Apply(&batch[i])
		w.otlp.hear(&batch[i])
	}
	w.mu.Unlock()
	w.sender.observe(batch, time.Now())
	w.show(batch)
}

// note is a remark of ours within the stream.
func (w *watch) note(text string) tree.Event {
	return tree.Event{T: w.tree.Last, Kind: exitreg.KindNote, Text: text}
}

// find is tree.Select for whoever is not the goroutine of the watch: the ids of
// those that live.
func (w *watch) find(pattern string) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	nodes, err := w.tree.Select(pattern)
	var ids []string
	for _, n := range nodes {
		if n.Alive() {
			ids = append(ids, n.ID)
		}
	}
	if err == nil && len(ids) == 0 {
		err = fmt.Errorf("%s: it has exited", pattern)
	}
	return ids, err
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
	errs := append(w.sender.errs, w.missedOrders()...)
	w.record.complete()
	w.control.close() // who watches from elsewhere reads the rest of it
	if err := w.record.Close(w.tree); w.recordErr == nil {
		w.recordErr = err
	}
	if w.recordErr != nil {
		report(w.recordErr)
	}
	for _, err := range errs {
		status = report(err)
	}
	if err := writeVerdict(w.verdict, v); err != nil {
		status = report(err)
	}
	w.otlp.deliver(w.tree, j.title)
	if len(v.Survivors) > 0 && !j.keep {
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
