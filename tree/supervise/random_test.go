package supervise

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/live"
	"multiexit/tree/spec"
)

// TestRandomGraphs plays files with random dependencies, readiness, policies,
// failures and verbs, and checks the stream of each.
func TestRandomGraphs(t *testing.T) {
	for seed := range uint64(1000) {
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { randomRun(t, rand.New(rand.NewPCG(seed, 1))) })
		}) {
			return
		}
	}
}

func randomRun(t *testing.T, r *rand.Rand) {
	list := randomFile(r)
	plays := map[string][]play{}
	for _, one := range list.Commands {
		for range 20 {
			plays[one.Name] = append(plays[one.Name], randomPlay(r))
		}
	}
	f := newFake(func(name string, n int) play {
		some := plays[name]
		if some == nil {
			return play{life: 500 * time.Millisecond, code: n % 2} // a stop command
		}
		return some[n%len(some)]
	})
	s := f.supervisor(list, Options{Hold: r.IntN(2) == 0, Config: live.Config{Grace: 5 * time.Second}})
	if err := s.Start(); err != nil {
		if len(list.Commands) > 1 {
			t.Errorf("start: %v", err)
		}
		return
	}
	for range r.IntN(6) {
		time.Sleep(time.Duration(r.IntN(4000)) * time.Millisecond)
		verb := []string{"start", "stop", "restart", "kill", "remove", "duplicate"}[r.IntN(6)]
		s.Do(verb, list.Commands[r.IntN(len(list.Commands))].Name, nil)
	}
	time.Sleep(time.Duration(r.IntN(20)) * time.Second)
	f.mu.Lock()
	stopped := len(f.events)
	f.mu.Unlock()
	s.Stop()
	kill := r.IntN(4) == 0
	if kill {
		time.Sleep(time.Duration(r.IntN(3000)) * time.Millisecond)
		s.Kill()
	}
	v := s.Wait()
	if v.Total != v.Gone {
		t.Errorf("%+v", v)
	}
	synctest.Wait()
	checkStream(t, list, f, stopped, kill)
	if t.Failed() {
		t.Logf("%+v", list.Commands)
		for _, e := range f.events {
			t.Logf("%v %s %s %s %s %s %v", e.T, e.Kind, e.Node, e.Name, e.Text, e.Err, e.Sig)
		}
	}
}

func randomFile(r *rand.Rand) *spec.File {
	f := &spec.File{Path: "a file"}
	for i := range 1 + r.IntN(8) {
		one := spec.Command{Name: fmt.Sprintf("c%d", i), Argv: []string{"x"}, Manual: r.IntN(10) == 0, Critical: r.IntN(20) == 0}
		for j := range i {
			if r.IntN(3) == 0 {
				when := []spec.Condition{spec.WhenReady, spec.WhenReady, spec.WhenStarted, spec.WhenDone}[r.IntN(4)]
				one.After = append(one.After, spec.Dependency{Name: fmt.Sprintf("c%d", j), When: when})
			}
		}
		switch r.IntN(6) {
		case 0:
			one.Ready = &spec.Probe{Exit: true}
		case 1:
			one.Ready = &spec.Probe{Log: regexp.MustCompile("up"), Timeout: 3 * time.Second}
		}
		one.Restart = spec.Restart{Policy: []spec.Policy{"", spec.OnFailure, spec.Always}[r.IntN(3)], Limit: r.IntN(4)}
		if r.IntN(5) == 0 {
			one.Stop.Command = []string{"stop"}
		}
		f.Commands = append(f.Commands, one)
	}
	r.Shuffle(len(f.Commands), func(i, j int) { f.Commands[i], f.Commands[j] = f.Commands[j], f.Commands[i] })
	return f
}

func randomPlay(r *rand.Rand) play {
	p := play{term: time.Duration(r.IntN(3)) * time.Second, line: "up", after: time.Duration(r.IntN(4)) * time.Second}
	switch r.IntN(8) {
	case 0:
		p.err = &live.CommandError{Name: "x", Why: "no", Kind: errors.ErrUnsupported}
	case 1, 2:
		p.life, p.code = time.Duration(1+r.IntN(5000))*time.Millisecond, r.IntN(2)
	case 3:
		p.term = -1
	case 4:
		p.tail = time.Duration(r.IntN(4)-1) * time.Second
	}
	return p
}

// checker follows a stream and finds what must not be.
type checker struct {
	t     *testing.T
	deps  map[string][]spec.Dependency
	state map[string]string // of the commands
	alive map[string]string // name by root
	early map[string]bool   // those that were being ended before everything was
	all   bool              // everything is being stopped
}

// checkStream checks that every command started after the conditions of its
// dependencies, and when everything was stopped ended after its dependents.
// stopped is the number of events before that.
func checkStream(t *testing.T, list *spec.File, f *fake, stopped int, killed bool) {
	t.Helper()
	k := &checker{t: t, deps: map[string][]spec.Dependency{}, state: map[string]string{}, alive: map[string]string{}, early: map[string]bool{}}
	for i, one := range list.Commands {
		k.deps[one.Name] = one.After
		if e := f.events[i]; e.Text != "waiting" || e.Name != one.Name {
			t.Errorf("event %d is not the announcement of %s", i, one.Name)
		}
	}
	for i, e := range f.events {
		k.all = k.all || i >= stopped && e.Kind == exitreg.KindRung && e.Node == "" && e.Text == "stop"
		switch e.Kind {
		case exitreg.KindCommand:
			k.command(&e, i < stopped)
		case exitreg.KindSpawn:
			k.spawn(&e)
		case exitreg.KindExit:
			if f.procs[e.Node].tail == 0 {
				delete(k.alive, e.Node)
			}
		case exitreg.KindRung:
			k.rung(&e, killed)
		}
	}
	for name, is := range k.state {
		if !tree.CommandState(is).Over() {
			t.Errorf("%s is %s at the end", name, is)
		}
	}
}

func (k *checker) command(e *tree.Event, before bool) {
	if e.Text == "starting" {
		if k.all {
			k.t.Errorf("%s is started during the stop", e.Name)
		}
		for _, d := range k.deps[e.Name] {
			if is := k.state[d.Name]; k.state[e.Name] == "waiting" && !satisfies(is, d.When) {
				k.t.Errorf("seq %d: %s starts when %s is %s, not %s", e.Seq, e.Name, d.Name, is, d.When)
			}
		}
	}
	k.state[e.Name] = e.Text
	k.early[e.Name] = e.Text == "stopping" && (before || k.early[e.Name])
}

func (k *checker) spawn(e *tree.Event) {
	for node, name := range k.alive {
		if name == e.Name {
			k.t.Errorf("%s is started while %s lives", e.Name, node)
		}
	}
	k.alive[e.Node] = e.Name
}

func (k *checker) rung(e *tree.Event, killed bool) {
	if e.Text == "done" {
		delete(k.alive, e.Node)
	}
	ends := k.alive[e.Node]
	if e.Text != "stop" || e.Node == "" || !k.all || killed || k.early[ends] {
		return
	}
	for _, name := range k.alive {
		if k.depends(name, ends) {
			k.t.Errorf("seq %d: %s is stopped while %s lives, which depends on it", e.Seq, ends, name)
		}
	}
}

func (k *checker) depends(name, on string) bool {
	return slices.ContainsFunc(k.deps[name], func(d spec.Dependency) bool { return d.Name == on || k.depends(d.Name, on) })
}

func satisfies(state string, when spec.Condition) bool {
	switch state {
	case "done":
		return true
	case "ready":
		return when != spec.WhenDone
	case "starting":
		return when == spec.WhenStarted
	}
	return false
}
