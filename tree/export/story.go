package export

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// story is a recording as all formats tell it: the tree at its end, the part of
// it that is told, and the moments that a tree does not keep.
type story struct {
	header   tree.Header
	tree     *tree.Tree
	title    string
	from, to time.Duration // the part that is told; to is later than from
	total    time.Duration // how long that really was
	lives    []*life       // the processes of that part, each before its children
	rungs    []moment      // of the ladder that ends everything, after the first
	findings []Finding
	path     []Step // of those that are told

	of     map[string]*life          // by node
	waiter map[*tree.Node]*tree.Node // for a process, the first that waits for it to end
}

// life is one process.
type life struct {
	*tree.Node
	row    int
	depth  int   // among those that are told
	parent *life // nil if it has none among those that are told
	last   bool  // no sibling comes after it
	spans  []span
	never  []*tree.Handler // those that had no turn
	marks  []moment        // signals
	pauses []pause
	path   []Step // the pieces of the critical path that it was
	execs  []time.Duration
	faults map[string]string // by handler, what was done to it on purpose
}

// span is one handler's turn.
type span struct {
	*tree.Handler
	from, to time.Duration
	injected string // what was done to it on purpose
}

// fate is how a turn came out, in the words of all formats.
func (p *span) fate() string { return p.State.String() }

// bad says that it did not do what it should, by its own doing.
func (p *span) bad() bool { return (p.State == tree.Broken || p.State == tree.Lost) && !p.spoilt() }

// spoilt says that what became of it was put into it on purpose.
func (p *span) spoilt() bool { return p.Injected() }

// handed says that a handler is shared or inherited.
func handed(h *tree.Handler) bool { return h.Shared || h.From != nil }

func newStory(t *tape.Tape, o *Options) *story {
	s := &story{header: t.Header, of: map[string]*life{}, findings: o.Findings, title: o.Title}
	s.tree = new(tree.Tree)
	for _, e := range t.All() {
		s.tree.Apply(e)
		s.hear(e)
	}
	if s.title == "" {
		s.title = s.command()
	}
	s.title = clean(s.title)
	for _, n := range s.tree.Nodes {
		s.fill(s.life(n.ID))
	}
	s.window(o)
	for _, n := range s.tree.Roots {
		s.plant(n, nil)
	}
	s.lasts()
	s.waiters()
	for _, l := range s.lives {
		l.settle(s.to)
	}
	for _, p := range o.Path {
		if l := s.of[p.Node]; p.For > 0 && l != nil && s.told(l.Node) {
			s.path, l.path = append(s.path, p), append(l.path, p)
		}
	}
	return s
}

// command is what was recorded, short.
func (s *story) command() string {
	argv := slices.Clone(s.header.Argv)
	if len(argv) == 0 {
		return "a recording"
	}
	argv[0] = path.Base(argv[0])
	return strings.Join(argv, " ")
}

func (s *story) life(id string) *life {
	l := s.of[id]
	if l == nil && s.tree.Node(id) != nil {
		l = &life{Node: s.tree.Node(id)}
		s.of[id] = l
	}
	return l
}

// fill finds the turns of a process's handlers.
func (s *story) fill(l *life) {
	for _, h := range l.Handlers() {
		if !h.Began {
			if h.State != tree.Removed {
				l.never = append(l.never, h)
			}
			continue
		}
		l.spans = append(l.spans, span{Handler: h, from: max(0, h.Begin), to: max(0, h.Begin, l.end(h, s.tree.Last)), injected: l.faults[h.ID]})
	}
	slices.SortStableFunc(l.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
}

// end is when a turn ended, or how far it came.
func (l *life) end(h *tree.Handler, last time.Duration) time.Duration {
	switch {
	case h.State == tree.Done || h.State == tree.Broken:
		return h.End
	case h.State == tree.Lost:
		for _, at := range l.execs {
			if at >= h.Begin {
				return at
			}
		}
	}
	return l.until(last)
}

// until is when it was gone, or last if it lives.
func (l *life) until(last time.Duration) time.Duration {
	if l.Ended() {
		return l.Gone
	}
	return last
}

// window finds the part that is told: a shutdown ends with its last exit, not
// with the recording, if nobody is left.
func (s *story) window(o *Options) {
	s.to = s.tree.Last
	if shut := s.tree.Shut; shut != nil && !o.Whole {
		s.from = shut.T
		if s.tree.Counts.Alive() == 0 {
			s.to = s.from
			for _, l := range s.of {
				if !l.Ended() {
					continue
				}
				s.to = max(s.to, l.Gone)
				for i := range l.spans {
					s.to = max(s.to, l.spans[i].to)
				}
			}
		}
	}
	s.from = max(s.from, 0)
	s.total = max(0, s.to-s.from)
	s.to = max(s.to, s.from+time.Millisecond)
}

// plant adds n and what is below it, without those that were gone before.
func (s *story) plant(n *tree.Node, parent *life) {
	l := s.of[n.ID]
	if n.State == tree.Unborn {
		return
	}
	if !n.Ended() || n.Gone >= s.from {
		l.row, l.parent = len(s.lives), parent
		if parent != nil {
			l.depth = parent.depth + 1
		}
		s.lives = append(s.lives, l)
		parent = l
	}
	for _, kid := range n.Kids {
		s.plant(kid, parent)
	}
}

// lasts marks those after which no sibling comes.
func (s *story) lasts() {
	seen := map[*life]bool{}
	for _, l := range slices.Backward(s.lives) {
		l.last = !seen[l.parent]
		seen[l.parent] = true
	}
}

func (s *story) waiters() {
	s.waiter = map[*tree.Node]*tree.Node{}
	for _, l := range s.lives {
		for i := range l.spans {
			for _, n := range l.spans[i].Waits {
				if s.waiter[n] == nil {
					s.waiter[n] = l.Node
				}
			}
		}
	}
}

// told says that a node is among those that are told.
func (s *story) told(n *tree.Node) bool {
	if n == nil {
		return false
	}
	l := s.of[n.ID]
	return l != nil && l.row < len(s.lives) && s.lives[l.row] == l
}
