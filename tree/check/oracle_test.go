package check_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
)

// worlds is how many are tried.
func worlds() uint64 {
	if testing.Short() {
		return 200
	}
	return 2000
}

// The path is right if it consists of exactly that work of which a little less
// makes the whole take that much less.
func TestPathIsWhatTheWholeDependsOn(t *testing.T) {
	const shards = 8
	for shard := range uint64(shards) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for seed := shard; seed < worlds(); seed += shards {
				dependsOn(t, seed)
			}
		})
	}
}

func dependsOn(t *testing.T, seed uint64) {
	const little = 100 * time.Nanosecond
	w := newWorld(seed)
	p := w.simulate()
	if p.unclear {
		return
	}
	w.mute = true
	r := check.Analyze(tree.Fold(p.events))
	if r.Total != p.end-begin || !r.Over || r.Start != begin {
		t.Fatalf("seed %d: total %v from %v, want %v", seed, r.Total, r.Start, p.end-begin)
	}
	want := map[string]time.Duration{}
	for i, d := range w.took {
		if d == 0 {
			continue
		}
		w.took[i] -= little
		switch less := p.end - w.simulate().end; less {
		case 0:
		case little:
			want[p.owner(w.owner[i])] += d
		default:
			t.Fatalf("seed %d: %v less of %s makes %v", seed, little, w.owner[i], less)
		}
		w.took[i] = d
	}
	got := p.sum(t, r.Path, seed)
	for owner := range got {
		want[owner] += 0
	}
	for owner, d := range want {
		// a SIGKILL comes after 1 ns at the earliest, and finds the deaf after 1 ns
		if got[owner] < d || got[owner] > d+2 {
			t.Fatalf("seed %d: %s has %v on the path, want %v\n%s", seed, owner, got[owner], d, lines(r.Path))
		}
	}
}

// owner is whom a piece of work is told of. What a process does after the signal
// does not count if it was killed in the end: the time until then does.
func (p *play) owner(name string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(name, "kill "), "/")
	if l := p.lives[id]; l != nil && l.killed && !strings.HasSuffix(name, "!") {
		return id
	}
	return name
}

// sum is how long the steps are by owner. They follow each other.
func (p *play) sum(t *testing.T, path []check.Step, seed uint64) map[string]time.Duration {
	sum := map[string]time.Duration{}
	at := begin
	for _, s := range path {
		name := s.Node
		switch s.Kind {
		case check.KindHandler:
			name += "/" + s.ID
		case check.KindWait:
			name += "/" + s.ID + "!"
		case check.KindOrder, check.KindAsk:
			name = string(s.Kind)
		}
		sum[p.owner(name)] += s.For
		if s.At != at || s.Offset != at-begin || s.For <= 0 {
			t.Fatalf("seed %d: a step at %v, want %v\n%s", seed, s.At, at, lines(path))
		}
		at += s.For
	}
	if at != p.end {
		t.Fatalf("seed %d: the path ends at %v, want %v", seed, at, p.end)
	}
	return sum
}

func lines(path []check.Step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteString(s.String() + " [" + string(s.Kind) + " " + s.Node + "]\n")
	}
	return b.String()
}

// Blame is what each did by itself, in nanoseconds.
func TestBlameIsWhatEachDid(t *testing.T) {
	for seed := range worlds() {
		p := newWorld(seed).simulate()
		want := map[string]time.Duration{}
		for _, l := range p.lives {
			for _, s := range l.spans {
				want[s.owner] += s.to - s.from - l.overlap(s)
			}
		}
		r := check.Analyze(tree.Fold(p.events))
		last := time.Duration(1 << 62)
		for _, b := range r.Blame {
			name := b.Node
			if b.ID != "" {
				name += "/" + b.ID
			}
			if b.Own != want[name] || b.Own > last {
				t.Fatalf("seed %d: %s took %v by itself (after %v), want %v", seed, name, b.Own, last, want[name])
			}
			delete(want, name)
			last = b.Own
		}
		for name, d := range want {
			if d > 0 {
				t.Fatalf("seed %d: %s took %v and is not blamed", seed, name, d)
			}
		}
	}
}

// overlap is the part of a span in which its owner waited too: between one end or
// beginning of a wait and the next it did all the time, or not at all.
func (l *life) overlap(s span) (total time.Duration) {
	cuts := []time.Duration{s.from, s.to}
	for _, w := range l.waits {
		cuts = append(cuts, min(max(w.from, s.from), s.to), min(max(w.to, s.from), s.to))
	}
	slices.Sort(cuts)
	for i, to := range cuts[1:] {
		if slices.ContainsFunc(l.waits, func(w span) bool { return w.from <= cuts[i] && to <= w.to }) {
			total += to - cuts[i]
		}
	}
	return total
}

// At any moment what a process waits for is found by asking everybody.
func TestBlockedByIsWhoWouldHaveToGo(t *testing.T) {
	chains, stuck := map[int]int{}, 0
	for seed := range worlds() {
		p := newWorld(seed).simulate()
		rnd := rand.New(rand.NewPCG(seed, 2))
		for range 8 {
			if p.end == begin {
				break
			}
			now := begin + 1 + time.Duration(rnd.Int64N(int64(p.end-begin)))
			i, _ := slices.BinarySearchFunc(p.events, now, func(e tree.Event, at time.Duration) int { return int(e.T - at) })
			tr := tree.Fold(p.events[:i])
			for _, n := range tr.Nodes {
				l := p.lives[n.ID]
				got := check.BlockedBy(tr, n, now)
				if l.spans == nil || now <= l.asked || now > l.gone {
					if got.Node != nil || got.String() != "" {
						t.Fatalf("seed %d at %v: %s is blocked by %s", seed, now, n.ID, got)
					}
					continue
				}
				want, all := p.blocker(l, now)
				if got.Node.ID != want[len(want)-1].id || len(got.Chain) != len(want) || got.Others != all-1 {
					t.Fatalf("seed %d at %v: %s is blocked by %s of %d, want %s of %d", seed, now, n.ID, got.Node.ID, got.Others+1, want[len(want)-1].id, all)
				}
				since := time.Duration(0)
				for i := range want[1:] {
					since = max(since, want[i].waiting(want[i+1], now))
				}
				if len(want) > 1 && (got.Since != since || got.For != now-since) {
					t.Fatalf("seed %d at %v: %s, since %v, want %v", seed, now, got, got.Since, since)
				}
				chains[len(want)]++
				if want[len(want)-1].stuck(now) {
					stuck++
				}
			}
		}
	}
	t.Logf("chains by their length: %v; %d end at one that is stuck", chains, stuck)
	if chains[4] == 0 || stuck == 0 {
		t.Error("too little was tried")
	}
}

// blocker is the chain to what holds a process up, and how many ends there are.
func (p *play) blocker(l *life, now time.Duration) (chain []*life, ends int) {
	var all [][]*life
	var follow func(path []*life)
	follow = func(path []*life) {
		l, on := path[len(path)-1], false
		for _, w := range l.waits {
			if l.waiting(w.on, now) > 0 {
				on = true
				follow(append(slices.Clone(path), w.on))
			}
		}
		if !on {
			all = append(all, path)
		}
	}
	follow([]*life{l})
	for _, c := range all {
		if c[len(c)-1].stuck(now) {
			return c, len(all)
		}
	}
	return all[0], len(all)
}

// waiting is since when l waits for another at this moment; 0 if it does not.
func (l *life) waiting(on *life, now time.Duration) time.Duration {
	for _, w := range l.waits {
		if w.on == on && w.from < now && now <= w.to {
			return w.from
		}
	}
	return 0
}

func (l *life) stuck(now time.Duration) bool { return l.deaf && !(l.killed && now > l.term) }
