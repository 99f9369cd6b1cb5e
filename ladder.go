package main

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// ladder is what signals to multiexit itself do, for the whole life of the
// process: the first stops everything in order, the second goes to the next rung
// of that at once, the third kills what is left and leaves (what even then is left
// is the keeper's).
type ladder struct {
	stop, next func()
	kill       func()
	leave      func(status int)
	asked      func(rung int) // told after every rung but the last; may be nil

	rungs  atomic.Int32
	first  atomic.Int32 // the number of the first signal; 0: none came
	hungUp atomic.Bool
	ch     chan os.Signal
}

// listen begins to take signals. What comes before run is kept.
func (l *ladder) listen() {
	l.ch = make(chan os.Signal, 8)
	signal.Notify(l.ch, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	catchPipe()
}

// catchPipe makes a write to a pipe that nobody reads fail with EPIPE instead of
// ending the process. (signal.Ignore would hand the ignoring down to children.)
func catchPipe() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// run takes signals until the process ends.
func (l *ladder) run() {
	for sig := range l.ch {
		l.rung(sig.(syscall.Signal))
	}
}

// rung goes one step on because of sig. SIGHUP counts once: a terminal that goes
// away tells it in several ways.
func (l *ladder) rung(sig syscall.Signal) {
	if sig == syscall.SIGHUP && l.hungUp.Swap(true) {
		return
	}
	l.first.CompareAndSwap(0, int32(sig))
	n := int(l.rungs.Add(1))
	switch n {
	case 1:
		l.stop()
	case 2:
		l.next()
	default:
		l.kill()
		l.leave(l.status())
		return
	}
	if l.asked != nil {
		l.asked(n)
	}
}

// status is 128 and the number of the first signal, or 0 if none came.
func (l *ladder) status() int {
	if n := l.first.Load(); n != 0 {
		return statusSignal + int(n)
	}
	return 0
}
