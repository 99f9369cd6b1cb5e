package check

import (
	"fmt"
	"strings"
	"time"

	"multiexit/tree"
)

// outcome finds what came of one handler, except that its process ended first.
func (q *inquiry) outcome(n *tree.Node, h *tree.Handler) {
	name := tree.Clean(h.Name) + " of " + called(n)
	switch {
	case h.State == tree.Broken:
		q.broken(n, h, name)
	case h.State != tree.Skipped:
	case h.Unbound:
		q.about(n, h, n.Delivered, "unbound",
			fmt.Sprintf("%s was handed down%s but is not defined in this program: it cannot run here.", name, by(h)),
			"Define it in this program too, or do not share it with it.")
	default:
		q.about(n, h, q.skippedAt(n), "never-ran", name+" never ran: "+skipped(n, h)+".",
			"Make the handlers that ran before it faster or give them a timeout, or give the process more time.")
	}
}

// skippedAt is about when a handler was skipped: after the last that ran.
func (q *inquiry) skippedAt(n *tree.Node) (at time.Duration) {
	at = n.Delivered
	for _, r := range n.Ran() {
		at = max(at, r.End)
	}
	return at
}

func by(h *tree.Handler) string {
	if h.From == nil {
		return ""
	}
	return " by " + called(h.From)
}

func skipped(n *tree.Node, h *tree.Handler) string {
	switch h.Err {
	case "deadline":
		grace := "the grace"
		if n.Grace > 0 {
			grace += " of " + tree.Took(n.Grace)
		}
		return grace + " for all handlers was over before its turn, and then none begins"
	case "forced":
		return "a second signal came before its turn, and that forces the exit"
	case "injected":
		return "its turn was taken from it by an injected fault"
	case "":
		return "it was skipped, and the process does not say why"
	}
	return "it was skipped (" + tree.Clean(h.Err) + ")"
}

// broken tells the ways apart in which a handler fails, by the words of exitreg.
func (q *inquiry) broken(n *tree.Node, h *tree.Handler, name string) {
	took := tree.Took(h.End - h.Begin)
	err := tree.Clean(strings.ReplaceAll(h.Err, "\n", "; "))
	switch {
	case strings.HasPrefix(h.Err, "panic: "), h.Err == "goexit":
		what := "panicked after " + took + " (" + strings.TrimPrefix(err, "panic: ") + ")"
		if h.Err == "goexit" {
			what = "ended its goroutine after " + took + " (runtime.Goexit)"
		}
		q.about(n, h, h.End, "panicked", fmt.Sprintf("%s %s: what it had left to do is not done; the others had their turn all the same.", name, what),
			"Repair the handler; its end event in the recording has the stack.")
	case strings.HasPrefix(h.Err, outOfTime):
		limit := strings.TrimPrefix(err, outOfTime)
		if h.Timeout > 0 {
			limit = tree.Took(h.Timeout)
		}
		q.about(n, h, h.End, "timed-out", fmt.Sprintf("%s was given up after %s: it has a timeout of %s and did not return.", name, took, limit),
			"Have it watch its context, or raise its timeout; what it was doing may be half done.")
	case strings.HasPrefix(h.Err, "timeout: the grace of "):
		q.about(n, h, h.End, "timed-out", fmt.Sprintf("%s was given up after %s: the grace%s for all handlers was over.", name, took, graceOf(n)),
			"Make it faster, give it a timeout of its own, or raise the grace; what it was doing may be half done.")
	case strings.HasPrefix(h.Err, "forced: "):
		q.about(n, h, h.End, "cut-off", fmt.Sprintf("%s was cut off after %s: a second signal forces the exit.", name, took),
			"Send the signal once and wait, or have whoever sends it wait longer.")
	default:
		q.about(n, h, h.End, "failed", fmt.Sprintf("%s failed after %s: %s.", name, took, strings.TrimSuffix(err, ".")),
			"See to the error; the handlers after it ran as if it had worked.")
	}
}

func graceOf(n *tree.Node) string {
	if n.Grace == 0 {
		return ""
	}
	return " of " + tree.Took(n.Grace)
}

// twice finds handlers that were registered at one place by one name and ran more
// than once in one process.
func (q *inquiry) twice(n *tree.Node) {
	type place struct {
		name, src string
		program   bool // that runs now; not one before an exec
	}
	count := map[place]int{}
	key := func(h *tree.Handler) place { return place{h.Name, h.Src, n.Handler(h.ID) == h} }
	for _, h := range n.Ran() {
		count[key(h)]++
	}
	for _, h := range n.Ran() {
		k := key(h)
		if times := count[k]; h.Src != "" && times > 1 {
			q.about(n, h, h.Begin, "ran-twice", fmt.Sprintf("%s of %s ran %d times: it was registered %d times at %s, and each registration is a handler of its own.",
				tree.Clean(h.Name), called(n), times, times, tree.Clean(h.Src)),
				"If it is one and the same, register it with a key, or once; if not, give each a name.")
			delete(count, k)
		}
	}
}
