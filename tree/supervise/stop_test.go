package supervise

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

func TestStopOptions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		list := file("a", "b")
		list.Grace = 7 * time.Second
		list.Commands[0].Stop = spec.Stop{Signal: "SIGQUIT", Grace: 3 * time.Second, Dump: time.Second}
		s := began(t, f, list, Options{Config: live.Config{Grace: time.Second}})
		over(t, s)
		want := []live.StopOptions{{Signal: "SIGQUIT", Grace: 3 * time.Second, Dump: time.Second}, {Grace: 7 * time.Second}}
		if !slices.Equal(f.stops, want) {
			t.Errorf("%+v", f.stops)
		}
	})
}

// rungs are those of one node, as "stop SIGTERM 10s".
func (f *fake) rungs(node string) (list []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events {
		if e.Kind == exitreg.KindRung && e.Node == node {
			left := ""
			if e.Timeout > 0 {
				left = e.Timeout.String()
			}
			list = append(list, strings.Join(strings.Fields(e.Text+" "+e.Sig+" "+left), " "))
		}
	}
	return list
}

func TestStopCommand(t *testing.T) {
	for name, c := range map[string]struct {
		script play // what the stop command does
		after  time.Duration
		dies   time.Duration // of the command, by the stop command; 0: it does not
		rungs  []string
		took   time.Duration
		note   string
	}{
		"it works":           {play{life: time.Second}, 0, 2 * time.Second, []string{"stop 5s", "done"}, 2 * time.Second, ""},
		"it works, slowly":   {play{life: 4 * time.Second}, 0, time.Second, []string{"stop 5s", "done"}, 4 * time.Second, ""},
		"it does nothing":    {play{life: time.Second}, 0, 0, []string{"stop 5s", "stop SIGTERM 5s", "done"}, 6 * time.Second, ""},
		"it fails":           {play{life: time.Second, code: 2}, 0, 0, []string{"stop 5s", "stop SIGTERM 9s", "done"}, 2 * time.Second, "the stop command failed (exit status 2), the signal follows"},
		"it hangs":           {play{term: -1}, 0, 0, []string{"stop 5s", "stop SIGTERM 5s", "done"}, 10 * time.Second, ""},
		"it is not there":    {play{err: &live.CommandError{Name: "x", Why: "not found in PATH"}}, 0, 0, []string{"stop SIGTERM 10s", "done"}, time.Second, "the stop command cannot be started: x: not found in PATH"},
		"it dies, and works": {play{life: time.Second, code: 1}, 0, time.Second / 2, []string{"stop 5s", "done"}, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				f := newFake(func(name string, n int) play {
					if name == "pg stop" {
						return c.script
					}
					return play{term: time.Second}
				})
				list := file("pg")
				list.Commands[0].Env, list.Commands[0].Dir = []string{"A=b"}, "/srv"
				list.Commands[0].Stop.Command = []string{"pg_ctl", "stop"}
				s := began(t, f, list, Options{Env: []string{"B=c"}})
				if c.dies > 0 {
					f.later(c.dies, func() { f.exit(f.procs["0"], 0, "") })
				}
				start := time.Now()
				over(t, s)
				if took := time.Since(start); took != c.took {
					t.Errorf("it took %v, want %v", took, c.took)
				}
				if got := f.rungs("0"); !slices.Equal(got, c.rungs) {
					t.Errorf("rungs %q, want %q", got, c.rungs)
				}
				f.states(t, "pg", "stopped")
				noted := slices.ContainsFunc(f.events, func(e exitreg.Event) bool {
					return e.Kind == exitreg.KindNote && e.Node == "0" && e.Text == "pg: "+c.note
				})
				if noted != (c.note != "") {
					t.Errorf("note %q", c.note)
				}
				if c.script.err == nil {
					if r := f.commands[1]; r.Node != "1" || r.Dir != "/srv" || !slices.Equal(r.Env, []string{"B=c", "A=b"}) || r.Argv[0] != "pg_ctl" {
						t.Errorf("%+v", r)
					}
				}
			})
		})
	}
}

func TestExtendAndNext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			return play{term: -1}
		})
		list := file("a", "b")
		list.Commands[1].Stop.Command = []string{"x"}
		s := began(t, f, list, Options{Hold: true})
		if err := s.Extend("", time.Second); err == nil || err.Error() != "nothing is being stopped" {
			t.Errorf("error %v", err)
		}
		start := time.Now()
		s.Stop()
		synctest.Wait()
		if err := s.Extend("", 5*time.Second); err != nil { // a: killed at 15 s; b: the signal at 10 s
			t.Error(err)
		}
		if err := s.Extend("0", 5*time.Second); err != nil { // a: killed at 20 s
			t.Error(err)
		}
		if err := s.Extend("1", time.Second); err != nil { // b: 11 s
			t.Error(err)
		}
		time.Sleep(time.Second)
		if err := s.Next("1"); err != nil { // b: the signal now, killed 15 s later
			t.Error(err)
		}
		if got, want := f.rungs("1"), []string{"stop 5s", "stop 10s", "stop 11s", "stop SIGTERM 15s"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		over(t, s)
		if took := time.Since(start); took != 20*time.Second {
			t.Errorf("it took %v", took)
		}
		if got, want := f.rungs(""), []string{"stop 10s", "extend 15s", "extend 20s", "done"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{term: -1} })
		s := began(t, f, file("a", "b: a"), Options{})
		s.Stop()
		s.Next("")
		synctest.Wait()
		f.expect(t, "-b", "b stopped", "!a")
		s.Next("")
		s.Wait()
	})
}

func TestCountdown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{term: 2 * time.Second} })
		list := file("web: api", "api: db", "db", "slow")
		list.Commands[3].Stop.Grace = 15 * time.Second
		s := began(t, f, list, Options{})
		over(t, s)
		if got, want := f.rungs(""), []string{"stop 30s", "extend 20s", "extend 10s", "done"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// TestOnlyOne: the ladder of the only command that runs is that of everything.
func TestOnlyOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "b" {
				return play{life: time.Second}
			}
			return play{term: -1}
		})
		s := began(t, f, file("a", "b"), Options{})
		time.Sleep(2 * time.Second)
		s.Stop()
		time.Sleep(time.Second)
		s.Kill()
		over(t, s)
		if got, want := f.rungs(""), []string{"stop SIGTERM 10s", "kill SIGKILL", "done"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestKill(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{term: -1, tail: -1} })
		list := file("web: api", "api: db", "db")
		list.Commands[0].Stop.Command = []string{"x"}
		s := began(t, f, list, Options{Hold: true})
		s.Stop()
		time.Sleep(time.Second)
		start := time.Now()
		s.Kill()
		s.Kill()
		over(t, s)
		if took := time.Since(start); took > 0 {
			t.Errorf("it took %v", took)
		}
		f.states(t, "web", "stopped", "api", "stopped", "db", "stopped")
	})
	bubble(t, func(t *testing.T) { // at once, and during a back-off and a wait
		f := newFake(func(name string, n int) play {
			if name == "a" {
				return play{life: time.Second, code: 1}
			}
			return play{term: -1}
		})
		list := file("a", "b", "c: a:done")
		list.Commands[0].Restart.Policy = spec.OnFailure
		s := began(t, f, list, Options{})
		time.Sleep(1500 * time.Millisecond)
		s.Kill()
		if v := s.Wait(); v.Gone != 2 || v.Code != 1 {
			t.Errorf("%+v", v)
		}
		f.states(t, "a", "stopped", "b", "stopped", "c", "stopped")
	})
}

func TestStopOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{term: time.Second} })
		list := file("web: db", "api: db", "db", "log: extra", "extra")
		list.StopOrder = []string{"db", "web", "api"}
		s := began(t, f, list, Options{})
		over(t, s)
		f.expect(t, "!log", "-log", "!extra", "-extra", "!db", "-db", "!web", "-web", "!api", "-api")
	})
}

// TestImmortal: what lives on in spite of SIGKILL holds nobody up for ever.
func TestImmortal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		s := f.supervisor(file("web: db", "db"), Options{})
		s.open = func(c live.Config) (engine, error) {
			f.tap = c.Tap
			return stubborn{f}, nil
		}
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.Stop()
		s.Wait()
		f.states(t, "web", "failed: could not be ended", "db", "stopped")
	})
}

// stubborn ignores it when web is to be ended.
type stubborn struct{ *fake }

func (s stubborn) StopNode(node string, o live.StopOptions) {
	if node != "0" {
		s.fake.StopNode(node, o)
	}
}

// TestStopBeforeStart: a signal may come at any time.
func TestStopBeforeStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		s := f.supervisor(file("a", "b"), Options{Hold: true})
		s.Stop()
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		s.Wait()
		f.states(t, "a", "stopped", "b", "stopped")
	})
}

// Who is impatient helps with the stop of everything: the rest goes on in its order.
func TestHelpWithTheStop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "web" {
				return play{term: -1}
			}
			return play{term: time.Second}
		})
		s := began(t, f, file("web: api", "api"), Options{})
		start := time.Now()
		s.Stop()
		synctest.Wait()
		refused(t, s, "restart: everything is being stopped", "restart", "web")
		refused(t, s, "stop: everything is being stopped", "stop", "api")
		do(t, s, "continue", "web")
		do(t, s, "signal", "api", "SIGUSR1")
		do(t, s, "kill", "web")
		s.Wait()
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %v, want that of api", took)
		}
		if got := f.rungs("0"); !slices.Equal(got, []string{"stop SIGTERM 10s", "kill SIGKILL", "done"}) {
			t.Errorf("web: %q", got)
		}
		refused(t, s, "everything is over", "kill", "web")
	})
}
