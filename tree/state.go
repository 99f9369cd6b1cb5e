package tree

import "slices"

// state is what the facts about a process add up to.
func (n *Node) state() State {
	switch {
	case n.unborn:
		return Unborn
	case n.Ended() && n.endedWell():
		return Exited
	case n.Ended():
		return Failed
	case n.SigName == "" && !n.Began && !n.awaited:
		return Live
	case n.SigName == "SIGKILL":
		return Exiting // stopped, blocking or not
	case n.Stopped && !(n.Held && n.Hold.Foreign):
		return Stuck // what the observer stopped itself is held and no more
	case n.Began:
		return Exiting
	}
	if d := n.Disposition(n.askedBy()); d == Ignored || d == Blocked {
		return Stuck
	}
	return Exiting
}

// askedBy is the signal that asks it to end: the newest that was seen, or the one
// that whoever waits for it will have sent.
func (n *Node) askedBy() string {
	if n.SigName == "" {
		return "SIGTERM"
	}
	return n.SigName
}

// endedWell: with a status or by a signal that was asked for, no handler failed
// and none robbed of its turn. A status that nobody saw counts as good.
func (n *Node) endedWell() bool {
	if n.tally[Broken] > 0 || n.Robbed() > 0 || n.Bypassed() {
		return false
	}
	if n.EndSig != "" {
		return n.wasAsked(n.EndSig)
	}
	if n.Code == 0 {
		return true
	}
	for _, sig := range n.asked {
		// 128+n as shells have it; n itself as exitreg may be told to.
		if no := number(sig); n.Code == 128+no || n.Left && n.Code == no {
			return true
		}
	}
	return n.Code == 128+1 || n.Code == 128+2 || n.Code == 128+15
}

// wasAsked says whether a signal is one that was sent, or one that is sent to
// ask for an end by people and programs that nobody sees doing it.
func (n *Node) wasAsked(sig string) bool {
	return sig == "SIGTERM" || sig == "SIGINT" || sig == "SIGHUP" || slices.Contains(n.asked, sig)
}

// Bypassed says that the process ended with handlers still on its stack: by
// os.Exit, SIGKILL, a plain return from main, a crash.
func (n *Node) Bypassed() bool {
	return n.Ended() && !n.Left && n.tally[Lost] > 0 && slices.ContainsFunc(n.Handlers(), (*Handler).bypassed)
}

// bypassed says that the end of its process lost it; an exec, which loses
// handlers too, is no end.
func (h *Handler) bypassed() bool { return h.State == Lost && h.Err != lostByExec }

// Robbed is the number of handlers of this process that a deadline or a forced
// exit kept from running to their end. An unbound one had nothing to run.
func (n *Node) Robbed() int {
	if n.tally[Skipped] == 0 && n.tally[Lost] == 0 {
		return 0
	}
	robbed := 0
	for _, h := range n.Handlers() {
		if h.State == Skipped && !h.Unbound || h.State == Lost && h.Began && h.Err != lostByExec {
			robbed++
		}
	}
	return robbed
}

// Ends says whether a signal asks a process to end. The others (SIGCONT,
// SIGUSR1, SIGWINCH ...) leave it running, as far as its program knows better
// than the default action.
func Ends(sig string) bool {
	switch sig {
	case "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGKILL", "SIGABRT":
		return true
	}
	return false
}

// number is the signal's number for the 128+n convention of shells. Those that
// ask for an end have the same number on every Unix.
func number(sig string) int {
	switch sig {
	case "SIGHUP":
		return 1
	case "SIGINT":
		return 2
	case "SIGQUIT":
		return 3
	case "SIGABRT":
		return 6
	case "SIGKILL":
		return 9
	case "SIGTERM":
		return 15
	}
	return -1 << 16
}
