package check

import (
	"slices"
	"time"

	"multiexit/tree"
)

// Step is one piece of the critical path: what the shutdown was waiting for in
// that time. The steps follow each other without a gap, and their durations add
// up to the whole.
type Step struct {
	At      time.Duration `json:"at"`     // in the stream
	Offset  time.Duration `json:"offset"` // since the shutdown began
	For     time.Duration `json:"for"`
	Kind    Kind          `json:"kind"`
	Node    string        `json:"node"`
	PID     int           `json:"pid,omitzero"`
	Name    string        `json:"name"`             // of the process
	ID      string        `json:"id,omitzero"`      // of the handler, if it is one's
	Handler string        `json:"handler,omitzero"` // its name
	On      string        `json:"on,omitzero"`      // of a KindWait: the node
	OnPID   int           `json:"on_pid,omitzero"`  // its pid
	OnName  string        `json:"on_name,omitzero"` // and its name
	Where   string        `json:"where,omitzero"`   // of a KindHeld: "before flush", "at SIGTERM", "before SIGTERM reaches it", "before its exit"

	Injected string `json:"injected,omitzero"` // the fault that is in it: "delay"; "pace" if it is a rest that was ordered
}

// Kind is what a step was spent on.
type Kind string

const (
	KindHandler Kind = "handler" // a handler at its own work
	KindWait    Kind = "wait"    // a handler waited for a process in vain: something else ended its wait
	KindProcess Kind = "process" // a process that runs no handlers that we know: its own code, or it would not go
	KindLinger  Kind = "linger"  // the same, of one that nobody was seen to ask: its parent was, and ended only after it
	KindDeliver Kind = "deliver" // between the signal and the beginning of the run
	KindBetween Kind = "between" // between two handlers
	KindExit    Kind = "exit"    // after the last handler
	KindHeld    Kind = "held"    // the observer held the process: nothing of its own
	KindOrder   Kind = "order"   // between the end of a process and the asking of the one after it
	KindAsk     Kind = "ask"     // until it was asked to end, by something outside of the shutdown
)

// String is "@1.20s +350ms main 4711: flush".
func (s Step) String() string {
	return "@" + tree.Took(s.Offset) + " +" + tree.Took(s.For) + " " + s.What()
}

// What is whose it is, and what: "main 4711: flush".
func (s Step) What() string { return title(s.Name, s.PID) + ": " + s.Spent() + injection(s.Injected) }

// injection is what was put in on purpose, behind what it was put into.
func injection(fault string) string {
	if fault == "" {
		return ""
	}
	return " (injected: " + tree.Clean(fault) + ")"
}

// paced says that an order stands by which a process rests before each handler.
func paced(t *tree.Tree, n *tree.Node) bool {
	return slices.ContainsFunc(t.Orders, func(o tree.Order) bool { return o.Word == "pace" && o.Means(n) })
}

// Spent says in words what it was spent on, without whose it is.
func (s Step) Spent() string {
	switch s.Kind {
	case KindHandler:
		return tree.Clean(s.Handler)
	case KindWait:
		return tree.Clean(s.Handler) + ", which waits for " + title(s.OnName, s.OnPID)
	case KindDeliver:
		return "until its run began"
	case KindBetween:
		return "between its handlers"
	case KindExit:
		return "after its handlers"
	case KindLinger:
		return "still there (nobody was seen to ask it)"
	case KindHeld:
		return "held by you " + s.Where
	case KindOrder, KindAsk:
		return "until it was asked to end"
	}
	return "on its way out"
}

// Main are the steps of a path that took a part of it that counts: 1 % or more of
// what nobody was held for.
func Main(path []Step) []Step {
	var total time.Duration
	for _, s := range path {
		if s.Kind != KindHeld {
			total += s.For
		}
	}
	var list []Step
	for _, s := range path {
		if s.For >= total/100 {
			list = append(list, s)
		}
	}
	return list
}
