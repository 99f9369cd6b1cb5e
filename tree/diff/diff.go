// Package diff compares two runs of one program: what became of its shutdown
// since. It is pure, as package tree is.
package diff

import (
	"time"

	"multiexit/tree"
)

// Kind is what sort of change it is.
type Kind string

const (
	Signal        Kind = "signal"          // the shutdown has another beginning
	ProcessGained Kind = "process-gained"  // with all below it
	ProcessLost   Kind = "process-lost"    //
	HandlerGained Kind = "handler-gained"  // it is registered now
	HandlerLost   Kind = "handler-lost"    //
	Order         Kind = "order"           // the handler has its turn at another place
	Slower        Kind = "slower"          // by its own time: what it waited for is not its own
	Faster        Kind = "faster"          //
	FailureGained Kind = "failure-gained"  // a handler fails, or does not get to its end, that did
	FailureLost   Kind = "failure-lost"    //
	FailureOther  Kind = "failure-changed" // in another way
	Fault         Kind = "fault"           // put into a handler on purpose, or no longer, and nothing came of it
	Exit          Kind = "exit"            // another exit status, or none
	Orphaned      Kind = "orphaned"        // it outlives its parent
	Disposition   Kind = "disposition"     // SIGTERM is ignored or blocked, or no longer
	Early         Kind = "early"           // asked to end before it had registered its handlers; without a node: several were
)

// Diff is what changed from one run to another.
type Diff struct {
	Before  Run      `json:"before"`
	After   Run      `json:"after"`
	Changes []Change `json:"changes"` // in the order in which they show in the run after
	Pairs   []Pair   `json:"-"`       // the processes of both, parents first
}

// Pair is a process in both runs, or in one: then the other is nil.
type Pair struct{ A, B *tree.Node }

// Run is one of the two in figures.
type Run struct {
	Signal    string        `json:"signal,omitzero"` // that began the shutdown; "" if there was none
	Total     time.Duration `json:"total"`           // from there to the last end of a process
	Processes int           `json:"processes"`       // that it was about
	Handlers  int           `json:"handlers"`        // of these
	Began     time.Duration `json:"-"`               // when the shutdown did, in the stream
}

// Change is one difference.
type Change struct {
	Kind     Kind          `json:"kind"`
	Path     string        `json:"path,omitzero"`     // of the process, by names: "shop/api/worker#2"
	NodeA    string        `json:"nodeA,omitzero"`    // its id before
	NodeB    string        `json:"nodeB,omitzero"`    // and after
	Handler  string        `json:"handler,omitzero"`  //
	Before   string        `json:"before,omitzero"`   // in words
	After    string        `json:"after,omitzero"`    //
	By       time.Duration `json:"by,omitzero"`       // of Slower and Faster: the size of it
	Injected string        `json:"injected,omitzero"` // the fault that was put in, in one of the runs
	Effects  []Change      `json:"effects,omitempty"` // changes that this one explains; they have none themselves
}

// Threshold is from where on a difference of time is none by chance: it has to
// exceed both.
type Threshold struct {
	Relative float64 // of the longer time
	Absolute time.Duration
}

// Noise is the Threshold of Compare. A sleep that a busy machine lets oversleep is
// late by a time slice or a few, whatever its length: that is the absolute part. A
// long handler does work that a busy machine slows in proportion: that is the
// relative one. Beyond that the runs themselves tell how busy it was, see unrest.
var Noise = Threshold{Relative: 0.2, Absolute: 100 * time.Millisecond}

// Compare says what changed from run a to run b. Processes are matched by the path
// of their names, handlers by their names.
func Compare(a, b *tree.Tree) Diff { return Noise.Compare(a, b) }

// Compare is Compare with a threshold of one's own.
func (t Threshold) Compare(a, b *tree.Tree) Diff {
	c := &comparison{Threshold: t, a: side(a), b: side(b), labels: map[*tree.Node]string{}, marks: map[*tree.Node]uint64{}}
	c.unrest = max(c.a.unrest(), c.b.unrest())
	c.begin()
	c.forest(nil, a.Roots, b.Roots)
	c.gatherEarly()
	return Diff{Before: c.a.figures(), After: c.b.figures(), Changes: c.explained(), Pairs: c.pairs}
}

// exceeds says that the difference of two times is no noise.
func (t Threshold) exceeds(a, b time.Duration) bool {
	d := (a - b).Abs()
	return d > t.Absolute && float64(d) > t.Relative*float64(max(a, b))
}

// comparison is one under way.
type comparison struct {
	Threshold
	a, b   run
	unrest time.Duration // of the busier one
	labels map[*tree.Node]string
	marks  map[*tree.Node]uint64
	found  []*finding
	pairs  []Pair

	tooEarly *finding // the shutdown began while the program of one run started; nil: it did not
}

// finding is a change with what is needed to find its cause.
type finding struct {
	Change
	node     *tree.Node    // it shows in, of run b, or the parent there of a process that is lost
	handler  *tree.Handler // of run b; nil if it is about the process
	from, to time.Duration // when it had its part in run b
	passive  bool          // it befell the handler or the process, and need not be its own doing
	cause    *finding
}

func (c *comparison) add(f *finding) { c.found = append(c.found, f) }

// begin compares what the shutdowns began with.
func (c *comparison) begin() {
	a, b := c.a.signal(), c.b.signal()
	if a == b {
		return
	}
	c.add(&finding{Change: Change{Kind: Signal, Before: orNone(a), After: orNone(b)}, from: c.b.began, to: c.b.began})
}

func orNone(signal string) string {
	if signal == "" {
		return "none"
	}
	return signal
}
