package ui

import "multiexit/tree"

// wrong is how many handlers of a process did not do what they should; of one that
// was sabotaged, those that were kept from it, skipped ones too.
func wrong(n *tree.Node) (k int) {
	if !n.Sabotaged() {
		return n.Failures()
	}
	for _, h := range n.Handlers() {
		if h.Injected() {
			k++
		}
	}
	return k
}

// failed says that a process did not end as it should, by its own doing.
func failed(n *tree.Node) bool { return n.State == tree.Failed && !n.Sabotaged() }

// spoils remembers how many were sabotaged, for it is asked in every frame and
// costs a walk over all.
type spoils struct {
	of *tree.Tree
	at int
	n  int
}

func (s *spoils) count(t *tree.Tree, at int) int {
	if t.Counts.Injected == 0 || t.Counts.Failed == 0 {
		return 0
	}
	if s.of != t || s.at != at {
		s.of, s.at, s.n = t, at, 0
		for _, n := range t.Nodes {
			if n.Sabotaged() {
				s.n++
			}
		}
	}
	return s.n
}
