package tree

import (
	"strconv"
	"time"
)

// Asleep is what a process waits for in the kernel, as it was seen some time after it
// was asked to end.
type Asleep struct {
	In    string        // "child", "pipe", "full pipe", "socket", "terminal", "lock", "disk"; empty: nothing, or nobody knows
	On    *Node         // the child, or who has the other end of the pipe; nil if that is not known
	Where string        // of "disk": the place in the kernel
	Since time.Duration // when it was seen
}

// asleep takes in what a process was seen to wait for.
func (t *Tree) asleep(n *Node, e *Event) {
	a := Asleep{In: e.Text, Where: e.Err, Since: e.T}
	if e.From != "" && e.From != n.ID {
		a.On = t.peer(e.From, e.T)
	}
	n.Asleep = a
}

// String says it of a process: "waits for its child sleep 4712", "reads from a pipe
// that cat 4712 holds open".
func (a Asleep) String() string {
	who, known := "somebody else", a.On != nil
	if known {
		who = Clean(a.On.Name) + " " + strconv.Itoa(a.On.PID)
	}
	switch a.In {
	case "":
		return ""
	case "child":
		if !known {
			return "waits for its children"
		}
		return "waits for its child " + who
	case "pipe":
		return "reads from a pipe that " + who + " holds open"
	case "full pipe":
		return "writes to a pipe that " + who + " does not empty"
	case "lock":
		return "waits for a file lock"
	case "disk":
		return "is in an uninterruptible sleep" + after(" in ", Clean(a.Where))
	}
	return "reads from a " + Clean(a.In)
}

// asleepWords says an event.
func (t *Tree) asleepWords(e *Event) string {
	a := Asleep{In: e.Text, Where: e.Err, On: t.Node(e.From)}
	if a.In == "" {
		return "goes on: it waits for nothing that can be seen"
	}
	return a.String()
}
