package diff_test

import (
	"math/rand/v2"
	"strings"
	"testing"

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
