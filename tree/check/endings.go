package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"multiexit/tree"
)

// ending finds processes whose end came before their handlers', or their own,
// were done, and those that crashed.
func (q *inquiry) ending(n *tree.Node) {
	if !n.Ended() {
		return
	}
	running := slices.IndexFunc(n.Ran(), func(h *tree.Handler) bool { return h.State == tree.Lost && h.Err != "exec" })
	switch {
	case n.EndSig == "SIGKILL" && running >= 0:
		h := n.Ran()[running]
		q.about(n, h, n.Gone, "killed-before-done", fmt.Sprintf("%s was killed%s while %s ran, %s into it: SIGKILL leaves no time for anything.",
			called(n), asked(n), tree.Clean(h.Name), tree.Took(n.Gone-h.Begin)),
			"Give it a longer grace period, or the handler a timeout that is shorter than it.")
	case n.EndSig == "SIGKILL" && !n.Left && (n.Began || askedOtherwise(n)):
		q.killed(n)
	case n.EndSig == "SIGKILL" && !n.Left && !wasAsked(n):
		q.killedUnseen(n)
	case running >= 0:
		h := n.Ran()[running]
		q.about(n, h, n.Gone, "ended-in-handler", fmt.Sprintf("%s ended (%s) while %s ran: its other handlers had no turn.", called(n), n.Outcome(), tree.Clean(h.Name)),
			"Look for an os.Exit, a log.Fatal or a crash in the handler, or in what runs beside it.")
	case crashed(n):
		q.about(n, nil, n.Gone, "crashed", fmt.Sprintf("%s ended by %s, which nobody was seen to send: that is a crash, and no handler runs in one.", called(n), n.Outcome()),
			"Look at its last output, or at its core.")
	}
}

// killed finds a process that was killed between its handlers, or without any.
func (q *inquiry) killed(n *tree.Node) {
	if where := heldAtEnd(n); where != "" {
		q.about(n, nil, n.Gone, "killed-before-done", fmt.Sprintf("%s was killed while you held it %s.", called(n), where),
			"Let it go first, to see what it would have done.")
		return
	}
	why, advice := unwilling(n)
	q.about(n, nil, n.Gone, "killed-before-done", fmt.Sprintf("%s was killed%s: %s.", called(n), asked(n), why), advice)
}

// killedUnseen finds a process that somebody killed while one above it was on its way
// out: that asked it, in all likelihood, and lost patience. One that is killed soon, and
// would have heeded a signal, was meant to end like that.
func (q *inquiry) killedUnseen(n *tree.Node) {
	const grace = time.Second
	above := n.Parent
	for above != nil && !wasAsked(above) {
		above = above.Parent
	}
	if above == nil || above.Ended() && above.Gone < n.Gone {
		return
	}
	at, _, _ := above.Asked()
	after := n.Gone - at - heldSince(n, at)
	if why, advice := unwilling(n); at < n.Gone && (after >= grace || n.Froze || n.Term == tree.Ignored || n.Term == tree.Blocked) {
		q.about(n, nil, n.Gone, "killed-before-done", fmt.Sprintf("%s was killed %s after %s, which it came from, was asked to end, by whom was not seen: %s.",
			called(n), tree.Took(after), called(above), why), advice)
	}
}

// asked is when, for a process that ended: " 4.2 s after it was asked to end". What it
// was held for is no time that it took.
func asked(n *tree.Node) string {
	at, _, ok := n.Asked()
	if !ok || !askedOtherwise(n) || n.Gone <= at {
		return ""
	}
	held := heldSince(n, at)
	if held == 0 {
		return " " + tree.Took(n.Gone-at) + " after it was asked to end"
	}
	return " " + tree.Took(n.Gone-at-held) + " after it was asked to end (not counting " + tree.Took(held) + " held by you)"
}

// heldSince is for how long a process that ended was held after a moment.
func heldSince(n *tree.Node, at time.Duration) (total time.Duration) {
	for _, h := range n.Holdings() {
		total += max(0, min(h.Until, n.Gone)-max(h.Since, at))
	}
	return total
}

// heldAtEnd is where a process was held when it ended; empty if it was not.
func heldAtEnd(n *tree.Node) string {
	list := n.Holdings()
	if len(list) == 0 || !n.Ended() || list[len(list)-1].Until < n.Gone {
		return ""
	}
	return list[len(list)-1].Hold.String()
}

// unwilling says why a process that was killed had not gone by itself, and what to do.
func unwilling(n *tree.Node) (why, advice string) {
	const heed = "Have it heed the signal; until then a grace period for it is time lost."
	sig, effect := deaf(n)
	switch {
	case n.Froze:
		return "it was stopped, and took no signal but that", "Send SIGCONT along with the signal that asks it to end."
	case effect == tree.Ignored:
		return "it ignores " + sig, heed
	case effect == tree.Blocked:
		return "it blocks " + sig, heed
	case n.Began && n.Pending()+n.Lost() > 0:
		return "it was between two handlers", "Give it a longer grace period, or its handlers timeouts that fit into it."
	case n.Began:
		return "its handlers were done, and it did not exit", "Look for what keeps it from exiting: a goroutine, a child that holds it, a device."
	}
	switch a := n.Asleep; a.In {
	case "":
	case "child":
		return "the last that was seen of it is that it " + a.String(),
			"Have it end its child first; a shell runs its trap only when the command in its foreground has ended (start that with & and wait for it)."
	case "disk":
		return "the last that was seen of it is that it " + a.String(), "Look at the disk, the network file system or the device behind it; no signal ends such a sleep."
	default:
		return "the last that was seen of it is that it " + a.String(), "Have it heed the signal while it does, or have the other end closed."
	}
	return "it had not ended by then", "Find out what its own code does with the signal (its output, a stack dump by SIGQUIT), or give it a longer grace period."
}

// askedOtherwise says that it was asked by more than a SIGKILL: by a signal, or
// by whoever waited for it in a way that nobody saw.
func askedOtherwise(n *tree.Node) bool {
	return slices.ContainsFunc(polite[:], n.Got) || wasAsked(n) && n.SigName == ""
}

var polite = [...]string{"SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"}

func crashed(n *tree.Node) bool {
	switch n.EndSig {
	case "", "SIGKILL", "SIGTERM", "SIGINT", "SIGHUP":
		return false
	}
	return !n.Got(n.EndSig)
}

// lost finds the handlers that never had a turn because their process ended, or
// became another program: one finding for all of a process.
func (q *inquiry) lost(n *tree.Node) {
	if n.Lost() == 0 {
		return
	}
	var end, exec []*tree.Handler
	for _, h := range byTurn(n.Handlers()) {
		switch {
		case h.State != tree.Lost || h.Began:
		case h.Err == "exec":
			exec = append(exec, h)
		case n.Ended() && !n.Left:
			end = append(end, h)
		}
	}
	if len(exec) > 0 {
		q.about(n, exec[0], n.Born, "lost-to-exec", names(exec)+" never ran: exec put "+called(n)+" in place of the program that had registered "+them(len(exec))+".",
			"Run the handlers before the exec, or start the program as a child.")
	}
	if len(end) == 0 {
		return
	}
	what := names(end) + " of " + called(n) + " never ran: "
	switch {
	case n.EndSig == "SIGKILL":
		advice := "Send SIGTERM first and give it time; if nobody was seen to send it, ask the kernel's log for the out-of-memory killer."
		switch {
		case heldAtEnd(n) != "":
			advice = "You held it: let it go before it is killed."
		case askedOtherwise(n):
			advice = "It was asked before: have it begin its handlers, and end them, within the grace period."
		}
		q.about(n, end[0], n.Gone, "lost-to-sigkill", what+"SIGKILL ends a process without running anything of it.", advice)
	case n.EndSig != "":
		q.about(n, end[0], n.Gone, "lost-to-signal", what+"the process ended by "+n.Outcome()+", and nothing of it runs on the default action of a signal.",
			"If it is a signal that asks for the end, have it taken at the installation; if not, it is a crash.")
	case n.Unseen:
		q.about(n, end[0], n.Gone, "lost-to-exit", what+"the process was gone without running "+them(len(end))+", and nobody saw how.",
			"Watch it with more rights, or from its start.")
	default:
		q.about(n, end[0], n.Gone, "lost-to-exit", what+"the process ended by "+n.Outcome()+" without a run, as by os.Exit, log.Fatal or a return from main.",
			"End it by exitreg.Exit, or have main run under exitreg.Main.")
	}
}

// byTurn are handlers in the order in which they would have run.
func byTurn(list []*tree.Handler) []*tree.Handler {
	list = slices.Clone(list)
	slices.Reverse(list)
	turn := func(h *tree.Handler) int {
		switch {
		case h.From != nil:
			return 2
		case h.Shared:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b *tree.Handler) int { return turn(a) - turn(b) })
	return list
}

// names is "flush", "a and b", "a, b and 3 more handlers".
func names(list []*tree.Handler) string {
	const most = 3
	var s []string
	for _, h := range list[:min(most, len(list))] {
		s = append(s, tree.Clean(h.Name))
	}
	if more := len(list) - most; more > 0 {
		return strings.Join(s, ", ") + fmt.Sprintf(" and %d more", more)
	}
	if i := len(s) - 1; i > 0 {
		return strings.Join(s[:i], ", ") + " and " + s[i]
	}
	return s[0]
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

// left finds processes that live on, and those that were left without a parent.
func (q *inquiry) left(n *tree.Node) {
	above := q.above(n)
	at, by, _ := n.Asked()
	switch {
	case n.Alive() && q.tree.Done && leaving(n):
		q.about(n, nil, q.tree.Last, "survived", fmt.Sprintf("%s was asked to end and lives on: %s.", called(n), why(n, working(q.tree, n))),
			"End it with SIGKILL, and see why it did not go.")
	case n.Alive() && q.tree.Done && above != nil:
		q.about(n, nil, q.tree.Last, "survived", fmt.Sprintf("%s lives on: nobody was seen to ask it to end, and %s, which it came from, is gone.", called(n), called(above)),
			"Have its parent end it, or end the whole group, session or tree.")
	case above != nil && by == "multiexit" && at > above.Gone:
		q.about(n, nil, at, "outlived", fmt.Sprintf("%s outlived %s, which it came from, by %s: nobody was seen to ask it to end until multiexit did.", called(n), called(above), tree.Took(at-above.Gone)),
			"Have "+called(above)+" end it and wait for it, or end the group, session or control group that it is in; elsewhere it may have stayed.")
	case by == "multiexit" && q.deserted(n, at):
		q.about(n, nil, at, "outlived", fmt.Sprintf("%s outlived its parent %s, which %s ended, by %s: nobody was seen to ask it to end until multiexit did.", called(n), called(n.Parent), n.Parent.EndSig, tree.Took(at-n.Parent.Gone)),
			"Have "+called(n.Parent)+" pass the signal on and wait, or replace itself by what it starts (exec); a shell that is sent the signal does neither.")
	case n.Orphan && n.Parent != nil && n.Parent == above && orphaned(n):
		q.about(n, nil, above.Gone, "orphaned", fmt.Sprintf("%s was orphaned: its parent %s went first and did not wait for it.", called(n), called(above)),
			"Have the parent end its children and wait for them in a handler.")
	}
}

// deserted says that the parent of a process, which nobody was seen to ask, had been ended
// in this shutdown by a signal that asks for an end, well before a moment.
func (q *inquiry) deserted(n *tree.Node, at time.Duration) bool {
	const moment = 100 * time.Millisecond // all of a group end at once
	p := n.Parent
	return p != nil && p.Ended() && !wasAsked(p) && slices.Contains(polite[:], p.EndSig) && p.Gone >= q.rep.Start && at-p.Gone > moment
}

// above is the nearest ancestor that was asked to end and is gone; nil if there is
// none. That of the parent is known: it was born earlier.
func (q *inquiry) above(n *tree.Node) *tree.Node {
	p := n.Parent
	if p != nil && !(p.Ended() && wasAsked(p) && p.Gone >= q.rep.Start) {
		p = q.gone[p.Index]
	}
	q.gone[n.Index] = p
	return p
}

func wasAsked(n *tree.Node) bool {
	_, _, asked := n.Asked()
	return asked
}

// orphaned says that a process outlived its parent by more than what may happen
// when both are asked at once.
func orphaned(n *tree.Node) bool {
	const moment = 100 * time.Millisecond
	at, _, asked := n.Asked()
	atOnce := asked && at <= n.Parent.Gone && n.Ended() && n.Gone-n.Parent.Gone <= moment
	return !atOnce && (n.Alive() || n.Gone > n.Parent.Gone)
}

// masked finds an exit status that does not tell what went wrong.
func (q *inquiry) masked(n *tree.Node) {
	if !n.Ended() || n.Unseen || n.EndSig != "" || n.Code != 0 || !n.Left {
		return
	}
	advice := "Leave the status alone, so that whoever watches it can see the failure."
	switch {
	case n.Cause != "exit 0" && strings.HasPrefix(n.Cause, "exit ") || strings.HasPrefix(n.Cause, "panic"):
		q.about(n, nil, n.Gone, "status-masked", fmt.Sprintf("%s ended by %s and yet its status is 0: a handler has changed it.", called(n), tree.Clean(n.Cause)), advice)
	case n.Failures() == 1:
		q.about(n, nil, n.Gone, "status-masked", called(n)+" has exit status 0 though one of its handlers failed.", advice)
	case n.Failures() > 1:
		q.about(n, nil, n.Gone, "status-masked", fmt.Sprintf("%s has exit status 0 though %d of its handlers failed.", called(n), n.Failures()), advice)
	}
}
