package tree

import (
	"slices"
	"strings"
	"time"
)

// Command is one of those that a session was told to run. It has one process at
// a time, of which it is the root; a restart gives it another node.
type Command struct {
	Name  string // "api"; in a group "backend/api"
	Index int    // position in Tree.Commands
	State CommandState
	Why   string        // of the state, such as "waits for db"; may be empty
	Since time.Duration // when it got into the state
	Delay time.Duration // of a back-off: from Since to the next start
	Node  *Node         // its present, last or next process; nil before the first is known
	Runs  int           // how often it was started

	lo, hi, kept int32 // see Handler
}

// CommandState is where a command stands.
type CommandState string

const (
	CommandWaiting  CommandState = "waiting"  // not started: for what it depends on, or for the user
	CommandStarting CommandState = "starting" // it runs, but is not ready yet
	CommandReady    CommandState = "ready"    //
	CommandStopping CommandState = "stopping" // it is being ended
	CommandStopped  CommandState = "stopped"  // it ended because it was asked to
	CommandDone     CommandState = "done"     // it ended by itself, well
	CommandFailed   CommandState = "failed"   // it ended by itself, badly, or could not be started
	CommandBackoff  CommandState = "backoff"  // it ended and will be started again after Delay
	CommandRemoved  CommandState = "removed"  //
)

// Over says that the command has no process and will have none by itself.
func (s CommandState) Over() bool {
	switch s {
	case CommandStopped, CommandDone, CommandFailed, CommandRemoved:
		return true
	}
	return false
}

// Command finds a command by its name; nil if there is none.
func (t *Tree) Command(name string) *Command {
	if c := t.cmds[name]; c != nil && c.Index < len(t.Commands) {
		return c
	}
	return nil
}

// Group are the commands of a group, "backend" those named "backend/...", in order.
func (t *Tree) Group(name string) (all []*Command) {
	for _, c := range t.Commands {
		if strings.HasPrefix(c.Name, name+"/") {
			all = append(all, c)
		}
	}
	return all
}

// command takes in what a session says about one of its commands.
func (t *Tree) command(e *Event) {
	if e.Name == "" {
		t.Unknown++
		return
	}
	c := t.Command(e.Name)
	if c == nil {
		c = t.blankCommand(e.Name)
		t.Commands = append(t.Commands, c)
	}
	t.touch(c)
	state := CommandState(e.Text)
	if state == CommandStarting && c.State != CommandStarting {
		c.Runs++
	}
	c.State, c.Why, c.Since, c.Delay = state, e.Err, e.T, e.Timeout
	t.Shape++
	if n := t.place(e); n != nil && n != c.Node {
		t.settleIn(c, n)
	}
}

// place is the root that an event of a command names. One that nobody has heard
// of is not born yet.
func (t *Tree) place(e *Event) *Node {
	if n := t.Node(e.Node); n != nil || e.Node == "" {
		return n
	}
	n := t.node(e.Node, e.T)
	if n != nil {
		n.touch()
		n.Name, n.unborn = e.Name, true
		t.settle(n)
	}
	return n
}

// settleIn makes n the process of c. The one before stays in the tree, as the
// past of the command, and n takes its place among the roots.
func (t *Tree) settleIn(c *Command, n *Node) {
	n.touch()
	if old := c.Node; old != nil {
		old.touch()
		old.Past = true
		t.moveRoot(n, old)
		t.rest()
	}
	n.Command, n.Past, c.Node = c, false, n
}

// rest ends the showing of a shutdown of which nothing goes on: something has
// been started again since.
func (t *Tree) rest() {
	if t.Shut != nil && t.Counts.Exiting == 0 && t.Counts.Stuck == 0 {
		t.Before, t.Shut, t.Signal = t.Shut, nil, nil
	}
}

// moveRoot puts n behind the root after.
func (t *Tree) moveRoot(n, after *Node) {
	if n.Parent != nil || after.Parent != nil {
		return
	}
	t.Roots = slices.DeleteFunc(t.Roots, func(r *Node) bool { return r == n })
	t.Roots = slices.Insert(t.Roots, slices.Index(t.Roots, after)+1, n)
}

// Ladder is how a process, or everything, is being ended: step by step, each
// with a time until the next. It never changes: a step makes another one.
type Ladder struct {
	Began time.Duration
	Steps []Step        // in order; an extension is none
	Next  time.Duration // when the next step comes; 0: there is none, it comes when all are gone, or nobody can say because it is Frozen
	Done  bool

	Frozen bool          // its time stands: somebody whom it ends is held
	Froze  time.Duration // since when; valid if Frozen
	Left   time.Duration // until the next step once it goes on; valid if Frozen

	Whole time.Duration // from the last step to the next, with what it was put off by and without what it stood
}

// Step is one rung of a ladder.
type Step struct {
	Text string // "stop", "cont", "all", "dump", "kill"
	Sig  string // what it sends
	T    time.Duration
}

// Last is the newest step; the zero Step before the first.
func (l *Ladder) Last() Step {
	if l == nil || len(l.Steps) == 0 {
		return Step{}
	}
	return l.Steps[len(l.Steps)-1]
}

// StopsAll says that the shutdown that goes on, or was the last, is the stop of
// everything, and that this is several commands.
func (t *Tree) StopsAll() bool {
	const moment = 100 * time.Millisecond // the first of them are asked before it is told
	return t.Shut != nil && t.Ladder != nil && len(t.Commands) > 1 && (t.Ladder.Began-t.Shut.T).Abs() < moment
}

// Remains is the time until the next step; it stands while the ladder is frozen. It is
// negative if that is late, and means nothing if there is none.
func (l *Ladder) Remains(now time.Duration) time.Duration {
	if l.Frozen {
		return l.Left
	}
	return l.Next - now
}

// On says that it has begun and is not done.
func (l *Ladder) On() bool { return l != nil && !l.Done && len(l.Steps) > 0 }

// rung is a step of the ladder that ends n and all below it.
func (n *Node) rung(e *Event) {
	was := n.Ladder.On()
	n.Ladder = n.Ladder.step(e)
	switch is := n.Ladder.On(); {
	case is && !was:
		n.tree.Counts.Ladders++
	case was && !is:
		n.tree.Counts.Ladders--
	}
}

const maxSteps = 64

// step takes a rung in. A stop after one that is done begins a new ladder.
func (l *Ladder) step(e *Event) *Ladder {
	if l == nil || l.Done && e.Text != "done" {
		l = &Ladder{Began: e.T}
	} else {
		next := *l
		next.Steps = slices.Clip(next.Steps)
		l = &next
	}
	switch e.Text {
	case "freeze", "thaw":
	case "extend":
		l.Whole += e.Timeout - l.Remains(e.T)
	default:
		l.Whole = e.Timeout
	}
	switch e.Text {
	case "done":
		l.Done, l.Frozen = true, false
	case "freeze":
		if !l.Frozen {
			l.Frozen, l.Froze = true, e.T
		}
	case "thaw", "absorbed":
		l.Frozen = false
	case "extend":
	case "kill":
		l.Frozen = false // nothing is left to wait for
		fallthrough
	default:
		if len(l.Steps) < maxSteps {
			l.Steps = append(l.Steps, Step{Text: e.Text, Sig: e.Sig, T: e.T})
		}
	}
	l.Next, l.Left = 0, 0
	switch {
	case e.Timeout <= 0:
	case l.Frozen:
		l.Left = e.Timeout
	default:
		l.Next = e.T + e.Timeout
	}
	return l
}

// words say what has become of a command: "api is ready", "db waits: for redis".
func (s CommandState) words(e *Event) string {
	is := " is " + string(s)
	switch s {
	case CommandWaiting:
		is = " waits"
	case CommandStarting:
		is = " starts"
	case CommandBackoff:
		is = " will start again in " + Took(e.Timeout)
	case CommandFailed:
		is = " failed"
	}
	return e.Name + is + after(": ", e.Err)
}

// rung says a step of a ladder.
func rung(e *Event) string {
	left := ""
	if e.Timeout > 0 {
		left = ", next step in " + Took(e.Timeout)
	}
	switch e.Text {
	case "stop":
		if e.Sig == "" && e.Node == "" {
			return "stop: each command in its own way" + left
		} else if e.Sig == "" {
			return "stop: its stop command" + left
		}
		return "stop: " + e.Sig + left
	case "cont":
		return "stop: SIGCONT to what is stopped"
	case "all":
		return "stop: " + e.Sig + " to those that had none" + left
	case "dump":
		return "stop: " + e.Sig + " for a stack dump" + left
	case "kill":
		return "stop: SIGKILL to what is left"
	case "extend":
		return "stop" + left // it may be sooner, too
	case "freeze":
		return "stop: its time stands while somebody is held" + after(", next step ", spare(e.Timeout))
	case "thaw":
		return "stop: its time goes on" + left
	case "absorbed":
		return "stop: goes on with that of everything"
	case "done":
		return "stop: all are gone"
	}
	return "stop: " + e.Text + left
}

// spare is what is left of a time that stands.
func spare(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return Took(d) + " after that"
}
