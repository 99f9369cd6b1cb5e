package supervise

import (
	"errors"
	"io/fs"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// bubble runs a test under a clock that moves when all are waiting. What is not
// over at its end is ended.
func bubble(t *testing.T, run func(t *testing.T)) { t.Helper(); synctest.Test(t, run) }

func began(t *testing.T, f *fake, file *spec.File, o Options) *Supervisor {
	t.Helper()
	s := f.supervisor(file, o)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	return s
}

// over stops everything and waits for the end.
func over(t *testing.T, s *Supervisor) live.Verdict {
	t.Helper()
	s.Stop()
	v := s.Wait()
	if v.Total != v.Gone {
		t.Errorf("%d of %d are left", v.Total-v.Gone, v.Total)
	}
	synctest.Wait()
	return v
}

// do has a verb succeed.
func do(t *testing.T, s *Supervisor, verb, target string, args ...string) {
	t.Helper()
	if err := s.Do(verb, target, args); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func TestOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{term: time.Second} })
		s := began(t, f, file("web: api", "api: db cache", "db", "cache"), Options{})
		f.expect(t, "web waiting", "api waiting", "db waiting", "cache waiting", "db starting", "+db", "cache starting", "+cache", "+api", "+web", "web ready")
		began := time.Now()
		over(t, s)
		f.expect(t, "web stopping", "!web", "-web", "web stopped", "!api", "-api", "!db", "!cache", "db stopped")
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("three layers of 1 s took %v", took)
		}
	})
}

func TestAnnouncement(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		list := file("api: db", "worker: db:started init:done", "db", "init", "shell")
		list.Commands[4].Manual = true
		s := began(t, f, list, Options{Hold: true})
		want := []string{"0 api waiting for db to be ready", "1 worker waiting for db to be started, init to be done",
			"2 db waiting ", "3 init waiting ", "4 shell waiting for the user"}
		for i, e := range f.events[:5] {
			if got := e.Node + " " + e.Name + " " + e.Text + " " + e.Err; got != want[i] {
				t.Errorf("%q, want %q", got, want[i])
			}
		}
		f.states(t, "worker", "waiting: for init to be done", "shell", "waiting: for the user")
		over(t, s)
		f.states(t, "shell", "stopped")
	})
}

func TestConditions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			switch name {
			case "db":
				return play{line: "\x1b[32mlistening\x1b[0m on 5432", after: 3 * time.Second}
			case "init":
				return play{life: 5 * time.Second}
			case "hook":
				return play{hook: "db/close"}
			}
			return play{}
		})
		list := file("a: db", "b: db:started", "c: init", "d: init:done", "e: hook", "db", "init", "hook")
		list.Commands[5].Ready = &spec.Probe{Log: regexp.MustCompile(`^listening on \d+$`)}
		list.Commands[6].Ready = &spec.Probe{Exit: true}
		list.Commands[7].Ready = &spec.Probe{Handler: "db*"}
		s := began(t, f, list, Options{})
		f.states(t, "a", "waiting: for db to be ready", "b", "ready", "c", "waiting: for init to be ready", "d", "waiting: for init to be done", "e", "ready", "db", "starting")
		time.Sleep(4 * time.Second)
		f.states(t, "a", "ready", "c", "waiting: for init to be ready")
		time.Sleep(4 * time.Second)
		f.states(t, "c", "ready", "d", "ready", "init", "done")
		over(t, s)
	})
}

func TestFailureSpreads(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "db" {
				return play{life: time.Second, code: 3}
			}
			return play{}
		})
		list := file("web: api", "api: db", "db", "other")
		list.Commands[2].Ready = &spec.Probe{Log: regexp.MustCompile("ready")}
		s := began(t, f, list, Options{})
		time.Sleep(2 * time.Second)
		f.states(t, "db", "failed: exit status 3", "api", "failed: db failed", "web", "failed: api failed", "other", "ready")
		select {
		case <-s.Done():
			t.Error("done while one lives")
		default:
		}
		over(t, s)
	})
}

func TestUnready(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "well" {
				return play{life: time.Second}
			}
			return play{term: 2 * time.Second}
		})
		list := file("late", "well", "next: late")
		list.Commands[0].Ready = &spec.Probe{Log: regexp.MustCompile("up"), Timeout: 5 * time.Second}
		list.Commands[1].Ready = &spec.Probe{Log: regexp.MustCompile("up")}
		s := began(t, f, list, Options{})
		time.Sleep(6 * time.Second)
		f.states(t, "late", "stopping: not ready within 5.00s (no line matched up)", "well", "failed: ended before it was ready (no line matched up)")
		<-s.Done()
		f.states(t, "late", "failed: not ready within 5.00s (no line matched up)", "next", "failed: late failed")
		s.Wait()
	})
}

func TestStartFailure(t *testing.T) {
	missing := &live.CommandError{Name: "api", Why: "not found in PATH", Kind: exec.ErrNotFound}
	bubble(t, func(t *testing.T) {
		f := newFake(func(string, int) play { return play{err: missing} })
		s := f.supervisor(file("api"), Options{})
		if err := s.Start(); !errors.Is(err, missing) {
			t.Errorf("error %v", err)
		}
		s.Wait()
		if err := s.Do("start", "api", nil); err == nil {
			t.Error("a verb after the end")
		}
	})
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "api" {
				return play{err: missing}
			}
			return play{life: time.Second}
		})
		s := began(t, f, file("api", "db"), Options{})
		f.states(t, "api", "failed: cannot be started: api: not found in PATH", "db", "ready")
		if v := s.Wait(); v.Code != 127 {
			t.Errorf("%+v", v)
		}
	})
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if n == 0 {
				return play{err: fs.ErrInvalid} // such as a want of memory
			}
			return play{life: time.Second}
		})
		list := file("api", "db")
		list.Commands[0].Restart.Policy = spec.OnFailure
		s := began(t, f, list, Options{})
		f.states(t, "api", "backoff: cannot be started: invalid argument")
		if v := s.Wait(); v.Code != 0 {
			t.Errorf("%+v", v)
		}
		f.states(t, "api", "done")
	})
}

func TestExitStatusOfTheFirst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			return map[string]play{"a": {life: 2 * time.Second, code: 7}, "b": {life: time.Second, code: 9}}[name]
		})
		s := began(t, f, file("a", "b"), Options{})
		if v := s.Wait(); v.Code != 7 || v.Sig != "" {
			t.Errorf("%+v", v)
		}
	})
}

func TestCritical(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if name == "main" {
				return play{life: time.Second, code: 4}
			}
			return play{term: time.Second}
		})
		list := file("db", "main: db")
		list.Commands[1].Critical = true
		s := began(t, f, list, Options{Hold: true})
		s.Wait()
		f.states(t, "main", "failed: exit status 4", "db", "stopped")
		if !slices.ContainsFunc(f.events, func(e exitreg.Event) bool {
			return e.Kind == exitreg.KindNote && strings.Contains(e.Text, "main is failed (exit status 4) and is critical")
		}) {
			t.Error("nobody said why")
		}
	})
}

// TestCriticalThatNeverRan: it has not ended, unless what it needs has failed.
func TestCriticalThatNeverRan(t *testing.T) {
	for verb, over := range map[string]bool{"stop": false, "": true} {
		bubble(t, func(t *testing.T) {
			f := newFake(func(name string, n int) play {
				if name == "db" {
					return play{life: time.Minute, code: 1}
				}
				return play{}
			})
			list := file("db", "main: db", "other")
			list.Commands[0].Ready = &spec.Probe{File: "/no/such/file"}
			list.Commands[1].Critical = true
			s := began(t, f, list, Options{Hold: true})
			if verb != "" {
				do(t, s, verb, "db")
			}
			time.Sleep(2 * time.Minute)
			if got, want := f.state("other"), map[bool]string{true: "stopped", false: "ready"}[over]; got != want {
				t.Errorf("%q: other is %s, want %s", verb, got, want)
			}
			s.Kill()
			s.Wait()
		})
	}
}

func TestHold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play { return play{life: time.Second} })
		s := began(t, f, file("a"), Options{Hold: true})
		time.Sleep(time.Minute)
		select {
		case <-s.Done():
			t.Fatal("it did not hold")
		default:
		}
		do(t, s, "start", "a")
		f.states(t, "a", "ready")
		over(t, s)
		<-s.Done()
	})
}

// TestLeftBehind: children that outlive their command are ended when all commands
// are over, before a restart, or not at all.
func TestLeftBehind(t *testing.T) {
	plays := func(name string, n int) play {
		if name == "a" {
			return play{life: time.Second, tail: -1}
		}
		return play{life: 10 * time.Second}
	}
	for _, keep := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			f := newFake(plays)
			s := began(t, f, file("a", "b"), Options{Config: live.Config{Keep: keep}})
			time.Sleep(5 * time.Second)
			if slices.Contains(f.said(), "!a") {
				t.Error("ended while another command may need it")
			}
			v := s.Wait()
			f.states(t, "a", "done", "b", "done")
			if want := 2; !keep && v.Gone != want || keep && v.Gone == want || keep == slices.Contains(f.said(), "!a") {
				t.Errorf("keep %v: %+v, %q", keep, v, f.said())
			}
		})
	}
	bubble(t, func(t *testing.T) {
		f := newFake(func(name string, n int) play {
			if n == 0 {
				return plays("a", n)
			}
			return play{}
		})
		list := file("a")
		list.Commands[0].Restart = spec.Restart{Policy: spec.Always}
		s := began(t, f, list, Options{})
		time.Sleep(5 * time.Second)
		f.expect(t, "-a", "a backoff", "!a", "a starting", "+a", "a ready")
		over(t, s)
	})
}

func TestEnvironment(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake(nil)
		list := file("a")
		list.Commands[0].Env = []string{"PORT=2", "PORT=3", "X=y"}
		s := began(t, f, list, Options{Env: []string{"PORT=1", "HOME=/h"}, PTY: true, Cols: 80, Rows: 24})
		c := f.commands[0]
		if want := []string{"PORT=3", "HOME=/h", "X=y"}; !slices.Equal(c.Env, want) || !c.PTY || c.Cols != 80 || c.Name != "a" {
			t.Errorf("%+v", c)
		}
		over(t, s)
	})
}
