package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"multiexit/demo"
)

// ends are the ways in which multiexit may end with everything still running.
var ends = []struct {
	name   string
	env    string
	end    func(c *console, cmd *exec.Cmd)
	status int
	closed bool // the terminal is gone afterwards
}{
	{"quit", "", func(c *console, cmd *exec.Cmd) {
		c.keys("q")
		c.shows("stop everything")
		c.keys("\r")
	}, 0, false},
	{"SIGTERM", "", signals(syscall.SIGTERM), 128 + 15, false},
	{"SIGTERM twice", "", signals(syscall.SIGTERM, syscall.SIGTERM), 128 + 15, false},
	{"SIGINT three times", "", signals(syscall.SIGINT, syscall.SIGINT, syscall.SIGINT), 128 + 2, false},
	{"SIGHUP", "", signals(syscall.SIGHUP), 128 + 1, false},
	{"SIGQUIT", "", signals(syscall.SIGQUIT), 128 + 3, false},
	{"SIGKILL", "", signals(syscall.SIGKILL), -9, false},
	{"closed terminal", "", func(c *console, cmd *exec.Cmd) {
		c.tty.Close()
		c.ptm.Close()
	}, 128 + 1, true},
	{"panic in a goroutine", "goroutine", signals(syscall.SIGUSR1), 125, false},
	{"panic nobody recovers", "raw", signals(syscall.SIGUSR1), 2, false},
	{"panic in the loop", "update", signals(syscall.SIGUSR1), 125, false},
}

// signals sends signals to multiexit, each as soon as the one before has been
// taken or has ended it.
func signals(list ...syscall.Signal) func(*console, *exec.Cmd) {
	return func(c *console, cmd *exec.Cmd) {
		for _, sig := range list {
			if cmd.Process.Signal(sig) != nil {
				return
			}
			eventually(func() bool { return !pending(cmd.Process.Pid, sig) })
		}
	}
}

// TestNothingLeft ends multiexit in every way there is, with processes that do
// not want to end: all of them are gone afterwards and the terminal is usable.
func TestNothingLeft(t *testing.T) {
	for _, scenario := range []string{"escape", "stubborn"} {
		for _, e := range ends {
			t.Run(scenario+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, "MULTIEXIT_DEBUG_PANIC="+e.env)
				c := newConsole(t, 120, 36)
				cmd := w.command("demo", scenario, "--grace", "300ms")
				c.attach(cmd)
				c.shows(names(t, scenario)...)
				e.end(c, cmd)
				if got := w.wait(cmd); got != e.status {
					t.Errorf("status %d, want %d", got, e.status)
				}
				w.nothingLeft()
				if !e.closed {
					c.usable()
				}
				if e.env == "" && !eventually(func() bool { files, _ := os.ReadDir(w.dir); return len(files) == 0 }) {
					t.Error("files are left")
				}
				if e.env == "" && !e.closed && strings.Contains(c.written(), "goroutine ") {
					t.Errorf("a stack trace on the terminal:\n%q", c.written())
				}
			})
		}
	}
}

// names are the names of a scenario's processes, but for those that leave their
// children: they are over so soon that a busy machine may show them to nobody.
func names(t *testing.T, scenario string) (names []string) {
	s, err := demo.Find(scenario, 0)
	if err != nil {
		t.Fatal(err)
	}
	var add func(demo.Spec)
	add = func(p demo.Spec) {
		if !p.Leaves {
			names = append(names, p.Name)
		}
		for _, k := range p.Kids {
			add(k)
		}
	}
	add(s.Root)
	return names
}

// TestCrashReport checks what is said of a panic: one line and a file.
func TestCrashReport(t *testing.T) {
	for _, place := range []string{"goroutine", "update", "raw"} {
		t.Run(place, func(t *testing.T) {
			w := newWorld(t, "MULTIEXIT_DEBUG_PANIC="+place)
			c := newConsole(t, 120, 36)
			cmd := w.command("demo", "readme")
			c.attach(cmd)
			c.shows(names(t, "readme")...)
			cmd.Process.Signal(syscall.SIGUSR1)
			w.wait(cmd)
			w.nothingLeft()
			c.shows("internal error", "forced by MULTIEXIT_DEBUG_PANIC="+place)
			c.usable()
			text := c.text()
			if strings.Contains(text, ".go:") {
				t.Errorf("a stack trace on the terminal:\n%s", text)
			}
			var files []os.DirEntry // the keeper removes the directory of the socket
			eventually(func() bool { files, _ = os.ReadDir(w.dir); return len(files) == 1 })
			if len(files) != 1 {
				t.Fatalf("want one report in %s, got %v", w.dir, files)
			}
			report, _ := os.ReadFile(w.dir + "/" + files[0].Name())
			if !strings.Contains(string(report), "forced by") || !strings.Contains(string(report), ".go:") {
				t.Errorf("the report is no use:\n%s", report)
			}
		})
	}
}

// TestStalledTerminal: a terminal that takes nothing keeps nobody alive.
func TestStalledTerminal(t *testing.T) {
	w := newWorld(t)
	c := newConsole(t, 200, 50)
	cmd := w.command("demo", "nested", "--grace", "300ms")
	c.attach(cmd)
	c.shows("main")
	status := 0
	func() {
		c.mu.Lock()         // show stops reading when it next has something
		defer c.mu.Unlock() // also if the wait fails
		for range 400 {
			c.ptm.WriteString("?\x1b") // help opens and closes: much to draw
		}
		cmd.Process.Signal(syscall.SIGTERM)
		status = w.wait(cmd)
	}()
	if status != 128+15 {
		t.Errorf("status %d", status)
	}
	w.nothingLeft()
	c.usable()
}

// TestSilentTerminal: a terminal to which only a word is printed gets no query, so that
// one which answers none costs no time.
func TestSilentTerminal(t *testing.T) {
	w := newWorld(t)
	c := newConsole(t, 120, 36)
	c.silent.Store(true)
	cmd := w.command("--version")
	c.attach(cmd)
	if status := w.wait(cmd); status != 0 {
		t.Errorf("status %d", status)
	}
	eventually(func() bool { return strings.Contains(c.written(), "multiexit ") })
	if got := c.written(); strings.Contains(got, "\x1b") {
		t.Errorf("wrote %q", got)
	}
}

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
