package live

import (
	"fmt"
	"syscall"

	"multiexit/tree"
)

// Preview tells whom a signal would reach and what it would do there, in the order
// in which it would be sent: see Signal for the scopes. Who is named twice is told
// once. A node of which nothing is left to be reached is told as gone. Nothing is sent.
func (s *Session) Preview(sig, scope string, nodes []string) ([]tree.Target, error) {
	number, err := ParseSignal(sig)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	reached, err := s.reachedOf(scope, nodes)
	// The answers are worked out without the lock, from copies: thousands of files
	// may have to be read.
	subjects := make([]proc, len(reached))
	refused := make([]error, len(reached))
	for i, p := range reached {
		subjects[i] = *p
		refused[i] = s.deliver(p, 0)
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	targets := make([]tree.Target, len(reached))
	for i := range subjects {
		targets[i] = target(&subjects[i], number, refused[i])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range reached {
		if p.dead { // by now, and what was read may be somebody else's
			targets[i] = tree.Target{Node: p.id, Effect: tree.EffectGone}
		}
	}
	return targets, nil
}

// target asks about one. Refused is what came of signal 0.
func target(p *proc, sig syscall.Signal, refused error) tree.Target {
	t := tree.Target{Node: p.id, Effect: tree.EffectGone}
	switch {
	case p.dead || refused == syscall.ESRCH:
	case refused == syscall.EPERM:
		t.Effect = tree.EffectRefused
	default:
		expect(&t, p, sig)
	}
	return t
}

// reachedOf lists those whom signals to nodes reach, each once.
func (s *Session) reachedOf(scope string, nodes []string) (all []*proc, err error) {
	seen := map[*proc]bool{}
	for _, node := range nodes {
		p := s.byID[node]
		if p == nil {
			return nil, fmt.Errorf("signal %w", s.unknown(node))
		}
		to := []*proc{p}
		switch scope {
		case "", "process":
		case "group":
			if !p.dead {
				to = s.groupOf(p)
			}
		case "session", "subtree", "leaves":
			if found, err := s.reached(p, scope); err == nil {
				to = found
			} else if !p.dead {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("signal %s: unknown scope %q (process, group, session, subtree or leaves)", node, scope)
		}
		for _, q := range to {
			if !seen[q] {
				seen[q] = true
				all = append(all, q)
			}
		}
	}
	return all, nil
}

// groupOf lists the members of p's process group that are known, itself first.
func (s *Session) groupOf(p *proc) []*proc {
	s.renewGroups()
	members := []*proc{p}
	for _, q := range s.live {
		if q != p && q.pgid == p.pgid {
			members = append(members, q)
		}
	}
	return members
}
