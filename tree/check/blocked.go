package check

import (
	"fmt"
	"strings"
	"time"

	"multiexit/tree"
)

// Blocked is what keeps a process from being gone. The zero value is: nothing.
type Blocked struct {
	Node    *tree.Node    // the process that holds things up; may be the one asked about
	Chain   []*tree.Node  // from the one asked about to Node, both included: each waits for the next
	Handler *tree.Handler // the handler of Node that runs; nil when the process itself is what blocks
	Since   time.Duration // since when all of the chain holds: in the stream
	For     time.Duration // the same, as how long ago
	Left    time.Duration // until something is going to change that; 0: nothing is, as far as we know
	Then    string        // what: "SIGKILL", "flush-wal times out"
	Stands  time.Duration // what is left of the grace that does not pass while somebody is held; 0: none stands
	Why     string        // "handler flush-wal 2/5", "stopped", "ignores SIGTERM", "held by you before flush" ...
	Others  int           // further processes, beside Node, that it waits for at the end of other chains

	grace bool // Left is of a grace period
}

// String is one line: "waiting 4.2s on db-writer 4719: handler flush-wal 2/5,
// 5.8s of grace left, then SIGKILL". It is empty if nothing blocks.
func (b Blocked) String() string {
	if b.Node == nil {
		return ""
	}
	var s strings.Builder
	switch n := len(b.Chain); {
	case n > 1:
		fmt.Fprintf(&s, "waiting %s on %s", counted(b.For), called(b.Node))
		for i, via := range b.Chain[1 : n-1] {
			s.WriteString([]string{" through ", ", "}[min(i, 1)])
			if i == 2 && n > 6 {
				fmt.Fprintf(&s, "%d more", n-2-i)
				break
			}
			s.WriteString(called(via))
		}
		s.WriteString(": " + b.Why)
	case b.Handler != nil, b.Node.Held:
		fmt.Fprintf(&s, "%s for %s", b.Why, counted(b.For))
	default:
		fmt.Fprintf(&s, "asked to end %s ago: %s", counted(b.For), b.Why)
	}
	switch {
	case b.Stands > 0:
		fmt.Fprintf(&s, ", time stands with %s of grace left", counted(b.Stands))
	case b.Then == "":
	case b.grace:
		fmt.Fprintf(&s, ", %s of grace left, then %s", counted(b.Left), b.Then)
	default:
		fmt.Fprintf(&s, ", %s left, then %s", counted(b.Left), b.Then)
	}
	switch {
	case b.Others == 1:
		s.WriteString("; and on 1 other")
	case b.Others > 1:
		fmt.Fprintf(&s, "; and on %d others", b.Others)
	}
	return s.String()
}

// counted is a time as the screen counts it.
func counted(d time.Duration) string { return string(tree.AppendLeft(nil, d)) }
