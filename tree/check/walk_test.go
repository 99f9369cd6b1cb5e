package check_test

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree/check"
)

// The exit of a process is noticed from outside, on a busy machine a while after the
// handler that waited for it went on. It was waited for all the same, unless the
// handler failed, and so may have given up, or it is too long ago.
func TestExitNoticedLater(t *testing.T) {
	for _, c := range []struct {
		later time.Duration
		err   string
		want  string
	}{
		{later: 13 * ms, want: "0.0/h1 0.0 exit 0 exit"},
		{later: 60 * ms, want: "0.0/h1 0.0 exit 0 exit"},
		{later: 13 * ms, err: "gave up", want: "0/h1! 0 exit"},
		{later: time.Second, want: "0/h1! 0 exit"},
	} {
		s := two().begin("0", "h1").wait("0", "h1", "0.0").send("0.0", "SIGTERM").run("0.0", "SIGTERM").does("0.0", "h1", time.Second, "").leave("0.0")
		s.after(ms).end("0", "h1", c.err).after(c.later).died("0.0", "SIGTERM").after(2*time.Second).died("0", "SIGTERM")
		var got []string
		for _, step := range check.Analyze(s.tree()).Path {
			got = append(got, label(step))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v later, %q: %q, want %q", c.later, c.err, got, c.want)
		}
	}
}
