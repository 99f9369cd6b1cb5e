package check_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/check"
)

// Another way to know a critical path: it consists of exactly that work of which a
// little less makes the whole take that much less. That is so where nobody cuts in.
func TestPathIsWhatTheWholeDependsOn(t *testing.T) {
	eachWorld(t, func(t *testing.T, seed uint64) {
		if seed%32 == 0 {
			dependsOn(t, seed) // all even ones are calm; each is played once for each piece of work
		}
	})
}

func dependsOn(t *testing.T, seed uint64) {
	const little = 100 * time.Nanosecond
	w := newWorld(seed)
	s := w.play().run()
	r := check.Analyze(tree.Fold(s.events))
	if s.unclear || !r.Over { // somebody was deaf, and nobody killed it
		return
	}
	want := map[string]time.Duration{}
	for i, d := range w.took {
		if d == 0 {
			continue
		}
		w.took[i] -= little
		switch less := s.end - w.play().run().end; less {
		case 0:
		case little:
			want[s.whose(w.owner[i])] += d
		default:
			t.Fatalf("seed %d: %v less of %s makes %v", seed, little, w.owner[i], less)
		}
		w.took[i] = d
	}
	got := map[string]time.Duration{}
	for _, step := range r.Path {
		name, kind, _ := strings.Cut(label(step), " ")
		if kind == "" || kind == "held" || step.ID != "" {
			name = label(step)
		}
		got[s.whose(name)] += step.For
		want[s.whose(name)] += 0
	}
	for owner, d := range want {
		// a SIGKILL comes after 1 ns at the earliest
		if got[owner] < d || got[owner] > d+2 {
			t.Fatalf("seed %d: %s has %v on the path, want %v\n%s", seed, owner, got[owner], d, lines(r.Path))
		}
	}
}

// whose is whom a piece of work is told of. What a process does after the signal
// does not count if it was killed in the end: the time until then does.
func (s *sim) whose(name string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(name, "kill "), "/")
	if l := s.lives[id]; l != nil && l.death != nil && !strings.HasSuffix(name, "!") {
		return id
	}
	return name
}
