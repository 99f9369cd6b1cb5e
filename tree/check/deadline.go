package check

import (
	"time"

	"multiexit/tree"
)

// deadline finds what is going to happen first to any process of the chain: a
// handler's own time is up, a process's grace, or the next step of a ladder. What
// stands while somebody is held is nothing that is going to happen.
func (b *Blocked) deadline(t *tree.Tree, now time.Duration) {
	var next time.Duration
	first := func(at time.Duration, ladder bool, what string) {
		if at > now && what != "" && (b.Then == "" || at < next) {
			next, b.Left, b.Then, b.ladder = at, at-now, what, ladder
		}
	}
	for i := len(b.Chain) - 1; i >= 0; i-- {
		n, of := b.Chain[i], ""
		if n != b.Node {
			of = " of " + called(n)
		}
		if h := working(t, n); h != nil {
			at, _ := t.Expires(h)
			first(at, false, tree.Clean(h.Name)+of+" times out")
		}
		if at, ok := t.Overdue(n); ok {
			first(at, false, "the grace"+of+" is over, and the rest of its handlers skipped")
		}
		if l := ladderOf(t, n); l != nil && l.Frozen {
			b.Stands = l.Left
		} else if l != nil {
			what := rung(l, n)
			switch {
			case n == b.Node && what == "":
				what = l.Steps[0].Sig + " to those that had none"
			case n != b.Node && what != "":
				what += " to " + called(n)
			}
			first(l.Next, true, what)
		}
	}
	if t.Done {
		b.Stands, b.Left, b.Then, b.ladder = 0, 0, "", false
	}
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
