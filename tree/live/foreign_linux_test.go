package live

import (
	"bufio"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// A process without a registry is stopped before a signal of ours, and that waits for
// it: by itself, with its group, from a ladder.
func TestForeignIsHeld(t *testing.T) {
	for _, scope := range []string{"process", "group", "subtree", "ladder"} {
		t.Run(scope, func(t *testing.T) {
			w := held(t, Config{Grace: time.Hour})
			order1(t, w.Session, "*", anyHold)
			node, err := w.Run(Command{Argv: []string{"sleep", "1001"}})
			if err != nil {
				t.Fatal(err)
			}
			w.term(node, tree.Default)
			if scope == "ladder" {
				w.StopNode(node, StopOptions{})
			} else if err := w.Signal(node, "TERM", scope); err != nil {
				t.Fatal(err)
			}
			if got := w.heldAt(node); got != "before SIGTERM reaches it" {
				t.Errorf("held %s", got)
			}
			w.noted("does not import exitreg: it is stopped before a signal of multiexit")
			pid := w.kind(node, exitreg.KindSpawn).PID
			if st, err := readStat(pid); err != nil || st.state != 'T' {
				t.Errorf("its state is %c, %v", st.state, err)
			}
			w.past("it to be held for long", w.now()+400*time.Millisecond)
			word := `{"do":"step"}`
			if scope == "group" {
				word = `{"do":"release"}`
			}
			if err := w.Order("*", word); err != nil {
				t.Error(err)
			}
			wait(t, "its end", w.Emptied(node))
			if _, sig, _ := w.Exit(node); sig != "SIGTERM" {
				t.Errorf("ended by %s", sig)
			}
			w.Stop()
			events, _ := w.finish()
			var story []string
			for _, e := range events {
				switch e.Kind {
				case exitreg.KindSignal, exitreg.KindStop, exitreg.KindCont, exitreg.KindHold, exitreg.KindRelease, exitreg.KindExit:
					story = append(story, strings.TrimSpace(string(e.Kind)+" "+e.Sig))
				case exitreg.KindRung:
					if e.Node == node {
						story = append(story, "rung "+e.Text)
					}
				}
			}
			want := []string{"signal SIGSTOP", "stop", "signal SIGTERM", "hold SIGTERM", "signal SIGCONT", "cont", "release", "exit SIGTERM"}
			if scope == "ladder" {
				want = []string{"rung stop", "signal SIGSTOP", "stop", "signal SIGTERM", "hold SIGTERM", "rung freeze", "signal SIGCONT", "cont", "release", "rung thaw", "exit SIGTERM", "rung done"}
			}
			if !slices.Equal(story, want) {
				t.Errorf("%q\nwant %q", story, want)
			}
			if scope == "ladder" {
				stood(t, events, node)
			}
		})
	}
}

// stood checks that the time of a ladder that was frozen once did not go on meanwhile.
func stood(t *testing.T, events []tree.Event, node string) {
	t.Helper()
	var frozen, thawed tree.Event
	for _, e := range events {
		if e.Kind == exitreg.KindRung && e.Node == node && e.Text == "freeze" {
			frozen = e
		} else if e.Kind == exitreg.KindRung && e.Node == node && e.Text == "thaw" {
			thawed = e
		}
	}
	if lost := frozen.Timeout - thawed.Timeout; lost > (thawed.T-frozen.T)/2 {
		t.Errorf("in %v of standing still %v were lost", thawed.T-frozen.T, lost)
	}
}

// One that stops late is waited for if it only lacks a processor.
func TestStandsLate(t *testing.T) {
	for state, want := range map[byte]bool{'R': true, 'D': false, 'S': false} {
		began := time.Now()
		got := stopsInTime(func() (st stat, err error) {
			if st.state = state; time.Since(began) > 3*haltPatience {
				st.state = 'T'
			}
			return st, nil
		})
		if late := time.Since(began) > 3*haltPatience; got != want && !late {
			t.Errorf("in state %c: it stands: %v", state, got)
		}
	}
}

// Which signals a process without a registry is stopped before.
func TestForeignIsHeldBefore(t *testing.T) {
	for _, c := range []struct {
		order, sig string
		held       bool
	}{
		{anyHold, "INT", true}, {anyHold, "KILL", false}, {anyHold, "USR1", false},
		{`{"do":"hold","on":"signal"}`, "TERM", true}, {`{"do":"hold","on":"signal","sig":"TERM"}`, "TERM", true},
		{`{"do":"hold","on":"signal","sig":"INT"}`, "TERM", false}, {`{"do":"hold","on":"signal","sig":"SIG*"}`, "HUP", true},
		{`{"do":"hold","handler":"x"}`, "TERM", false}, {`{"do":"hold","on":"exit"}`, "TERM", false},
	} {
		w := held(t, Config{})
		order1(t, w.Session, "sleep", c.order)
		node, err := w.Run(Command{Argv: []string{"sleep", "1001"}})
		if err != nil {
			t.Fatal(err)
		}
		w.term(node, tree.Default)
		if err := w.Signal(node, c.sig, ""); err != nil {
			t.Fatal(err)
		}
		if c.held {
			w.heldAt(node)
			order1(t, w.Session, "sleep", strings.Replace(c.order, "hold", "release", 1))
		}
		wait(t, "its end", w.Emptied(node))
		w.Stop()
		events, _ := w.finish()
		if got := counted(events, func(e *tree.Event) bool { return e.Kind == exitreg.KindHold }) > 0; got != c.held {
			t.Errorf("%s, %s: held %v", c.order, c.sig, got)
		}
		if cannot := counted(events, func(e *tree.Event) bool {
			return e.Kind == exitreg.KindNote && strings.Contains(e.Text, "could not be held at its exit")
		}); (cannot == 1) != strings.Contains(c.order, "exit") {
			t.Errorf("%s: told %d times that it could not be held at its exit", c.order, cannot)
		}
	}
}

// What nobody but a process with a registry can do is refused.
func TestForeignCannot(t *testing.T) {
	w := held(t, Config{})
	node := w.run("exec sleep 1001")
	w.past("it to be old enough", w.kind(node, exitreg.KindSpawn).T+1100*time.Millisecond)
	for line, want := range map[string]string{
		`{"do":"hold","on":"exit"}`:                     "cannot be held at its exit: it does not import exitreg",
		`{"do":"fault","fault":"ignore"}`:               "cannot be made to ignore signals: it does not import exitreg",
		`{"do":"hold","on":"lunch"}`:                    `hold: not on "lunch" (there are: handler, signal, exit)`,
		`{"do":"hold","on":"signal","sig":"NOPE"}`:      `signal "NOPE": unknown`,
		`{"do":"hold","on":"signal","sig":"KILL"}`:      "nothing can be held at SIGKILL",
		`{"do":"fault","fault":"hang"}`:                 `the fault "hang" is one of handlers`,
		`{"do":"fault","fault":"ignore","handler":"x"}`: "the fault ignore is one of a process",
	} {
		if err := w.Order(node, line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
	order1(t, w.Session, "*", `{"do":"fault","fault":"ignore","sig":"TERM"}`) // it may be for those to come
	if err := w.Signal(node, "TERM", ""); err != nil {
		t.Error(err)
	}
	w.noted("cannot be made to ignore SIGTERM: it does not import exitreg")
	w.Stop()
	w.finish()
}

// What is left alone does not stay stopped when multiexit is killed.
func TestKeptIsContinued(t *testing.T) {
	need(t, "bash")
	cmd := exec.Command(self, roleWord, "keep", "sleep 1001 & sleep 1002 & exit 3")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(deadline, func() { cmd.Process.Kill() }).Stop()
	var pids []int
	mark := ""
	for lines := bufio.NewScanner(out); len(pids) < 2 && lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "mark":
			mark = rest
		case "halted":
			pid, _ := strconv.Atoi(rest)
			pids = append(pids, pid)
		}
	}
	for _, pid := range pids {
		if st, err := readStat(pid); err != nil || st.state != 'T' {
			t.Errorf("%d: state %c, %v", pid, st.state, err)
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
	waitFor(t, "those left alone to take the signal that waited", func() bool {
		for _, pid := range pids {
			syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
		return len(marked(mark)) == 0
	})
}
