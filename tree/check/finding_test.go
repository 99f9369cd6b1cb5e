package check_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// Each rule: what breaks it, with a piece of what is said then, and what nearly
// does.
var rules = []struct {
	rule       string
	breaks     *story
	says       string
	nearly     *story
	alsoBreaks []string // other rules that what breaks it breaks too
}{
	{rule: "panicked", says: "flush of db 100 panicked after 5.0ms (boom): ",
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", 5*ms, "panic: boom").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM"),
		nearly: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", 5*ms, "no panic: boom").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM")},
	{rule: "failed", says: "flush of db 100 failed after 5.0ms: timeout: dial.",
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", 5*ms, "timeout: dial").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM"),
		nearly: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", 5*ms, "").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM")},
	{rule: "timed-out", says: "slow of db 100 was given up after 200ms: it has a timeout of 200ms and did not",
		breaks: one().own("0", "h3", "slow", 200*ms).send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h3", 200*ms, "timeout: ran longer than 200ms").
			does("0", "h2", 0, "").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM"),
		nearly: one().own("0", "h3", "slow", 200*ms).send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h3", 200*ms, "timeout: dial tcp").
			does("0", "h2", 0, "").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM")},
	{rule: "cut-off", says: "flush of db 100 was cut off after 400ms: a second signal", alsoBreaks: []string{"never-ran", "signalled-twice"},
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h2").after(400*ms).send("0", "SIGTERM").end("0", "h2", "forced: cut off by a second signal").
			skip("0", "h1", "forced").leave("0").died("0", "SIGTERM"),
		nearly: one().send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h2").after(50*ms).send("0", "SIGTERM").end("0", "h2", "").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM")},
	{rule: "never-ran", says: "close of db 100 never ran: the grace of 2.00s for all handlers was over", alsoBreaks: []string{"timed-out"},
		breaks: one().grace("0", 2*time.Second).send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", 2*time.Second, "timeout: the grace of 2s has passed").
			skip("0", "h1", "deadline").leave("0").died("0", "SIGTERM"),
		nearly: one().grace("0", 2*time.Second).plain(exitreg.KindNote, "0").see(exitreg.KindUnregister, "0", func(e *tree.Event) { e.ID = "h1" }).
			send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", 2*time.Second, "").leave("0").died("0", "SIGTERM")},
	{rule: "unbound", says: "metrics of db 102 was handed down by main 100 but is not defined",
		breaks: new(story).spawn("0", "main").effect("0", "SIGTERM", tree.Default).spawn("0.0", "db").unbound("0.0", "h1", "metrics", "0").
			send("0.0", "SIGTERM").run("0.0", "SIGTERM").skip("0.0", "h1", "unbound").leave("0.0").died("0.0", "SIGTERM"),
		nearly: new(story).spawn("0", "main").spawn("0.0", "db").unbound("0.0", "h1", "metrics", "0").
			send("0.0", "SIGTERM").run("0.0", "SIGTERM").does("0.0", "h1", ms, "").leave("0.0").died("0.0", "SIGTERM")},
	{rule: "ran-twice", says: "close of db 100 ran 2 times: it was registered 2 times at main.go:h1",
		breaks: one().see(exitreg.KindRegister, "0", func(e *tree.Event) { e.ID, e.Handler, e.Src = "h3", "close", "main.go:h1" }).
			send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h3", ms, "").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").died("0", "SIGTERM"),
		nearly: one().own("0", "h3", "close", 0).spawn("0.0", "db").own("0.0", "h1", "close", 0).
			send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h3", ms, "").does("0", "h2", ms, "").does("0", "h1", ms, "").
			run("0.0", "SIGTERM").does("0.0", "h1", ms, "").leave("0.0").died("0.0", "SIGTERM").leave("0").died("0", "SIGTERM")},
	{rule: "closed-too-early", says: "close of db 100 began 2.0ms before flush of db 100, which needs what that closes.",
		breaks: one().own("0", "h3", "flush-late", 0).send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h1", ms, "").after(ms).
			see(exitreg.KindRegister, "0", func(e *tree.Event) { e.ID, e.Handler, e.Needs = "h2", "flush", []string{"cl*"} }).
			does("0", "h2", ms, "").does("0", "h3", ms, "").leave("0").died("0", "SIGTERM"),
		nearly: one().need("close").send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").died("0", "SIGTERM")},
	{rule: "closed-too-early", says: "flush of db 102 began 5.0ms into stop of main 100, which needs what that closes.",
		breaks: new(story).spawn("0", "main").own("0", "h1", "stop", 0).need("d?/flush").spawn("0.0", "db").own("0.0", "h1", "flush", 0).after(time.Second).
			send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1").after(5*ms).run("0.0", "SIGTERM").does("0.0", "h1", ms, "").end("0", "h1", "").
			leave("0.0").died("0.0", "SIGTERM").leave("0").died("0", "SIGTERM"),
		nearly: new(story).spawn("0", "main").own("0", "h1", "stop", 0).need("d?/flush").spawn("0.0", "db").own("0.0", "h1", "flush", 0).after(time.Second).
			send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h1", 5*ms, "").run("0.0", "SIGTERM").does("0.0", "h1", ms, "").
			leave("0.0").died("0.0", "SIGTERM").leave("0").died("0", "SIGTERM")},
	{rule: "closed-too-early", says: "postgres 102 was gone 500ms before stop of main 100, which needs it.",
		breaks: new(story).spawn("0", "main").own("0", "h1", "stop", 0).need("postgres/*").spawn("0.0", "postgres").after(time.Second).
			send("0", "SIGTERM").send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(500*ms).run("0", "SIGTERM").does("0", "h1", 5*ms, "").leave("0").died("0", "SIGTERM"),
		nearly: new(story).spawn("0", "main").own("0", "h1", "stop", 0).need("postgres/*").spawn("0.0", "postgres").after(time.Second).
			send("0", "SIGTERM").send("0.0", "SIGTERM").run("0", "SIGTERM").does("0", "h1", 5*ms, "").died("0.0", "SIGTERM").leave("0").died("0", "SIGTERM")},
	{rule: "will-close-too-early", says: "flush of db 100 will run after close, which closes what it needs.",
		breaks: one().see(exitreg.KindRegister, "0", func(e *tree.Event) { e.ID, e.Handler, e.Shared, e.Needs = "h2", "flush", true, []string{"close"} }),
		nearly: one().need("close").own("0", "h3", "close-too", 0)},
	{rule: "killed-before-done", says: "db 100 was killed 4.00s after it was asked to end while flush ran, 4.00s into it", alsoBreaks: []string{"lost-to-sigkill"},
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h2").after(4*time.Second).send("0", "SIGKILL").died("0", "SIGKILL"),
		nearly: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").send("0", "SIGKILL").died("0", "SIGKILL")},
	{rule: "killed-before-done", says: "db 102 was killed 1.00s after it was asked to end: it had not ended by then", alsoBreaks: []string{"failed", "held-up"},
		breaks: new(story).spawn("0", "main").own("0", "h1", "stop", 0).spawn("0.0", "db").send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1").wait("0", "h1", "0.0").
			after(time.Second).died("0.0", "SIGKILL").end("0", "h1", "had to be killed").leave("0").died("0", "SIGTERM"),
		nearly: new(story).spawn("0", "db").after(ms).died("0", "SIGKILL")},
	{rule: "killed-before-done", says: "sh 100 was killed 1.00s after it was asked to end: the last that was seen of it is that it waits for its child sleep 101.",
		breaks: new(story).spawn("0", "sh").spawn("0.0", "sleep").send("0", "SIGTERM").asleep("0", "child", "0.0", "").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL").exit("0.0", 0),
		nearly: new(story).spawn("0", "sh").spawn("0.0", "sleep").send("0", "SIGTERM").asleep("0", "child", "0.0", "").after(time.Second).died("0", "SIGTERM").exit("0.0", 0)},
	{rule: "killed-before-done", says: "bash 102 was killed 300ms after supervisord 100, which it came from, was asked to end, by whom was not seen: it ignores SIGTERM.",
		breaks: guard().effect("0.0", "SIGTERM", tree.Ignored).send("0", "SIGTERM").after(300*ms).died("0.0", "SIGKILL").after(ms).exit("0", 0),
		nearly: guard().effect("0.0", "SIGTERM", tree.Ignored).send("0", "SIGTERM").after(300*ms).exit("0", 0).after(ms).died("0.0", "SIGKILL")}, // that had gone before it
	{rule: "killed-before-done", says: "bash 102 was killed 1.50s after supervisord 100, which it came from, was asked to end", alsoBreaks: []string{"held-up"},
		breaks: guard().send("0", "SIGTERM").after(1500*ms).died("0.0", "SIGKILL").after(ms).exit("0", 0),
		nearly: guard().send("0", "SIGTERM").after(500*ms).died("0.0", "SIGKILL").after(ms).exit("0", 0)}, // it is its parent's way to end it
	{rule: "killed-before-done", says: "sleep 104 was killed 1.50s after supervisord 100, which it came from, was asked to end",
		breaks: guard().spawn("0.0.0", "sleep").send("0", "SIGTERM").after(1500*ms).died("0.0.0", "SIGKILL").after(3*time.Second).exit("0", 0),
		nearly: guard().spawn("0.0.0", "sleep").after(1500*ms).died("0.0.0", "SIGKILL").send("0", "SIGTERM").after(3*time.Second).exit("0", 0)},
	{rule: "ended-in-handler", says: "db 100 ended (exit 3) while flush ran", alsoBreaks: []string{"lost-to-exit"},
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h2").after(ms).exit("0", 3),
		nearly: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").exit("0", 3)},
	{rule: "lost-to-sigkill", says: "flush and close of db 100 never ran: SIGKILL ends a process without running anything",
		breaks: one().send("0", "SIGKILL").died("0", "SIGKILL"),
		nearly: new(story).spawn("0", "db").after(ms).send("0", "SIGKILL").died("0", "SIGKILL")},
	{rule: "lost-to-exit", says: "flush and close of db 100 never ran: the process ended by exit 4 without a run",
		breaks: one().exit("0", 4),
		nearly: one().runs("0", "exit", 4, "").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").exit("0", 4)},
	{rule: "lost-to-signal", says: "flush and close of db 100 never ran: the process ended by SIGHUP",
		breaks: one().send("0", "SIGHUP").died("0", "SIGHUP"),
		nearly: one().send("0", "SIGHUP").run("0", "SIGHUP").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").died("0", "SIGHUP")},
	{rule: "lost-to-exec", says: "flush and close never ran: exec put sh 100 in place of the program",
		breaks: one().see(exitreg.KindExec, "0", func(e *tree.Event) { e.Name, e.Argv = "sh", []string{"sh"} }).send("0", "SIGTERM").died("0", "SIGTERM"),
		nearly: new(story).spawn("0", "db").see(exitreg.KindExec, "0", func(e *tree.Event) { e.Name, e.Argv = "sh", []string{"sh"} }).own("0", "h1", "close", 0).
			send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h1", ms, "").leave("0").died("0", "SIGTERM")},
	{rule: "signal-ignored", says: "db 100 ignores SIGTERM", alsoBreaks: []string{"killed-before-done"},
		breaks: new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Ignored).send("0", "SIGTERM").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL"),
		nearly: new(story).spawn("0", "db").effect("0", "SIGINT", tree.Ignored).effect("0", "SIGTERM", tree.Default).send("0", "SIGINT").send("0", "SIGTERM").died("0", "SIGTERM")},
	{rule: "signal-ignored", says: "db 100 ignores SIGTERM",
		breaks: new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Ignored).send("0", "SIGTERM").after(2*time.Second).exit("0", 0),
		nearly: new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Ignored).send("0", "SIGTERM").after(200*ms).exit("0", 0)},
	{rule: "signal-blocked", says: "db 100 blocks SIGTERM", alsoBreaks: []string{"killed-before-done"},
		breaks: new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Blocked).send("0", "SIGTERM").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL"),
		nearly: new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Blocked).after(time.Second).exit("0", 0)},
	{rule: "signal-not-forwarded", says: "sh 100 was asked to end and waited for its child sleep 101: nobody was seen to ask it until multiexit did, 5.00s later.",
		breaks: waiter("child").rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(ms).exit("0", 0),
		nearly: waiter("child").send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(ms).exit("0", 0)}, // by the user
	{rule: "signal-not-forwarded", says: "sh 100 was asked to end and waited for its child sleep 101",
		breaks: waiter("child").rung("", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(ms).died("0", "SIGTERM"),
		nearly: waiter("child").rung("", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").after(ms).exit("0.0", 0).after(ms).died("0", "SIGTERM")}, // it may have been asked unseen
	{rule: "signal-not-forwarded", says: "sh 100 was asked to end and waited for its child sleep 101",
		breaks: waiter("child").rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(ms).exit("0", 0),
		nearly: waiter("child").rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(3*time.Second).exit("0", 0)}, // that was not it
	{rule: "signal-not-forwarded", says: "sh 100 was asked to end and waited for its child sleep 101",
		breaks: waiter("child").rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(ms).exit("0", 0),
		nearly: waiter("pipe").rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").died("0.0", "SIGTERM").after(ms).exit("0", 0)},
	{rule: "signal-not-forwarded", says: "sh 100 was asked to end and waited for its children seq 101 and tail 102: nobody was seen to ask them until multiexit did, 5.00s later.",
		breaks: pipeline().rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").send("0.1", "SIGTERM").died("0.0", "SIGTERM").died("0.1", "SIGTERM").after(ms).exit("0", 0),
		nearly: pipeline().rung("0", "all", "SIGTERM", 5*time.Second).send("0.0", "SIGTERM").send("0.1", "SIGTERM").died("0.0", "SIGTERM").exit("0.1", 0).after(ms).exit("0", 0)},
	{rule: "stopped", says: "db 100 is stopped",
		breaks: one().plain(exitreg.KindStop, "0").send("0", "SIGTERM"),
		nearly: one().plain(exitreg.KindStop, "0").send("0", "SIGTERM").plain(exitreg.KindCont, "0")},
	{rule: "stopped", says: "db 100 was stopped when it was asked to end, and nobody continued it", alsoBreaks: []string{"killed-before-done"},
		breaks: new(story).spawn("0", "db").plain(exitreg.KindStop, "0").send("0", "SIGTERM").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL"),
		nearly: new(story).spawn("0", "db").plain(exitreg.KindStop, "0").send("0", "SIGTERM").plain(exitreg.KindCont, "0").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL")},
	{rule: "stopped", says: "db 100 was stopped when it was asked to end", alsoBreaks: []string{"killed-before-done"},
		breaks: new(story).spawn("0", "db").plain(exitreg.KindStop, "0").send("0", "SIGTERM").after(ms).send("0", "SIGKILL").died("0", "SIGKILL"),
		nearly: new(story).spawn("0", "db").plain(exitreg.KindStop, "0").send("0", "SIGTERM").send("0", "SIGCONT").after(ms).died("0", "SIGTERM")},
	{rule: "outlived", says: "db 101 outlived main 100, which it came from, by 200ms: nobody was seen to ask it to end until multiexit did.",
		breaks: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").died("0", "SIGTERM").plain(exitreg.KindOrphan, "0.0").after(200*ms).send("0.0", "SIGTERM").died("0.0", "SIGTERM"),
		nearly: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").send("0.0", "SIGTERM").died("0", "SIGTERM").plain(exitreg.KindOrphan, "0.0").died("0.0", "SIGTERM")},
	{rule: "outlived", says: "db 101 outlived main 100, which it came from, by 200ms", // main takes longer than a burst of signals
		breaks: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").after(3*time.Second).died("0", "SIGTERM").plain(exitreg.KindOrphan, "0.0").after(200*ms).send("0.0", "SIGTERM").died("0.0", "SIGTERM"),
		nearly: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").after(3*time.Second).died("0", "SIGTERM").exit("0.0", 0)},
	{rule: "outlived", says: "node 104 outlived its parent bash 102, which SIGTERM ended, by 4.00s: nobody was seen to ask it to end until multiexit did.",
		breaks: guard().spawn("0.0.0", "node").send("0", "SIGTERM").after(ms).died("0.0", "SIGTERM").after(4*time.Second).send("0.0.0", "SIGTERM").after(ms).exit("0.0.0", 0).exit("0", 0),
		nearly: guard().spawn("0.0.0", "node").send("0", "SIGTERM").after(ms).died("0.0", "SIGTERM").after(50*ms).send("0.0.0", "SIGTERM").after(ms).exit("0.0.0", 0).exit("0", 0)},
	{rule: "signalled-twice", says: "db 100 got SIGTERM twice",
		breaks: one().send("0", "SIGTERM").send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").died("0", "SIGTERM"),
		nearly: one().send("0", "SIGTERM").send("0", "SIGINT").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").died("0", "SIGTERM")},
	{rule: "survived", says: "db 100 was asked to end and lives on: handler flush 1/2",
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h2").after(time.Second).eof(),
		nearly: one().eof()},
	{rule: "survived", says: "db 101 lives on: nobody was seen to ask it to end, and main 100, which it came from, is gone.",
		breaks: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").died("0", "SIGTERM").plain(exitreg.KindOrphan, "0.0").eof(),
		nearly: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").died("0", "SIGTERM").exit("0.0", 0).eof()},
	{rule: "orphaned", says: "db 101 was orphaned: its parent main 100 went first",
		breaks: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").send("0.0", "SIGTERM").died("0", "SIGTERM").plain(exitreg.KindOrphan, "0.0").
			after(200*ms).died("0.0", "SIGTERM"),
		nearly: new(story).spawn("0", "main").spawn("0.0", "db").send("0", "SIGTERM").send("0.0", "SIGTERM").died("0", "SIGTERM").plain(exitreg.KindOrphan, "0.0").
			after(ms).died("0.0", "SIGTERM")},
	{rule: "crashed", says: "db 100 ended by SIGSEGV, which nobody was seen to send",
		breaks: new(story).spawn("0", "db").after(ms).died("0", "SIGSEGV"),
		nearly: new(story).spawn("0", "db").after(ms).send("0", "SIGQUIT").died("0", "SIGQUIT")},
	{rule: "status-masked", says: "db 100 has exit status 0 though one of its handlers failed", alsoBreaks: []string{"failed"},
		breaks: one().runs("0", "exit", 0, "").does("0", "h2", ms, "disk full").does("0", "h1", ms, "").leave("0").exit("0", 0),
		nearly: one().runs("0", "exit", 0, "").does("0", "h2", ms, "disk full").does("0", "h1", ms, "").leave("0").exit("0", 1)},
	{rule: "status-masked", says: "db 100 ended by exit 3 and yet its status is 0",
		breaks: one().runs("0", "exit", 3, "").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").exit("0", 0),
		nearly: one().runs("0", "exit", 0, "").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").exit("0", 0)},
	{rule: "bad-status", says: "db 100 was asked to end and exited with status 3, 2.0ms later: nothing that was seen of it explains that",
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").exit("0", 3),
		nearly: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leaves("0", 3).exit("0", 3)},
	{rule: "bad-status", says: "db 100 was asked to end and exited with status 3",
		breaks: one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", ms, "").leaves("0", 1).exit("0", 3),
		nearly: one().runs("0", "exit", 3, "").does("0", "h2", ms, "").does("0", "h1", ms, "").leave("0").exit("0", 3)},
	{rule: "bad-status", says: "ffmpeg 100 was asked to end and exited with status 255, 1.0ms later",
		breaks: new(story).spawn("0", "ffmpeg").send("0", "SIGTERM").after(ms).exit("0", 255),
		nearly: new(story).spawn("0", "java").send("0", "SIGTERM").after(ms).exit("0", 143)},
	{rule: "bad-status", says: "make 100 was asked to end and exited with status 2",
		breaks: new(story).spawn("0", "make").spawn("0.0", "cc").send("0", "SIGTERM").after(ms).exit("0.0", 0).exit("0", 2),
		nearly: new(story).spawn("0", "make").spawn("0.0", "cc").send("0", "SIGTERM").after(ms).died("0.0", "SIGTERM").exit("0", 2)},
	{rule: "held-up", says: "flush of db 102 held up the shutdown: 3.00s of its 4.00s went there, while main 100 waited",
		breaks: two().begin("0", "h1").wait("0", "h1", "0.0").run("0.0", "SIGTERM").does("0.0", "h1", 3*time.Second, "").leave("0.0").died("0.0", "SIGTERM").
			after(time.Second).end("0", "h1", "").leave("0").died("0", "SIGTERM"),
		nearly: two().begin("0", "h1").wait("0", "h1", "0.0").run("0.0", "SIGTERM").does("0.0", "h1", 3*time.Second, "").leave("0.0").died("0.0", "SIGTERM").
			after(4*time.Second).end("0", "h1", "").leave("0").died("0", "SIGTERM")},
	{rule: "held-up", says: "bash 102 held up the shutdown: it was there for 2.00s of its 3.00s, and its parent supervisord 100 ended only after it.",
		breaks: guard().send("0", "SIGTERM").after(2*time.Second).exit("0.0", 0).after(time.Second).exit("0", 0),
		nearly: guard().send("0", "SIGTERM").after(2*time.Second).exit("0.0", 0).after(3*time.Second).exit("0", 0)},
	{rule: "held-up", says: "bash 102 held up the shutdown: it was there for 2.00s of its 2.00s",
		breaks: guard().send("0", "SIGTERM").after(2*time.Second).exit("0.0", 0).exit("0", 0),
		nearly: guard().effect("0.0", "SIGTERM", tree.Default).send("0", "SIGTERM").after(2*time.Second).died("0.0", "SIGTERM").exit("0", 0)}, // it was asked only then
	{rule: "held-up", says: "node 104 held up the shutdown: it was there for 2.00s of its 3.00s, and supervisord 100, which it came from, ended only after it.",
		breaks: guard().spawn("0.0.0", "node").send("0", "SIGTERM").exit("0.0", 0).after(2*time.Second).exit("0.0.0", 0).after(time.Second).exit("0", 0),
		nearly: guard().spawn("0.0.0", "node").send("0", "SIGTERM").exit("0.0", 0).after(2*time.Second).exit("0.0.0", 0).after(3*time.Second).exit("0", 0)},
	{rule: "held-up", says: "bash 102 held up the shutdown: it was there for 2.00s of its 3.00s, and its parent supervisord 100 lives on.",
		breaks: guard().send("0", "SIGTERM").after(2*time.Second).exit("0.0", 0).after(time.Second).eof(), alsoBreaks: []string{"survived"},
		nearly: guard().send("0", "SIGTERM").after(2*time.Second).exit("0.0", 0).after(3 * time.Second).eof()},
	{rule: "events-lost", says: "2 events that db 100 told never arrived",
		breaks: one().see(exitreg.KindHello, "0", func(e *tree.Event) { e.N = 1 }).see(exitreg.KindHello, "0", func(e *tree.Event) { e.N = 4 }),
		nearly: one().see(exitreg.KindHello, "0", func(e *tree.Event) { e.N = 1 }).see(exitreg.KindHello, "0", func(e *tree.Event) { e.N = 2 })},
}

// waiter is a shell that was asked to end, and was seen to wait for a command that was
// not, until 5 s later.
func waiter(in string) *story {
	return new(story).spawn("0", "sh").spawn("0.0", "sleep").effect("0.0", "SIGTERM", tree.Default).rung("0", "stop", "SIGTERM", 5*time.Second).
		send("0", "SIGTERM").after(time.Second).asleep("0", in, "0.0", "").after(4 * time.Second)
}

// guard is a program that takes SIGTERM, and has a child, of which nobody sees what they
// do.
func guard() *story {
	return new(story).spawn("0", "supervisord").effect("0", "SIGTERM", tree.Caught).after(time.Second).spawn("0.0", "bash").effect("0.0", "SIGTERM", tree.Caught)
}

// pipeline is a shell that waits for any of two commands.
func pipeline() *story {
	return new(story).spawn("0", "sh").spawn("0.0", "seq").spawn("0.1", "tail").effect("0.0", "SIGTERM", tree.Default).effect("0.1", "SIGTERM", tree.Default).
		rung("0", "stop", "SIGTERM", 5*time.Second).send("0", "SIGTERM").after(time.Second).asleep("0", "child", "", "").after(4 * time.Second)
}

// A rule is listed with a pair, or this fails.
func TestFindings(t *testing.T) {
	met := map[string]bool{}
	for _, c := range rules {
		met[c.rule] = true
		if c.breaks == nil || c.nearly == nil || c.says == "" {
			t.Errorf("%s: there is no pair", c.rule)
			continue
		}
		var got []string
		text := ""
		for _, f := range check.Analyze(c.breaks.tree()).Findings {
			got = append(got, f.Rule)
			if f.Rule == c.rule {
				text = f.Text
			}
			if !strings.HasSuffix(f.Text, ".") || !strings.HasSuffix(f.Advice, ".") || f.Node == "" {
				t.Errorf("%s: not a sentence: %+v", c.rule, f)
			}
		}
		slices.Sort(got)
		if want := slices.Sorted(slices.Values(append(slices.Clone(c.alsoBreaks), c.rule))); !slices.Equal(got, want) {
			t.Errorf("%s: found %v, want %v", c.rule, got, want)
		}
		if !strings.HasPrefix(text, c.says) {
			t.Errorf("%s says\n%s\nwant\n%s", c.rule, text, c.says)
		}
		for _, f := range check.Analyze(c.nearly.tree()).Findings {
			if f.Rule == c.rule {
				t.Errorf("%s: found where it only nearly is: %s", c.rule, f.Text)
			}
		}
	}
	for _, rule := range check.Rules() {
		if !met[rule] {
			t.Errorf("rule %s is not tried", rule)
		}
		delete(met, rule)
	}
	if len(met) > 0 {
		t.Errorf("rules that are not listed: %v", met)
	}
}

// A finding that may have come of an injected fault says so, and of which.
func TestInjected(t *testing.T) {
	faulty := func(what string) *story { return one().send("0", "SIGTERM").run("0", "SIGTERM").fault("0", "h2", what) }
	for _, c := range []struct {
		rule, injected string
		story          *story
	}{
		{"failed", "fail in flush of db 100", faulty("fail").does("0", "h2", ms, "injected failure").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM")},
		{"failed", "", faulty("fail").does("0", "h2", ms, "injected failure").does("0", "h1", 0, "by itself").leave("0").died("0", "SIGTERM")},
		{"never-ran", "skip in flush of db 100", faulty("skip").skip("0", "h2", "injected").does("0", "h1", 0, "").leave("0").died("0", "SIGTERM")},
		{"never-ran", "delay in flush of db 100", faulty("delay").does("0", "h2", ms, "").skip("0", "h1", "deadline").leave("0").died("0", "SIGTERM")},
		{"killed-before-done", "hang in flush of db 100", faulty("hang").begin("0", "h2").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL")},
		{"lost-to-sigkill", "hang in flush of db 100", faulty("hang").begin("0", "h2").after(time.Second).send("0", "SIGKILL").died("0", "SIGKILL")},
		{"ended-in-handler", "exit in flush of db 100", faulty("exit").begin("0", "h2").exit("0", 3)},
		{"failed", "hang in flush of db 102", two().begin("0", "h1").wait("0", "h1", "0.0").run("0.0", "SIGTERM").fault("0.0", "h1", "hang").begin("0.0", "h1").
			after(time.Second).died("0.0", "SIGKILL").end("0", "h1", "had to be killed").leave("0").died("0", "SIGTERM")},
		{"signal-ignored", "ignore in db 100", one().send("0", "SIGTERM").see(exitreg.KindFault, "0", func(e *tree.Event) { e.Sig, e.Text = "SIGTERM", "ignore" })},
		{"signal-ignored", "", new(story).spawn("0", "db").effect("0", "SIGTERM", tree.Ignored).send("0", "SIGTERM")},
		{"signalled-twice", "", faulty("delay").begin("0", "h2").send("0", "SIGTERM")},
	} {
		list := check.Analyze(c.story.tree()).Findings
		if !slices.ContainsFunc(list, func(f check.Finding) bool {
			return f.Rule == c.rule && f.Injected == c.injected && strings.HasSuffix(f.Text, " (injected: "+c.injected+").") == (c.injected != "")
		}) {
			t.Errorf("%s of %q: %+v", c.rule, c.injected, list)
		}
	}
}

func TestFindingsOfBefore(t *testing.T) {
	s := new(story).spawn("0", "main").spawn("0.0", "db").own("0.0", "h1", "flush", 0).after(ms).exit("0.0", 1).after(ms).send("0", "SIGTERM").died("0", "SIGTERM")
	r := check.Analyze(s.tree())
	if len(r.Findings) != 1 || !r.Findings[0].Earlier || r.Findings[0].Handler != "flush" {
		t.Errorf("got %+v", r.Findings)
	}
}

// What was handed to us is safe to print, and a report has a JSON form.
func TestReportOfHostileNames(t *testing.T) {
	s := new(story).spawn("0", "a\x1b[2Jb\n").own("0", "h1", "c\x1b]0;x\a", 0).send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h1", ms, "d\x1b[31m\n").leave("0").died("0", "SIGTERM")
	tr := s.tree()
	r := check.Analyze(tr)
	text := ""
	for _, f := range r.Findings {
		text += f.Text + f.Advice
	}
	for _, p := range r.Path {
		text += p.String()
	}
	for _, b := range r.Blame {
		text += b.String()
	}
	if strings.ContainsAny(text, "\x1b\a\n") {
		t.Errorf("control characters: %q", text)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

// Who was held is not blamed for it: it took no time then, was stopped by nobody else,
// and if it was killed then it was the observer who had kept it from going.
func TestHeldThenKilled(t *testing.T) {
	foreign := func() *story {
		return new(story).spawn("0", "redis").after(time.Second).send("0", "SIGSTOP").plain(exitreg.KindStop, "0").send("0", "SIGTERM").
			hold("0", "", "SIGTERM", "stopped before SIGTERM").after(9 * time.Second)
	}
	for _, tt := range []struct {
		name string
		s    *story
		want []string
	}{
		{"a foreign one, killed while it was held", foreign().send("0", "SIGKILL").died("0", "SIGKILL"),
			[]string{"redis 100 was killed while you held it before SIGTERM reaches it."}},
		{"a foreign one, killed later", foreign().plain(exitreg.KindCont, "0").release("0").after(2*time.Second).send("0", "SIGKILL").died("0", "SIGKILL"),
			[]string{"redis 100 was killed 2.00s after it was asked to end (not counting 9.00s held by you): it had not ended by then."}},
		{"one that reports", one().send("0", "SIGTERM").run("0", "SIGTERM").hold("0", "h2", "", "").after(5*time.Second).send("0", "SIGKILL").died("0", "SIGKILL"),
			[]string{"db 100 was killed while you held it before flush.", "flush and close of db 100 never ran"}},
	} {
		r := check.Analyze(tt.s.tree())
		if len(r.Findings) != len(tt.want) {
			t.Errorf("%s: %+v", tt.name, r.Findings)
			continue
		}
		for i, want := range tt.want {
			if f := r.Findings[i]; !strings.Contains(f.Text, want) || strings.Contains(f.Advice, "Send SIGCONT") || strings.Contains(f.Advice, "It was asked before") {
				t.Errorf("%s: %s (%s)", tt.name, f.Text, f.Advice)
			}
		}
	}
}

// The time for which the observer held somebody is told, and no process is said to
// have held the whole up by it.
func TestHeldIsTheObserver(t *testing.T) {
	s := two().begin("0", "h1").wait("0", "h1", "0.0").run("0.0", "SIGTERM").hold("0.0", "h1", "", "").after(3*time.Second).release("0.0").
		does("0.0", "h1", time.Second, "").leave("0.0").died("0.0", "SIGTERM").end("0", "h1", "").leave("0").died("0", "SIGTERM")
	r := check.Analyze(s.tree())
	if r.Held != 3*time.Second || r.Total != 4*time.Second || len(r.Findings) != 0 {
		t.Errorf("held for %v of %v: %+v", r.Held, r.Total, r.Findings)
	}
}
