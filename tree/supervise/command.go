package supervise

import (
	"fmt"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/spec"
)

// command is one command and what has become of it.
type command struct {
	spec   spec.Command
	name   string
	state  tree.CommandState
	why    string
	node   string // the root of its present, last or next process
	fresh  bool   // node has had no process yet
	run    *run   // its last run, until everything of it is gone, or left alone (live.Config.Keep)
	wanted bool   // it is to run; else it waits for the user
	ending bool   // what lives of it is to end
	fate   fate   // what comes then
	blame  string // of the fate

	retries int         // restarts in a row
	delay   *time.Timer // of a back-off
	due     bool        // the back-off is over

	failure error // of its last start
	code    int   // of its last run
	sig     string
}

// fate is what becomes of a command when what lives of it has ended.
type fate uint8

const (
	fateStopped fate = iota // or what it was before, if it was over
	fateAgain               // it starts anew
	fateFailed              // it failed: by its policy it may start anew
	fateRemoved
)

// run is one process of a command and all that descends from it.
type run struct {
	node    string
	began   time.Time
	readied bool
	exited  bool   // the process itself is gone
	asked   string // the newest signal of ours that asked it to end
	late    *time.Timer
	cancel  func() // of a probe
	stop    *ladder
	held    bool // somebody of it is
}

// set changes the state of a command and tells so.
func (s *Supervisor) set(c *command, state tree.CommandState, why string) {
	s.tell(c, state, why, 0)
}

// tell changes the state of a command; left is that of a back-off.
func (s *Supervisor) tell(c *command, state tree.CommandState, why string, left time.Duration) {
	c.state, c.why = state, why
	s.eng.Emit(tree.Event{Kind: exitreg.KindCommand, Name: c.name, Text: string(state), Err: why,
		Node: c.node, Timeout: left})
}

// rest stops the timers and the probe of a command.
func (c *command) rest() {
	halt(c.delay)
	c.delay, c.due = nil, false
	if c.run != nil {
		c.run.rest()
	}
}

// rest stops what waits for the run to be ready.
func (r *run) rest() {
	halt(r.late)
	r.late = nil
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
	}
}

func halt(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// running says that the process of the command itself lives.
func (c *command) running() bool { return c.run != nil && !c.run.exited }

// outcome says how a process ended.
func outcome(code int, sig string) string {
	if sig != "" {
		return "ended by " + sig
	}
	return fmt.Sprintf("exit status %d", code)
}
