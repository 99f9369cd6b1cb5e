package check_test

import (
	"slices"
	"testing"

	"multiexit/exitreg"
	"multiexit/tree"
	"multiexit/tree/check"
)

// Programs end with many a status when they are asked to; those that mean it are left
// alone.
func TestStatusOfOrdinaryPrograms(t *testing.T) {
	plain := func() *story { return new(story).spawn("0", "x") }
	shell := func() *story { return new(story).spawn("0", "sh").spawn("0.0", "x") }
	for name, c := range map[string]struct {
		story *story
		bad   bool
	}{
		"java, node":                    {plain().send("0", "SIGTERM").exit("0", 143), false},
		"gunicorn":                      {plain().send("0", "SIGTERM").exit("0", 0), false},
		"bash at SIGINT":                {plain().send("0", "SIGINT").exit("0", 130), false},
		"its default action":            {plain().send("0", "SIGTERM").died("0", "SIGTERM"), false},
		"128 and what asked":            {plain().send("0", "SIGQUIT").exit("0", 131), false},
		"128 and what nobody sent":      {plain().send("0", "SIGTERM").exit("0", 131), true},
		"ffmpeg":                        {plain().send("0", "SIGINT").exit("0", 255), true},
		"nobody asked it":               {plain().exit("0", 1), false},
		"nobody saw its status":         {plain().send("0", "SIGTERM").plain(exitreg.KindExit, "0"), false},
		"it was killed":                 {plain().send("0", "SIGTERM").send("0", "SIGKILL").exit("0", 1), false},
		"a second signal":               {plain().send("0", "SIGTERM").send("0", "SIGTERM").exit("0", 1), false},
		"a failed handler":              {one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "full").does("0", "h1", 0, "").leave("0").exit("0", 1), false},
		"os.Exit":                       {one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").exit("0", 1), false},
		"it ended by itself":            {one().runs("0", "exit", 1, "").does("0", "h2", ms, "").does("0", "h1", 0, "").leave("0").exit("0", 1), false},
		"the number, as exitreg may":    {one().send("0", "SIGTERM").run("0", "SIGTERM").does("0", "h2", ms, "").does("0", "h1", 0, "").leave("0").exit("0", 15), false},
		"a handler asked for it":        {shell().own("0", "h1", "stop", 0).send("0", "SIGTERM").run("0", "SIGTERM").begin("0", "h1").wait("0", "h1", "0.0").exit("0.0", 1), true},
		"make of what was signalled":    {shell().send("0", "SIGTERM").died("0.0", "SIGTERM").exit("0", 2), false},
		"npm of what failed":            {shell().send("0", "SIGTERM").exit("0.0", 1).exit("0", 1), false},
		"sh of what was killed":         {shell().send("0", "SIGTERM").died("0.0", "SIGKILL").exit("0", 137), false},
		"sh of what nobody saw":         {shell().send("0", "SIGTERM").plain(exitreg.KindExit, "0.0").exit("0", 1), false},
		"sh of what was gone before":    {shell().plain(exitreg.KindExit, "0.0").after(ms).send("0", "SIGTERM").exit("0", 1), true},
		"a child that failed only then": {shell().send("0", "SIGTERM").exit("0", 1).after(ms).exit("0.0", 1), true},
	} {
		found := slices.ContainsFunc(check.Analyze(c.story.tree()).Findings, func(f check.Finding) bool { return f.Rule == "bad-status" })
		if found != c.bad {
			t.Errorf("%s: found: %v", name, found)
		}
	}
}

// A status that may have come of an injected fault is told as such.
func TestInjectedStatus(t *testing.T) {
	s := one().send("0", "SIGTERM").run("0", "SIGTERM").see(exitreg.KindFault, "0", func(e *tree.Event) { e.ID, e.Text, e.Timeout = "h2", "delay", ms }).
		does("0", "h2", ms, "").does("0", "h1", 0, "").leave("0").exit("0", 3)
	list := check.Analyze(s.tree()).Findings
	if len(list) != 1 || list[0].Rule != "bad-status" || list[0].Injected != "delay in flush of db 100" {
		t.Errorf("%+v", list)
	}
}
