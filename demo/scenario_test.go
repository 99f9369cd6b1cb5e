package demo_test

import (
	"slices"
	"strings"
	"testing"

	"multiexit/demo"
	"multiexit/tree"
)

func TestFind(t *testing.T) {
	for _, s := range demo.List() {
		got, err := demo.Find(s.Name, 0)
		if err != nil || got.Name != s.Name || got.N != s.N {
			t.Errorf("Find(%q, 0) = %q of size %d, %v", s.Name, got.Name, got.N, err)
		}
	}
	if first := demo.List()[0].Name; first != "shop" {
		t.Errorf("the first scenario is %s, want shop, the default", first)
	}
	for _, c := range []struct {
		name string
		n    int
		want string // in the error; "" means none
	}{
		{"wide", 3, ""},
		{"deep", 1, ""},
		{"shpo", 0, `scenario "shpo": there is none of that name (choose one of shop, readme,`},
		{"shop", 3, "scenario shop: it has no size"},
		{"wide", -1, "size -1 is out of range (choose 1 to 2000)"},
		{"deep", 201, "size 201 is out of range (choose 1 to 200)"},
	} {
		s, err := demo.Find(c.name, c.n)
		switch {
		case c.want == "" && (err != nil || s.N != c.n):
			t.Errorf("Find(%q, %d) has size %d, %v", c.name, c.n, s.N, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("Find(%q, %d): error %v, want %q", c.name, c.n, err, c.want)
		}
	}
}

// What every scenario promises to those who show it.
func TestScenariosAreComplete(t *testing.T) {
	for _, s := range demo.List() {
		for _, sentence := range s.About {
			if !strings.HasSuffix(sentence, ".") || len(sentence) < 40 || len(sentence) > 160 {
				t.Errorf("%s: not a sentence to show: %q", s.Name, sentence)
			}
		}
		var names, expected []string
		each(&s.Root, nil, func(line []*demo.Spec) { names = append(names, last(line).Name) })
		for _, e := range s.Expect {
			name, _, _ := strings.Cut(e, ":")
			expected = append(expected, name)
		}
		if !slices.Equal(names, expected) {
			t.Errorf("%s: Expect is about %v, the processes are %v", s.Name, expected, names)
		}
		slices.Sort(names)
		if distinct := slices.Compact(slices.Clone(names)); len(distinct) != len(names) {
			t.Errorf("%s: two processes have the same name: %v", s.Name, names)
		}
	}
}

func TestShopIsTheShowPiece(t *testing.T) {
	s := demo.List()[0]
	var processes, levels, shares int
	terms := map[tree.Disposition]int{}
	each(&s.Root, nil, func(line []*demo.Spec) {
		processes++
		levels = max(levels, len(line))
		terms[last(line).Term]++
		from := 0
		for _, ancestor := range line[:len(line)-1] {
			if slices.ContainsFunc(ancestor.Handlers, func(h demo.Handler) bool { return h.Shared }) {
				from++
			}
		}
		shares = max(shares, from)
	})
	if processes < 24 || levels != 4 || shares != 3 || terms[tree.Default] == 0 || terms[tree.Ignored] != 1 {
		t.Errorf("%d processes, %d levels, shared by up to %d ancestors, dispositions %v", processes, levels, shares, terms)
	}
}

// each calls f for every process with the line of specs that leads to it.
func each(s *demo.Spec, above []*demo.Spec, f func(line []*demo.Spec)) {
	line := append(slices.Clone(above), s)
	f(line)
	for i := range s.Kids {
		each(&s.Kids[i], line, f)
	}
}

func last[T any](line []T) T { return line[len(line)-1] }

// plan is what a SIGTERM runs by the rules: a process's own handlers, the newest
// first, then the shared ones, its own before those of its ancestors.
func plan(line []*demo.Spec) []string {
	own := last(line)
	if own.Term != tree.Unknown || own.Leaves {
		return nil
	}
	var local, shared []string
	for _, p := range line {
		for _, h := range p.Handlers {
			if h.Shared {
				shared = append(shared, h.Name)
			} else if p == own && !h.Revoked {
				local = append(local, h.Name)
			}
		}
	}
	slices.Reverse(local)
	slices.Reverse(shared)
	return append(local, shared...)
}

// The plan and what is expected to run agree, but for the handlers of processes
// that are never asked, and one that is registered on the way.
func TestExpectFollowsThePlan(t *testing.T) {
	for _, s := range demo.List() {
		i := 0
		each(&s.Root, nil, func(line []*demo.Spec) {
			want := last(line).Name + ":"
			for _, name := range plan(line) {
				want += " " + name
			}
			got := strings.NewReplacer("!", "", " remove-temp", "").Replace(s.Expect[i])
			i++
			if got != want && got != last(line).Name+":" {
				t.Errorf("%s: expects %q, the plan is %q", s.Name, got, want)
			}
		})
	}
}
