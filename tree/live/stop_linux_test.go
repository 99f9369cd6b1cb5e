package live

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"multiexit/exitreg"
	"multiexit/tree"
)

// rungs lists the signals that were sent, as "node SIGNAL".
func rungs(events []tree.Event) (sent []string) {
	for _, e := range events {
		if e.Kind == exitreg.KindSignal {
			sent = append(sent, e.Node+" "+e.Sig)
		}
	}
	return sent
}

// TestStopLeavesOrderToParents: a parent that ends its children itself is the
// only one that gets a SIGTERM from us.
func TestStopLeavesOrderToParents(t *testing.T) {
	w := observe(t, Options{Argv: role("family", "2", "share")})
	w.until("the handlers of all three", func() bool { return planned(w.events, "0", "0.0", "0.0.0") })
	w.Stop()
	events, v := w.finish()
	if got := rungs(events); !slices.Equal(got, []string{"0 SIGTERM"}) {
		t.Errorf("signals sent: %v", got)
	}
	var ends []string
	for _, e := range events {
		if e.Kind == exitreg.KindEnd {
			ends = append(ends, e.Node+" "+e.ID)
			if e.Err != "" {
				t.Errorf("%+v", e)
			}
		}
	}
	if len(ends) != 6 || !strings.HasPrefix(ends[0], "0.0.0 ") || !strings.HasPrefix(ends[5], "0 ") {
		t.Errorf("handlers ended as %v", ends)
	}
	if v.Sig != "SIGTERM" || v.Gone != 3 {
		t.Errorf("%+v", v)
	}
}

// planned says that all members of a family have both of their handlers.
func planned(events []tree.Event, nodes ...string) bool {
	now := tree.Fold(events)
	return !slices.ContainsFunc(nodes, func(id string) bool {
		n := now.Node(id)
		return n == nil || n.Pending() != 2
	})
}

// TestStopReachesThoseLeftBehind: children of a parent that dies without passing
// the signal on become topmost, and get theirs.
func TestStopReachesThoseLeftBehind(t *testing.T) {
	w := sh(t, `bash -c 'sleep 1000 & wait' & (setsid sleep 1000 &) ; wait`)
	w.until("four processes", func() bool { return tree.Fold(w.events).Counts.Alive() == 4 && len(sleepers(w.events)) == 2 })
	w.Stop()
	events, v := w.finish()
	if got := rungs(events); len(got) != 4 || got[0] != "0 SIGTERM" || slices.ContainsFunc(got, func(s string) bool { return strings.HasSuffix(s, "KILL") }) {
		t.Errorf("signals sent: %v", got)
	}
	if v.Gone != v.Total {
		t.Errorf("%+v", v)
	}
}

func sleepers(events []tree.Event) (nodes []*tree.Node) {
	for _, n := range tree.Fold(events).Nodes {
		if n.Name == "sleep" && n.Alive() && len(n.Argv) == 2 { // a look in the middle of its exec finds no argv
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// TestStopLadder: who ignores or blocks SIGTERM is killed in the end; who is stopped is
// continued; who sits below one that ignores gets its own before that. The steps are
// taken by hand: by the clock a sleep that has no processor might be too late.
func TestStopLadder(t *testing.T) {
	w := observe(t, Options{Argv: []string{"bash", "-c", `
		bash -c 'trap "" TERM; (trap - TERM; exec sleep 1001) & python=1; while :; do sleep 1; done' &
		sleep 1002 & kill -STOP $!
		trap "" TERM
		wait`}, Grace: time.Hour})
	w.until("a stopped process, and the sleep below the one that ignores", func() bool {
		n := tree.Fold(w.events)
		return slices.ContainsFunc(n.Nodes, func(n *tree.Node) bool { return n.Stopped }) && w.has("1001")
	})
	w.term("0", tree.Ignored)
	w.Stop()
	w.Stop() // changes nothing
	if err := w.Next(""); err != nil {
		t.Error(err)
	}
	w.until("the sleeps to end", func() bool { return !w.has("1001") && !w.has("1002") })
	if err := w.Next(""); err != nil {
		t.Error(err)
	}
	events, v := w.finish()
	got := rungs(events)
	if got[0] != "0 SIGTERM" || !slices.Contains(got, "0 SIGKILL") || !slices.Contains(got, "0.1 SIGCONT") {
		t.Errorf("signals sent: %v", got)
	}
	for _, once := range []string{"0 SIGTERM", "0 SIGKILL", "0.0 SIGTERM", "0.0 SIGKILL"} {
		if n := len(slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s != once })); n != 1 {
			t.Errorf("%s was sent %d times: %v", once, n, got)
		}
	}
	for _, n := range tree.Fold(events).Nodes {
		if len(n.Argv) == 2 && (n.Argv[1] == "1001" || n.Argv[1] == "1002") && n.EndSig != "SIGTERM" {
			t.Errorf("sleep %s ended by %s: it had its SIGTERM", n.Argv[1], n.EndSig)
		}
	}
	if v.Sig != "SIGKILL" || v.Gone != v.Total || len(v.Survivors) != 0 {
		t.Errorf("%+v", v)
	}
	w.kind("", exitreg.KindRung)
}

// has says whether a living process has this argument. Called from until.
func (w *observed) has(arg string) bool {
	return slices.ContainsFunc(tree.Fold(w.events).Nodes, func(n *tree.Node) bool { return n.Alive() && slices.Contains(n.Argv, arg) })
}

// TestStopDoesNotForce: a process that runs its handlers already gets no second
// SIGTERM, which would cut them short.
func TestStopDoesNotForce(t *testing.T) {
	w := observe(t, Options{Argv: role("handlers", "a", "slow")})
	w.said("ready")
	if err := w.Signal("0", "SIGTERM", ""); err != nil {
		t.Fatal(err)
	}
	w.kind("0", exitreg.KindBegin)
	w.Stop()
	events, _ := w.finish()
	if got := rungs(events); !slices.Equal(got, []string{"0 SIGTERM"}) {
		t.Errorf("signals sent: %v", got)
	}
	for _, e := range events {
		if e.Kind == exitreg.KindSkip || e.Err != "" {
			t.Errorf("a handler was cut short: %+v", e)
		}
	}
}

func TestKill(t *testing.T) {
	w := sh(t, `trap "" TERM INT HUP; for i in 1 2 3 4 5; do (while :; do (sleep 0.01); done) & done; (setsid sleep 1000 &); wait`)
	w.until("twelve processes", func() bool { return len(tree.Fold(w.events).Nodes) > 12 })
	w.Kill()
	_, v := w.finish()
	if v.Gone != v.Total || v.Sig != "SIGKILL" {
		t.Errorf("%+v", v)
	}
}

func TestSignalScopes(t *testing.T) {
	w := sh(t, `set -m; bash -c 'sleep 1001 & sleep 1002 & wait' & setsid sleep 1003 & sleep 1004 & wait`)
	w.until("all sleeps and nobody else", func() bool { // setsid has forked, and is gone
		return len(sleepers(w.events)) == 4 && tree.Fold(w.events).Counts.Alive() == 6
	})
	find := func(arg string) *tree.Node {
		for _, n := range sleepers(w.all()) {
			if n.Argv[1] == arg {
				return n
			}
		}
		t.Fatalf("no sleep %s", arg)
		return nil
	}
	group := find("1001").Parent.ID
	if err := w.Signal(group, "CONT", "group"); err != nil {
		t.Fatal(err)
	}
	want := []string{group + " SIGCONT", group + ".0 SIGCONT", group + ".1 SIGCONT"}
	if got := rungs(w.sync()); !slices.Equal(got, want) {
		t.Errorf("to the group: %v, want %v", got, want)
	}
	if err := w.Signal("0", "USR2", "subtree"); err != nil {
		t.Fatal(err)
	}
	events, v := w.finish()
	if v.Total != v.Gone || v.Sig != "SIGUSR2" {
		t.Errorf("%+v", v)
	}
	scopes := 0
	for _, e := range events {
		if e.Kind == exitreg.KindSignal && e.Sig == "SIGUSR2" && e.Scope == "subtree" {
			scopes++
		}
	}
	if scopes != 6 {
		t.Errorf("%d processes were signalled, want 6", scopes)
	}
	for call, want := range map[string]error{
		"gone":          w.Signal("0", "TERM", ""),
		"no such node":  w.Signal("7", "TERM", ""),
		"unknown":       w.Signal("0", "NOSUCH", ""),
		"unknown scope": w.Signal("0", "TERM", "galaxy"),
		"is gone":       w.Signal("0", "TERM", "subtree"),
	} {
		if want == nil || !strings.Contains(want.Error(), call) {
			t.Errorf("error %v, want one with %q", want, call)
		}
	}
}

// sync returns the events once all that were queued by now have come.
func (w *observed) sync() []tree.Event {
	w.t.Helper()
	newest := w.queue.newest()
	w.until("the newest event", func() bool { return len(w.events) > 0 && w.events[len(w.events)-1].Seq >= newest })
	return w.all()
}

// TestRecycledPidIsNotSignalled: neither by a handle whose process is gone, nor
// by a pid whose start time is another's.
func TestRecycledPidIsNotSignalled(t *testing.T) {
	w := sh(t, `sleep 1000 & wait`)
	n := w.named("sleep")
	w.Session.mu.Lock()
	st, err := readStat(n.PID)
	if err != nil {
		t.Fatal(err)
	}
	stranger := &proc{pid: n.PID, start: st.start + 1, handle: handle{pidfd: -1, stat: -1}}
	if err := w.deliver(stranger, syscall.SIGKILL); err != unix.ESRCH {
		t.Errorf("a process with another start time was signalled: %v", err)
	}
	same := &proc{pid: n.PID, start: st.start, handle: handle{pidfd: -1, stat: -1}}
	if err := w.deliver(same, 0); err != nil {
		t.Errorf("without a pidfd: %v", err)
	}
	if p := w.locate(n.PID); p == nil || p.id != n.ID {
		t.Errorf("located %v", p)
	}
	w.Session.mu.Unlock()

	// A pidfd keeps to its process: after its death it reaches nobody.
	fd, err := unix.PidfdOpen(n.PID, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	w.Signal(n.ID, "KILL", "")
	w.kind(n.ID, exitreg.KindExit)
	w.Kill()
	w.finish()
	if err := w.deliver(&proc{pid: 1, handle: handle{pidfd: fd, stat: -1}}, syscall.SIGKILL); err != unix.ESRCH {
		t.Errorf("the pidfd of a dead process: %v", err)
	}
}

// TestOwnGroupIsRefused: a process that has joined our process group cannot be
// used to signal us.
func TestOwnGroupIsRefused(t *testing.T) {
	p := &proc{id: "0", pgid: unix.Getpgrp(), name: "x"}
	s := newSession(Config{})
	defer s.queue.close()
	if _, err := s.deliverGroup(p, syscall.SIGCONT); err != unix.EPERM {
		t.Errorf("error %v", err)
	}
}

func TestSignalToAnotherUsersProcess(t *testing.T) {
	s := newSession(Config{})
	defer s.queue.close()
	p := &proc{id: "0", name: "x", announced: true, refused: true, killed: true}
	if !p.lost() {
		t.Error("it is waited for although we may not signal it")
	}
	if why := s.whyAlive(p); !strings.Contains(why, "not permitted") {
		t.Error(why)
	}
	s.live, s.total = []*proc{p}, 1
	s.conclude()
	if got := fmt.Sprint(s.verdict.Survivors); !strings.Contains(got, "0 x (pid 0): not permitted") {
		t.Error(got)
	}
}
