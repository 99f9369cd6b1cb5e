package live

import (
	"slices"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// heedful is what shows that a process knew of an order when it mattered.
type heedful struct {
	early   []*standingOrder // given with a hello; not known yet whether in time
	sig     string           // that began its run
	atSig   bool             // it was held at it
	held    string           // the handler that it was held before last
	faulted string           // the one that a fault was told of last
	turn    time.Duration    // when its run began, or its last handler ended
}

// heed looks at what a process told for signs that the orders it was given with its
// hello came in time, and tells if they did not.
func (s *Session) heed(c *conn, e *tree.Event) {
	h := &c.heedful
	if len(h.early) == 0 {
		return
	}
	switch e.Kind {
	case exitreg.KindDeliver:
		h.sig, h.turn = e.Sig, e.T
		s.judge(c, func(o *order) (about, known bool) {
			return o.Fault == "ignore" && e.Sig != "" && o.meansSignal(e.Sig), false
		}, "took "+e.Sig)
	case exitreg.KindHold:
		h.held, h.atSig = e.ID, h.atSig || e.ID == "" && e.Sig != ""
	case exitreg.KindFault:
		h.faulted = e.ID
	case exitreg.KindEnd:
		h.turn = e.T
	case exitreg.KindBegin:
		s.judge(c, func(o *order) (about, known bool) { return h.knew(o, e) }, "began "+e.Handler)
	}
}

// knew says whether an order was about a handler that begins, and if so whether its
// process has shown that it knew.
func (h *heedful) knew(o *order, e *tree.Event) (about, known bool) {
	switch {
	case o.Do == "hold" && o.On == "signal":
		return h.sig != "" && o.meansSignal(h.sig), h.atSig
	case o.Do == "hold" && o.On == "":
		return o.meansHandler(e.Handler, e.ID), h.held == e.ID
	case o.Do == "fault" && !o.whole():
		return o.meansHandler(e.Handler, e.ID), h.faulted == e.ID
	case o.Do == "pace":
		return true, e.T-h.turn >= time.Duration(o.NS)
	}
	return false, false
}

// judge takes those orders off the list of which it is known now, and all that came
// before one that was known.
func (s *Session) judge(c *conn, knew func(*order) (about, known bool), what string) {
	rest := c.early[:0]
	for _, one := range c.early {
		about, known := knew(&one.order)
		switch {
		case known && about:
			rest = rest[:0]
		case !about:
			rest = append(rest, one)
		case slices.Contains(s.orders, one): // else it was taken back meanwhile
			s.note(c.p, "late "+c.p.id, "too late: %s (it %s before it could be told; it was started before the order was given)", one, what)
		}
	}
	c.early = rest
}
