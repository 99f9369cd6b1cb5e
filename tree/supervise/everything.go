package supervise

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
)

// Stop ends everything, in the background: each command in its own way, after
// all that depend on it, or in the stop order of the file if it has one. Nothing
// is started any more. Twice changes nothing. It may come before Start, which
// then starts what it ends.
func (s *Supervisor) Stop() { s.inbox.put(s.endAll) }

// Kill ends everything with SIGKILL and in no order, at any time.
func (s *Supervisor) Kill() { s.inbox.put(s.killAll) }

// endAll has every command end.
func (s *Supervisor) endAll() {
	if s.stopping || s.finished {
		return
	}
	s.stopping = true
	s.sole = s.onlyRun()
	for _, c := range s.cmds {
		if c.run != nil || !c.state.Over() {
			s.endOne(c, fateStopped)
		}
	}
}

// killAll has every command end at once.
func (s *Supervisor) killAll() {
	if s.finished {
		s.eng.Kill() // whom no command knows of
		return
	}
	if s.killed {
		return
	}
	s.endAll()
	s.killed, s.sole = true, nil
	s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Text: "kill", Sig: "SIGKILL"})
	for _, c := range s.cmds {
		if c.run != nil {
			s.killOne(c)
		}
	}
}

// killOne ends what lives of a command with SIGKILL, whatever else was meant to.
func (s *Supervisor) killOne(c *command) {
	r := c.run
	if r.stop == nil {
		s.beginKill(c)
		return
	}
	l := r.stop
	halt(l.turn)
	l.turn, l.climbs, l.deadline = nil, true, time.Now()
	s.despair(c, r)
	s.eng.StopNode(r.node, live.StopOptions{Kill: true})
	if l.runs {
		s.eng.StopNode(l.script, live.StopOptions{Kill: true})
	}
}

// beginKill begins the end of a command with SIGKILL.
func (s *Supervisor) beginKill(c *command) {
	r := c.run
	s.hush(r)
	r.stop = &ladder{deadline: time.Now(), climbs: true}
	if !r.exited {
		s.set(c, tree.CommandStopping, "")
	}
	s.despair(c, r)
	s.eng.StopNode(r.node, live.StopOptions{Kill: true})
}

// allGone says that nothing of any command is left.
func (s *Supervisor) allGone() bool {
	for _, c := range s.cmds {
		if c.run != nil || c.ending {
			return false
		}
	}
	return true
}

// allOver says that nothing will happen any more unless the user does something,
// and that nobody lives. What the commands have left behind is ended for that.
func (s *Supervisor) allOver() bool {
	remains := false
	for _, c := range s.cmds {
		if c.ending || !c.state.Over() && !s.idle(c) {
			return false
		}
		remains = remains || c.run != nil
	}
	if remains && s.lingering == nil {
		s.lingering = s.after(linger, s.sweep)
	}
	return !remains
}

// linger is the time between the exit of a process and that of its children that
// end with it.
const linger = 200 * time.Millisecond

// sweep ends what the commands have left behind, if they are still all over.
func (s *Supervisor) sweep() {
	s.lingering = nil
	for _, c := range s.cmds {
		if c.ending || !c.state.Over() && !s.idle(c) {
			return
		}
	}
	for _, c := range s.cmds {
		if c.run != nil && c.run.stop == nil {
			s.endOne(c, fateStopped)
		}
	}
}
