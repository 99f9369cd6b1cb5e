package live

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// held opens a session without processes, under observation.
func held(t *testing.T, c Config) *observed {
	t.Helper()
	need(t, "bash")
	if c.Grace == 0 {
		c.Grace = 20 * time.Second
	}
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return watched(t, s)
}

// run starts a shell script as a command and returns its node.
func (w *observed) run(script string, args ...string) string {
	w.t.Helper()
	node, err := w.Run(Command{Argv: append([]string{"bash", "-c", script, "bash"}, args...)})
	if err != nil {
		w.t.Fatal(err)
	}
	return node
}

// wait waits for a channel to be closed.
func wait(t *testing.T, what string, ch <-chan struct{}) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(deadline):
		t.Fatalf("waited in vain for %s", what)
	}
}

// closed says whether a channel is.
func closed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// TestCommands: each command has its own output, its own exit, its own tree.
func TestCommands(t *testing.T) {
	w := held(t, Config{Argv: []string{"several"}})
	a, b, c := w.Reserve(), w.Reserve(), w.Reserve()
	g := newGate(t)
	if _, err := w.Run(Command{Node: b, Name: "second", Argv: []string{"bash", "-c", `echo from b; echo err b >&2; read x <"$0"; exit 5`, g.path}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Run(Command{Node: a, Argv: []string{"bash", "-c", `echo from a; sleep 1000 & echo $MULTIEXIT_NODE; wait`}}); err != nil {
		t.Fatal(err)
	}
	d := w.run("echo from d; kill -USR1 $$")
	if got := []string{a, b, c, d}; !slices.Equal(got, []string{"0", "1", "2", "3"}) {
		t.Errorf("nodes %v", got)
	}
	for text, node := range map[string]string{"from a": a, "from b": b, "err b": b, "from d": d, "0": a} {
		if e := w.said(text); e.Node != node {
			t.Errorf("%q came from %s, not %s", text, e.Node, node)
		}
	}
	if e := w.kind(b, exitreg.KindSpawn); e.Name != "second" {
		t.Errorf("%+v", e)
	}
	wait(t, "d to be gone", w.Emptied(d))
	if code, sig, ok := w.Exit(d); !ok || sig != "SIGUSR1" || code != 0 {
		t.Errorf("%d %q %v", code, sig, ok)
	}
	if _, _, ok := w.Exit(a); ok || closed(w.Emptied(a)) || closed(w.Emptied(c)) {
		t.Error("one that lives is said to be gone")
	}
	g.open()
	wait(t, "b to be gone", w.Emptied(b))
	if code, _, ok := w.Exit(b); !ok || code != 5 {
		t.Errorf("b: %d %v", code, ok)
	}
	w.Stop()
	if _, v := w.finish(); v.Sig != "SIGTERM" || v.Gone != v.Total || v.Total != 4 {
		t.Errorf("%+v", v)
	}
	wait(t, "c, which never was, at the end", w.Emptied(c))
}

// TestRunRefused: a node is used once; a command that cannot be started leaves
// everything as it was.
func TestRunRefused(t *testing.T) {
	w := held(t, Config{})
	a := w.Reserve()
	if _, err := w.Run(Command{Node: a, Argv: []string{"no-such-command-here"}}); !errors.Is(err, exec.ErrNotFound) {
		t.Error(err)
	}
	if _, err := w.Run(Command{Node: a, Argv: []string{"true"}}); err != nil {
		t.Errorf("the second try: %v", err)
	}
	for _, node := range []string{a, "7", "x"} {
		if _, err := w.Run(Command{Node: node, Argv: []string{"true"}}); err == nil || !strings.Contains(err.Error(), "not reserved") {
			t.Errorf("node %s: %v", node, err)
		}
	}
	if _, err := w.Run(Command{Argv: []string{"/dev/null"}}); err == nil {
		t.Error("no error")
	}
	if b := w.run("exit 3"); b != "1" {
		t.Errorf("the node of a command that did not start is lost: %s", b)
	}
	w.Stop()
	w.finish()
	if _, err := w.Run(Command{Argv: []string{"true"}}); err == nil || !strings.Contains(err.Error(), "being stopped") {
		t.Errorf("after the end: %v", err)
	}
}

// TestHeld: a session that has become empty goes on, rests, and can be used again;
// a restart is another root.
func TestHeld(t *testing.T) {
	w := held(t, Config{})
	for i, want := range []string{"0", "1", "2"} {
		node := w.run(`(setsid bash -c 'sleep 0.05; echo late' &); echo run $0`, fmt.Sprint(i))
		if node != want {
			t.Errorf("node %s", node)
		}
		wait(t, "node "+node, w.Emptied(node))
		w.until("the session to rest", func() bool {
			w.Session.mu.Lock()
			defer w.Session.mu.Unlock()
			return w.nextLook() < 0 && w.idle()
		})
		if closed(w.done) {
			t.Fatal("a held session has ended")
		}
	}
	wait(t, "the first root", w.RootGone())
	w.Release()
	events, v := w.finish()
	if v.Gone != v.Total || v.Total < 6 {
		t.Errorf("%+v", v)
	}
	lines := 0
	for _, e := range events {
		if e.Kind == exitreg.KindOut && e.Text == "late" {
			lines++
		}
	}
	if lines != 3 {
		t.Errorf("%d late lines", lines)
	}
}

// TestNothingRun: a session that never had a process ends when it is let go, and
// nobody waits for it in vain.
func TestNothingRun(t *testing.T) {
	w := held(t, Config{})
	gone := w.Emptied("0")
	w.Stop()
	events, v := w.finish()
	wait(t, "the root", w.RootGone())
	wait(t, "the node", gone)
	if v.Total != 0 || slices.ContainsFunc(events, func(e tree.Event) bool { return e.Kind == exitreg.KindRung }) {
		t.Errorf("%+v %+v", v, events)
	}
}

// TestOrphansGoHome: whoever is orphaned comes below the command that it descends
// from, by its session or by the mark of its command.
func TestOrphansGoHome(t *testing.T) {
	need(t, "setsid")
	w := held(t, Config{})
	for range 3 {
		w.run(`(setsid setsid sleep 100$MULTIEXIT_NODE &); sleep 1000 & wait`)
	}
	for _, id := range []string{"0", "1", "2"} {
		w.until("the daemon of "+id, func() bool {
			return slices.ContainsFunc(tree.Fold(w.events).Nodes, func(n *tree.Node) bool {
				return n.Alive() && slices.Equal(n.Argv, []string{"sleep", "100" + id}) && strings.HasPrefix(n.ID, id+".")
			})
		})
	}
	w.Stop()
	w.finish()
}

// TestTap: it sees the stream, in order, with what Emit puts into it.
func TestTap(t *testing.T) {
	var seen []tree.Event
	w := held(t, Config{Tap: func(e *tree.Event) { seen = append(seen, *e) }})
	w.Emit(tree.Event{Kind: exitreg.KindCommand, Name: "api", Node: w.Reserve(), Text: "waiting", Seq: 99, T: time.Hour})
	w.Emit(tree.Event{Kind: exitreg.KindCommand, Name: "api", Node: "0", Text: "starting"})
	if _, err := w.Run(Command{Node: "0", Argv: []string{"bash", "-c", "echo hello"}}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the command", w.Emptied("0"))
	w.Emit(tree.Event{Kind: exitreg.KindCommand, Name: "api", Node: "0", Text: "done"})
	w.Release()
	events, _ := w.finish()
	w.Emit(tree.Event{Kind: exitreg.KindNote, Text: "too late"})
	if !slices.EqualFunc(events, seen, func(a, b tree.Event) bool {
		return a.Seq == b.Seq && a.T == b.T && a.Kind == b.Kind && a.Node == b.Node && a.Text == b.Text
	}) {
		t.Errorf("the tap saw %d events of %d:\n%+v\n%+v", len(seen), len(events), seen, events)
	}
	order := map[string]int{}
	for i, e := range events {
		order[string(e.Kind)+" "+e.Text] = i + 1
		if e.T > time.Minute || e.Kind == exitreg.KindSpawn && e.T < events[i-1].T {
			t.Errorf("the time of %+v", e)
		}
	}
	at := []int{order["command waiting"], order["command starting"], order["spawn "], order["exit "], order["command done"], order["eof "]}
	if !slices.IsSorted(at) || at[0] != 1 {
		t.Errorf("order %v of %+v", at, events)
	}
	if n := tree.Fold(events).Node("0"); n.Command == nil || n.Command.Name != "api" || n.Command.State != tree.CommandDone {
		t.Errorf("%+v", n.Command)
	}
}

// TestSessionScope: it reaches all of a session and nobody else; leaves come
// before those that bore them.
func TestSessionScope(t *testing.T) {
	w := held(t, Config{})
	node := w.run(`set -m; bash -c 'trap "" USR2; sleep 1001 & sleep 1002 & wait' & setsid sleep 1003 & wait`)
	w.run(`sleep 1004 & wait`)
	w.until("all sleeps and nobody else", func() bool { // setsid has forked, and is gone
		return len(sleepers(w.events)) == 4 && tree.Fold(w.events).Counts.Alive() == 7
	})
	if err := w.Signal(node+".0", "CONT", "session"); err != nil {
		t.Fatal(err)
	}
	got := rungs(w.sync())
	if want := []string{"0 SIGCONT", "0.0 SIGCONT", "0.0.0 SIGCONT", "0.0.1 SIGCONT"}; !slices.Equal(sorted(got), want) {
		t.Errorf("to the session: %v, want %v", got, want)
	}
	if err := w.Signal(node, "WINCH", "leaves"); err != nil {
		t.Fatal(err)
	}
	place := map[string]int{}
	for i, s := range rungs(w.sync()) {
		place[s] = i
	}
	if place["0.0.1 SIGWINCH"] > place["0.0 SIGWINCH"] || place["0.0 SIGWINCH"] > place["0 SIGWINCH"] || place["1 SIGWINCH"] != 0 {
		t.Errorf("%v", place)
	}
	w.Kill()
	w.finish()
}

// TestPause: all below a node is stopped, those who bear first; and continued,
// those who are waited for first.
func TestPause(t *testing.T) {
	w := held(t, Config{})
	a := w.run(`sleep 1001 & sleep 1002 & wait`)
	b := w.run(`sleep 1003 & wait`)
	w.until("all sleeps", func() bool { return len(sleepers(w.events)) == 3 })
	stopped := func(want bool, nodes ...string) func() bool {
		return func() bool {
			t := tree.Fold(w.events)
			return !slices.ContainsFunc(nodes, func(id string) bool { return t.Node(id).Stopped != want })
		}
	}
	for _, on := range []bool{true, false} {
		if err := w.Pause(a, on); err != nil {
			t.Fatal(err)
		}
		w.until("all of it", stopped(on, a, a+".0", a+".1"))
	}
	if !stopped(false, b, b+".0")() {
		t.Error("its sibling was stopped too")
	}
	want := []string{"0 SIGSTOP", "0.0 SIGSTOP", "0.1 SIGSTOP", "0.1 SIGCONT", "0.0 SIGCONT", "0 SIGCONT"}
	if got := rungs(w.all()); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if err := w.Pause("", true); err != nil {
		t.Error(err)
	}
	w.until("everything", stopped(true, a, a+".0", b, b+".0"))
	if err := w.Pause("9", true); err == nil {
		t.Error("a node that is none was stopped")
	}
	w.Stop() // continues those that have their SIGTERM
	w.finish()
	w.step("", "cont")
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// What is left to be told keeps a session awake: it may be found only by the last
// look of a turn that nobody is left.
func TestNotIdleWithNews(t *testing.T) {
	w := held(t, Config{})
	wait(t, "its end", w.Emptied(w.run("true")))
	waitFor(t, "it to be idle", func() bool {
		w.Session.mu.Lock()
		defer w.Session.mu.Unlock()
		return w.idle()
	})
	w.Session.mu.Lock()
	w.emptied["0"], w.changed = make(chan struct{}), true
	told, next := w.emptied["0"], w.nextLook()
	w.Session.mu.Unlock()
	if next < 0 {
		t.Error("it sleeps though somebody has to be told")
	}
	w.poke()
	wait(t, "that to be told", told)
	w.Stop()
	w.finish()
}
