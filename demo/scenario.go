// Package demo holds scenarios: process trees as data, and the one worker that
// plays any process of any of them with real processes, signals and handlers.
package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"multiexit/tree"
)

// Scenario is a process tree to look at.
type Scenario struct {
	Name  string
	About [2]string // one sentence each: what to look at, and why it happens
	Root  Spec
	N     int // the size of wide and deep; 0 for the others

	// Expect is what a SIGTERM to the root runs, a line a process in the order
	// of the tree: "name: handler handler!", where ! marks one that fails. A
	// process that runs nothing has nothing after the colon.
	Expect []string
}

// Spec is one process. Names are unique within a scenario.
type Spec struct {
	Name     string
	Term     tree.Disposition // what SIGTERM does to it; the zero value runs its handlers
	Handlers []Handler        // in order of registration
	Kids     []Spec           // started in this order when the handlers are registered
	Session  bool             // runs in a session of its own, without our stdio
	Leaves   bool             // exits shortly after it has started its children, who become orphans
	Says     string           // a line it prints when it is ready
	Stopped  bool             // stops itself (SIGSTOP) when it is ready
}

// Handler is one exit handler and how it goes. The zero value succeeds at once.
type Handler struct {
	Name    string
	Shared  bool
	Takes   time.Duration // how long it works
	Limit   time.Duration // its timeout; 0 is none
	Deaf    bool          // works on when its time is up, instead of giving up
	Grace   time.Duration // if set, it ends the children first: SIGTERM, up to this long, SIGKILL
	Says    string        // a line it prints when its work is done
	Then    *Handler      // registers this one while it runs
	Err     string        // fails with this error
	Panic   string        // panics with this
	Exit    int           // calls exitreg.Exit with this status
	Revoked bool          // is unregistered right after its registration
}

const ms = time.Millisecond

// sized are the scenarios with a size: how to make them, the size when none is
// asked for, and the largest that makes sense.
var sized = map[string]struct {
	make     func(n int) Scenario
	n, limit int
}{
	"wide": {wide, 40, 2000},
	"deep": {deep, 12, 200},
}

// List returns all scenarios, those with a size in their default size.
func List() []Scenario {
	return []Scenario{
		shop(), readme(), nested(), faulty(), stubborn(), escape(),
		wide(sized["wide"].n), deep(sized["deep"].n),
	}
}

// Find returns the scenario of that name. n is the size of wide and deep, 0 the
// default; the others have no size and take 0 only.
func Find(name string, n int) (Scenario, error) {
	all := List()
	i := slices.IndexFunc(all, func(s Scenario) bool { return s.Name == name })
	size, ok := sized[name]
	switch {
	case i < 0:
		return Scenario{}, fmt.Errorf("scenario %q: there is none of that name (choose one of %s)", name, names(all))
	case n == 0:
		return all[i], nil
	case !ok:
		return Scenario{}, fmt.Errorf("scenario %s: it has no size (-n is for wide and deep)", name)
	case n < 1 || n > size.limit:
		return Scenario{}, fmt.Errorf("scenario %s: size %d is out of range (choose 1 to %d)", name, n, size.limit)
	}
	return size.make(n), nil
}

func names(all []Scenario) string {
	var s []string
	for _, c := range all {
		s = append(s, c.Name)
	}
	return strings.Join(s, ", ")
}

// Command is how to start the scenario's root: an argv for self, the path of an
// executable whose main calls Worker, and what to add to its environment.
func (s Scenario) Command(self string) (argv, env []string) {
	return append([]string{self}, s.args("0")...), nil
}

// line returns the specs from the root down to the process at path ("0.1.2",
// counted as a node's ID), or nil if there is none.
func (s Scenario) line(path string) []*Spec {
	level := []Spec{s.Root}
	var line []*Spec
	for _, step := range strings.Split(path, ".") {
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(level) {
			return nil
		}
		line = append(line, &level[i])
		level = level[i].Kids
	}
	return line
}

// each calls f for s and everything below it, parents first.
func (s *Spec) each(f func(*Spec)) {
	f(s)
	for i := range s.Kids {
		s.Kids[i].each(f)
	}
}
