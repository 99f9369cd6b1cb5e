package exitreg

import (
	"os"
	"strings"
)

// spot is where a process can be held. The zero value is nowhere.
type spot struct {
	on  string
	h   *Handler // before this one
	sig string   // at this signal, which has come
}

// What a spot, or a breakpoint, is on.
const (
	onHandler = "handler"
	onSignal  = "signal"
	onExit    = "exit"
)

// breakpoint is where the observer wants a process to be held though it holds
// nothing else.
type breakpoint struct {
	on string
	aim
	sig string // a glob; empty: any
}

// breakpoint is what a hold or a release is about; on nothing if it is all of the
// process.
func (o order) breakpoint() (b breakpoint, why string) {
	switch a := o.aim(); {
	case o.On == onSignal:
		return breakpoint{on: onSignal, sig: o.Sig}, ""
	case o.On == onExit:
		return breakpoint{on: onExit}, ""
	case o.On != "" && o.On != onHandler:
		return b, "a hold on " + oneLine(cut(o.On, 40)) + " is not known"
	case !a.empty():
		return breakpoint{on: onHandler, aim: a}, ""
	}
	return b, ""
}

func (b breakpoint) meets(s spot) bool {
	switch {
	case b.on != s.on:
		return false
	case b.on == onHandler:
		return b.hits(s.h)
	case b.on == onSignal:
		return meansSignal(b.sig, s.sig)
	}
	return true
}

// String is the breakpoint as the observer has written it: "db*", "signal SIGTERM".
func (b breakpoint) String() string {
	if b.on == onHandler {
		return b.aim.String()
	}
	return strings.TrimSpace(b.on + " " + b.sig)
}

// meansSignal says that a glob, which may lack the SIG, means a signal.
func meansSignal(glob, sig string) bool {
	return glob == "" || match(glob, sig) || match(glob, strings.TrimPrefix(sig, "SIG"))
}

// hold waits at the spot that is next until the observer lets it go or is gone, or
// done is closed: a second signal does not wait for an observer, nor does a grace
// that is over. Which spot it is may change meanwhile. All the time the clock stands.
func (r *reporter) hold(next func() spot, done <-chan struct{}) {
	at := next()
	if at.h != nil {
		r.gate.rest(done)
	}
	var held spot // and told to be
	release := func() {
		if held != (spot{}) {
			r.clock.stand(heldHere, false)
			r.tellHold(KindRelease, held, "")
		}
		held = spot{}
	}
	defer release()
	for ; at != (spot{}); at = next() {
		select {
		case <-done:
			return
		default:
		}
		free, moved, stop := r.gate.enter(at)
		if free {
			return
		}
		if held != at {
			release()
			r.clock.stand(heldHere, true)
			r.tellHold(KindHold, at, stop)
			held = at
		}
		select {
		case <-moved:
		case <-done:
			return
		}
	}
}

// tellHold tells that the process is held at a spot, or let go.
func (r *reporter) tellHold(k Kind, at spot, stop string) {
	if at.h != nil {
		r.handler(k, at.h, stop)
	} else if r.listened() {
		r.emit(&Event{Kind: k, Sig: at.sig, Text: stop})
	}
}

// ahead is the spot before the handler that is next.
func (r *Registry) ahead() spot {
	if h := r.peek(); h != nil {
		return spot{on: onHandler, h: h}
	}
	return spot{}
}

// atExit is the spot behind the last handler.
func (r *Registry) atExit() spot {
	if r.peek() == nil {
		return spot{on: onExit}
	}
	return spot{}
}

// atSignal is the spot of a signal that has begun a run.
func atSignal(sig os.Signal) func() spot {
	at := spot{on: onSignal, sig: signalName(sig)}
	return func() spot { return at }
}
