package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// worlds is how many are tried.
func worlds() uint64 {
	if testing.Short() {
		return 300
	}
	return 2000
}

func eachWorld(t *testing.T, try func(t *testing.T, seed uint64)) {
	const shards = 8
	for shard := range uint64(shards) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for seed := shard; seed < worlds() && !t.Failed(); seed += shards {
				try(t, seed)
			}
		})
	}
}

// At every moment of every world, path, blame and what blocks each process are
// what really was.
func TestEveryMoment(t *testing.T) {
	eachWorld(t, func(t *testing.T, seed uint64) {
		s := newWorld(seed).play()
		tr, fed := new(tree.Tree), 0
		for s.step() {
			for ; fed < len(s.events); fed++ {
				tr.Apply(&s.events[fed])
			}
			if tr.Last > s.now {
				t.Fatalf("seed %d: time runs back", seed)
			}
			v := &verdict{t, s, tr, seed}
			if tr.Last == s.now { // else nobody could see what happened
				v.report(check.Analyze(tr))
			}
			for _, n := range tr.Nodes {
				if n.ID != "7" { // of before
					v.blocked(n)
				}
			}
			if t.Failed() {
				return
			}
		}
		v := &verdict{t, s, tr, seed}
		v.torn()
		v.late()
	})
}

// verdict compares what is said with what is.
type verdict struct {
	*testing.T
	s    *sim
	tree *tree.Tree
	seed uint64
}

func (v *verdict) wrong(format string, args ...any) {
	v.Helper()
	v.Fatalf("seed %d at %v: %s", v.seed, v.s.now, fmt.Sprintf(format, args...))
}

func (v *verdict) report(r *check.Report) {
	v.Helper()
	over, end := true, v.s.end
	for _, l := range v.s.births {
		if l.asked != nil && l.gone == nil {
			over, end = false, v.tree.Last
		}
	}
	if r.Start != begin || r.Over != over || r.Total != end-begin {
		v.wrong("from %v for %v, over: %v; want %v, %v", r.Start, r.Total, r.Over, end-begin, over)
	}
	v.path(r.Path, over, end)
	v.blame(r.Blame)
	v.holds(r, end)
}

// path checks that it is a chain of what really came of what, from the beginning
// to the last that is gone, or to the one that was asked first and lives.
func (v *verdict) path(path []check.Step, over bool, end time.Duration) {
	v.Helper()
	at := begin
	for _, s := range path {
		if s.At != at || s.Offset != at-begin || s.For <= 0 {
			v.wrong("a step at %v for %v, want %v\n%s", s.At, s.For, at, lines(path))
		}
		at += s.For
	}
	if at != end {
		v.wrong("the path ends at %v, want %v\n%s", at, end, lines(path))
	}
	g := &graph{path: path, been: map[branch]bool{}}
	if over {
		for _, m := range v.s.gone {
			if m.t == end && g.leads(m, len(path)-1) {
				return
			}
		}
	} else if l := v.oldest(); g.leads(l.present(end), len(path)-1) {
		return
	}
	v.wrong("nothing came of each other like this:\n%s%s", lines(path), v.story())
}

// oldest is the living process that was asked first.
func (v *verdict) oldest() (first *life) {
	for _, l := range v.s.births {
		if l.asked != nil && l.gone == nil && (first == nil || l.asked.t < first.asked.t) {
			first = l
		}
	}
	return first
}

// graph looks for a path among all that moments came of.
type graph struct {
	path []check.Step
	been map[branch]bool
}

type branch struct {
	m *moment
	i int
}

// leads says that the steps up to the i-th lead to a moment.
func (g *graph) leads(m *moment, i int) bool {
	if i < 0 {
		return true
	}
	if b := (branch{m, i}); g.been[b] {
		return false
	} else {
		g.been[b] = true
	}
	for _, e := range m.from {
		j := i
		switch s := g.path[i]; {
		case e.m.t == m.t:
		case strings.HasSuffix(e.label, "*"):
			id := strings.TrimSuffix(e.label, " *")
			for j >= 0 && g.path[j].Node == id && g.path[j].At >= e.m.t {
				j--
			}
			if j == i || g.path[j+1].At != e.m.t {
				continue
			}
		case e.label != label(s) || s.At > e.m.t:
			continue
		case s.At == e.m.t:
			j--
		}
		if g.leads(e.m, j) {
			return true
		}
	}
	return false
}

func label(s check.Step) string {
	switch s.Kind {
	case check.KindHandler:
		return s.Node + "/" + s.ID
	case check.KindWait:
		return s.Node + "/" + s.ID + "!"
	case check.KindOrder, check.KindAsk:
		return string(s.Kind)
	}
	return s.Node + " " + string(s.Kind)
}

func lines(path []check.Step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteString(s.String() + " [" + string(s.Kind) + " " + s.Node + "]\n")
	}
	return b.String()
}

// story is the stream, to find out what went wrong.
func (v *verdict) story() string {
	var b strings.Builder
	for _, e := range v.s.events {
		if e.T >= begin {
			fmt.Fprintf(&b, "%v %s: %s\n", e.T-begin, e.Node, v.tree.Describe(&e))
		}
	}
	return b.String()
}

// blame checks the own time of everybody, by looking at each stretch of time
// between two things that happened.
func (v *verdict) blame(list []check.Blame) {
	v.Helper()
	want := map[string]time.Duration{}
	now := v.tree.Last
	for _, l := range v.s.births {
		if l.asked == nil {
			continue
		}
		until := now
		if l.gone != nil {
			until = l.gone.t
		}
		cuts := []time.Duration{l.asked.t, until}
		for _, u := range l.turns {
			cuts = append(cuts, u.begin.t, u.until(now))
			for _, p := range u.waits {
				cuts = append(cuts, p.since.t, p.until(now))
			}
		}
		for _, h := range l.heldAt {
			cuts = append(cuts, h.from, h.until(now))
		}
		slices.Sort(cuts)
		for i, to := range cuts[1:] {
			if from := cuts[i]; from >= l.asked.t && to <= until && from < to {
				want[l.spent(from, to, now)] += to - from
			}
		}
	}
	last := time.Duration(1 << 62)
	for _, b := range list {
		name := b.Node
		if b.ID != "" {
			name += "/" + b.ID
		}
		if b.Own != want[name] || b.Own > last || b.Own == 0 {
			v.wrong("%s took %v by itself (after %v), want %v\n%s", name, b.Own, last, want[name], v.story())
		}
		delete(want, name)
		last = b.Own
	}
	for name, d := range want {
		if name != "" {
			v.wrong("%s took %v and is not blamed\n%s", name, d, v.story())
		}
	}
}

// spent is on whom a stretch of time was: "" if it was a wait, or a hold.
func (l *life) spent(from, to, now time.Duration) string {
	for _, h := range l.heldAt {
		if h.from <= from && to <= h.until(now) {
			return ""
		}
	}
	for _, u := range l.turns {
		if u.begin.t > from || to > u.until(now) {
			continue
		}
		for _, p := range u.waits {
			if p.since.t <= from && to <= p.until(now) {
				return ""
			}
		}
		return l.id + "/" + u.id
	}
	return l.id
}

func (u *turn) until(now time.Duration) time.Duration {
	if u.to < 0 {
		return now
	}
	return u.to
}

func (p pending) until(now time.Duration) time.Duration {
	if p.on.gone == nil {
		return now
	}
	return p.on.gone.t
}

// torn checks that a stream that is cut off says the same as one that goes on, and
// that the end of the recording changes nothing either.
func (v *verdict) torn() {
	cut := len(v.s.events) * 2 / 3
	open, closed := tree.Fold(v.s.events[:cut]), tree.Fold(v.s.events[:cut])
	closed.Apply(&tree.Event{Kind: exitreg.KindEOF, T: open.Last})
	a, b := check.Analyze(open), check.Analyze(closed)
	if lines(a.Path) != lines(b.Path) || !slices.Equal(a.Blame, b.Blame) {
		v.wrong("torn after %d events:\n%swith its end:\n%s", cut, lines(a.Path), lines(b.Path))
	}
	for i, n := range open.Nodes {
		x, y := check.BlockedBy(open, n, open.Last), check.BlockedBy(closed, closed.Nodes[i], open.Last)
		if (x.Node == nil) != (y.Node == nil) || x.Node != nil && (x.Node.ID != y.Node.ID || len(x.Chain) != len(y.Chain) || y.Then != "") {
			v.wrong("torn after %d events, %s is blocked by %q, with its end by %q", cut, n.ID, x, y)
		}
	}
}

// late checks that it does not matter when what a process told last arrives: its
// exit may be seen first.
func (v *verdict) late() {
	events := slices.Clone(v.s.events)
	for i := range events {
		if events[i].Kind != exitreg.KindExit {
			continue
		}
		for k, moved := i, 0; k > 0 && moved < 3; k-- {
			before := &events[k-1]
			if before.Node == events[k].Node {
				switch before.Kind {
				case exitreg.KindEnd, exitreg.KindLeave, exitreg.KindBegin:
				default:
					moved = 3
				}
				moved++
			} else if before.Kind == exitreg.KindSignal || before.Kind == exitreg.KindRung || before.Kind == exitreg.KindDeliver {
				break // it would be another story
			}
			if moved > 3 {
				break
			}
			events[k], events[k-1] = events[k-1], events[k]
		}
	}
	a, b := check.Analyze(v.tree), check.Analyze(tree.Fold(events))
	if lines(a.Path) != lines(b.Path) || !slices.Equal(a.Blame, b.Blame) {
		v.wrong("in order:\n%slate:\n%s%s", lines(a.Path), lines(b.Path), v.story())
	}
}
