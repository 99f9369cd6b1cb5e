package supervise

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree/spec"
)

func TestBackOffGrows(t *testing.T) {
	for _, c := range []struct {
		policy spec.Restart
		want   []time.Duration
	}{
		{spec.Restart{}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute}},
		{spec.Restart{Delay: 3 * time.Second, Max: 10 * time.Second}, []time.Duration{3 * time.Second, 6 * time.Second, 10 * time.Second}},
		{spec.Restart{Delay: 2 * time.Minute}, []time.Duration{2 * time.Minute, 2 * time.Minute}},
		{spec.Restart{Max: time.Millisecond}, []time.Duration{time.Millisecond, time.Millisecond}},
	} {
		for n, want := range c.want {
			if got := backOff(&c.policy, n); got != want {
				t.Errorf("%+v: restart %d after %v, want %v", c.policy, n, got, want)
			}
		}
	}
	if d := backOff(&spec.Restart{}, 1<<40); d != time.Minute {
		t.Error(d)
	}
}

// delays are those of the back-offs of a command.
func (f *fake) delays(name string) (list []time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events {
		if e.Kind == exitreg.KindCommand && e.Name == name && e.Text == "backoff" {
			list = append(list, e.Timeout)
		}
	}
	return list
}

func TestRestarts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if n == 2 {
				return play{life: 20 * time.Second, code: 1} // a good run: then it is the first failure again
			}
			return play{life: time.Second, code: 1}
		})
		list := file("a", "b: a")
		list.Commands[0].Restart = spec.Restart{Policy: spec.OnFailure, Limit: 3}
		s := began(t, f, list, Options{})
		s.Wait()
		want := []time.Duration{time.Second, 2 * time.Second, time.Second, 2 * time.Second, 4 * time.Second}
		if got := f.delays("a"); !slices.Equal(got, want) {
			t.Errorf("delays %v, want %v", got, want)
		}
		f.states(t, "a", "failed: exit status 1, after 3 restarts")
		var nodes []string
		for _, e := range f.events {
			if e.Kind == exitreg.KindCommand && e.Name == "a" && e.Text == "starting" {
				nodes = append(nodes, e.Node)
			}
		}
		if want := []string{"0", "2", "3", "4", "5", "6"}; !slices.Equal(nodes, want) {
			t.Errorf("nodes %v, want %v", nodes, want)
		}
	})
}

func TestPolicies(t *testing.T) {
	for _, c := range []struct {
		policy spec.Policy
		code   int
		probe  *spec.Probe
		want   string
	}{
		{"", 0, nil, "done"},
		{"", 1, nil, "failed: exit status 1"},
		{spec.Never, 1, nil, "failed: exit status 1"},
		{spec.OnFailure, 0, nil, "done"},
		{spec.OnFailure, 1, nil, "backoff: exit status 1"},
		{spec.Always, 0, nil, "backoff: exit status 0"},
		{spec.Always, 1, nil, "backoff: exit status 1"},
		{spec.Always, 0, &spec.Probe{Exit: true}, "done"},
		{spec.OnFailure, 2, &spec.Probe{Exit: true}, "backoff: exit status 2"},
	} {
		bubble(t, func(t *testing.T) {
			f := newFake(func(string, int) play { return play{life: time.Second, code: c.code} })
			list := file("a")
			list.Commands[0].Restart.Policy, list.Commands[0].Ready = c.policy, c.probe
			s := began(t, f, list, Options{Hold: true})
			time.Sleep(1500 * time.Millisecond)
			if got := f.state("a"); got != c.want {
				t.Errorf("%q and exit status %d: %s, want %s", c.policy, c.code, got, c.want)
			}
			over(t, s)
		})
	}
}

// TestDependentsWaitForARestart: one that fails and is started again may still
// become what others wait for.
func TestDependentsWaitForARestart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "db" && n == 0 {
				return play{life: time.Second, code: 1}
			}
			return play{line: "up", after: 2 * time.Second}
		})
		list := file("api: db", "db")
		list.Commands[1].Restart.Policy = spec.OnFailure
		list.Commands[1].Ready = &spec.Probe{Exit: true}
		s := began(t, f, list, Options{})
		time.Sleep(1500 * time.Millisecond)
		f.states(t, "api", "waiting: for db to be ready", "db", "backoff: exit status 1")
		over(t, s)
		f.states(t, "api", "stopped", "db", "stopped")
	})
}

// TestSignalByTheUser: a signal is no stop.
func TestSignalByTheUser(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		list := file("a", "b")
		list.Commands[1].Restart.Policy = spec.OnFailure
		s := began(t, f, list, Options{Hold: true})
		s.Signal("0", "SIGTERM", "")
		s.Signal("1", "SIGKILL", "")
		synctest.Wait()
		f.states(t, "a", "stopped: by SIGTERM", "b", "backoff: ended by SIGKILL")
		over(t, s)
	})
}

// TestLateNews: what is told of a run that is over, or is being ended, changes
// nothing.
func TestLateNews(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		list := file("a")
		list.Commands[0].Ready = &spec.Probe{File: "/no/such/file", Timeout: time.Hour}
		s := began(t, f, list, Options{Hold: true})
		var first *run
		late := func() { // what a probe and a timer may have put in the inbox
			s.inbox.put(func() {
				if first == nil {
					first = s.cmds[0].run
				}
				s.ready(s.cmds[0], first)
				s.unready(s.cmds[0], first, list.Commands[0].Ready)
				s.emptied(s.cmds[0], &run{node: "0"})
				s.exited("77")
				s.rung("77", "stop", "", 0)
				s.signalled("77", "SIGTERM")
			})
			synctest.Wait()
		}
		do(t, s, "restart", "a")
		late()
		f.states(t, "a", "stopping")
		time.Sleep(2 * time.Second)
		late()
		f.states(t, "a", "starting")
		over(t, s)
	})
}
