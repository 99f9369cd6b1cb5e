package supervise

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
)

// runScript starts the stop command of a run. It is a root of its own.
func (s *Supervisor) runScript(c *command, r *run, grace time.Duration) {
	l := r.stop
	l.script = s.eng.Reserve()
	s.owner[l.script] = c
	p := s.process(c)
	_, err := s.eng.Run(live.Command{Node: l.script, Name: c.name + " stop", Argv: c.spec.Stop.Command, Dir: p.Dir, Env: p.Env})
	if err != nil {
		s.note(c, c.name+": the stop command cannot be started: "+err.Error())
		s.climb(c, r)
		return
	}
	l.runs = true
	s.follow(l.script, func() { s.scriptGone(c, r) })
	s.takeTurn(c, r, grace/2)
}

// takeTurn has the signals follow after a while, if they are still needed then.
func (s *Supervisor) takeTurn(c *command, r *run, d time.Duration) {
	s.setTurn(c, r, d)
	s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Node: r.node, Text: "stop", Timeout: d})
	s.freezeTurn(c, r)
}

func (s *Supervisor) setTurn(c *command, r *run, d time.Duration) {
	l := r.stop
	halt(l.turn)
	l.turnAt = time.Now().Add(d)
	var mine *time.Timer
	mine = s.after(d, func() {
		if l.turn == mine {
			s.turn(c, r)
		}
	})
	l.turn = mine
}

// turn is the end of the stop command's time.
func (s *Supervisor) turn(c *command, r *run) {
	l := r.stop
	halt(l.turn)
	l.turn = nil
	s.climb(c, r)
	if l.runs {
		s.eng.StopNode(l.script, live.StopOptions{Grace: l.left(), Kill: s.killed})
	}
}

// scriptEnded takes in that the stop command's process is gone.
func (s *Supervisor) scriptEnded(c *command, node string) {
	r := c.run
	if r == nil || r.stop == nil || r.stop.script != node || r.stop.climbs || r.stop.emptied {
		return
	}
	if code, sig, ok := s.eng.Exit(node); ok && (code != 0 || sig != "") {
		s.note(c, c.name+": the stop command failed ("+outcome(code, sig)+"), the signal follows")
		s.climb(c, r)
	}
}

// scriptGone takes in that nothing is left of a stop command.
func (s *Supervisor) scriptGone(c *command, r *run) {
	if l := r.stop; l != nil && l.runs {
		s.scriptEnded(c, l.script)
		l.runs = false
		s.gone(c, r)
	}
}
