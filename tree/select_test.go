package tree_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"multiexit/tree"
)

// Meant agrees with Select where that knows the processes; command is that of the
// first of them.
func TestMeant(t *testing.T) {
	for _, c := range []struct {
		pattern string
		want    bool
	}{
		{"2", true}, {"api", true}, {"backend/api", true}, {"backend", true}, {"back*", true}, {"a?i", true}, {"*", true}, {"pid:7", true}, {"server.py", true}, {"*.py", true},
		{"", false}, {"ap", false}, {"back", false}, {"2.0", false}, {"pid:70", false}, {"backend/", false}, {"b*x", false},
	} {
		if got := tree.Meant(c.pattern, "2", "api", "server.py", "backend/api", 7); got != c.want {
			t.Errorf("%q: %v", c.pattern, got)
		}
	}
	if tree.Meant("backend", "2", "api", "", "", 7) || tree.Meant("backend*", "2", "api", "", "", 7) {
		t.Error("one below the command's process was meant by its name")
	}
}

func TestSelect(t *testing.T) {
	s := newStory().spawn("0", "main").spawn("0.0", "worker-1").spawn("0.1", "worker-2").spawn("0.2", "api/v1")
	s.spawn("0.2.0", "worker-1").spawn("0.3", "wörker").exit("0.0", 0)
	s.see(tree.Event{Kind: "spawn", Node: "0.4", PID: 4002, Name: "again"}) // the pid of 0.0
	tr := tree.Fold(s.events)
	for _, c := range []struct{ pattern, want string }{
		{"0", "0"},
		{"0.2.0", "0.2.0"},
		{"main", "0"},
		{"worker-1", "0.0 0.2.0"},
		{"worker-?", "0.0 0.1 0.2.0"},
		{"*", "0 0.0 0.1 0.2 0.2.0 0.3 0.4"},
		{"0.2*", "0.2 0.2.0"},
		{"a*1", "0.2"},
		{"*o*-2", "0.1"},
		{"w?rker", "0.3"},
		{"pid:4001", "0"},
		{"pid:4002", "0.4"},
		{"", `no process is named by "" (want a path such as 0.1, a name, a glob or pid:N)`},
		{"mian", `no process "mian" (did you mean "main"?)`},
		{"worker", `no process "worker" (did you mean "worker-1" or "worker-2" or "wörker"?)`},
		{"0.9", `no process "0.9" (there are "main", "worker-1", "worker-2" ...)`},
		{"x*y", `no process "x*y" (there are "main", "worker-1", "worker-2" ...)`},
		{"pid:77", `no process with pid 77`},
		{"pid:main", `bad pid "main" (want pid:N)`},
		{"\x1b[2J", `no process "\x1b[2J" (there are "main", "worker-1", "worker-2" ...)`},
	} {
		found, err := tr.Select(c.pattern)
		var got []string
		for _, n := range found {
			got = append(got, n.ID)
		}
		if err != nil {
			got = []string{err.Error()}
			if wild := strings.HasPrefix(c.want, "no process ") && c.pattern != ""; errors.Is(err, tree.ErrNoProcess) != wild {
				t.Errorf("%q: errors.Is ErrNoProcess is %v", c.pattern, !wild)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %s, want %s", c.pattern, strings.Join(got, " "), c.want)
		}
	}
	if _, err := new(tree.Tree).Select("main"); err == nil || err.Error() != `no process "main" (there is none yet)` {
		t.Error(err)
	}
}

// A hint in a tree of 10,000 names costs no more than one of 100.
func TestSelectHintOfMany(t *testing.T) {
	s := newStory()
	for i := range 10000 {
		s.spawn(fmt.Sprintf("0.%d", i), fmt.Sprintf("name-%d", i))
	}
	_, err := tree.Fold(s.events).Select(strings.Repeat("x", 1000))
	if err == nil || len(err.Error()) > 1200 {
		t.Error(err)
	}
}
