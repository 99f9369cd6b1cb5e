package check_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// What was put in on purpose is told of as that, in the path and in the blame: a
// handler that was delayed, a process that was made deaf, the rests of a pace.
func TestInjectedTimeIsTold(t *testing.T) {
	delayed := one().send("0", "SIGTERM").run("0", "SIGTERM").fault("0", "h2", "delay").does("0", "h2", time.Second, "").does("0", "h1", 2*time.Second, "").
		leave("0").died("0", "SIGTERM")
	deaf := one().hear("0").send("0", "SIGTERM").deafen("0", "SIGTERM").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL")
	paced := one().see(exitreg.KindOrder, "", func(e *tree.Event) { e.Scope, e.Text, e.Timeout = "*", "pace", time.Second }).
		send("0", "SIGTERM").run("0", "SIGTERM").after(time.Second).does("0", "h2", time.Second, "").after(time.Second).does("0", "h1", 2*time.Second, "").
		leave("0").died("0", "SIGTERM")
	for _, tt := range []struct {
		s           *story
		path, blame string
	}{
		{delayed, "db 100: flush (injected: delay); db 100: close", "db 100: close; db 100: flush (injected: delay)"},
		{deaf, "db 100: on its way out (injected: ignore)", "db 100 itself (injected: ignore)"},
		{paced, "db 100: between its handlers (injected: pace); db 100: flush; db 100: between its handlers (injected: pace); db 100: close",
			"db 100 itself (of 5.00s) (injected: pace); db 100: close; db 100: flush"},
	} {
		r := check.Analyze(tt.s.tree())
		var path, blame []string
		for _, p := range check.Main(r.Path) {
			path = append(path, p.What())
		}
		for _, b := range r.Blame {
			blame = append(blame, b.What())
		}
		if got := strings.Join(path, "; "); got != tt.path {
			t.Errorf("path %q\nwant %q", got, tt.path)
		}
		if got := strings.Join(blame, "; "); got != tt.blame {
			t.Errorf("blame %q\nwant %q", got, tt.blame)
		}
	}
}
