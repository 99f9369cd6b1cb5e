package diff

import (
	"fmt"
	"strings"

	"multiexit/tree"
)

// String is the comparison for people: lines, each with its end, safe to print.
// Two of figures, then one a change, its effects indented.
func (d Diff) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "before  %s\nafter   %s\n", d.Before, d.After)
	if len(d.Changes) == 0 {
		b.WriteString("no difference beyond what is noise\n")
	}
	for _, c := range d.Changes {
		fmt.Fprintln(&b, c)
		for _, e := range c.Effects {
			fmt.Fprintln(&b, "    so", e)
		}
	}
	return b.String()
}

// String is one run: "SIGTERM, 26 processes gone in 3.21s, 118 handlers".
func (r Run) String() string {
	s := count(r.Processes, "process", "es") + ", " + count(r.Handlers, "handler", "s")
	if r.Signal == "" {
		return s + ", no shutdown"
	}
	return tree.Clean(r.Signal) + ", " + s + ", " + tree.Took(r.Total)
}

func count(n int, what, more string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprint(n, " ", what, more)
}

// String is one change without its effects, in one line that is safe to print.
func (c Change) String() string {
	s := c.Path
	if c.Handler != "" {
		s += ": " + c.Handler
	}
	if s != "" {
		s += ": "
	}
	return tree.Clean(s) + c.What()
}

// What is the change in words, without the process and the handler it is of.
func (c Change) What() string {
	s := c.what()
	if c.Injected != "" && !strings.Contains(c.After, "(injected") {
		s += " (injected " + c.Injected + ")"
	}
	return tree.Clean(s)
}

func (c Change) what() string {
	step := c.Before + " -> " + c.After
	switch c.Kind {
	case Signal:
		return "the shutdown began by " + step
	case ProcessGained:
		return "a new process: " + c.After
	case ProcessLost:
		return "this process is no more: " + c.Before
	case HandlerGained:
		return "a new handler: " + c.After
	case HandlerLost:
		return "this handler is no more: " + c.Before
	case Order:
		return "has another turn: " + step
	case Slower, Faster:
		return tree.Took(c.By) + " " + string(c.Kind) + ": " + step
	case Fault:
		return "nothing came of it"
	case Early:
		if c.NodeB == "" {
			return "when the shutdown began " + step
		}
		return "asked to end while it started: " + step
	case Disposition:
		return "SIGTERM is " + step
	}
	return step
}
