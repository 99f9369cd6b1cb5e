package ui

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"multiexit/tree"
)

func TestSignalScopes(t *testing.T) {
	for keys_, want := range map[string]string{
		"s enter":                             "0.0 SIGTERM process",
		"s tab enter":                         "0.0 SIGTERM group",
		"s right right enter":                 "0.0 SIGTERM session",
		"s tab tab tab enter":                 "0.0 SIGTERM subtree",
		"s left enter":                        "0.0 SIGTERM leaves",
		"s shift+tab shift+tab enter":         "0.0 SIGTERM subtree",
		"space s enter":                       "0.0 SIGTERM process",
		"space G space s enter":               "0.0 SIGTERM process; 0.1.0 SIGTERM process",
		"space G k s tab enter":               "0.1 SIGTERM process", // no longer the marked one
		"s s i g h u p tab enter":             "0.0 SIGHUP group",
		"s u s r 1 enter s enter":             "0.0 SIGUSR1 process; 0.0 SIGUSR1 process", // remembered
		"s u s r 1 esc s enter":               "0.0 SIGTERM process",                      // it was not sent
		"s s i g r t m a x - 2 enter s enter": "0.0 SIGRTMAX-2 process; 0.0 SIGRTMAX-2 process",
	} {
		if strings.Contains(want, "RT") && runtime.GOOS != "linux" {
			continue
		}
		w := watching(t, shop())
		w.press("j")
		w.press(keys(keys_)...)
		if got := w.spy.String(); got != want {
			t.Errorf("%s: asked for %q, want %q", keys_, got, want)
		}
	}
}

func TestPreviewIsAskedOnce(t *testing.T) {
	w := watching(t, shop())
	w.spy.targets = []tree.Target{{Node: "0", Effect: tree.EffectBlocked}}
	w.press("s")
	ask := w.inquire()
	if ask == nil || w.inquire() != nil {
		t.Fatal("not one question")
	}
	w.press("tab") // the question has changed
	w.onPreview(ask().(previewMsg))
	if len(w.preview.targets) != 0 {
		t.Error("a stale answer is taken")
	}
	if ask = w.inquire(); ask == nil {
		t.Fatal("the new scope is not asked about")
	}
	w.onPreview(ask().(previewMsg))
	if !strings.Contains(seen(w), "blocked: pending until it unblocks") {
		t.Error("the answer is not shown")
	}
	if w.inquire() != nil {
		t.Error("it is asked again")
	}
	w.press("esc")
	w.inquire()
	w.press("s")
	if w.inquire() == nil {
		t.Error("a dialog that is opened again shows what was true before")
	}
}

type refusing struct{ *spy }

func (refusing) Preview(string, string, []string) ([]tree.Target, error) {
	return nil, errors.New("preview: the group\nis of another user")
}

func TestPreviewError(t *testing.T) {
	w := watching(t, shop())
	w.opts.Driver = refusing{w.spy}
	w.press("s")
	settle(w.Model)
	if !strings.Contains(seen(w), "guessed: preview: the group is of another user") {
		t.Error("the error is not shown")
	}
}

func TestOutlooks(t *testing.T) {
	w := watching(t, shop())
	w.feed(tree.Event{Kind: "hello", Node: "0.0.0", Name: "worker-1", T: ms(11)})
	for _, tt := range []struct {
		sig    string
		target tree.Target
		want   string
	}{
		{"SIGTERM", tree.Target{Effect: "caught"}, "caught: 2 handlers"},
		{"SIGUSR1", tree.Target{Effect: "caught"}, "caught"},
		{"SIGTERM", tree.Target{Effect: "caught", Stopped: true}, "stopped: pending until SIGCONT"},
		{"SIGTERM", tree.Target{Effect: "default"}, "default: dies without running 2 handlers"},
		{"SIGQUIT", tree.Target{Effect: "default"}, "default: dumps core without running 2 handlers"},
		{"SIGKILL", tree.Target{Effect: "default", Stopped: true}, "dies at once without running 2 handlers"},
		{"SIGCHLD", tree.Target{Effect: "default"}, "default: nothing will happen"},
		{"SIGWINCH", tree.Target{Effect: "default", Stopped: true}, "default: nothing will happen"},
		{"SIGTSTP", tree.Target{Effect: "default"}, "stops until SIGCONT"},
		{"SIGSTOP", tree.Target{Effect: "default"}, "stops until SIGCONT"},
		{"SIGCONT", tree.Target{Effect: "default", Stopped: true}, "continues"},
		{"SIGCONT", tree.Target{Effect: "ignored", Stopped: true}, "continues"},
		{"SIGCONT", tree.Target{Effect: "default"}, "runs already: nothing will happen"},
		{"SIGTERM", tree.Target{Effect: "ignored"}, "ignored: nothing will happen"},
		{"SIGTERM", tree.Target{Effect: "ignored", Stopped: true}, "ignored: nothing will happen"},
		{"SIGTERM", tree.Target{Effect: "blocked"}, "blocked: pending until it unblocks"},
		{"SIGTERM", tree.Target{Effect: "pid1"}, "PID 1: no default action, nothing will happen"},
		{"SIGTERM", tree.Target{Effect: "gone"}, "gone"},
		{"SIGTERM", tree.Target{Effect: "refused"}, "not permitted"},
		{"SIGTERM", tree.Target{}, "not known"},
	} {
		tt.target.Node = "0.0.0"
		if got := w.outlook(tt.sig, tt.target).text; got != tt.want {
			t.Errorf("%s, %+v: %q, want %q", tt.sig, tt.target, got, tt.want)
		}
	}
}

func TestRealTimeNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has them in this range")
	}
	all := withRealTime([]string{"SIGTERM"})
	if len(all) != 32 || all[1] != "SIGRTMIN" || all[4] != "SIGRTMIN+3" || all[17] != "SIGRTMAX-14" || all[31] != "SIGRTMAX" {
		t.Errorf("%v", all)
	}
	for name, want := range map[string]string{"SIGRTMIN": "34", "SIGRTMIN+3": "37", "SIGRTMAX-14": "50", "SIGRTMAX": "64", "SIGTERM": "15"} {
		if got := signalNumber(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestDetailsAreAskedWhileOpen(t *testing.T) {
	w := watching(t, shop())
	w.spy.details = tree.Details{PID: 77, CPU: 3, Argv: []string{"main"}}
	if w.examine() != nil {
		t.Error("asked though nobody looks")
	}
	w.press("e")
	ask := w.examine()
	if ask == nil || w.examine() != nil {
		t.Fatal("not one question")
	}
	w.send(ask())
	if !strings.Contains(seen(w), "77 · parent") {
		t.Error("the answer is not shown")
	}
	for range 2 * samples {
		w.onDetails(detailsMsg{node: "0", details: w.spy.details})
	}
	if len(w.inspection.cpu) != samples {
		t.Errorf("%d samples are kept", len(w.inspection.cpu))
	}
	w.onDetails(detailsMsg{node: "0", err: errors.New("details: gone")})
	w.press("esc")
	if w.inspection.waiting = false; w.examine() != nil {
		t.Error("asked though it is closed")
	}
	w.press("j", "e")
	w.onDetails(detailsMsg{node: "0", details: w.spy.details})
	if w.inspection.have {
		t.Error("the answer about another process is taken")
	}
}
