package supervise

import (
	"slices"
	"testing"

	"multiexit/exitreg"
)

// said is the course of events in short: "db starting", "+db", "-db", "!db" for a
// change of state, a birth, a death and the begin of a ladder.
func (f *fake) said() (list []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.events {
		switch e.Kind {
		case exitreg.KindCommand:
			list = append(list, e.Name+" "+e.Text)
		case exitreg.KindSpawn:
			list = append(list, "+"+f.procs[e.Node].name)
		case exitreg.KindExit:
			list = append(list, "-"+f.procs[e.Node].name)
		case exitreg.KindRung:
			if e.Node != "" && (e.Text == "stop" || e.Text == "kill") {
				list = append(list, "!"+f.procs[e.Node].name)
			}
		}
	}
	return list
}

// state is the last that was told of a command: "failed: exit status 1".
func (f *fake) state(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range slices.Backward(f.events) {
		if e.Kind == exitreg.KindCommand && e.Name == name {
			if e.Err != "" {
				return e.Text + ": " + e.Err
			}
			return e.Text
		}
	}
	return ""
}

// expect checks that these things happened in this order, others between them.
func (f *fake) expect(t *testing.T, want ...string) {
	t.Helper()
	said := f.said()
	at := 0
	for _, one := range said {
		if at < len(want) && one == want[at] {
			at++
		}
	}
	if at < len(want) {
		t.Errorf("%q did not happen in its turn, in %q", want[at], said)
	}
}

// states checks what was told last of commands, as "name", "state" pairs.
func (f *fake) states(t *testing.T, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := f.state(pairs[i]); got != pairs[i+1] {
			t.Errorf("%s is %q, want %q", pairs[i], got, pairs[i+1])
		}
	}
}
