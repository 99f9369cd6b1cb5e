package supervise

import (
	"fmt"
	"time"

	"multiexit/tree"
	"multiexit/tree/live"
)

// Session is what the commands run on; nil before Start. Its Stop and Kill know
// nothing of the commands' order: use those of the Supervisor.
func (s *Supervisor) Session() *live.Session {
	session, _ := s.eng.(*live.Session)
	return session
}

// Done is closed when all commands are over, none waiting for anybody but the
// user, none in back-off, and nobody lives. With Hold that is so only after Stop
// or Kill.
func (s *Supervisor) Done() <-chan struct{} { return s.done }

// Wait blocks until the session is over. Code and Sig are those of the last run
// of the first command of the file; 127 or 126 if it could not be started.
func (s *Supervisor) Wait() live.Verdict {
	<-s.over
	return s.verdict
}

// Header is the first line of a recording of the session.
func (s *Supervisor) Header() tree.Header { return s.eng.Header() }

// Events is the stream of the session.
func (s *Supervisor) Events() <-chan []tree.Event { return s.eng.Events() }

// RootGone is closed when the first process has exited.
func (s *Supervisor) RootGone() <-chan struct{} { return s.eng.RootGone() }

// Look has the session look at its processes: see live.Session.Look.
func (s *Supervisor) Look() <-chan uint64 { return s.eng.Look() }

// Signal sends a signal to processes. It is not a stop: the command's restart
// policy applies.
func (s *Supervisor) Signal(node, sig, scope string) error { return s.eng.Signal(node, sig, scope) }

// Order is a standing order to the processes that a pattern means.
func (s *Supervisor) Order(pattern, line string) error { return s.eng.Order(pattern, line) }

// Preview says what a signal would do.
func (s *Supervisor) Preview(sig, scope string, nodes []string) ([]tree.Target, error) {
	return s.eng.Preview(sig, scope, nodes)
}

// Usage is what a process uses now.
func (s *Supervisor) Usage(node string) (live.Usage, error) { return s.eng.Usage(node) }

// Details are what the system tells of a process.
func (s *Supervisor) Details(node string) (tree.Details, error) { return s.eng.Details(node) }

// Input writes to the terminal or the standard input of a command.
func (s *Supervisor) Input(node string, data []byte) error { return s.eng.Input(node, data) }

// CloseInput ends the standard input of a command.
func (s *Supervisor) CloseInput(node string) error { return s.eng.CloseInput(node) }

// Resize gives the terminal of a command another size.
func (s *Supervisor) Resize(node string, cols, rows int) error {
	return s.eng.Resize(node, cols, rows)
}

// Extend gives more time before the next rung to the end of a node; with "" to
// all that are being ended now. The error is that nothing is.
func (s *Supervisor) Extend(node string, d time.Duration) error {
	if d <= 0 || d > live.MaxExtend {
		return fmt.Errorf("more time: not %v, but up to %v", d, live.MaxExtend)
	}
	return s.ask(func() error {
		return s.eachLadder(node, func(c *command) error { return s.extendStop(c, d) },
			func() error { return s.eng.Extend(node, d) })
	})
}

// Next goes to the next rung of the end of a node; with "" of all that are being
// ended now.
func (s *Supervisor) Next(node string) error {
	return s.ask(func() error {
		return s.eachLadder(node, s.hurryStop, func() error { return s.eng.Next(node) })
	})
}

// eachLadder does something to the ladders of the commands that node stands for,
// or else to one that is none of a command.
func (s *Supervisor) eachLadder(node string, do func(*command) error, other func() error) error {
	found := false
	var failed error
	for _, c := range s.cmds {
		if c.run == nil || c.run.stop == nil || node != "" && c.run.node != node {
			continue
		}
		found = true
		if err := do(c); err != nil && failed == nil {
			failed = err
		}
	}
	if !found {
		return other()
	}
	return failed
}
