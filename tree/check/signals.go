package check

import (
	"fmt"
	"time"

	"multiexit/tree"
)

// signals finds signals that did not do what they are for.
func (q *inquiry) signals(n *tree.Node) {
	at, _, asked := n.Asked()
	if !asked {
		return
	}
	if sig := n.Twice; sig != "" {
		q.about(n, nil, n.Signalled, "signalled-twice", fmt.Sprintf("%s got %s twice before it was gone: to many programs a second signal says not to wait any longer.", called(n), sig),
			"Send it once: to the group or by the parent, not both.")
	}
	switch {
	case n.Stopped && n.SigName != "SIGKILL" && !n.Held:
		q.about(n, nil, at, "stopped", called(n)+" is stopped: it takes the signal only when it is continued.", "Send it SIGCONT.")
	case n.Froze && askedOtherwise(n) && heldAtEnd(n) == "":
		q.about(n, nil, at, "stopped", called(n)+" was stopped when it was asked to end, and nobody continued it: the signal waited in vain.",
			"Send SIGCONT along with the signal, and find out who stopped it (ctrl+z, a debugger, SIGTTIN or SIGTTOU of a terminal).")
	}
	sig, effect := deaf(n)
	switch {
	case endedAllTheSame(n, at):
	case effect == tree.Ignored:
		q.about(n, nil, at, "signal-ignored", fmt.Sprintf("%s ignores %s: the signal does nothing to it.", called(n), sig),
			"Have it restore the default action or handle the signal (nohup and the background of a shell hand ignored signals down), or ask it by another.")
	case effect == tree.Blocked:
		q.about(n, nil, at, "signal-blocked", fmt.Sprintf("%s blocks %s: the signal waits until it is unblocked.", called(n), sig),
			"Have it unblock the signal or take it by sigwait or a signalfd; a signal mask is handed down to children.")
	}
}

// endedAllTheSame says that a process exited by itself, and well, soon after it was
// asked: who ends it has another way for that, as PostgreSQL for its checkpointer.
func endedAllTheSame(n *tree.Node, asked time.Duration) bool {
	const soon = time.Second
	return n.State == tree.Exited && n.EndSig == "" && !n.Unseen && n.Gone-asked < soon
}

// deaf is the signal that a process ignores or blocks, if it does so with all that
// asked it to end: one it heeds is enough.
func deaf(n *tree.Node) (sig string, d tree.Disposition) {
	if n.Began {
		return "", tree.Unknown
	}
	got := false
	for _, s := range polite {
		if !n.Got(s) {
			continue
		}
		got = true
		switch e := n.Disposition(s); {
		case e != tree.Ignored && e != tree.Blocked:
			return "", tree.Unknown
		case sig == "":
			sig, d = s, e
		}
	}
	if !got && n.SigName == "" { // waited for: whoever does will have sent it
		return "SIGTERM", n.Term
	}
	return sig, d
}

// missed finds processes of which not all is known.
func (q *inquiry) missed(n *tree.Node) {
	if n.Missed > 0 {
		q.about(n, nil, max(n.Born, n.Delivered), "events-lost", fmt.Sprintf("%d events that %s told never arrived: what is said of it here may lack something.", n.Missed, called(n)),
			"See the remarks of the recording for when the connection was lost.")
	}
}
