package supervise

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
)

// stand has somebody below a root held, or let go, as the session tells it: with a
// rung if its ladder is on.
func (f *fake) stand(node string, on bool, left time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.procs[node]
	kind, text := exitreg.KindRelease, "thaw"
	if on {
		kind, text = exitreg.KindHold, "freeze"
	}
	f.emit(tree.Event{Kind: kind, Node: node + ".0", ID: "h1"})
	if !p.ladder {
		return
	}
	p.killAt = time.Now().Add(left)
	if on {
		p.killAt = time.Now().Add(1000 * time.Hour) // which nobody waits for
	}
	p.kill.Reset(time.Until(p.killAt))
	f.emit(tree.Event{Kind: exitreg.KindRung, Node: node, Text: text, Timeout: left})
}

// What cannot be ended is given up; but not while its time stands. That of everything
// stands with it, and is told to go on when it does.
func TestTimeOfCommandStands(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{term: map[string]time.Duration{"a": -1, "b": 0}[name]} })
		s := began(t, f, file("a", "b"), Options{})
		start := time.Now()
		s.Stop()
		synctest.Wait()
		time.Sleep(3 * time.Second)
		f.stand("0", true, 7*time.Second)
		time.Sleep(time.Hour)
		f.stand("0", false, 7*time.Second)
		<-s.Done()
		if took := time.Since(start); took != time.Hour+10*time.Second {
			t.Errorf("it took %v", took)
		}
		if got, want := f.rungs(""), []string{"stop 10s", "freeze 7s", "thaw 7s", "done"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		for _, e := range f.events {
			if e.Kind == exitreg.KindNote {
				t.Errorf("a note %q", e.Text)
			}
		}
	})
}

// Put off, and led on by hand, while it stands.
func TestStandingByHand(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: -1} })
		s := began(t, f, file("a", "b"), Options{})
		s.Stop()
		synctest.Wait()
		time.Sleep(3 * time.Second)
		f.stand("0", true, 7*time.Second)
		time.Sleep(time.Minute)
		if err := s.Extend("0", 5*time.Second); err != nil {
			t.Error(err)
		}
		f.Emit(tree.Event{Kind: exitreg.KindRung, Node: "0", Text: "extend", Timeout: 12 * time.Second}) // as the session does
		synctest.Wait()
		if got := f.rungs(""); got[len(got)-1] != "extend 12s" {
			t.Errorf("%q", got)
		}
		time.Sleep(time.Minute)
		if err := s.Next("0"); err != nil { // kills
			t.Error(err)
		}
		<-s.Done()
		for _, e := range f.events {
			if e.Kind == exitreg.KindNote {
				t.Errorf("a note %q", e.Text)
			}
		}
	})
}

// The time of a stop command stands while somebody whom it is to end is held, and the
// signals have all of theirs after it.
func TestTimeOfStopCommandStands(t *testing.T) {
	for _, before := range []bool{false, true} { // it began
		bubble(t, func(t *testing.T) {
			f := newFake(func(name string, n int) play { return play{term: -1} })
			list := file("pg")
			list.Commands[0].Stop.Command = []string{"pg_ctl", "stop"}
			s := began(t, f, list, Options{})
			left := "5s"
			if before {
				f.stand("0", true, 0)
			}
			start := time.Now()
			s.Stop()
			synctest.Wait()
			if !before {
				time.Sleep(2 * time.Second)
				f.stand("0", true, 0)
				left = "3s"
			}
			time.Sleep(time.Hour)
			if err := s.Extend("0", time.Second); err != nil {
				t.Error(err)
			}
			f.stand("0", false, 0)
			<-s.Done()
			more := map[string]string{"3s": "4s", "5s": "6s"}[left]
			want := []string{"stop 5s", "freeze " + left, "extend " + more, "thaw " + more, "stop SIGTERM 5s", "done"}
			if got := f.rungs("0"); !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
			if took := time.Since(start); took != time.Hour+11*time.Second {
				t.Errorf("it took %v", took)
			}
			if got := strings.Join(f.rungs(""), ", "); !strings.Contains(got, "freeze") || !strings.Contains(got, "thaw") {
				t.Errorf("of everything: %s", got)
			}
		})
	}
}

// Who is held, by root.
func TestHoldsBelow(t *testing.T) {
	var h holds
	for _, c := range []struct {
		kind    exitreg.Kind
		node    string
		changed bool
		left    int
	}{
		{exitreg.KindRelease, "0.1", false, 0}, {exitreg.KindHold, "0.1", true, 1}, {exitreg.KindHold, "0.1", false, 1}, {exitreg.KindHold, "0", true, 2},
		{exitreg.KindExit, "0.1", true, 1}, {exitreg.KindExit, "0.2", false, 1}, {exitreg.KindExec, "0", true, 0}, {exitreg.KindHold, "", false, 0},
	} {
		if got := h.see(&tree.Event{Kind: c.kind, Node: c.node}); got != c.changed || h.below["0"] != c.left {
			t.Errorf("%s of %q: changed %v, %d left", c.kind, c.node, got, h.below["0"])
		}
	}
}
