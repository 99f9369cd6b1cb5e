package check

import (
	"fmt"
	"slices"
	"time"

	"multiexit/tree"
)

// forwarding finds a process that was asked to end and waited in the kernel for a child
// that nobody asked, until the ladder came to those that had been sent nothing, and
// that set it free: elsewhere, where only the first process gets the signal, both would
// have had to be killed. That the child ended by the default action of SIGTERM proves
// that none had come before. In a child that takes it by itself, or was asked in a way
// that is not seen, it would prove nothing.
func (q *inquiry) forwarding(n *tree.Node) {
	at, _, asked := n.Asked()
	if !asked || n.Asleep.In != "child" || !n.Ended() || n.EndSig == "SIGKILL" {
		return
	}
	on := []*tree.Node{n.Asleep.On}
	if n.Asleep.On == nil { // any of several would do
		on = slices.DeleteFunc(slices.Clone(n.Kids), func(k *tree.Node) bool { return k.Ended() && k.Gone < n.Asleep.Since })
	}
	var then, gone time.Duration
	for _, k := range on {
		when, by, _ := k.Asked()
		if by != "multiexit" || when <= at || when < n.Asleep.Since || !endedByDefault(k) || !q.restAsked(k, when) {
			return
		}
		then, gone = max(then, when), max(gone, k.Gone)
	}
	const soon = time.Second
	if len(on) == 0 || n.Gone < gone || n.Gone-gone >= soon {
		return // that was not all it waited for
	}
	q.about(n, nil, then, "signal-not-forwarded", fmt.Sprintf("%s was asked to end and waited for %s: nobody was seen to ask %s until multiexit did, %s later.", called(n), children(on), them(len(on)), tree.Took(then-at)),
		"Have it end its children, or pass the signal on; a shell runs its trap only when the command in its foreground has ended (start that with & and wait for it, or exec it).")
}

// endedByDefault says that SIGTERM ended a process that would have ended by any before.
func endedByDefault(n *tree.Node) bool {
	return n.Ended() && n.EndSig == "SIGTERM" && n.Term == tree.Default && !n.Reports
}

// children is "its child sleep 4712", "its children seq 4712 and tail 4713".
func children(list []*tree.Node) string {
	if len(list) == 1 {
		return "its child " + called(list[0])
	}
	s := "its children " + called(list[0])
	if len(list) == 2 {
		return s + " and " + called(list[1])
	}
	return s + fmt.Sprintf(" and %d more", len(list)-1)
}

// restAsked says that a ladder had come to those that had been sent nothing when it
// asked n.
func (q *inquiry) restAsked(n *tree.Node, at time.Duration) bool {
	came := func(l *tree.Ladder) bool {
		if l == nil {
			return false
		}
		for _, s := range l.Steps {
			if s.Text == "all" && s.T <= at {
				return true
			}
		}
		return false
	}
	for p := n; p != nil; p = p.Parent {
		if came(p.Ladder) {
			return true
		}
	}
	return came(q.tree.Ladder)
}
