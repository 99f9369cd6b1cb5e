// Package spec reads what to run: a Procfile or a multiexit.yaml. It starts
// nothing and reads no environment but that which it is given.
package spec

import (
	"regexp"
	"time"
)

// File is what a session is to run.
type File struct {
	Path     string        // as it was given; "" for a command of the command line
	Grace    time.Duration // between the stop signal and SIGKILL; 0: the default
	Commands []Command     // in the order of the file; names are unique

	// StopOrder names commands in the order in which they stop, one after the
	// other; those it does not name stop before them, as if it were not given.
	// nil: what depends on another stops before it, and the rest at once.
	StopOrder []string
}

// Command is one command and how it is started, judged ready, and ended.
type Command struct {
	Name string   // "api"; in a group "backend/api"
	Argv []string // never empty; a command line is ["/bin/sh", "-c", LINE]
	Dir  string   // "": that of multiexit. Relative paths in a file are relative to the file
	Env  []string // KEY=VALUE, added to our environment in this order, the last wins

	After   []Dependency // what has to come first when it starts, and last when it stops
	Ready   *Probe       // nil: ready as soon as it runs
	Restart Restart
	Stop    Stop

	PTY      bool // it gets a terminal of its own
	Stdin    bool // its standard input is a pipe that can be written to; else it is empty
	Manual   bool // not started with the others (autostart: false)
	Critical bool // when it ends, everything is stopped
	Line     int  // where it stands in the file; 0: not from a file
}

// Dependency says that a command is started only when another one has got so far.
type Dependency struct {
	Name string
	When Condition
}

// Condition is how far a command has got.
type Condition string

const (
	WhenReady   Condition = "ready"   // the default
	WhenStarted Condition = "started" // it has a process
	WhenDone    Condition = "done"    // it has exited with status 0
)

// Probe says when a command is ready. Exactly one of the conditions is set.
type Probe struct {
	Log      *regexp.Regexp // a line of its output matches
	TCP      string         // "host:port" takes a connection
	HTTP     string         // a GET of this URL has a status from 200 to 399
	File     string         // it exists
	Exit     bool           // it has exited with status 0: a command that only prepares
	Handler  string         // one of its processes has registered an exit handler whose name matches this glob
	Interval time.Duration  // between two tries of TCP, HTTP and File; 0: the default
	Timeout  time.Duration  // after which the command counts as failed; 0: never
}

// Restart says whether a command that ended by itself is started again.
type Restart struct {
	Policy Policy
	Delay  time.Duration // before the first restart; doubled each time; 0: the default
	Max    time.Duration // the longest delay; 0: the default
	Limit  int           // how often at most, in a row; 0: no limit
}

// Policy is when a command is started again.
type Policy string

const (
	Never     Policy = "no" // the default
	OnFailure Policy = "on-failure"
	Always    Policy = "always"
)

// Stop says how a command is ended.
type Stop struct {
	Signal  string        // the first one; "": SIGTERM
	Grace   time.Duration // between it and SIGKILL; 0: that of the file
	Command []string      // run instead of the signal; the signal follows if it fails or half the grace period is over
	Dump    time.Duration // this long before SIGKILL, SIGQUIT is sent for a stack dump; 0: it is not
}
