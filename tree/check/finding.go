package check

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"multiexit/tree"
)

// Finding is one thing that went wrong, or nearly.
type Finding struct {
	Rule     string        `json:"rule"` // "never-ran"; see Rules
	Node     string        `json:"node"`
	ID       string        `json:"id,omitzero"`       // of the handler, if it is about one
	Handler  string        `json:"handler,omitzero"`  // its name
	At       time.Duration `json:"at"`                // in the stream: when it showed
	Earlier  bool          `json:"earlier,omitzero"`  // before the shutdown that is reported
	Injected string        `json:"injected,omitzero"` // the fault that was put in on purpose and that it may have come of: "hang in flush-wal of db 4711"
	Text     string        `json:"text"`              // one sentence: what was, and the rule behind it
	Advice   string        `json:"advice"`            // one sentence: what to do
}

// Rules are the names of all rules, in the order of the text.
func Rules() []string {
	return []string{
		"panicked", "failed", "timed-out", "cut-off", "never-ran", "unbound", "ran-twice", // one handler
		"closed-too-early", "will-close-too-early", // the order
		"killed-before-done", "ended-in-handler", "lost-to-sigkill", "lost-to-exit", "lost-to-signal", "lost-to-exec", // the end came first
		"signal-ignored", "signal-blocked", "signal-not-forwarded", "stopped", "signalled-twice", // signals
		"survived", "outlived", "orphaned", "crashed", "status-masked", "bad-status", "held-up", "events-lost", // processes
	}
}

// inquiry is a search for findings.
type inquiry struct {
	tree  *tree.Tree
	rep   *Report
	found []Finding

	closings closings
	faults   faults
	gone     []*tree.Node // above, by Node.Index
}

// findings are those of the whole tree but of the earlier runs of its commands.
func findings(t *tree.Tree, r *Report) []Finding {
	q := &inquiry{tree: t, rep: r, found: []Finding{}, closings: closings{tree: t}, faults: faultsOf(t), gone: make([]*tree.Node, len(t.Nodes))}
	for _, n := range t.Nodes {
		if n.Past || n.State == tree.Unborn {
			continue
		}
		before := len(q.found)
		for _, h := range n.Handlers() {
			q.outcome(n, h)
			q.needed(n, h)
		}
		q.twice(n)
		q.ending(n)
		q.lost(n)
		q.signals(n)
		q.forwarding(n)
		q.left(n)
		q.masked(n)
		q.missed(n)
		if len(q.found) == before { // any other finding may be why
			q.badStatus(n)
		}
	}
	q.heldUp()
	slices.SortStableFunc(q.found, func(a, b Finding) int { return cmp.Compare(a.At, b.At) })
	return q.found
}

// about begins a finding.
func (q *inquiry) about(n *tree.Node, h *tree.Handler, at time.Duration, rule, text, advice string) {
	f := Finding{Rule: rule, Node: n.ID, At: at, Text: text, Advice: advice}
	if h != nil {
		f.ID, f.Handler = h.ID, h.Name
	}
	if f.Injected = q.faults.behind(rule, n, h, at); f.Injected != "" {
		f.Text = strings.TrimSuffix(text, ".") + " (injected: " + f.Injected + ")."
	}
	f.Earlier = q.rep.Shut != nil && at < q.rep.Start
	q.found = append(q.found, f)
}
