package live

import (
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// fold waits until the tree that has come of the stream is as it should be.
func (w *observed) fold(what string, ok func(*tree.Tree) bool) *tree.Tree {
	w.t.Helper()
	var found *tree.Tree
	w.until(what, func() bool { found = tree.Fold(w.events); return ok(found) })
	return found
}

// heldAt waits until a node is held, and says where.
func (w *observed) heldAt(node string) string {
	w.t.Helper()
	n := w.fold(node+" to be held", func(t *tree.Tree) bool { n := t.Node(node); return n != nil && n.Held }).Node(node)
	return n.Hold.String()
}

// counted counts the events that fit.
func counted(events []tree.Event, fits func(*tree.Event) bool) (n int) {
	for i := range events {
		if fits(&events[i]) {
			n++
		}
	}
	return n
}

func rungsOf(events []tree.Event, node, text string) int {
	return counted(events, func(e *tree.Event) bool { return e.Kind == exitreg.KindRung && e.Node == node && e.Text == text })
}

// killed says whom a SIGKILL was sent to.
func killed(events []tree.Event) (nodes []string) {
	for _, e := range events {
		if e.Kind == exitreg.KindSignal && e.Sig == "SIGKILL" {
			nodes = append(nodes, e.Node)
		}
	}
	return nodes
}

// past waits until a time of the stream is over.
func (w *observed) past(what string, at time.Duration) {
	w.t.Helper()
	waitFor(w.t, what, func() bool { return w.now() > at })
}

// A chain of processes is held and stepped through, last in first out, the last one for
// longer than the grace of its end: nobody is killed, neither by the ladder nor by a
// parent that waits. It is all of seconds, for what is not held runs.
func TestLadderStandsWhileHeld(t *testing.T) {
	t.Parallel()
	const generations, grace = 3, 5 * time.Second
	w := held(t, Config{Grace: grace})
	order1(t, w.Session, "*", anyHold)
	node, err := w.Run(Command{Argv: role("impatient", strconv.Itoa(generations))})
	if err != nil {
		t.Fatal(err)
	}
	leaf := node + strings.Repeat(".0", generations)
	w.kind(leaf, exitreg.KindRegister)
	w.StopNode(node, StopOptions{})
	at := node
	for i := range generations + 1 {
		if got := w.heldAt(at); got != "before stop child" && got != "before leaf" {
			t.Errorf("%s is held %s", at, got)
		}
		l := w.fold("its ladder to stand", func(t *tree.Tree) bool { l := t.Node(node).Ladder; return l != nil && l.Frozen }).Node(node).Ladder
		if l.Left <= 0 || l.Left > grace/2 || l.Next != 0 {
			t.Errorf("it stands with %v left, %v", l.Left, l.Next)
		}
		if i == generations {
			w.past("it to be held for long", w.now()+grace+time.Second)
		}
		if err := w.Order(at, `{"do":"step"}`); err != nil {
			t.Errorf("step %d: %v", i, err)
		}
		w.fold(at+" to go on", func(t *tree.Tree) bool { return t.Node(at).Began && !t.Node(at).Held })
		at += ".0"
	}
	wait(t, "their end", w.Emptied(node))
	w.Stop()
	events, _ := w.finish()
	if got := killed(events); len(got) > 0 {
		t.Errorf("%v were killed", got)
	}
	if f, g := rungsOf(events, node, "freeze"), rungsOf(events, node, "thaw"); f == 0 || f > generations+1 || f-g > 1 {
		t.Errorf("%d times frozen, %d times not any more", f, g)
	}
	for _, n := range tree.Fold(events).Nodes {
		if n.State != tree.Exited || n.EndSig != "SIGTERM" || n.Failures() > 0 {
			t.Errorf("%s: %v, %s, %s", n.ID, n.State, n.Outcome(), n.Remark())
		}
	}
}

// A ladder that stands can be led on by hand, and put off. A kill kills.
func TestStandingLadderByHand(t *testing.T) {
	w := held(t, Config{Grace: time.Hour})
	order1(t, w.Session, "*", anyHold)
	node, err := w.Run(Command{Argv: role("handlers", "a", "b")})
	if err != nil {
		t.Fatal(err)
	}
	w.said("ready")
	w.StopNode(node, StopOptions{})
	w.heldAt(node)
	frozen := w.step(node, "freeze")
	if err := w.Extend(node, time.Minute); err != nil {
		t.Error(err)
	}
	if got := w.step(node, "extend").Timeout; got != frozen.Timeout+time.Minute {
		t.Errorf("%v left, after %v", got, frozen.Timeout)
	}
	if err := w.Next(node); err != nil {
		t.Error(err)
	}
	if got := w.step(node, "all").Timeout; got < 29*time.Minute || got > 30*time.Minute {
		t.Errorf("%v left", got)
	}
	l := w.fold("the second step", func(t *tree.Tree) bool { return t.Node(node).Ladder.Last().Text == "all" }).Node(node).Ladder
	if !l.Frozen || l.Left < 29*time.Minute {
		t.Errorf("%+v", l)
	}
	if err := w.Next(node); err != nil {
		t.Error(err)
	}
	wait(t, "its end", w.Emptied(node))
	if _, sig, _ := w.Exit(node); sig != "SIGKILL" {
		t.Errorf("ended by %s", sig)
	}
	w.Stop()
	events, _ := w.finish()
	if got := steps(events, node); !slices.Equal(got, []string{"stop SIGTERM", "freeze", "extend", "all SIGTERM", "kill SIGKILL", "done"}) {
		t.Errorf("%q", got)
	}
}

// Kill needs nobody's leave, and who is held elsewhere does not hold up a ladder.
func TestKillWhileHeld(t *testing.T) {
	w := held(t, Config{Grace: 200 * time.Millisecond})
	order1(t, w.Session, "*", anyHold)
	a, err := w.Run(Command{Argv: role("handlers", "a")})
	if err != nil {
		t.Fatal(err)
	}
	w.said("ready")
	b := w.run(`trap "" TERM; while :; do sleep 0.05; done`)
	w.term(b, tree.Ignored)
	order1(t, w.Session, "*", `{"do":"release"}`)
	order1(t, w.Session, a, anyHold)
	if err := w.Signal(a, "TERM", ""); err != nil {
		t.Fatal(err)
	}
	w.heldAt(a)
	w.StopNode(b, StopOptions{})
	wait(t, "the other's end", w.Emptied(b))
	if rungsOf(w.all(), b, "freeze") > 0 {
		t.Error("its ladder stood")
	}
	w.StopNode(a, StopOptions{})
	w.step(a, "freeze")
	w.StopNode(a, StopOptions{Kill: true})
	wait(t, "its end", w.Emptied(a))
	w.Stop()
	w.finish()
}

// Who reports is told to let time stand, and to let it go on, also when the one who
// was held dies.
func TestOthersAreTold(t *testing.T) {
	w := held(t, Config{})
	hello := `{"kind":"hello","pid":\p,"name":"%s"}`
	peer := func(name string, more ...string) string {
		lines := append([]string{strings.ReplaceAll(hello, "%s", name)}, more...)
		node, err := w.Run(Command{Argv: role("peer", lines...), Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return node
	}
	a := peer("a")
	b := peer("b", `{"kind":"hold","pid":\p,"id":"h1"}`)
	w.heard(a, `{"do":"freeze"}`)
	c := peer("c")
	w.heard(c, `{"do":"freeze"}`) // with its hello
	if err := w.Signal(b, "KILL", ""); err != nil {
		t.Fatal(err)
	}
	w.heard(a, `{"do":"thaw"}`)
	w.heard(c, `{"do":"thaw"}`)
	w.Kill()
	w.finish()
}

// Who has lost his connection is held by nobody.
func TestHeldNoMore(t *testing.T) {
	w := held(t, Config{})
	lines := []string{`{"kind":"hello","pid":\p,"name":"a"}`, `{"kind":"hold","pid":\p,"id":"h1"}`, "LONG 70000"}
	node, err := w.Run(Command{Argv: role("peer", lines...)})
	if err != nil {
		t.Fatal(err)
	}
	w.said("dropped")
	w.kind(node, exitreg.KindRelease)
	w.Kill()
	w.finish()
}

// A process is stopped as a fault, one to come as well; no ladder continues it, the
// end of the fault does.
func TestStoppedAsFault(t *testing.T) {
	stop, none := `{"do":"fault","fault":"stop"}`, `{"do":"fault","fault":"none"}`
	w := held(t, Config{Grace: 400 * time.Millisecond})
	a := w.run("exec sleep 1001")
	w.term(a, tree.Default)
	order1(t, w.Session, a, stop)
	order1(t, w.Session, "late", stop)
	late, err := w.Run(Command{Argv: []string{"sleep", "1002"}, Name: "late"})
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range []string{a, late} {
		w.fold("it to be stopped", func(t *tree.Tree) bool { return t.Node(node).Stopped })
	}
	order1(t, w.Session, a, none)
	w.fold("it to go on", func(t *tree.Tree) bool { return !t.Node(a).Stopped })
	w.StopNode(a, StopOptions{Grace: time.Hour})
	wait(t, "its end", w.Emptied(a))
	w.StopNode(late, StopOptions{})
	wait(t, "the other's end", w.Emptied(late))
	w.Stop()
	events, _ := w.finish()
	if _, sig, _ := w.Exit(a); sig != "SIGTERM" {
		t.Errorf("the first ended by %s", sig)
	}
	if got := steps(events, late); !slices.Equal(got, []string{"stop SIGTERM", "all SIGTERM", "kill SIGKILL", "done"}) {
		t.Errorf("%q", got)
	}
	for _, node := range []string{a, late} {
		if n := tree.Fold(events).Node(node); n.Fault != "stop" {
			t.Errorf("%s: fault %q", node, n.Fault)
		}
		first := slices.IndexFunc(events, func(e tree.Event) bool { return e.Node == node && e.Kind == exitreg.KindFault })
		if sent := slices.IndexFunc(events, func(e tree.Event) bool { return e.Node == node && e.Sig == "SIGSTOP" }); first < 0 || first > sent {
			t.Errorf("%s: told at %d, sent at %d", node, first, sent)
		}
	}
}

// Orders that stand when a process is started come before its first handler, however
// soon it exits. On a busy machine it may say that it could not wait for them.
func TestOrdersAreInTime(t *testing.T) {
	w := held(t, Config{})
	order1(t, w.Session, "*", `{"do":"fault","handler":"h","fault":"fail"}`)
	obeyed := func(h *tree.Handler) bool { return h.Fault == "fail" && h.State == tree.Broken }
	until := time.Now().Add(deadline)
	for in := 0; in < 15; {
		if time.Now().After(until) {
			t.Fatalf("%d in time", in)
		}
		node, err := w.Run(Command{Argv: role("hasty")})
		if err != nil {
			t.Fatal(err)
		}
		wait(t, "its end", w.Emptied(node))
		events := w.sync()
		if slices.ContainsFunc(tree.Fold(events).Node(node).Handlers(), obeyed) {
			in++
		} else if counted(events, func(e *tree.Event) bool {
			return e.Node == node && e.Kind == exitreg.KindNote && e.Text == "exitreg: the orders did not come in time"
		}) == 0 {
			t.Errorf("%s had no orders and did not say so", node)
		}
	}
	w.Stop()
	w.finish()
}

// What came too late is told, of each kind of order.
func TestOrdersTooLate(t *testing.T) {
	w := held(t, Config{})
	node, err := w.Run(Command{Argv: role("peer", `{"kind":"hello","pid":\p,"name":"early"}`), Name: "parent"})
	if err != nil {
		t.Fatal(err)
	}
	w.kind(node, exitreg.KindHello)
	for _, line := range []string{
		anyHold, hang, `{"do":"pace","ns":1000000000}`, `{"do":"hold","on":"signal"}`, `{"do":"fault","fault":"ignore"}`,
		`{"do":"fault","handler":"other","fault":"skip"}`,
	} {
		order1(t, w.Session, "quick", line)
	}
	lines := []string{`{"kind":"hello","pid":\p,"name":"quick"}`, `{"kind":"deliver","pid":\p,"sig":"SIGTERM"}`, `{"kind":"begin","pid":\p,"id":"h1","handler":"flush"}`}
	if _, err := w.Run(Command{Argv: role("peer", lines...)}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"too late: ignore (it took SIGTERM before", "too late: hold (it began flush before", "too late: hang flush (", "too late: pace 1s (", "too late: hold at signal ("} {
		w.noted(want)
	}
	w.Kill()
	events, _ := w.finish()
	for _, e := range events {
		if e.Kind == exitreg.KindNote && strings.Contains(e.Text, "too late: skip") {
			t.Errorf("%s", e.Text)
		}
	}
}

// One that is found stopped may have said why, unread yet: that counts, and no
// ladder continues it.
func TestStopIsHeardBeforeItIsSeen(t *testing.T) {
	w := held(t, Config{Grace: time.Hour})
	order1(t, w.Session, "*", `{"do":"fault","handler":"a","fault":"stop"}`)
	node, err := w.Run(Command{Argv: role("handlers", "a")})
	if err != nil {
		t.Fatal(err)
	}
	w.kind(node, exitreg.KindRegister)
	w.Session.mu.Lock()
	p := w.byID[node]
	err = syscall.Kill(p.pid, syscall.SIGTERM)
	waitFor(t, "it to stop", func() bool { st, err := p.look(); return err == nil && st.state == 'T' })
	w.system.observer.refresh(p)
	seen, jammed := p.stopped, p.jammed
	w.Session.mu.Unlock()
	if err != nil || !seen || !jammed {
		t.Errorf("%v; seen %t, as a fault %t", err, seen, jammed)
	}
	w.Kill()
	w.finish()
}
