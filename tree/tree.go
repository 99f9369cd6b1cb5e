// Package tree is the model: what is known of a process tree and its exit
// handlers after some events. It is pure. Apply is the only writer; nothing here
// reads a clock, an environment or a file, and nothing is locked: one goroutine
// owns a Tree.
package tree

import (
	"time"

	"multiexit/exitreg"
)

// Event is one fact of the stream; see exitreg.Event for its keys.
type Event = exitreg.Event

// Header is the first line of a recording and of --json output.
type Header struct {
	Version  int       `json:"multiexit"` // 1
	Start    time.Time `json:"start"`     // what Event.T counts from
	Argv     []string  `json:"argv"`
	Host     string    `json:"host"`
	Observer string    `json:"observer"` // the back end that saw it, and what it misses
}

// Tree is the state after some events. The zero value is the state after none.
type Tree struct {
	Roots  []*Node
	Nodes  []*Node // in order of birth; Node.Index is the position
	Counts Counts
	// Shape counts changes of structure (births, names): a view that keeps a
	// flattened copy rebuilds it when Shape has moved.
	Shape  int
	Last   time.Duration // the greatest T seen
	Signal *Signal       // the newest signal that somebody sent; nil before the first
	Shut   *Signal       // the signal that began the shutdown that is shown: the first of those sent while nothing was exiting
	Before *Signal       // of the last shutdown shown, when something has been started again since
	Notes  []Event       // the observer's remarks, in order
	// Commands are what the session was told to run, in order; empty in a recording
	// of an older session.
	Commands []*Command
	Ladder   *Ladder // of everything; nil while nobody ends everything
	Orders   []Order // that stand, in order; the newest of several for the same counts
	Ordered  int     // counts the changes of Orders
	Unknown  int     // events of a kind this version does not know
	Done     bool    // eof was seen

	stood time.Duration       // how long somebody was held in all, up to since
	since time.Duration       // when the last change of that was
	byID  map[string]*Node    // see Tree.Node: it may know more than Nodes has
	cmds  map[string]*Command // see Tree.Command
	near  *Node               // of the event before: the next one is often about it too
	seq   uint64              // of the event before
	past  *Past               // that is told what changes; nil: nobody wants to know
	of    *Past               // that has put it where it is; nil: none has

	prepared int // see Past.Prepare
}

// Signal is one signal sent, or the start of a run that no signal began.
type Signal struct {
	Name   string // "SIGTERM"; of a run without one its Cause, such as "exit 0"
	Node   *Node
	Sender string
	Scope  string
	T      time.Duration
}

// Counts are kept up to date by Apply, so that a header costs nothing at 10,000
// processes. Every node is in exactly one of Live, Exiting, Stuck, Exited, Failed
// and Unborn.
type Counts struct {
	Live    int // running, no signal or one that left it running by its own choice
	Exiting int // signalled, waited for by an exit handler, or running its own
	Stuck   int // the same, but it ignores or blocks the signal, or is stopped and not held
	Exited  int // gone as intended
	Failed  int // gone with a failed handler, a bad status, an unasked-for signal, or bypassing its handlers
	Unborn  int // announced by a command that has not started yet: no process

	Injected int // handlers and processes that a fault was put into

	Held int // of Live, Exiting and Stuck: those that the observer holds

	Ladders int // that are on, but for that of everything
}

// Total is the number of processes ever seen.
func (c Counts) Total() int { return c.Live + c.Exiting + c.Stuck + c.Exited + c.Failed }

// Alive is the number of processes that have not exited.
func (c Counts) Alive() int { return c.Live + c.Exiting + c.Stuck }

// State is where a process stands on its way out.
type State uint8

const (
	Live    State = iota // running
	Exiting              // signalled, waited for by an exit handler, or running its own
	Stuck                // as Exiting, but SIGTERM is ignored, blocked, or pending because it is stopped
	Exited               // gone as intended: status 0, or ended by the signal it was sent
	Failed               // gone otherwise
	Unborn               // the place of a command that has not started yet
)

// Disposition is what a signal would do to a process.
type Disposition string

const (
	Unknown Disposition = ""
	Caught  Disposition = "caught"  // a handler of the program runs
	Default Disposition = "default" // the default action: it dies without running anything
	Ignored Disposition = "ignored"
	Blocked Disposition = "blocked"
)

// Node is one process. Its ID is its path by birth: it survives exec,
// reparenting and the reuse of its pid.
type Node struct {
	// What is asked of each process to list them all lies close together.
	Index    int           // position in Tree.Nodes
	Parent   *Node         // by birth; nil for a root
	Gone     time.Duration // when it exited; valid if State is Exited or Failed
	State    State
	Past     bool       // its command has another process now
	Twice    string     // the newest signal that it got, or was sent, a second time before it exited; empty if none
	handlers []*Handler // see Handlers
	Command  *Command   // of a root that a command of the session started; else nil
	Kids     []*Node
	Depth    int

	ID   string
	PID  int
	Name string
	Argv []string

	Term    Disposition   // of SIGTERM
	Reports bool          // it imports exitreg and said hello
	Orphan  bool          // its birth parent died before it
	Stopped bool          //
	Held    bool          // stopped by the observer until it lets go; see Hold
	Hold    Hold          // where, if Held
	Grace   time.Duration // its own total deadline for its handlers; 0 is none. See Expires
	Fault   string        // what was done to it on purpose: "ignore", "stop"; empty if nothing. Those of its handlers are theirs

	Born      time.Duration
	Signalled time.Duration // when the newest signal was sent to it, or the first SIGKILL; valid if SigName is not empty
	SigName   string        // newest signal sent or delivered that asks it to end
	Sender    string        // of that signal: "multiexit", a node, "pid:N"; "" if nobody saw it
	Delivered time.Duration // when its run began; valid if Began
	Began     bool          // a run began
	Cause     string        // of the run: "SIGTERM", "exit 3", "panic: ..."
	Left      bool          // its run was complete: it said leave
	LeftWith  int           // the exit status that it said then; -1: none, as if by a signal. Valid if Left
	Code      int           // exit status; valid if gone, EndSig is empty and Unseen is false
	EndSig    string        // the signal that ended it
	Core      bool
	Asleep    Asleep // what it was seen to wait for on its way out, last of all
	Froze     bool   // it was stopped when it ended, so that only a SIGKILL could do that
	Unseen    bool   // it is gone, and nobody saw its exit status
	Missed    uint64 // events that it told and that never arrived

	Ladder *Ladder // that ends it and all below it; nil if there is none

	runs    int32                  // the handler that runs now, by its place from 1; 0: none
	ran     []*Handler             // see Ran
	tally   [Lost + 1]int          // handlers by state
	first   int                    // in Handlers, of the program that runs now
	odd     bool                   // it has handlers that are not where their ids say
	byID    map[string]*Handler    // those; see Node.Handler
	deaf    []string               // signals that came to nothing because of a fault
	asked   []string               // signals sent to it or delivered, each once
	call    call                   // the first time that anybody asked it to end
	awaited bool                   // a handler of another process waited for it to end
	disp    map[string]Disposition // of signals other than SIGTERM; never written to, for a Past may have it
	unborn  bool                   // nothing was heard of it but its command
	said    uint64                 // the greatest N it told
	hello   time.Duration          // when it said hello; valid if Reports
	counted State                  // the state under which Tree.Counts has it
	halted  bool                   // Tree.Counts has it under Held
	stood   time.Duration          // what Tree.stood was when its run began
	tree    *Tree                  //
	lo, hi  int32                  // see Past: the marks at which it was as it is now; hi 0: it has changed
	owes    int32                  // the mark at which its handlers are not yet what they were, from 1; see settleUp
	spans   []span                 // the same of its handlers, block by block, if there are many

	holdings *holding // those that are over, the last one first; see Holdings
}

// Alive says that it has not exited.
func (n *Node) Alive() bool { return n.State < Exited }

// Ended says that it lived and has exited.
func (n *Node) Ended() bool { return n.State == Exited || n.State == Failed }

// Handler is one exit handler of one process.
type Handler struct {
	ID      string
	Name    string
	Src     string
	Node    *Node
	Shared  bool
	From    *Node         // the ancestor that shared it; nil for a handler of the process's own
	Unbound bool          // inherited by name, but this program does not define it: it will be skipped
	Timeout time.Duration // see Expires
	Needs   []string      // the handlers that close what it uses, as its author declared: "close-db", "PROC/HANDLER"

	State    HandlerState
	Began    bool          // it had its turn, whatever came of it
	Begin    time.Duration // valid if Began
	End      time.Duration // valid if Done or Broken
	Elapsed  time.Duration
	Err      string          // why it failed, or why it was skipped
	Waits    []*Node         // the processes it said it waits for
	Since    []time.Duration // when it said so, of each of Waits
	Patience []Patience      // how long it will do so, of each of Waits
	Fault    string          // what was put into it on purpose: "delay", "hang", "fail", "panic", "skip", "exit", "kill", "stop"; empty if it was left alone

	stood time.Duration // what Tree.stood was when it began

	index  int32 // in Node.handlers
	lo, hi int32 // see Node
	kept   int32 // the newest version of it in a Past
}

// Patience is how long a handler waits for a process.
type Patience struct {
	At   time.Duration // when it will wait no longer; 0: that is not known. See Impatient
	Then string        // the signal that it sends then; may be empty

	stood time.Duration // what Tree.stood was when it began to wait
}

// HandlerState is where a handler stands.
type HandlerState uint8

const (
	Pending HandlerState = iota // on the stack
	Running
	Done
	Broken  // failed, panicked or ran out of time
	Skipped // will not run: deadline, forced exit, unbound; Err says which
	Removed // unregistered before it began
	Lost    // began and never ended, or never began though its process is gone
)
