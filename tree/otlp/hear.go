package otlp

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// moment is what happened to a process at one time.
type moment struct {
	at             time.Duration
	what           string
	signal, sender string
}

// Trace keeps what a tree forgets of its events. The zero value is ready.
type Trace struct {
	moments map[string][]moment // by node; "" is everything
}

// mostMoments of a process are kept; the limit of the SDK for the events of a
// span is 128.
const mostMoments = 60

// Hear takes an event in, one after another as they come.
func (t *Trace) Hear(e *tree.Event) {
	m := moment{at: e.T}
	switch e.Kind {
	case exitreg.KindSignal:
		m.what, m.signal, m.sender = "signal", e.Sig, e.Sender
	case exitreg.KindDeliver:
		m.what, m.signal = "handlers begin", e.Sig
	case exitreg.KindStop:
		m.what = "stopped"
	case exitreg.KindCont:
		m.what = "continued"
	case exitreg.KindHold:
		m.what = "held"
	case exitreg.KindRelease:
		m.what = "released"
	case exitreg.KindExec:
		m.what = "exec"
	case exitreg.KindOrphan:
		m.what = "orphaned"
	case exitreg.KindRung:
		m.what, m.signal = "ladder: "+e.Text, e.Sig
	default:
		return
	}
	if t.moments == nil {
		t.moments = map[string][]moment{}
	}
	if all := t.moments[e.Node]; len(all) < mostMoments {
		t.moments[e.Node] = append(all, m)
	}
}
