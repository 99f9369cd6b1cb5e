package check_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// What somebody was held for is told apart, in each of the places where one can be.
func TestHeldInWords(t *testing.T) {
	sec := time.Second
	asked := func() *story { return one().send("0", "SIGTERM").run("0", "SIGTERM").after(100 * ms) }
	for _, c := range []struct {
		story             *story
		path, blame, held string
	}{
		{asked().hold("0", "", "SIGTERM", "signal *").after(3*sec).release("0").after(100*ms).does("0", "h2", sec, "").
			hold("0", "h1", "", "").after(2*sec).release("0").does("0", "h1", sec, "").hold("0", "", "", "exit").after(sec).release("0").leave("0").died("0", "SIGTERM"),
			"@0µs +100ms db 100: between its handlers, @100ms +3.00s db 100: held by you at SIGTERM, @3.10s +100ms db 100: between its handlers, @3.20s +1.00s db 100: flush, " +
				"@4.20s +2.00s db 100: held by you before close, @6.20s +1.00s db 100: close, @7.20s +1.00s db 100: held by you before its exit",
			"1.00s db 100: flush, 1.00s db 100: close, 200ms db 100 itself (of 8.20s)", "6.00s db 100: held by you 3 times, the longest at SIGTERM"},
		{asked().hold("0", "h2", "", "fl*").after(3*sec).send("0", "SIGKILL").died("0", "SIGKILL"), // in the end
			"@0µs +100ms db 100: between its handlers, @100ms +3.00s db 100: held by you before flush", "100ms db 100 itself (of 3.10s)", "3.00s db 100: held by you before flush"},
		{asked().hold("0", "h2", "", "").after(3*sec).see(exitreg.KindNote, "", nil), // until now
			"@0µs +100ms db 100: between its handlers, @100ms +3.00s db 100: held by you before flush", "100ms db 100 itself (of 3.10s)", "3.00s db 100: held by you before flush"},
		{new(story).spawn("0", "x").plain(exitreg.KindStop, "0").send("0", "SIGTERM").hold("0", "", "SIGTERM", "stopped before SIGTERM").after(sec).
			plain(exitreg.KindCont, "0").release("0").after(100*ms).died("0", "SIGTERM"),
			"@0µs +1.00s x 100: held by you before SIGTERM reaches it, @1.00s +100ms x 100: on its way out", "100ms x 100 itself (of 1.10s)", "1.00s x 100: held by you before SIGTERM reaches it"},
		{asked().begin("0", "h2").after(100*ms).hold("0", "h1", "", "").after(sec).end("0", "h2", "").after(sec).release("0").does("0", "h1", sec, "").leave("0").died("0", "SIGTERM"), // as no process would say it
			"@0µs +100ms db 100: between its handlers, @100ms +1.10s db 100: flush, @1.20s +1.00s db 100: held by you before close, @2.20s +1.00s db 100: close",
			"1.10s db 100: flush, 1.00s db 100: close, 100ms db 100 itself (of 3.20s)", "1.00s db 100: held by you before close"},
	} {
		r := check.Analyze(c.story.tree())
		contiguous(t, r)
		if got := inWords(r.Path); got != c.path {
			t.Errorf("path\n%s\nwant\n%s", got, c.path)
		}
		if got := inWords(r.Blame); got != c.blame {
			t.Errorf("blame\n%s\nwant\n%s", got, c.blame)
		}
		if got := inWords(r.Holds); got != c.held {
			t.Errorf("held\n%s\nwant\n%s", got, c.held)
		}
	}
}

func inWords[T interface{ String() string }](list []T) string {
	var words []string
	for _, one := range list {
		words = append(words, one.String())
	}
	return strings.Join(words, ", ")
}

// Pieces are small or not by what nobody was held for: that somebody went away from the
// keyboard does not hide all others.
func TestMainOfHeld(t *testing.T) {
	s := one().send("0", "SIGTERM").run("0", "SIGTERM").hold("0", "h2", "", "").after(time.Hour).release("0").
		does("0", "h2", time.Second, "").after(5*ms).does("0", "h1", time.Second, "").leave("0").died("0", "SIGTERM")
	var kinds []check.Kind
	for _, s := range check.Main(check.Analyze(s.tree()).Path) {
		kinds = append(kinds, s.Kind)
	}
	if want := []check.Kind{check.KindHeld, check.KindHandler, check.KindHandler}; !slices.Equal(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
}

// The time of a handler that waits stands while anybody is held: one that was killed by
// another hand before it was really over is not that handler's.
func TestPatienceStands(t *testing.T) {
	for _, c := range []struct {
		held time.Duration // of the 3 s until the child is killed, with a patience of 2 s
		want check.Kind    // in the first second, in which nobody waited for it yet
	}{{500 * ms, check.KindHandler}, {1500 * ms, check.KindProcess}} {
		s := new(story).spawn("0", "main").own("0", "h1", "stop", 0).spawn("0.0", "db").spawn("1", "other").after(time.Second).
			send("0", "SIGTERM").send("0.0", "SIGTERM").send("1", "SIGTERM").run("0", "SIGTERM").run("1", "SIGTERM").begin("0", "h1").after(time.Second).
			see(exitreg.KindWait, "0", func(e *tree.Event) { e.ID, e.Text, e.Timeout, e.Sig = "h1", "0.0", 2*time.Second, "SIGKILL" }).
			hold("1", "h1", "", "").after(c.held).release("1").died("1", "SIGTERM").after(3*time.Second-c.held).
			died("0.0", "SIGKILL").end("0", "h1", "had to be killed").leave("0").after(ms).died("0", "SIGTERM")
		r := check.Analyze(s.tree())
		contiguous(t, r)
		if got := r.Path[0].Kind; got != c.want {
			t.Errorf("held for %v: %s, want %s\n%s", c.held, got, c.want, lines(r.Path))
		}
	}
}

// Who was held is not said to have held up the others, for all the time that it was.
func TestHeldUpWithoutHolds(t *testing.T) {
	r := check.Analyze(two().begin("0", "h1").wait("0", "h1", "0.0").run("0.0", "SIGTERM").hold("0.0", "h1", "", "").after(4*time.Second).release("0.0").
		after(3*time.Second).does("0.0", "h1", time.Second, "").leave("0.0").died("0.0", "SIGTERM").after(time.Second).end("0", "h1", "").leave("0").died("0", "SIGTERM").tree())
	for _, f := range r.Findings {
		t.Errorf("%s", f.Text)
	}
}

// While nothing happens a shutdown goes on, and who is held is held.
func TestHeldTillNow(t *testing.T) {
	s := one().send("0", "SIGTERM").run("0", "SIGTERM").after(time.Second).hold("0", "h2", "", "")
	r := check.AnalyzeAt(s.tree(), s.now+5*time.Second)
	if r.Total != 6*time.Second || r.Held != 5*time.Second || r.Over {
		t.Errorf("%v, held %v, over %v", r.Total, r.Held, r.Over)
	}
	if len(r.Holds) != 1 || r.Holds[0].For != 5*time.Second || r.Holds[0].Where != "before flush" {
		t.Errorf("%+v", r.Holds)
	}
	last := r.Path[len(r.Path)-1]
	if last.Kind != check.KindHeld || last.For != 5*time.Second {
		t.Errorf("the path ends with %+v", last)
	}
	s.release("0").after(time.Second)
	if r := check.AnalyzeAt(s.tree(), s.now+5*time.Second); r.Held != 0 {
		t.Errorf("held %v of %v after it was let go", r.Held, r.Total)
	}
}
