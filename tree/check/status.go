package check

import (
	"fmt"
	"slices"
	"time"

	"multiexit/tree"
)

// badStatus finds a process that was asked to end, did so by itself and without a
// failure that anybody saw, and yet exited with a status that says it failed. Good
// are those that the model takes for good: 0, and 128 and more for the signal that
// asked it, or for one that people send; and what it said itself when its handlers were
// done, for one of them may choose that.
func (q *inquiry) badStatus(n *tree.Node) {
	if n.State != tree.Failed || n.Unseen || n.EndSig != "" || n.Robbed()+n.Failures() > 0 || n.Bypassed() || n.Got("SIGKILL") {
		return
	}
	at, _, asked := n.Asked()
	if !asked || at > n.Gone || n.Began && !n.Got(n.Cause) || n.Left && n.LeftWith == n.Code || passedOn(n, at) {
		return
	}
	q.about(n, nil, n.Gone, "bad-status", fmt.Sprintf("%s was asked to end and exited with status %d, %s later: nothing that was seen of it explains that, and to a supervisor it has failed.",
		called(n), n.Code, tree.Took(n.Gone-at)),
		fmt.Sprintf("Have it exit with 0, or by the signal that asked it, or tell the supervisor that this is how it ends (SuccessExitStatus=%d of systemd).", n.Code))
}

// passedOn says that its status may be what it makes of that of a child, as shells,
// make, npm and go run do. A child whose status nobody saw may have failed if it was
// there when n was asked.
func passedOn(n *tree.Node, asked time.Duration) bool {
	return slices.ContainsFunc(n.Kids, func(k *tree.Node) bool {
		return k.Ended() && k.Gone <= n.Gone && (k.Unseen && k.Gone >= asked || k.EndSig != "" || k.Code != 0)
	})
}
