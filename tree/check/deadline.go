package check

import (
	"time"

	"multiexit/tree"
)

// change is something that is going to happen to a process of the chain.
type change struct {
	at   time.Duration
	what changeKind
	node *tree.Node    // to which
	h    *tree.Handler // of a timeout, or of a wait
	sig  string        // that is sent
}

type changeKind uint8

const (
	noChange  changeKind = iota
	timesOut             // a handler's own time is up
	graceEnds            // that of all its handlers
	climbs               // the next rung of a ladder sends a signal to it
	widens               // the same, but it had that signal
	waitEnds             // a handler waits for it no longer
)

// deadline finds what is going to happen first to any process of the chain: a
// handler's own time is up, a process's grace, what the one that waits for it has
// set it, or the next step of a ladder. What stands while somebody is held is
// nothing that is going to happen.
func (f *Finder) deadline(t *tree.Tree, now time.Duration, b *Blocked) {
	if t.Done {
		return
	}
	var first change
	take := func(c change) {
		if c.at > now && (first.what == noChange || c.at < first.at || c.at == first.at && c.node == b.Node) {
			first = c
		}
	}
	var ladder *tree.Ladder
	for i, n := range b.Chain {
		h := working(t, n)
		if at, ok := t.Expires(h); ok {
			take(change{at: at, what: timesOut, node: n, h: h})
		}
		if at, ok := t.Overdue(n); ok {
			take(change{at: at, what: graceEnds, node: n})
		}
		if i > 0 {
			w, k := working(t, b.Chain[i-1]), f.from[n.Index].wait
			if at, ok := t.Impatient(w, k); ok {
				take(change{at: at, what: waitEnds, node: n, h: w, sig: w.Patience[k].Then})
			}
		}
		if i == 0 || n.Parent != b.Chain[i-1] {
			ladder = ladderOf(t, n)
		} else if climbing(n.Ladder) {
			ladder = n.Ladder
		}
		if ladder == nil {
			continue
		}
		if ladder.Frozen {
			b.Stands = ladder.Left
			continue
		}
		if sig := rung(ladder, n); sig != "" {
			take(change{at: ladder.Next, what: climbs, node: n, sig: sig})
		} else if n == b.Node {
			take(change{at: ladder.Next, what: widens, node: n, sig: ladder.Steps[0].Sig})
		}
	}
	if first.what != noChange {
		b.Left, b.Then, b.grace = first.at-now, first.words(b.Node), first.sig != ""
	}
}

// words say what will happen, for who waits for the process end.
func (c change) words(end *tree.Node) string {
	of, to := "", ""
	if c.node != end {
		of, to = " of "+called(c.node), " to "+called(c.node)
	}
	switch c.what {
	case timesOut:
		return tree.Clean(c.h.Name) + of + " times out"
	case graceEnds:
		return "the grace" + of + " is over, and the rest of its handlers skipped"
	case widens:
		return c.sig + " to those that had none"
	case waitEnds:
		if c.sig == "" {
			return tree.Clean(c.h.Name) + " of " + called(c.h.Node) + " waits no longer"
		}
	}
	return c.sig + to
}

// ladderOf is the ladder that ends a process: its own, that of one above it, or
// that of everything. That ends each command in its own way and says only when
// the last is over: before a command's turn there is none.
func ladderOf(t *tree.Tree, n *tree.Node) *tree.Ladder {
	for p := n; p != nil; p = p.Parent {
		if climbing(p.Ladder) {
			return p.Ladder
		}
	}
	if l := t.Ladder; climbing(l) && (l.Last().Text != "stop" || l.Last().Sig != "") {
		return l
	}
	return nil
}

func climbing(l *tree.Ladder) bool {
	return l != nil && !l.Done && len(l.Steps) > 0 && (l.Next > 0 || l.Frozen) && l.Last().Text != "kill"
}

// rung is what the next step of a ladder does to a process; empty for nothing, as
// it had the signal already.
func rung(l *tree.Ladder, n *tree.Node) string {
	switch last, sig := l.Last(), l.Steps[0].Sig; {
	case last.Text != "stop" && last.Text != "cont":
		return "SIGKILL"
	case sig == "":
		return "signals" // after a command of its own to stop it
	case n.Got(sig):
		return ""
	default:
		return sig
	}
}
