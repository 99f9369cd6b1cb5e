package supervise

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/spec"
)

func TestVerbs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		list := file("backend/api: db", "backend/worker: db", "db", "shell")
		list.Commands[3].Manual = true
		s := began(t, f, list, Options{Hold: true})

		do(t, s, "stop", "db") // just it, though others depend on it
		time.Sleep(2 * time.Second)
		f.states(t, "db", "stopped", "backend/api", "ready")
		do(t, s, "stop", "backend")
		time.Sleep(2 * time.Second)
		f.states(t, "backend/api", "stopped", "backend/worker", "stopped")

		do(t, s, "start", "*/api") // and first what it depends on
		f.expect(t, "backend/api stopped", "db waiting", "backend/api waiting", "+db", "db ready", "+backend/api")
		f.states(t, "backend/api", "ready", "backend/worker", "stopped")
		if e := f.last("backend/api"); e.Node != "5" {
			t.Errorf("it runs as node %s", e.Node)
		}

		do(t, s, "restart", "5.0.1") // a node below its root
		f.states(t, "backend/api", "stopping")
		do(t, s, "start", "shell")
		time.Sleep(2 * time.Second)
		f.states(t, "backend/api", "ready", "shell", "ready")

		do(t, s, "kill", "shell")
		f.states(t, "shell", "stopped")
		f.expect(t, "!shell", "-shell", "shell stopped")

		do(t, s, "pause", "db")
		do(t, s, "continue", "4.1")
		do(t, s, "signal", "db", "SIGHUP", "group")
		do(t, s, "signal", "4.0", "SIGUSR1")
		if got, want := f.calls, []string{"pause 4 true", "pause 4.1 false", "signal 4 SIGHUP group", "signal 4.0 SIGUSR1"}; !slices.Equal(got[:2], want[:2]) {
			t.Errorf("calls %q, want %q", got, want)
		}
		over(t, s)
	})
}

// last is the newest event of a command.
func (f *fake) last(name string) (last exitreg.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events {
		if e.Kind == exitreg.KindCommand && e.Name == name {
			last = e
		}
	}
	return last
}

// TestRestartOfSeveral: they stop in reverse order, all of them before the first
// one starts, and start in order.
func TestRestartOfSeveral(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		s := began(t, f, file("web: api", "api: db", "db"), Options{})
		do(t, s, "restart", "all")
		time.Sleep(10 * time.Second)
		f.expect(t, "web ready", "!web", "-web", "!api", "-api", "!db", "-db", "+db", "+api", "+web", "web ready")
		tr := tree.Fold(f.events)
		for _, name := range []string{"web", "api", "db"} {
			if c := tr.Command(name); c.Runs != 2 || c.Node.Past || c.State != tree.CommandReady {
				t.Errorf("%s: %+v", name, c)
			}
		}
		over(t, s)
	})
}

func TestAddDuplicateRemove(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		s := began(t, f, file("api: db", "db"), Options{Hold: true})
		do(t, s, "duplicate", "api")
		do(t, s, "duplicate", "api")
		do(t, s, "add", "", "X=1 exec /usr/bin/top -b")
		do(t, s, "add", "", "mine", "sleep 1 | cat")
		do(t, s, "add", "yours", "sleep", "2")
		f.states(t, "api-2", "ready", "api-3", "ready", "top", "ready", "mine", "ready", "yours", "ready")
		var nodes []string
		for _, c := range f.commands[2:] {
			nodes = append(nodes, c.Node+" "+strings.Join(c.Argv, " "))
		}
		want := []string{"2 api", "3 api", "4 /bin/sh -c X=1 exec /usr/bin/top -b", "5 /bin/sh -c sleep 1 | cat", "6 /bin/sh -c sleep 2"}
		if !slices.Equal(nodes, want) {
			t.Errorf("%q, want %q", nodes, want)
		}

		do(t, s, "remove", "db")
		f.states(t, "db", "stopping")
		refused(t, s, "start: db is being removed", "start", "db")
		time.Sleep(2 * time.Second)
		f.states(t, "db", "removed", "api", "ready")
		refused(t, s, "stop: no such command: db (there are: api, api-2, api-3, top, mine, yours)", "stop", "db")
		refused(t, s, "duplicate: api depends on db, which was removed", "duplicate", "api")
		do(t, s, "stop", "api")
		time.Sleep(2 * time.Second)
		refused(t, s, "start: api depends on db, which was removed", "start", "api")
		do(t, s, "add", "db", "sleep 3") // its name is free
		do(t, s, "start", "api")
		f.states(t, "api", "ready", "db", "ready")
		over(t, s)
		for _, c := range tree.Fold(f.events).Commands {
			if !c.State.Over() {
				t.Errorf("%+v", c)
			}
		}
	})
}

// refused has a verb fail with this error.
func refused(t *testing.T, s *Supervisor, want, verb, target string, args ...string) {
	t.Helper()
	if err := s.Do(verb, target, args); err == nil || err.Error() != want {
		t.Errorf("%s %s %q: error %v, want %q", verb, target, args, err, want)
	}
}

func TestRefusals(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		list := file("backend/api", "backend/worker", "shell")
		list.Commands[2].Manual = true
		s := began(t, f, list, Options{Hold: true})
		refused(t, s, "start: backend/api runs already (restart it?)", "start", "backend/api")
		refused(t, s, "stop: shell does not run", "stop", "shell")
		refused(t, s, "kill: shell does not run", "kill", "shell")
		refused(t, s, "pause: shell does not run", "pause", "shell")
		refused(t, s, "signal: shell does not run", "signal", "shell", "HUP")
		refused(t, s, "stop: no such command: shel (did you mean shell?)", "stop", "shel")
		refused(t, s, "stop: no such command: api (did you mean backend/api?)", "stop", "api")
		refused(t, s, "stop: no such command: bakend (did you mean backend?)", "stop", "bakend")
		refused(t, s, "stop: no command has node 77.1", "stop", "77.1")
		refused(t, s, "stop: 0.9: no such node", "stop", "0.9")
		refused(t, s, "restrt: no such verb (did you mean restart?)", "restrt", "shell")
		refused(t, s, "signal: which signal? (a name such as SIGHUP, then a scope if it is not process)", "signal", "0")
		refused(t, s, "add: which command? (a name if you like, then a command line)", "add", "", " ")
		refused(t, s, "add: there is a command shell already", "add", "shell", "x")
		refused(t, s, `add: "all" stands for all commands (choose another name)`, "add", "all", "x")
		refused(t, s, `add: "a b" is no name for a command (neither spaces nor * and ?)`, "add", "a b", "x")
		s.Stop()
		refused(t, s, "start: everything is being stopped", "start", "shell")
		over(t, s)
		refused(t, s, "everything is over", "start", "shell")
	})
}

// TestStartInPlaceOfBackOff: the user need not wait.
func TestStartInPlaceOfBackOff(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if n == 0 {
				return play{life: time.Second, code: 1}
			}
			return play{}
		})
		list := file("a", "b")
		list.Commands[0].Restart = spec.Restart{Policy: spec.OnFailure, Delay: time.Hour}
		list.Commands[1].Restart = list.Commands[0].Restart
		s := began(t, f, list, Options{Hold: true})
		time.Sleep(2 * time.Second)
		do(t, s, "start", "a")
		do(t, s, "stop", "b")
		f.states(t, "a", "ready", "b", "stopped")
		time.Sleep(2 * time.Hour)
		f.states(t, "a", "ready", "b", "stopped")
		over(t, s)
	})
}

// TestStartWhileStopping is a restart.
func TestStartWhileStopping(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		s := began(t, f, file("a", "b"), Options{})
		do(t, s, "stop", "a")
		do(t, s, "start", "a")
		do(t, s, "restart", "b")
		do(t, s, "stop", "b") // no, rather not
		time.Sleep(3 * time.Second)
		f.states(t, "a", "ready", "b", "stopped")
		over(t, s)
	})
}

// TestRestartBringsBack: what a command depends on comes back with it.
func TestRestartBringsBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Second} })
		s := began(t, f, file("api: db", "db"), Options{Hold: true})
		do(t, s, "stop", "db")
		time.Sleep(2 * time.Second)
		do(t, s, "restart", "api")
		time.Sleep(2 * time.Second)
		f.states(t, "api", "ready", "db", "ready")

		do(t, s, "stop", "db") // in the middle of it
		do(t, s, "restart", "api")
		f.states(t, "db", "stopping", "api", "stopping")
		time.Sleep(3 * time.Second)
		f.states(t, "api", "ready", "db", "ready")
		over(t, s)
	})
}

// TestManyAsk: verbs from many goroutines at once, against an end.
func TestManyAsk(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{term: time.Millisecond} })
		s := began(t, f, file("a", "b: a", "c: b"), Options{Hold: true})
		for _, verb := range verbs {
			go func() {
				for range 20 {
					s.Do(verb, "a", []string{"SIGCONT"})
					s.Extend("", time.Second)
					s.Next("")
				}
			}()
		}
		synctest.Wait()
		over(t, s)
	})
}
