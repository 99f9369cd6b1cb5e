package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTmux is the whole in a terminal that people use.
func TestTmux(t *testing.T) {
	tmux, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip(err)
	}
	w := newWorld(t)
	socket := filepath.Join(w.dir, "tmux")
	do := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(tmux, append([]string{"-f", "/dev/null", "-S", socket}, args...)...)
		cmd.Env, cmd.Dir = w.env, w.dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	shows := func(texts ...string) {
		t.Helper()
		var screen string
		if !eventually(func() bool {
			screen = do("capture-pane", "-p", "-t", "it")
			return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(screen, s) })
		}) {
			t.Fatalf("the screen never showed %q:\n%s", texts, screen)
		}
	}
	do("new-session", "-d", "-s", "it", "-x", "120", "-y", "36", "PS1='READY> ' exec bash --norc --noprofile -i")
	defer exec.Command(tmux, "-S", socket, "kill-server").Run()
	shows("READY>")
	do("send-keys", "-t", "it", strings.Join(w.command("demo", "readme").Args, " "), "Enter")
	shows(names(t, "readme")...)
	shows("clean_main", "shared_exit")
	do("send-keys", "-t", "it", "t")
	shows("SIGTERM", "send")
	do("send-keys", "-t", "it", "Enter")
	shows("2 exited")
	do("send-keys", "-t", "it", "q")
	shows("READY>", "2 processes, 2 gone")
	do("send-keys", "-t", "it", "stty -a", "Enter")
	shows("isig icanon iexten echo ")
	do("send-keys", "-t", "it", "exit", "Enter")
	w.nothingLeft()
}
