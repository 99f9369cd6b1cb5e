package tree

import (
	"strconv"

	"multiexit/exitreg"
)

// Describe says an event in plain words, without time and node: "sent SIGTERM by
// multiexit", "runs flush", "flush failed after 5.2ms: disk full", "exit 0". The
// tree must have taken it in. The text is one line and safe to print (see Clean).
func (t *Tree) Describe(e *Event) string {
	if e.Kind == exitreg.KindOut {
		return Clean(e.Text) // which may be an empty line
	}
	s := t.processWords(e)
	if s == "" {
		s = t.handlerWords(e, t.handlerName(e))
	}
	if s == "" {
		s = string(e.Kind) + after(" ", e.Handler) + after(" ", e.Sig) + after(" ", e.Text) + after(": ", e.Err)
	}
	return Clean(s)
}

func (t *Tree) processWords(e *Event) string {
	switch e.Kind {
	case exitreg.KindSpawn:
		return "spawned" + after(" ", command(e))
	case exitreg.KindExec:
		return "became" + after(" ", command(e))
	case exitreg.KindTitle:
		return "calls itself " + e.Name
	case exitreg.KindOrphan:
		return "orphaned: its parent is gone"
	case exitreg.KindAsleep:
		return t.asleepWords(e)
	case exitreg.KindStop:
		return "stopped"
	case exitreg.KindCont:
		return "continued"
	case exitreg.KindDisposition:
		if e.Text == "" {
			return e.Sig + " is not known"
		}
		return e.Sig + " is " + e.Text
	case exitreg.KindExit:
		return outcome(e.Sig, status(e), e.Sig == "" && e.Code == nil, e.Core)
	case exitreg.KindSignal:
		return "sent " + e.Sig + after(" by ", t.label(e.Sender)) + after(" to its ", wide(e.Scope))
	case exitreg.KindCommand:
		return CommandState(e.Text).words(e)
	case exitreg.KindRung:
		return rung(e)
	case exitreg.KindOrder:
		return "ordered " + whom(e.Scope) + ": " + OrderOf(e).String()
	case exitreg.KindRevoke:
		return "no longer ordered " + whom(e.Scope) + ": " + OrderOf(e).String()
	case exitreg.KindNote:
		return e.Text
	case exitreg.KindEOF:
		return "end of the recording"
	case exitreg.KindHello:
		if e.Timeout > 0 {
			return "reports, grace " + Took(e.Timeout)
		}
		return "reports"
	case exitreg.KindDeliver:
		return "shuts down" + after(": ", cause(e))
	case exitreg.KindHold:
		if e.ID == "" {
			return held(e)
		}
	case exitreg.KindFault:
		if e.ID == "" {
			return injected(e)
		}
	case exitreg.KindLeave:
		if e.Sig != "" {
			return "leaves by " + e.Sig
		}
		return "leaves with exit " + strconv.Itoa(status(e))
	}
	return ""
}

func (t *Tree) handlerWords(e *Event, name string) string {
	switch e.Kind {
	case exitreg.KindRegister:
		how := "registered "
		switch {
		case e.From != "" && e.From != e.Node:
			how = "inherited "
		case e.Shared:
			how = "shared "
		}
		if e.Text == "unbound" {
			name += ", which it does not define"
		}
		return how + name
	case exitreg.KindUnregister:
		return "unregistered " + name
	case exitreg.KindBegin:
		return "runs " + name
	case exitreg.KindWait:
		return name + " waits" + after(" for ", t.label(e.Text))
	case exitreg.KindEnd:
		if e.Err != "" {
			return name + " failed after " + Took(e.Elapsed) + ": " + e.Err
		}
		return name + " done in " + Took(e.Elapsed)
	case exitreg.KindSkip:
		return name + " skipped" + after(": ", e.Text)
	case exitreg.KindFault:
		return "injected into " + name + ": " + e.Text + fault(e)
	case exitreg.KindHold:
		return "held before " + name + after(", a breakpoint: ", e.Text)
	case exitreg.KindRelease:
		return "released"
	}
	return ""
}

// handlerName is the name of the handler that an event is about.
func (t *Tree) handlerName(e *Event) string {
	if e.Handler != "" {
		return e.Handler
	}
	if n := t.Node(e.Node); n != nil && n.Handler(e.ID) != nil {
		return n.Handler(e.ID).Name
	}
	return e.ID
}

// label is what a sender or a waited-for process is called: a node's name with
// its id, anything else as it stands.
func (t *Tree) label(id string) string {
	if n := t.Node(id); n != nil {
		return n.Title() + " (" + n.ID + ")"
	}
	return id
}

// command is the command line of a process, cut to fit a line.
func command(e *Event) string {
	const most = 120
	s := e.Name
	for i, arg := range e.Argv {
		switch {
		case i == 0:
			s = arg
		case len(s) < most:
			s += " " + arg
		}
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return s
}

// fault is how long a delay is, or with what a handler exits.
func fault(e *Event) string {
	switch {
	case e.Timeout > 0:
		return " of " + Took(e.Timeout)
	case e.Code != nil:
		return " " + strconv.Itoa(*e.Code)
	}
	return ""
}

func status(e *Event) int {
	if e.Code == nil {
		return 0
	}
	return *e.Code
}

// wide is the scope of a signal that was sent to more than one process.
func wide(scope string) string {
	if scope == "process" {
		return ""
	}
	return scope
}

func after(lead, s string) string {
	if s == "" {
		return ""
	}
	return lead + s
}

// injected says what was put into a process, not into a handler.
func injected(e *Event) string {
	if e.Text == faultIgnore {
		return "injected: makes nothing of " + e.Sig
	}
	return "injected: " + e.Text
}

// held says where a process is held, if it is not before a handler.
func held(e *Event) string {
	switch {
	case foreign(e):
		return "held: " + e.Text
	case e.Sig != "":
		return "held at " + e.Sig + after(", a breakpoint: ", e.Text)
	}
	return "held before its exit" + after(", a breakpoint: ", e.Text)
}
