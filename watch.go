package main

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

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
