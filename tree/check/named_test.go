package check_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// The root of a command has the command's name, as on the screen, whatever program it
// became; what is below it has its own.
func TestRootsAreCalledAsTheirCommands(t *testing.T) {
	s := new(story).see(exitreg.KindCommand, "0", func(e *tree.Event) { e.Name, e.Text = "db", "starting" })
	s.spawn("0", "sh").spawn("0.0", "sleep").effect("0", "SIGTERM", tree.Caught).send("0", "SIGTERM").after(time.Second)
	if got, want := check.BlockedBy(s.tree(), s.tree().Node("0"), s.now).String(), "asked to end 1.0s ago: its own code decides, its child sleep 102 lives"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s.send("0.0", "SIGTERM").send("0", "SIGKILL").died("0", "SIGKILL").after(time.Second).died("0.0", "SIGTERM").eof()
	r := check.Analyze(s.tree())
	if got := r.Beginning(); got != "SIGTERM to db 101" {
		t.Errorf("it began with %q", got)
	}
	for _, f := range r.Findings {
		if !strings.HasPrefix(f.Text, "db 101 ") {
			t.Errorf("%s: %s", f.Rule, f.Text)
		}
	}
	if len(r.Findings) != 1 || len(r.Blame) != 2 || r.Blame[0].Name+r.Blame[1].Name != "dbsleep" {
		t.Errorf("%+v", r)
	}
	exit := one().runs("0", "exit", 3, "").leave("0").exit("0", 3).eof()
	if got := check.Analyze(exit.tree()).Beginning(); got != "exit 3 of db 100" {
		t.Errorf("it began with %q", got)
	}
}
