package live

import (
	"fmt"
	"strings"

	"multiexit/tree"
)

// Survivor is a process that lives on after its session.
type Survivor struct {
	Node string `json:"node"`
	Name string `json:"name"`
	PID  int    `json:"pid"`
	Why  string `json:"why"` // it was not ended, and how it got away from its command
}

// String is "0.1.2 worker (pid 12): why".
func (v Survivor) String() string {
	return fmt.Sprintf("%s %s (pid %d): %s", v.Node, v.Name, v.PID, v.Why)
}

// conclude fills in the verdict.
func (s *Session) conclude() {
	s.verdict.Total, s.verdict.Gone = s.total, s.gone
	s.renewGroups()
	for _, p := range s.live {
		s.verdict.Survivors = append(s.verdict.Survivors, Survivor{p.id, p.name, p.pid, s.whyAlive(p)})
	}
}

// whyAlive tells why a process survived.
func (s *Session) whyAlive(p *proc) string {
	switch {
	case p.refused:
		return "not permitted to signal it (another user's)"
	case s.uninterruptible(p):
		return "in an uninterruptible system call (state D)"
	case p.killed:
		return "killed, but it has not ended"
	}
	if ways := s.escape(p); len(ways) > 0 {
		return "left alone: " + strings.Join(ways, ", ")
	}
	return "left alone"
}

// escape tells how p outlived its command: what of it a signal to the process
// group, the end of a terminal or a SIGTERM does not reach.
func (s *Session) escape(p *proc) (ways []string) {
	if p.top == nil || p == p.top {
		return nil
	}
	own := p.sid != 0 && p.top.sid != 0 && p.sid != p.top.sid
	switch {
	case own && p.orphan && p.sid != p.pid:
		ways = append(ways, "a daemon by setsid and double fork")
	case own:
		ways = append(ways, "a session of its own (setsid)")
	case p.pgid != 0 && p.pgid != p.top.pgid:
		ways = append(ways, "a process group of its own")
	}
	if p.orphan && (!own || p.sid == p.pid) {
		ways = append(ways, "an orphan: its parent exited before it")
	}
	if p.termed {
		switch p.term {
		case tree.Ignored:
			ways = append(ways, "it ignores SIGTERM")
		case tree.Blocked:
			ways = append(ways, "it blocks SIGTERM")
		case tree.Caught:
			ways = append(ways, "it caught SIGTERM and went on")
		}
	} else if p.term == tree.Ignored {
		ways = append(ways, "it ignores SIGTERM")
	}
	return ways
}
