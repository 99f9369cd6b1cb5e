package tree

import (
	"slices"
	"strings"
	"time"

	"multiexit/exitreg"
)

// Hold is where the observer holds a process.
type Hold struct {
	Handler *Handler      // it is before this one; nil: it is elsewhere
	Sig     string        // it is at this signal, before any handler; empty: it is elsewhere
	Foreign bool          // it does not report, and was stopped before Sig was sent: that waits for it
	Break   string        // the breakpoint that it met ("flush-*", "signal SIGTERM", "exit"); empty: it was held in any case
	Since   time.Duration // when it stopped
}

// AtExit says that it has run all its handlers and would exit next.
func (h *Hold) AtExit() bool { return h.Handler == nil && h.Sig == "" }

// String says where: "before flush-wal", "at SIGTERM", "before SIGTERM reaches it",
// "before its exit".
func (h *Hold) String() string {
	switch {
	case h.Handler != nil:
		return "before " + Clean(h.Handler.Name)
	case h.Foreign:
		return "before " + Clean(h.Sig) + " reaches it"
	case h.Sig != "":
		return "at " + Clean(h.Sig)
	}
	return "before its exit"
}

// hold notes that n is held, or let go. A repetition does not begin anew.
func (n *Node) hold(e *Event) {
	if e.Kind == exitreg.KindRelease {
		n.letGo(e.T)
		return
	}
	if !n.Alive() {
		return
	}
	now := Hold{Sig: e.Sig, Break: e.Text, Since: e.T, Foreign: foreign(e)}
	if now.Foreign {
		now.Break = ""
	}
	if e.ID != "" {
		now.Handler, now.Sig = n.handler(e.ID), ""
		if e.Handler != "" {
			now.Handler.Name = e.Handler
		}
	}
	if n.Held && n.Hold.Handler == now.Handler && n.Hold.Sig == now.Sig {
		now.Since = n.Hold.Since
	} else {
		n.letGo(e.T)
	}
	n.Held, n.Hold = true, now
}

// foreign says that a process is held that does not report.
func foreign(e *Event) bool { return e.ID == "" && e.Sig != "" && e.Text == "stopped before "+e.Sig }

// countHeld keeps the number of those that are held, and how long there were any.
func (t *Tree) countHeld(n *Node) {
	if n.halted == n.Held {
		return
	}
	was := t.Counts.Held
	if n.halted = n.Held; n.Held {
		t.Counts.Held++
	} else {
		t.Counts.Held--
	}
	if was > 0 {
		t.stood += t.Last - t.since
	}
	t.since = t.Last
}

// standing is how long somebody was held in all, until now.
func (t *Tree) standing() time.Duration {
	if t.Counts.Held > 0 {
		return t.stood + t.Last - t.since
	}
	return t.stood
}

// Expires is when the timeout of a handler that runs is over. While anybody in the
// tree is held the time of all handlers stands, and nobody can say; nor is there a
// moment if it has no timeout or does not run.
func (t *Tree) Expires(h *Handler) (at time.Duration, ok bool) {
	if h == nil || !h.Began || h.Timeout <= 0 || t.Counts.Held > 0 {
		return 0, false
	}
	return h.Begin + h.Timeout + t.stood - h.stood, true
}

// Impatient is when a handler that waits for a process, the k-th of its Waits, waits
// for it no longer; it stands as Expires does.
func (t *Tree) Impatient(h *Handler, k int) (at time.Duration, ok bool) {
	if h == nil || k < 0 || k >= len(h.Patience) || h.Patience[k].At == 0 || t.Counts.Held > 0 {
		return 0, false
	}
	return h.Patience[k].At + t.stood - h.Patience[k].stood, true
}

// faultIgnore is the fault of a process that makes nothing of a signal.
const faultIgnore = "ignore"

// deafen notes that a signal has come to nothing because of a fault. It is so until
// one begins a run.
func (n *Node) deafen(sig string) {
	if sig != "" && len(n.deaf) < 64 && !slices.Contains(n.deaf, sig) {
		n.deaf = append(slices.Clip(n.deaf), sig)
	}
}

// Deafened says that a fault stands by which nothing will be made of a signal.
func (n *Node) Deafened(sig string) bool {
	if n.Began || !n.Reports || !n.Alive() {
		return false
	}
	return slices.ContainsFunc(n.tree.Orders, func(o Order) bool {
		return o.Word == faultIgnore && (o.Sig == "" || Glob(o.Sig, sig) || Glob(o.Sig, strings.TrimPrefix(sig, "SIG"))) && o.Means(n)
	})
}

// Remains is what is left of the timeout of a handler that runs, at a moment that is
// not before Last. It stands while anybody is held.
func (t *Tree) Remains(h *Handler, now time.Duration) (left time.Duration, ok bool) {
	if h == nil || !h.Began || h.Timeout <= 0 {
		return 0, false
	}
	return t.until(h.Begin+h.Timeout-h.stood, now), true
}

// GraceLeft is what is left of the grace of a process that has begun its run, as
// Remains has it.
func (t *Tree) GraceLeft(n *Node, now time.Duration) (left time.Duration, ok bool) {
	if n == nil || !n.Began || n.Grace <= 0 {
		return 0, false
	}
	return t.until(n.Delivered+n.Grace-n.stood, now), true
}

// until is the time from a moment to one that is put off by all for which somebody is
// held.
func (t *Tree) until(at, now time.Duration) time.Duration {
	if t.Counts.Held > 0 {
		now = t.Last
	}
	return at + t.standing() - now
}

// Overdue is when the grace of a process is over, in which it has to run all its
// handlers; it stands as Expires does.
func (t *Tree) Overdue(n *Node) (at time.Duration, ok bool) {
	if !n.Began || n.Left || n.Grace <= 0 || t.Counts.Held > 0 {
		return 0, false
	}
	return n.Delivered + n.Grace + t.stood - n.stood, true
}
