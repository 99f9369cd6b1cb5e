package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// steps lists the rungs of a node's ladder, as "text SIGNAL".
func steps(events []tree.Event, node string) (list []string) {
	for _, e := range events {
		if e.Kind == exitreg.KindRung && e.Node == node {
			list = append(list, strings.TrimSpace(e.Text+" "+e.Sig))
		}
	}
	return list
}

// step waits for a rung.
func (w *observed) step(node, text string) tree.Event {
	w.t.Helper()
	return w.event(fmt.Sprintf("rung %s of %q", text, node), func(e *tree.Event) bool {
		return e.Kind == exitreg.KindRung && e.Node == node && e.Text == text
	})
}

// ignoring waits until so many processes ignore SIGTERM.
func (w *observed) ignoring(n int) {
	w.t.Helper()
	w.until(fmt.Sprint(n, " that ignore SIGTERM"), func() bool {
		for _, node := range tree.Fold(w.events).Nodes {
			if node.Alive() && node.Term == tree.Ignored {
				n--
			}
		}
		return n <= 0
	})
}

// TestStopNodeLeavesSiblings: only the node and what is below it ends.
func TestStopNodeLeavesSiblings(t *testing.T) {
	w := held(t, Config{})
	a := w.run(`sleep 1001 & bash -c 'sleep 1002 & wait' & wait`)
	b := w.run(`sleep 1003 & wait`)
	w.until("all sleeps", func() bool { return len(sleepers(w.events)) == 3 })
	w.StopNode(a+".1", StopOptions{})
	wait(t, "the child", w.Emptied(a+".1"))
	if closed(w.Emptied(a)) {
		t.Error("its parent is gone too")
	}
	w.StopNode(a, StopOptions{Signal: "INT", Grace: time.Second})
	w.StopNode(a, StopOptions{}) // changes nothing
	wait(t, "the command", w.Emptied(a))
	if got := sleepers(w.sync()); len(got) != 1 || got[0].ID != b+".0" {
		t.Errorf("left are %v", got)
	}
	if got := steps(w.all(), a+".1"); !slices.Equal(got, []string{"stop SIGTERM", "done"}) {
		t.Errorf("the child's ladder: %v", got)
	}
	// Jobs of a shell without job control ignore SIGINT.
	if got := steps(w.all(), a); got[0] != "stop SIGINT" || got[len(got)-1] != "done" {
		t.Errorf("the command's ladder: %v", got)
	}
	if first := slices.IndexFunc(w.all(), func(e tree.Event) bool { return e.Kind == exitreg.KindSignal && e.Sig == "SIGINT" }); w.all()[first].Node != a {
		t.Errorf("%+v", w.all()[first])
	}
	w.StopNode(a, StopOptions{}) // nobody is there any more
	w.StopNode("99", StopOptions{})
	w.Stop()
	w.finish()
}

// TestRungs: the steps are told with the time to the next, can be put off and
// brought on, and no step is left out.
func TestRungs(t *testing.T) {
	w := held(t, Config{Grace: time.Hour})
	a := w.run(`trap "" TERM; trap "echo dumped" QUIT; echo ready; while :; do sleep 0.05; done`)
	w.said("ready")
	w.term(a, tree.Ignored)
	if err := w.Next(a); err == nil || !strings.Contains(err.Error(), "not being stopped") {
		t.Error(err)
	}
	if err := w.Extend("", time.Second); err == nil || !strings.Contains(err.Error(), "nothing is being stopped") {
		t.Error(err)
	}
	w.StopNode(a, StopOptions{Dump: time.Minute})
	first := w.step(a, "stop")
	if d := first.Timeout; d < 29*time.Minute || d > 30*time.Minute {
		t.Errorf("the next step comes in %v", d)
	}
	if err := w.Extend(a, time.Hour); err != nil {
		t.Error(err)
	}
	if d := w.step(a, "extend").Timeout; d < 89*time.Minute || d > 90*time.Minute {
		t.Errorf("the next step comes in %v", d)
	}
	if err := w.Extend(a, -time.Hour); err == nil {
		t.Error("less time")
	}
	for _, text := range []string{"all", "dump"} {
		if err := w.Next(a); err != nil {
			t.Error(err)
		}
		w.step(a, text)
	}
	w.said("dumped")
	if d := w.step(a, "dump").Timeout; d < 59*time.Second || d > time.Minute {
		t.Errorf("the dump is followed in %v", d)
	}
	if err := w.Next(a); err != nil {
		t.Error(err)
	}
	wait(t, "its end", w.Emptied(a))
	if _, sig, _ := w.Exit(a); sig != "SIGKILL" {
		t.Errorf("ended by %s", sig)
	}
	w.step(a, "done")
	want := []string{"stop SIGTERM", "extend", "all SIGTERM", "dump SIGQUIT", "kill SIGKILL", "done"}
	if got := steps(w.all(), a); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	l := tree.Fold(w.all()).Node(a).Ladder
	if l == nil || !l.Done || len(l.Steps) != 4 {
		t.Errorf("%+v", l)
	}
	w.Release()
	w.finish()
}

// TestLateRungs: when multiexit has no processor for longer than the whole grace, those
// who are asked late have their time nevertheless.
func TestLateRungs(t *testing.T) {
	const grace = 400 * time.Millisecond
	w := held(t, Config{Grace: grace})
	a := w.run(`trap "" TERM; while :; do sleep 0.05; done`)
	w.term(a, tree.Ignored)
	w.StopNode(a, StopOptions{})
	w.Session.mu.Lock()
	time.Sleep(2 * grace) // as if nobody had let it run
	w.Session.mu.Unlock()
	wait(t, "its end", w.Emptied(a))
	if got := w.step(a, "kill").T - w.step(a, "all").T; got < grace/2 {
		t.Errorf("SIGKILL came %v after the last ones were asked to end", got)
	}
	w.Stop()
	w.finish()
}

// TestWholeAbsorbs: the ladder of everything takes over those of single nodes;
// SIGKILL for one node does not wait for the others.
func TestWholeAbsorbs(t *testing.T) {
	w := held(t, Config{Grace: time.Hour})
	a := w.run(`trap "" TERM; while :; do sleep 0.05; done`)
	b := w.run(`trap "" TERM; while :; do sleep 0.05; done`)
	w.term(a, tree.Ignored)
	w.term(b, tree.Ignored)
	w.StopNode(a, StopOptions{Grace: 2 * time.Hour})
	w.step(a, "stop")
	w.Stop()
	w.step("", "stop")
	w.step(a, "absorbed")
	if err := w.Extend(a, time.Minute); err != nil { // of everything, by now
		t.Error(err)
	}
	w.step("", "extend")
	w.StopNode(a, StopOptions{Kill: true})
	wait(t, "one", w.Emptied(a))
	w.step(a, "done")
	if closed(w.Emptied(b)) {
		t.Error("both are gone")
	}
	w.Kill()
	events, v := w.finish()
	if got, want := steps(events, ""), []string{"stop SIGTERM", "extend", "kill SIGKILL", "done"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if n := slices.Index(rungs(events), a+" SIGTERM"); n < 0 || slices.Contains(rungs(events)[n+1:], a+" SIGTERM") {
		t.Errorf("it was not asked once: %v", rungs(events))
	}
	if v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
}

// TestStopNodeEndsOrphans: what a command has left behind is its subtree still.
func TestStopNodeEndsOrphans(t *testing.T) {
	w := held(t, Config{})
	a := w.run(`(setsid sleep 1001 &); sleep 1002 & exit 0`)
	w.until("both sleeps and no root", func() bool {
		return len(sleepers(w.events)) == 2 && tree.Fold(w.events).Node(a).Ended()
	})
	if closed(w.Emptied(a)) {
		t.Error("it is said to be empty")
	}
	w.StopNode(a, StopOptions{})
	wait(t, "its orphans to end", w.Emptied(a))
	if got := steps(w.sync(), a); !slices.Equal(got, []string{"stop SIGTERM", "done"}) {
		t.Errorf("%v", got)
	}
	w.Release()
	w.finish()
}

// TestStopNodeCatchesNewborn: whoever is born while the ladder is climbed is ended
// with the others, also by a signal that is not SIGTERM.
func TestStopNodeCatchesNewborn(t *testing.T) {
	w := held(t, Config{})
	a := w.run(`trap 'sleep 1001 & sleep 1002 & wait' USR1; echo ready; while :; do sleep 0.05; done`)
	w.said("ready")
	w.StopNode(a, StopOptions{Signal: "USR1", Grace: 3 * time.Second})
	wait(t, "all of it", w.Emptied(a))
	if got := steps(w.sync(), a); !slices.Equal(got, []string{"stop SIGUSR1", "all SIGUSR1", "kill SIGKILL", "done"}) {
		t.Errorf("%v", got)
	}
	if d := w.step(a, "kill").T - w.step(a, "stop").T; d < 3*time.Second {
		t.Errorf("the grace of 3 s was not given, but %v", d)
	}
	if got := rungs(w.all()); slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "SIGTERM") }) {
		t.Errorf("SIGTERM though USR1 was asked for: %v", got)
	}
	w.Release()
	w.finish()
}

// TestKillNodeThatBreeds: children are born as fast as they are killed, and it
// ends all the same; its sibling is left alone.
func TestKillNodeThatBreeds(t *testing.T) {
	w := held(t, Config{})
	b := w.run("sleep 1000")
	a := w.run(`trap "" TERM; for i in 1 2 3; do (while :; do (setsid sleep 0.3 &); done) & done; wait`)
	w.until("thirty processes", func() bool { return len(tree.Fold(w.events).Nodes) > 30 })
	w.StopNode(a, StopOptions{Kill: true})
	wait(t, "all of it", w.Emptied(a))
	if closed(w.Emptied(b)) {
		t.Error("the sibling is gone")
	}
	w.Kill()
	if _, v := w.finish(); v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
}

// TestKeep: what commands leave behind is left alone, is no reason to wait, and is
// named with how it got away.
func TestKeep(t *testing.T) {
	need(t, "setsid")
	w := held(t, Config{Keep: true})
	a := w.run(`trap "" HUP
		setsid sleep 1001 >/dev/null 2>&1 &
		(setsid bash -c 'sleep 1002 & exit' >/dev/null 2>&1 &)
		(trap "" TERM; exec sleep 1003) >/dev/null 2>&1 &
		sleep 1004 & echo ready; read x <"$0"; wait`, newGate(t).path)
	b := w.run(`sleep 1005 >/dev/null 2>&1 & exit 0`)
	w.said("ready")
	w.until("five sleeps", func() bool { return len(sleepers(w.events)) == 5 })
	w.ignoring(1)
	wait(t, "b, whose child is left alone", w.Emptied(b))
	w.StopNode(a, StopOptions{})
	wait(t, "a", w.Emptied(a))
	w.step(a, "done")
	w.Stop()
	_, v := w.finishKept()
	why := map[string]string{}
	for _, s := range v.Survivors {
		why[tree.Fold(w.events).Node(s.Node).Argv[1]] = s.Why
		if !strings.Contains(s.String(), fmt.Sprintf("(pid %d): left alone", s.PID)) {
			t.Error(s)
		}
	}
	for arg, want := range map[string]string{"1001": "setsid", "1002": "double fork", "1003": "ignores SIGTERM", "1004": "orphan", "1005": "orphan"} {
		if !strings.Contains(why[arg], want) {
			t.Errorf("sleep %s survived as %q, want %q", arg, why[arg], want)
		}
	}
	for _, s := range rungs(w.events) {
		if s != a+" SIGTERM" {
			t.Errorf("signal sent: %s", s)
		}
	}
	if v.Total-v.Gone != 5 || len(marked(w.sock)) != 5 {
		t.Errorf("%+v, alive %v", v, marked(w.sock))
	}
}

// finishKept waits for the end of a stream that not everybody's end is in.
func (w *observed) finishKept() ([]tree.Event, Verdict) {
	w.t.Helper()
	w.until("the end of the stream", func() bool { return w.eof })
	return w.events, w.Wait()
}

// TestStopSignalAfterTerm: a SIGTERM that the user sent in vain does not stand for
// the stop signal, if that is another one.
func TestStopSignalAfterTerm(t *testing.T) {
	w := sh(t, `trap "" TERM; trap "exit 3" HUP; echo ready; sleep 1000 & wait`)
	w.said("ready")
	w.term("0", tree.Ignored)
	if err := w.Signal("0", "TERM", ""); err != nil {
		t.Fatal(err)
	}
	w.StopNode("0", StopOptions{Signal: "HUP", Grace: time.Hour})
	w.kind("0", exitreg.KindExit)
	if code, sig, ok := w.Exit("0"); code != 3 || sig != "" || !ok {
		t.Errorf("it ended by %d %q", code, sig)
	}
}

// TestExtendHasABound: a sum of times that turns negative would be SIGKILL at once.
func TestExtendHasABound(t *testing.T) {
	w := sh(t, `trap "" TERM; echo ready; while :; do sleep 0.1; done`)
	w.said("ready")
	w.StopNode("0", StopOptions{Grace: time.Hour})
	w.kind("0", exitreg.KindRung)
	for _, d := range []time.Duration{1<<63 - 1, 25 * time.Hour, 0, -1} {
		if err := w.Extend("0", d); err == nil {
			t.Errorf("%v more time", d)
		}
	}
	if err := w.Extend("0", MaxExtend); err != nil {
		t.Error(err)
	}
	for _, e := range w.sync() {
		if e.Kind == exitreg.KindRung && e.Text != "stop" && e.Text != "extend" {
			t.Errorf("the rung %q was taken", e.Text)
		}
	}
}
