package supervise

import (
	"maps"
	"slices"
	"strings"

	"multiexit/tree"
	"multiexit/tree/spec"
)

// met says that a dependency has got as far as it is asked to.
func (s *Supervisor) met(d spec.Dependency) bool {
	c := s.byName[d.Name]
	if c == nil || c.ending {
		return false
	}
	switch c.state {
	case tree.CommandDone:
		return true
	case tree.CommandReady:
		return d.When != spec.WhenDone
	case tree.CommandStarting:
		return d.When == spec.WhenStarted
	}
	return false
}

// doomed says that a dependency will not be met unless the user does something:
// the state it puts those into that wait for it, and why.
func (s *Supervisor) doomed(d spec.Dependency) (state tree.CommandState, why string) {
	c := s.byName[d.Name]
	switch {
	case c == nil:
		return tree.CommandFailed, d.Name + " was removed"
	case c.ending:
		return "", ""
	case c.state == tree.CommandFailed:
		return tree.CommandFailed, d.Name + " failed"
	case c.state == tree.CommandStopped:
		return tree.CommandStopped, d.Name + " was stopped"
	}
	return "", ""
}

// advance goes on with a command that waits for others: it starts, or gives up.
// It says whether something changed.
func (s *Supervisor) advance(c *command) bool {
	for _, d := range c.spec.After {
		if state, why := s.doomed(d); why != "" {
			s.set(c, state, why)
			if state == tree.CommandFailed {
				s.checkCritical(c)
			}
			return true
		}
	}
	if why := s.waits(c); why != "" {
		if why != c.why {
			s.set(c, tree.CommandWaiting, why)
			return true
		}
		return false
	}
	s.launch(c)
	return true
}

// waits says what a command waits for; "" if for nothing.
func (s *Supervisor) waits(c *command) string {
	if !c.wanted {
		return "for the user"
	}
	var list []string
	for _, d := range c.spec.After {
		if s.met(d) {
			continue
		}
		how := " to be ready"
		switch d.When {
		case spec.WhenStarted:
			how = " to be started"
		case spec.WhenDone:
			how = " to be done"
		}
		list = append(list, d.Name+how)
	}
	if list == nil {
		return ""
	}
	return "for " + strings.Join(list, ", ")
}

// require has a command run, and what it depends on before it. What runs or is
// on its way is left alone.
func (s *Supervisor) require(c *command) {
	s.requireFor(c)
	switch {
	case c.ending:
		s.endOne(c, fateAgain)
	case c.running():
	case c.run != nil: // first what it left behind
		s.endOne(c, fateAgain)
	default:
		s.await(c)
	}
}

// requireFor has what a command depends on run.
func (s *Supervisor) requireFor(c *command) {
	for _, d := range c.spec.After {
		if on := s.byName[d.Name]; on != nil && !s.met(d) {
			s.require(on)
		}
	}
}

// await has a command that does not run start as soon as it can.
func (s *Supervisor) await(c *command) {
	c.rest()
	c.wanted, c.retries = true, 0
	if why := s.waits(c); c.state != tree.CommandWaiting || c.why != why {
		s.set(c, tree.CommandWaiting, why)
	}
}

// dependents are the commands that depend on c, directly or not; also by way of
// one that was removed.
func (s *Supervisor) dependents(c *command) map[*command]bool {
	if found := s.below[c]; found != nil {
		return found
	}
	found := map[*command]bool{}
	var add func(name string)
	add = func(name string) {
		on := func(d spec.Dependency) bool { return d.Name == name }
		for _, other := range s.cmds {
			if !found[other] && slices.ContainsFunc(other.spec.After, on) {
				found[other] = true
				add(other.name)
			}
		}
	}
	add(c.name)
	s.below[c] = found
	return found
}

// held says that the end of a command has to wait for that of another one.
func (s *Supervisor) held(c *command) bool {
	if s.killed {
		return false
	}
	for other := range s.before(c) {
		if other != c && other.ending && other.run != nil {
			return true
		}
	}
	return false
}

// before are the commands that end before c when they end together: those that
// depend on it. In a file with a stop order, a command that is named there ends
// after those that stand in front of it, and after all that are not named.
func (s *Supervisor) before(c *command) map[*command]bool {
	order := s.file.StopOrder
	if len(order) == 0 {
		return s.dependents(c)
	}
	at := slices.Index(order, c.name)
	first := map[*command]bool{}
	if at < 0 {
		first = maps.Clone(s.dependents(c))
	}
	for _, other := range s.cmds {
		i := slices.Index(order, other.name)
		switch {
		case at < 0 && i >= 0:
			delete(first, other)
		case at >= 0 && i < at && other != c:
			first[other] = true
		}
	}
	return first
}

// idle says that a command waits for the user, or for one that does.
func (s *Supervisor) idle(c *command) bool {
	if c == nil || c.state != tree.CommandWaiting {
		return false
	}
	if !c.wanted {
		return true
	}
	for _, d := range c.spec.After {
		if s.idle(s.byName[d.Name]) {
			return true
		}
	}
	return false
}
