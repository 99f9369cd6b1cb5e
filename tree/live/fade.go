package live

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// remembered is how many of those that have ended are still known by their pid and
// node, beside the roots: a session may last for days. A variable for the tests' sake.
var remembered = 4096

// fade lets go of what nobody needs to know of a process that has ended and is
// reaped, and of all of it once many others have ended after it. A root stays, with
// how it ended: it stands for its command.
func (s *Session) fade(p *proc) {
	if p.fading {
		return
	}
	p.fading = true
	p.argv, p.counter = nil, nil
	if p.parent == nil {
		return
	}
	s.faded = append(s.faded, p)
	for len(s.faded) > remembered {
		old := s.faded[0]
		s.faded[0], s.faded = nil, s.faded[1:]
		old.faded = true
		s.unlist(old)
	}
}

// unlist forgets a process that has faded unless there are children of it that are
// known: it is forgotten with the last of them then.
func (s *Session) unlist(p *proc) {
	for p.faded && len(p.kids) == 0 {
		delete(s.byID, p.id)
		if s.byPID[p.pid] == p {
			delete(s.byPID, p.pid)
		}
		up := p.parent
		i := slices.Index(up.kids, p) // mostly the first
		up.kids = slices.Delete(up.kids, i, i+1)
		p = up
	}
}

// was says that a node that is not known was there once: it is forgotten.
func (s *Session) was(node string) bool {
	for {
		i := strings.LastIndexByte(node, '.')
		if i < 0 {
			return false
		}
		if up := s.byID[node[:i]]; up != nil {
			n, err := strconv.Atoi(node[i+1:])
			return err == nil && n >= 0 && n < up.bore
		}
		node = node[:i]
	}
}

// unknown is the error about a node that is not in the table.
func (s *Session) unknown(node string) error {
	if s.was(node) {
		return fmt.Errorf("%s: it is gone", node)
	}
	return fmt.Errorf("%s: no such node", node)
}
