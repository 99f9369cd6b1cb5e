package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestSuspend stops multiexit from a shell and brings it back, by ctrl+z and by
// a SIGTSTP from outside.
func TestSuspend(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	w := newWorld(t, "PS1=READY> ", "HISTFILE=", "BASH_SILENCE_DEPRECATION_WARNING=1")
	c := newConsole(t, 120, 36)
	shell := exec.Command(bash, "--norc", "--noprofile", "-i")
	shell.Env, shell.Dir = w.env, w.dir
	c.attach(shell)
	c.shows("READY>")
	program := w.command("demo", "readme")
	c.keys(strings.Join(program.Args, " ") + "\r")
	for round, suspend := range []func(){
		func() { c.keys("\x1a") },
		func() { syscall.Kill(w.find("demo readme"), syscall.SIGTSTP) },
	} {
		c.shows(append(names(t, "readme"), "LIVE")...)
		suspend()
		c.shows("what it started goes on", "Stopped", "READY>")
		if c.emulator.IsAltScreen() {
			t.Errorf("round %d: the alternate screen is still on", round)
		}
		if len(w.processes()) < 4 { // shell, multiexit, its guard, two of the scenario
			t.Errorf("round %d: only %q live", round, w.processes())
		}
		c.keys("clear; fg\r")
	}
	c.shows(append(names(t, "readme"), "LIVE")...)
	c.keys("q")
	c.shows("stop everything")
	c.keys("\r")
	c.shows("2 processes, 2 gone", "READY>")
	c.keys("stty -a; exit\r")
	c.shows("isig icanon iexten echo ")
	w.wait(shell)
	w.nothingLeft()
}

// TestNoShell: where nobody would bring it back, it does not stop.
func TestNoShell(t *testing.T) {
	w := newWorld(t)
	c := newConsole(t, 120, 36)
	cmd := w.command("demo", "readme")
	c.attach(cmd)
	c.shows(names(t, "readme")...)
	c.keys("\x1a")
	c.shows("not suspended")
	cmd.Process.Signal(syscall.SIGTERM)
	w.wait(cmd)
	w.nothingLeft()
	c.usable()
}
