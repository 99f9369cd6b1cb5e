package diff_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/tree/diff"
)

// A title says what a process does at a moment: which one was read is no difference,
// but another role is.
func TestTitles(t *testing.T) {
	postgres := func(kids ...string) *proc {
		p := &proc{name: "postgres"}
		for _, name := range kids {
			p.kids = append(p.kids, &proc{name: name})
		}
		p.handlers = []handler{{name: "wait"}}
		return p
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		a, b []string
		want string // "" for nothing
	}{
		{[]string{"postgres: checkpointer performing shutdown checkpoint", "postgres: walwriter "}, []string{"postgres: checkpointer ", "postgres: walwriter "}, ""},
		{[]string{"nginx: worker process", "nginx: worker process is shutting down"}, []string{"nginx: worker process", "nginx: worker process"}, ""},
		{[]string{"nginx: worker process", "nginx: worker process"}, []string{"nginx: worker process"}, "this process is no more"},
		{[]string{"postgres: autovacuum launcher"}, []string{"postgres: logical replication launcher"}, "a new process"},
		{[]string{"worker: a"}, []string{"worker"}, "a new process"},
	} {
		d := diff.Compare(run(r, postgres(c.a...), false), run(r, postgres(c.b...), false))
		if c.want == "" && len(d.Changes) > 0 || !strings.Contains(d.String(), c.want) {
			t.Errorf("%q and %q:\n%s", c.a, c.b, d)
		}
	}
}

// Interpreters are matched by the scripts that they run.
func TestScriptsAreMatched(t *testing.T) {
	run := func(code map[string]int, scripts ...string) *tree.Tree {
		events := []tree.Event{{Kind: "spawn", Node: "0", PID: 10, Name: "jobs"}}
		for i, s := range scripts {
			events = append(events, tree.Event{Kind: "spawn", Node: "0." + strconv.Itoa(i), PID: 20 + i, Name: "python3", Argv: []string{"/usr/bin/python3", s}})
		}
		events = append(events, tree.Event{Kind: "signal", Node: "0", T: time.Second, Sig: "SIGTERM", Sender: "multiexit"})
		for i, s := range scripts {
			c := code[s]
			events = append(events, tree.Event{Kind: "exit", Node: "0." + strconv.Itoa(i), T: 2 * time.Second, Code: &c})
		}
		return tree.Fold(append(events, tree.Event{Kind: "exit", Node: "0", T: 3 * time.Second, Code: new(int)}))
	}
	a := run(nil, "queue.py", "mailer.py")
	if d := diff.Compare(a, run(nil, "mailer.py", "queue.py")); len(d.Changes) > 0 {
		t.Errorf("born in another order:\n%s", d)
	}
	d := diff.Compare(a, run(map[string]int{"queue.py": 3}, "mailer.py", "queue.py"))
	if len(d.Changes) != 1 || !strings.Contains(d.String(), "queue.py") {
		t.Errorf("queue.py fails:\n%s", d)
	}
}
