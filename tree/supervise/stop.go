package supervise

import (
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
)

// ladder is how one run is ended. A stop command has half the grace period for
// itself; then, or when it fails, the signals follow.
type ladder struct {
	deadline time.Time // of SIGKILL
	climbs   bool      // the session's ladder is on
	emptied  bool      // nothing of the run is left

	told time.Time     // when the newest step was taken
	next time.Duration // from then to the one after it; 0: there is none

	script  string // the root of the stop command
	runs    bool   // it, or something below it, lives
	turn    *time.Timer
	turnAt  time.Time
	despair *time.Timer

	frozen     time.Time // since when its time stands, for somebody is held; zero: it does not
	turnStands bool      // that of the stop command does
	turnLeft   time.Duration
}

// patience is how long what has got SIGKILL is waited for. Then it is given up:
// the rest has to go on.
const patience = 7 * time.Second

// endOne has a command end that has something alive, or would start by itself.
// What comes then is its fate.
func (s *Supervisor) endOne(c *command, f fate) {
	if c.ending && c.fate == fateRemoved {
		return
	}
	c.ending, c.fate, c.blame = true, f, ""
	halt(c.delay)
	c.delay, c.due = nil, false
}

// beginStop begins to end what lives of a command.
func (s *Supervisor) beginStop(c *command) {
	r := c.run
	s.hush(r)
	grace := s.grace(c)
	r.stop = &ladder{deadline: time.Now().Add(grace)}
	if !r.exited {
		s.set(c, tree.CommandStopping, c.blame)
	}
	s.despair(c, r)
	if !r.exited && len(c.spec.Stop.Command) > 0 && !s.killed {
		s.runScript(c, r, grace)
		return
	}
	s.climb(c, r)
}

// grace is how long a command has between the first signal and SIGKILL.
func (s *Supervisor) grace(c *command) time.Duration {
	for _, d := range []time.Duration{c.spec.Stop.Grace, s.file.Grace, s.options.Config.Grace} {
		if d > 0 {
			return d
		}
	}
	return defaultGrace
}

const defaultGrace = 10 * time.Second // as that of a session

// climb begins the session's ladder with the time that is left.
func (s *Supervisor) climb(c *command, r *run) {
	l := r.stop
	if l.climbs || l.emptied {
		return
	}
	l.climbs = true
	halt(l.turn)
	l.turn = nil
	stop := &c.spec.Stop
	s.eng.StopNode(r.node, live.StopOptions{Signal: stop.Signal, Dump: stop.Dump, Grace: l.left(), Kill: s.killed})
}

// left is the time until a moment; never 0, which would stand for the default.
func left(until time.Time) time.Duration { return max(time.Until(until), time.Millisecond) }

// gone looks whether a command has ended altogether.
func (s *Supervisor) gone(c *command, r *run) {
	l := r.stop
	if c.run != r || !l.emptied || l.runs {
		return
	}
	if l.script != "" && !l.climbs {
		s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Node: r.node, Text: "done"})
	}
	s.drop(c, r)
}

// drop forgets a run.
func (s *Supervisor) drop(c *command, r *run) {
	r.rest()
	halt(r.stop.turn)
	halt(r.stop.despair)
	r.stop.turn, c.run = nil, nil
}

// despair gives a run up when it lives on in spite of SIGKILL.
func (s *Supervisor) despair(c *command, r *run) {
	l := r.stop
	halt(l.despair)
	l.despair = s.after(l.left()+patience, func() {
		if c.run != r || !l.frozen.IsZero() {
			return
		}
		if l.left() > time.Second {
			s.despair(c, r) // it was given more time
			return
		}
		s.stuck = true
		s.note(c, c.name+": it could not be ended, and is given up")
		c.fate, c.blame = fateFailed, "could not be ended"
		s.drop(c, r)
	})
}

// ended is what becomes of a command of which nothing lives that was to end.
func (s *Supervisor) ended(c *command) {
	fate, why := c.fate, c.blame
	c.rest()
	c.ending, c.fate, c.blame = false, fateStopped, ""
	switch fate {
	case fateAgain:
		s.await(c)
	case fateFailed:
		s.conclude(c, false, why)
	case fateRemoved:
		delete(s.byName, c.name)
		s.removed = true
		s.set(c, tree.CommandRemoved, "")
	default:
		if !c.state.Over() {
			s.set(c, tree.CommandStopped, "")
		}
	}
}

// extendStop gives the end of a command more time before its next step.
func (s *Supervisor) extendStop(c *command, d time.Duration) error {
	l := c.run.stop
	if l.turn != nil && l.turnStands {
		l.deadline, l.turnLeft = l.deadline.Add(d), l.turnLeft+d
		s.eng.Emit(tree.Event{Kind: exitreg.KindRung, Node: c.run.node, Text: "extend", Timeout: l.turnLeft})
		return nil
	}
	if l.turn != nil {
		l.deadline = l.deadline.Add(d)
		s.takeTurn(c, c.run, time.Until(l.turnAt)+d)
		return nil
	}
	if err := s.eng.Extend(c.run.node, d); err != nil {
		return err
	}
	l.deadline = l.deadline.Add(d)
	return nil
}

// hurryStop goes to the next step of the end of a command.
func (s *Supervisor) hurryStop(c *command) error {
	l := c.run.stop
	if l.turn != nil {
		s.turn(c, c.run)
		return nil
	}
	if err := s.eng.Next(c.run.node); err != nil {
		return err
	}
	if l.next > 0 {
		l.deadline = l.deadline.Add(-l.untilNext()) // the steps keep their distance
	}
	return nil
}
