package tree

import (
	"fmt"
	"strconv"
)

// The words for what plain lines and reports say of a process. The screen, short
// of room, has its own.

func (s State) String() string {
	return [...]string{"live", "exiting", "stuck", "exited", "failed"}[min(s, Failed)]
}

func (s HandlerState) String() string {
	return [...]string{"pending", "running", "done", "failed", "skipped", "removed", "lost"}[min(s, Lost)]
}

// Outcome is how a process ended: "exit 0", "exit 1", "SIGTERM", "killed",
// "SIGSEGV, core dumped"; "gone" if nobody saw how. It is empty while it lives.
func (n *Node) Outcome() string {
	if n.Alive() {
		return ""
	}
	return outcome(n.EndSig, n.Code, n.Unseen, n.Core)
}

func outcome(sig string, code int, unseen, core bool) string {
	s := Clean(sig)
	switch {
	case unseen:
		return "gone"
	case sig == "":
		return "exit " + strconv.Itoa(code)
	case sig == "SIGKILL":
		return "killed"
	}
	if core {
		s += ", core dumped"
	}
	return s
}

// Remark is what was wrong with the way a process ended, beside its outcome:
// "2 handlers bypassed", "1 handler failed, 1 skipped". Empty if nothing was.
func (n *Node) Remark() string {
	var s string
	add := func(count int, what string) {
		switch {
		case count == 0:
		case s != "":
			s += fmt.Sprintf(", %d %s", count, what)
		default:
			s = fmt.Sprintf("%s %s", plural(count, "handler"), what)
		}
	}
	add(n.Failures(), "failed")
	if n.Bypassed() {
		add(n.having(func(h *Handler) bool { return h.bypassed() && !h.Began }), "bypassed")
	}
	add(n.having(func(h *Handler) bool { return h.State == Lost && h.Began }), "lost while running")
	add(n.having(func(h *Handler) bool { return h.State == Lost && h.Err == lostByExec && !h.Began }), "lost by exec")
	add(n.having(func(h *Handler) bool { return h.State == Skipped && !h.Unbound }), "skipped")
	return s
}

func (n *Node) having(is func(*Handler) bool) int {
	count := 0
	for _, h := range n.Handlers() {
		if is(h) {
			count++
		}
	}
	return count
}

func plural(count int, what string) string {
	if count == 1 {
		return "1 " + what
	}
	return strconv.Itoa(count) + " " + what + "s"
}
