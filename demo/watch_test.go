package demo_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"multiexit/demo"
	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
)

// watched is a scenario that runs, and what is known of it.
type watched struct {
	*live.Session
	t     *testing.T
	tree  tree.Tree
	begun []tree.Event // the handlers that began, in order
}

// start runs a scenario until the end of the test, and fails it if a process
// is left then.
func start(t *testing.T, s demo.Scenario) *watched {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	argv, env := s.Command(self)
	session, err := live.Start(live.Options{Argv: argv, Env: append(os.Environ(), env...), Name: s.Root.Name})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{Session: session, t: t}
	t.Cleanup(func() {
		session.Kill()
		for range session.Events() { // to the end
		}
		if v := session.Wait(); v.Gone != v.Total || v.Survivors != nil {
			t.Errorf("%d processes, %d gone, left: %v", v.Total, v.Gone, v.Survivors)
		}
	})
	return w
}

// until applies events until the condition holds.
func (w *watched) until(what string, holds func() bool) {
	w.t.Helper()
	late := time.After(patience)
	for !holds() {
		select {
		case batch, ok := <-w.Events():
			if !ok {
				w.t.Fatalf("the stream ended before %s", what)
			}
			for _, e := range batch {
				w.tree.Apply(&e)
				if e.Kind == exitreg.KindBegin {
					w.begun = append(w.begun, e)
				}
			}
		case <-late:
			w.t.Fatalf("waited %v for this: %s", patience, what)
		}
	}
}

// settle waits until every process of the scenario stands as specified: with its
// whole plan, with its disposition, stopped, or gone.
func (w *watched) settle(s demo.Scenario) {
	w.t.Helper()
	each(&s.Root, nil, func(line []*demo.Spec) {
		p := last(line)
		w.until(p.Name+" is ready", func() bool {
			n := w.node(p.Name)
			switch {
			case n == nil:
				// It stays for a moment, to be seen; on a busy machine only its child may be.
				return p.Leaves && w.node(p.Kids[0].Name) != nil
			case p.Leaves:
				return !n.Alive()
			case p.Term != tree.Unknown:
				return n.Term == p.Term
			}
			// What a stripped Go program does with SIGTERM may stay unknown.
			known := n.Term == tree.Caught || n.Term == tree.Unknown
			return known && n.Stopped == p.Stopped && slices.Equal(planned(n), plan(line))
		})
	})
}

func planned(n *tree.Node) []string {
	var names []string
	for _, h := range n.Plan() {
		names = append(names, h.Name)
	}
	return names
}

// ran is what the processes have run so far, written like Scenario.Expect.
func (w *watched) ran(s demo.Scenario) []string {
	var all []string
	each(&s.Root, nil, func(line []*demo.Spec) {
		text := last(line).Name + ":"
		if n := w.node(last(line).Name); n != nil {
			for _, h := range n.Ran() {
				text += " " + h.Name
				if h.State == tree.Broken {
					text += "!"
				}
			}
		}
		all = append(all, text)
	})
	return all
}

func (w *watched) term(node string) {
	w.t.Helper()
	if err := w.Signal(node, "SIGTERM", "process"); err != nil {
		w.t.Fatal(err)
	}
}

// node is the process of that name; nil if there is none yet. It is the first so
// called: a fork has its parent's name until it becomes another program.
func (w *watched) node(name string) *tree.Node {
	i := slices.IndexFunc(w.tree.Nodes, func(n *tree.Node) bool { return n.Name == name })
	if i < 0 {
		return nil
	}
	return w.tree.Nodes[i]
}

func (w *watched) id(name string) string { return w.node(name).ID }
