package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tmux is a terminal that people use, of 120 by 36 cells, with a shell in it.
type tmux struct {
	w            *world
	path, socket string
}

func newTmux(w *world) *tmux {
	w.t.Helper()
	path, err := exec.LookPath("tmux")
	if err != nil {
		w.t.Skip(err)
	}
	x := &tmux{w, path, filepath.Join(w.dir, "tmux")}
	x.do("new-session", "-d", "-s", "it", "-x", "120", "-y", "36", "PS1='READY> ' exec bash --norc --noprofile -i")
	w.t.Cleanup(func() { exec.Command(path, "-S", x.socket, "kill-server").Run() })
	x.shows("READY>")
	return x
}

func (x *tmux) do(args ...string) string {
	x.w.t.Helper()
	cmd := exec.Command(x.path, append([]string{"-f", "/dev/null", "-S", x.socket}, args...)...)
	cmd.Env, cmd.Dir = x.w.env, x.w.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		x.w.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

func (x *tmux) keys(keys ...string) {
	x.w.t.Helper()
	x.do(append([]string{"send-keys", "-t", "it"}, keys...)...)
}

func (x *tmux) run(args ...string) {
	x.w.t.Helper()
	x.keys(strings.Join(x.w.command(args...).Args, " "), "Enter")
}

func (x *tmux) screen() string {
	x.w.t.Helper()
	return x.do("capture-pane", "-p", "-t", "it")
}

func (x *tmux) shows(texts ...string) {
	x.w.t.Helper()
	var screen string
	if !eventually(func() bool {
		screen = x.screen()
		return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(screen, s) })
	}) {
		x.w.t.Fatalf("the screen never showed %q:\n%s", texts, screen)
	}
}

// TestTmux is the whole in a terminal that people use.
func TestTmux(t *testing.T) {
	w := newWorld(t)
	x := newTmux(w)
	x.run("demo", "readme")
	x.shows(names(t, "readme")...)
	x.shows("clean_main", "shared_exit")
	x.keys("t")
	x.shows("SIGTERM", "send")
	x.keys("Enter")
	x.shows("2 exited")
	x.keys("q")
	x.shows("READY>", "2 processes, 2 gone")
	x.keys("stty -a", "Enter")
	x.shows("isig icanon iexten echo ")
	x.keys("exit", "Enter")
	w.nothingLeft()
}
