package otlp

import (
	"multiexit/exitreg"
	"multiexit/tree"
)

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
