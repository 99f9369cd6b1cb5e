package live

import (
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
)

// What a process waits for that was asked to end and does not go is seen: its child,
// a pipe and who has the other end of it.
func TestAsleep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, script, node string
		does               tree.Disposition
		in, on             string
	}{
		{"child", "trap : TERM; sleep 1000; :", "0", tree.Caught, "child", "0.0"},
		{"pipe", "sleep 1000 | (trap : TERM; while :; do read x; done)", "0.1", tree.Caught, "pipe", "0.0"},
		{"full pipe", `(trap "" TERM; exec yes) | sleep 1000`, "0.0", tree.Ignored, "full pipe", "0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			need(t, "yes", "sleep")
			w := sh(t, c.script)
			w.term(c.node, c.does)
			w.term(c.on, tree.Default) // it runs by now what it is to run
			if err := w.Signal(c.node, "SIGTERM", "process"); err != nil {
				t.Fatal(err)
			}
			e := w.event("what it waits for", func(e *tree.Event) bool { return e.Kind == exitreg.KindAsleep && e.Node == c.node && e.Text != "" })
			if e.Text != c.in || e.From != c.on || e.Prov != exitreg.ProvScan {
				t.Errorf("%+v", e)
			}
		})
	}
}

// And what the child waits for that it waits for, though nobody was seen to ask that.
func TestAsleepInAChain(t *testing.T) {
	t.Parallel()
	need(t, "sleep")
	w := sh(t, "trap : TERM; sh -c 'trap : USR1; sleep 1000; :'; :")
	w.term("0", tree.Caught)
	w.term("0.0.0", tree.Default)
	if err := w.Signal("0", "SIGTERM", "process"); err != nil {
		t.Fatal(err)
	}
	e := w.event("what its child waits for", func(e *tree.Event) bool { return e.Kind == exitreg.KindAsleep && e.Node == "0.0" })
	if e.Text != "child" || e.From != "0.0.0" {
		t.Errorf("%+v", e)
	}
}
