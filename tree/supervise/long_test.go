package supervise

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// TestRemovedAreForgotten: what is added and removed all day leaves nothing.
func TestRemovedAreForgotten(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		s := began(t, f, file("db", "api: db"), Options{Hold: true})
		do(t, s, "remove", "db") // api depends on it
		for n := range 20 {
			name := fmt.Sprint("extra", n)
			do(t, s, "add", name, "true")
			do(t, s, "restart", name)
			do(t, s, "remove", name)
		}
		err := s.ask(func() error { return fmt.Errorf("%d %d", len(s.cmds), len(s.owner)) })
		if err.Error() != "2 2" {
			t.Errorf("commands and nodes that are known: %v", err)
		}
		do(t, s, "add", "db", "true")
		do(t, s, "restart", "api")
		f.states(t, "db", "ready", "api", "ready")
		over(t, s)
	})
}

// TestGoodRunsWithKeep: the restarts in a row end with a good run though nobody
// waits for what is left behind.
func TestGoodRunsWithKeep(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if n == 2 {
				return play{life: 20 * time.Second, code: 1}
			}
			return play{life: time.Second, code: 1}
		})
		list := file("a", "b")
		list.Commands[0].Restart = spec.Restart{Policy: spec.OnFailure, Limit: 3}
		s := began(t, f, list, Options{Config: live.Config{Keep: true}})
		time.Sleep(time.Minute)
		want := []time.Duration{time.Second, 2 * time.Second, time.Second, 2 * time.Second, 4 * time.Second}
		if got := f.delays("a"); !slices.Equal(got, want) {
			t.Errorf("delays %v, want %v", got, want)
		}
		over(t, s)
	})
}

// TestKillAtTheEnd: whom the session still ends when all commands are over can be
// killed too.
func TestKillAtTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		s := f.supervisor(file("a"), Options{})
		s.open = func(c live.Config) (engine, error) {
			f.tap = c.Tap
			return unending{f}, nil
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		s.Stop()
		<-s.Done()
		synctest.Wait()
		s.Kill()
		s.Wait()
	})
}

// unending is not over before it is killed.
type unending struct{ *fake }

func (unending) Stop() {}

// TestOddTargets: what cannot be meant is refused, and holds nobody up.
func TestOddTargets(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := began(t, newFake(nil), file("a"), Options{Hold: true})
		for _, target := range []string{"\xff", "\xff*", strings.Repeat("*", 1<<20), "..", "0.", "-1", "a/", "/"} {
			if err := s.Do("stop", target, nil); err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 200 {
				t.Errorf("stop %.20q: %v", target, err)
			}
		}
		for _, name := range []string{"0", "7", "1.2", "all", "a*"} {
			if s.Do("add", name, []string{"true"}) == nil {
				t.Errorf("a command can be called %q", name)
			}
		}
		do(t, s, "add", "", "7") // its program is called so
		over(t, s)
	})
}

// TestExtendByNonsense: a step that is put off for ever must not come at once.
func TestExtendByNonsense(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: 5 * time.Second} })
		list := file("a", "b")
		list.Commands[0].Stop.Command = []string{"x"}
		s := began(t, f, list, Options{Hold: true})
		s.Stop()
		synctest.Wait()
		for _, d := range []time.Duration{1<<63 - 1, 0, -time.Second} {
			for _, node := range []string{"", "0", "1"} {
				if s.Extend(node, d) == nil {
					t.Errorf("%v more for %q", d, node)
				}
			}
		}
		over(t, s)
		f.states(t, "a", "stopped", "b", "stopped")
	})
}
