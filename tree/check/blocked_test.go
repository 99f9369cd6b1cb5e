package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

func TestBlockedByInWords(t *testing.T) {
	sec := time.Second
	waits := func() *story { return two().begin("0", "h1").wait("0", "h1", "0.0") }
	for _, c := range []struct {
		story *story
		of    string
		at    time.Duration // after the last event
		want  string
	}{
		{one(), "0", 0, ""},
		{one().exit("0", 0), "0", sec, ""},
		{one().send("0", "SIGTERM"), "0", sec, "asked to end 1.0s ago: its own code decides"},
		{one().send("0", "SIGTERM").run("0", "SIGTERM"), "0", sec, "asked to end 1.0s ago: between handlers before flush"},
		{one().send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h2"), "0", 350 * ms, "handler flush 1/2 for 0.4s"},
		{one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0"), "0", ms, "asked to end 0.0s ago: its handlers are done, it is leaving"},
		{one().send("0", "SIGTERM").run("0", "SIGTERM").after(sec).hold("0", "h2", "", ""), "0", sec, "held by you before flush for 1.0s"},
		{one().send("0", "SIGTERM").run("0", "SIGTERM").hold("0", "", "SIGTERM", "signal *"), "0", sec, "held by you at SIGTERM for 1.0s"},
		{one().send("0", "SIGTERM").run("0", "SIGTERM").hold("0", "", "", "exit"), "0", sec, "held by you before its exit for 1.0s"},
		{one().plain(exitreg.KindStop, "0").send("0", "SIGTERM").hold("0", "", "SIGTERM", "stopped before SIGTERM"), "0", sec, "held by you before SIGTERM reaches it for 1.0s"},
		{one().hold("0", "h2", "", ""), "0", sec, ""}, // nobody has asked it to end
		{waits().rung("", "stop", "SIGTERM", 5*sec).run("0.0", "SIGTERM").after(sec).hold("0.0", "h1", "", "").rung("", "freeze", "", 4*sec), "0", sec,
			"waiting 2.0s on db 102: held by you before flush, time stands with 4.0s of grace left"},
		{waits().run("0.0", "SIGTERM").hold("0.0", "h1", "", "").rung("", "stop", "SIGTERM", 5*sec).rung("", "freeze", "", 5*sec).release("0.0").after(sec).rung("", "thaw", "", 5*sec).begin("0.0", "h1"), "0", sec,
			"waiting 2.0s on db 102: handler flush 1/1, 4.0s of grace left, then SIGTERM to those that had none"},
		{waits().own("0.0", "h2", "slow", 2*sec).run("0.0", "SIGTERM").begin("0.0", "h2").hold("1", "h1", "", ""), "0", sec, "waiting 1.0s on db 102: handler slow 1/2"},
		{waits().own("0.0", "h2", "slow", 2*sec).run("0.0", "SIGTERM").begin("0.0", "h2").hold("1", "h1", "", "").after(5 * sec).release("1"), "0", sec,
			"waiting 6.0s on db 102: handler slow 1/2, 1.0s left, then slow times out"},
		{one().hear("0").effect("0", "SIGTERM", tree.Caught).send("0", "SIGTERM").deafen("0", "SIGTERM"), "0", sec, "asked to end 1.0s ago: ignores SIGTERM (injected)"},
		{one().plain(exitreg.KindStop, "0").send("0", "SIGTERM"), "0", sec, "asked to end 1.0s ago: stopped, so that signals wait"},
		{one().plain(exitreg.KindStop, "0").send("0", "SIGTERM").send("0", "SIGKILL"), "0", ms, "asked to end 0.0s ago: got SIGKILL, about to be gone"},
		{new(story).spawn("0", "x").effect("0", "SIGTERM", tree.Default).send("0", "SIGTERM"), "0", ms, "asked to end 0.0s ago: has no handler of SIGTERM, about to be gone"},
		{new(story).spawn("0", "x").send("0", "SIGTERM"), "0", ms, "asked to end 0.0s ago: what it does with SIGTERM is not known"},
		{new(story).spawn("0", "x").effect("0", "SIGTERM", tree.Blocked).send("0", "SIGTERM"), "0", 125 * sec, "asked to end 2m05s ago: blocks SIGTERM"},
		{waits(), "0", 4200 * ms, "waiting 4.2s on db 102: what it does with SIGTERM is not known"},
		{waits().rung("0", "stop", "SIGTERM", 5*sec).rung("0", "all", "SIGTERM", 10*sec).run("0.0", "SIGTERM").begin("0.0", "h1"), "0", 4200 * ms,
			"waiting 4.2s on db 102: handler flush 1/1, 5.8s of grace left, then SIGKILL"},
		{waits().rung("", "stop", "SIGTERM", 5*sec).run("0.0", "SIGTERM").begin("0.0", "h1"), "0", 4200 * ms,
			"waiting 4.2s on db 102: handler flush 1/1, 0.8s of grace left, then SIGTERM to those that had none"},
		{waits().rung("", "stop", "", 5*sec).run("0.0", "SIGTERM").begin("0.0", "h1"), "0", 4200 * ms, "waiting 4.2s on db 102: handler flush 1/1"},
		{waits().rung("", "kill", "SIGKILL", 0).run("0.0", "SIGTERM").begin("0.0", "h1"), "0", 4200 * ms, "waiting 4.2s on db 102: handler flush 1/1"},
		{one().own("0", "h3", "slow", 2*sec).grace("0", 3*sec).send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h3"), "0", sec, "handler slow 1/3 for 1.0s, 1.0s left, then slow times out"},
		{one().own("0", "h3", "slow", 2*sec).grace("0", sec).send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h3"), "0", 500 * ms,
			"handler slow 1/3 for 0.5s, 0.5s left, then the grace is over, and the rest of its handlers skipped"},
		{waits().effect("0.0", "SIGTERM", tree.Ignored), "0", sec, "waiting 1.0s on db 102: ignores SIGTERM"},
		{waits().own("0.0", "h2", "more", 0).run("0.0", "SIGTERM").after(sec).begin("0.0", "h2").spawn("0.0.0", "x").wait("0.0", "h2", "0.0.0").plain(exitreg.KindStop, "0.0.0"), "0", sec,
			"waiting 1.0s on x 111 through db 102: stopped, so that signals wait"},
		{waits().eof(), "0", 0, "waiting 0.0s on db 102: what it does with SIGTERM is not known"},
		{waits().run("0.0", "SIGTERM").spawn("0.1", "w1").spawn("0.2", "w2").effect("0.2", "SIGTERM", tree.Ignored).wait("0", "h1", "0.1").wait("0", "h1", "0.2"), "0", sec,
			"waiting 1.0s on w2 110: ignores SIGTERM; and on 2 others"},
		{new(story).spawn("0", "sh").effect("0", "SIGTERM", tree.Caught).spawn("0.0", "sleep").send("0", "SIGTERM").after(sec).asleep("0", "child", "0.0", ""), "0", sec,
			"waiting 1.0s on sleep 102: nobody was seen to ask it to end"},
		{new(story).spawn("0", "sh").effect("0", "SIGTERM", tree.Caught).spawn("0.0", "make").spawn("0.0.0", "cat").send("0", "SIGTERM").after(sec).asleep("0", "child", "0.0", "").asleep("0.0", "child", "0.0.0", "").asleep("0.0.0", "pipe", "", ""), "0", sec,
			"waiting 1.0s on cat 103 through make 102: nobody was seen to ask it to end, reads from a pipe that somebody else holds open"},
		{new(story).spawn("0", "sh").effect("0", "SIGTERM", tree.Caught).send("0", "SIGTERM").after(sec).asleep("0", "pipe", "", ""), "0", sec,
			"asked to end 2.0s ago: its own code decides, reads from a pipe that somebody else holds open"},
		{new(story).spawn("0", "sh").effect("0", "SIGTERM", tree.Caught).spawn("0.0", "sleep").send("0", "SIGTERM").asleep("0", "child", "0.0", "").exit("0.0", 0), "0", sec,
			"asked to end 1.0s ago: its own code decides"},
		{new(story).spawn("0", "sh").effect("0", "SIGTERM", tree.Ignored).spawn("0.0", "sleep").send("0", "SIGTERM").asleep("0", "child", "0.0", ""), "0", sec,
			"asked to end 1.0s ago: ignores SIGTERM, waits for its child sleep 102"},
		{new(story).spawn("0", "cp").send("0", "SIGTERM").send("0", "SIGKILL").asleep("0", "disk", "", "nfs_wait"), "0", sec,
			"asked to end 1.0s ago: got SIGKILL, but is in an uninterruptible sleep in nfs_wait"},
		{waits().exit("0.0", 0), "", sec, "handler stop 1/1 for 1.0s"},
		{waits(), "", sec, "waiting 1.0s on db 102: what it does with SIGTERM is not known"},
	} {
		tr := c.story.tree()
		if got := check.BlockedBy(tr, tr.Node(c.of), tr.Last+c.at).String(); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.of, got, c.want)
		}
	}
}

// Processes that wait for each other, or say so, do not hang a reader.
func TestCircle(t *testing.T) {
	s := new(story)
	ids := []string{"0", "1", "2", "3", "4"}
	for _, id := range ids {
		s.spawn(id, "p"+id).send(id, "SIGTERM").run(id, "SIGTERM").begin(id, "h1").after(ms)
	}
	for i, on := range []string{"1", "2", "3", "1", "3"} {
		s.wait(ids[i], "h1", on).after(ms)
	}
	tr := s.tree()
	for _, id := range ids {
		if b := check.BlockedBy(tr, tr.Node(id), tr.Last); b.Handler == nil || b.Chain[0].ID != id || b.Chain[len(b.Chain)-1] != b.Node {
			t.Errorf("%s: %v", id, b)
		}
	}
	for range 2 {
		contiguous(t, check.Analyze(s.tree()))
		for _, id := range ids { // all at one moment
			s.exit(id, 0)
		}
	}
}

// The exit of a process is noticed a little after who had it killed says so.
func TestKilledIsNoticedLater(t *testing.T) {
	s := two().begin("0", "h1").see(exitreg.KindWait, "0", func(e *tree.Event) { e.ID, e.Text, e.Timeout, e.Sig = "h1", "0.0", time.Second, "SIGKILL" }).
		after(time.Second).end("0", "h1", "process 102 had to be killed after 1s").after(ms).died("0.0", "SIGKILL").leave("0").after(ms).died("0", "SIGTERM")
	r := check.Analyze(s.tree())
	contiguous(t, r)
	if len(r.Path) != 2 || r.Path[0].Node != "0.0" || r.Path[0].Kind != check.KindProcess || r.Path[0].For != time.Second {
		t.Errorf("%s", lines(r.Path))
	}
}

// A chain and a fan as wide as trees get.
func TestBlockedByOfMany(t *testing.T) {
	const many = 5000
	s := new(story).spawn("0", "main").send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1")
	for i := range many {
		s.spawn(fmt.Sprintf("0.%d", i), "w").wait("0", "h1", fmt.Sprintf("0.%d", i))
		if i > 0 {
			s.run(fmt.Sprintf("0.%d", i-1), "SIGTERM").begin(fmt.Sprintf("0.%d", i-1), "h1").wait(fmt.Sprintf("0.%d", i-1), "h1", fmt.Sprintf("0.%d", i))
		}
	}
	tr := s.tree()
	b := check.BlockedBy(tr, tr.Node("0"), tr.Last)
	if b.Node.ID != fmt.Sprintf("0.%d", many-1) || len(b.Chain) != many+1 || b.Others != 0 {
		t.Errorf("%s through %d", b.Node.ID, len(b.Chain))
	}
	if len(b.String()) > 200 || !strings.Contains(b.String(), "more") {
		t.Error(b.String())
	}
	contiguous(t, check.Analyze(tr))
}

// contiguous checks that the steps of a path add up.
func contiguous(t *testing.T, r *check.Report) {
	t.Helper()
	at := r.Start
	for _, s := range r.Path {
		if s.At != at || s.For <= 0 {
			t.Errorf("a step at %v of %v, want %v\n%s", s.At, s.For, at, lines(r.Path))
		}
		at += s.For
	}
	if len(r.Path) > 0 && at != r.Start+r.Total {
		t.Errorf("the path ends at %v, want %v", at, r.Start+r.Total)
	}
	busy := map[string]time.Duration{} // with handlers, which run one at a time
	for _, b := range r.Blame {
		if b.ID != "" {
			busy[b.Node] += b.Took
		}
		if busy[b.Node] > r.Total {
			t.Errorf("the handlers of %s took %v of %v", b.Node, busy[b.Node], r.Total)
		}
		if b.Own <= 0 || b.Own > b.Took || b.Took > r.Total {
			t.Errorf("blame %+v of %v", b, r.Total)
		}
	}
}
