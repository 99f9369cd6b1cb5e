package main

import (
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"multiexit/demo"
	"multiexit/tree"
	"multiexit/tree/tape"
)

// TestFor: when --for is over the screen shows the end and leaves.
func TestFor(t *testing.T) {
	w := newWorld(t)
	c := newConsole(t, 120, 36)
	cmd := w.command("demo", "readme", "--for", "300ms")
	c.attach(cmd)
	if status := w.wait(cmd); status != 0 {
		t.Errorf("status %d", status)
	}
	w.nothingLeft()
	c.usable()
	c.shows("multiexit: ", " gone")
}

// TestEnded: what has ended stays on the screen until somebody leaves.
func TestEnded(t *testing.T) {
	for name, c := range map[string]struct {
		leave  func(*console, *exec.Cmd)
		status int
	}{
		"by a key":    {func(c *console, _ *exec.Cmd) { c.keys("q") }, 7},
		"by a signal": {signals(syscall.SIGTERM), 128 + 15},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			con := newConsole(t, 120, 36)
			cmd := w.command("run", "--", "bash", "-c", "exit 7")
			con.attach(cmd)
			con.shows("ENDED", "exit 7")
			c.leave(con, cmd)
			if status := w.wait(cmd); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			w.nothingLeft()
			con.usable()
			con.shows("1 process, 1 gone")
		})
	}
}

// TestReplayScreen shows a recording, to the end of all ways to leave it.
func TestReplayScreen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tape.jsonl")
	if got := newWorld(t).run("demo", "readme", "--record", file, "--send", "main=TERM"); got.status != 0 {
		t.Fatal(got.stderr)
	}
	for name, c := range map[string]struct {
		leave  func(*console, *exec.Cmd)
		status int
	}{
		"by a key":    {func(c *console, _ *exec.Cmd) { c.keys("q") }, 0},
		"by a signal": {signals(syscall.SIGINT), 128 + 2},
		"by SIGKILL":  {signals(syscall.SIGKILL), -9},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			con := newConsole(t, 120, 36)
			cmd := w.command("replay", file)
			con.attach(cmd)
			con.shows("Processes", "REPLAY")
			c.leave(con, cmd)
			if status := w.wait(cmd); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			w.nothingLeft()
			con.usable()
		})
	}
}

// TestShot: a picture is the same every time, whoever looks at it.
func TestShot(t *testing.T) {
	w := newWorld(t)
	file := shop(t)
	var first []byte
	for range 2 {
		got := w.run("replay", file, "--shot", filepath.Join(w.dir, "x.svg"), "--at", "1s", "--size", "100x30", "--theme", "light")
		if got != (result{}) {
			t.Fatalf("%+v", got)
		}
		svg, err := os.ReadFile(filepath.Join(w.dir, "x.svg"))
		if err != nil || !strings.HasPrefix(string(svg), "<svg") || !strings.Contains(string(svg), "api-gateway") {
			t.Fatalf("%v\n%.300s", err, svg)
		}
		if first != nil && string(first) != string(svg) {
			t.Error("two pictures")
		}
		first = svg
	}
	text := w.run("replay", file, "--shot", "-", "--size", "100x30").stdout
	if lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n"); len(lines) != 30 || strings.Contains(text, "\x1b") {
		t.Errorf("%d lines:\n%s", len(lines), text)
	}
}

// TestSilentScreen: the screen comes though nobody answers, and what was typed
// before it came is not lost.
func TestSilentScreen(t *testing.T) {
	w := newWorld(t, "COLORTERM=truecolor")
	c := newConsole(t, 120, 36)
	c.silent.Store(true)
	c.keys("?") // typed ahead
	cmd := w.command("demo", "readme")
	c.attach(cmd)
	if !eventually(func() bool { return strings.Contains(c.written(), "\x1b[?1049h") }) {
		t.Fatal("no screen")
	}
	// Ours, which is given up soon, and no library's, which would wait 5 s.
	before, _, _ := strings.Cut(c.written(), "\x1b[?1049h")
	if asked := queries.FindAllString(before, -1); !slices.Equal(asked, []string{"\x1b]11;?", "\x1b[c"}) {
		t.Errorf("asked %q: %q", asked, before)
	}
	if !eventually(func() bool { return strings.Contains(c.written(), "repaint") }) {
		t.Error("the key typed ahead is lost")
	}
	cmd.Process.Signal(syscall.SIGTERM)
	w.wait(cmd)
	w.nothingLeft()
}

// queries are what a terminal is asked.
var queries = regexp.MustCompile(`\x1b\][0-9;]*\?|\x1b\[[?>=]?[0-9;]*(?:[cnu]|\$p)`)

// TestBackground: the terminal's own background decides for the theme.
func TestBackground(t *testing.T) {
	for name, back := range map[string]color.Color{"dark": color.Black, "light": color.White} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "COLORTERM=truecolor", "COLORFGBG=0;8")
			c := newConsole(t, 120, 36)
			c.emulator.SetDefaultBackgroundColor(back)
			// A terminal that lacks a processor may answer too late for the 150 ms it has: what
			// it will say is there before.
			c.emulator.Write([]byte("\x1b]11;?\x1b\\\x1b[c"))                              // WriteString takes no lock
			if !eventually(func() bool { return strings.Contains(c.written(), "^[[?") }) { // the echo
				t.Fatalf("no answer, but %q", c.written())
			}
			cmd := w.command("demo", "readme")
			c.attach(cmd)
			c.shows(names(t, "readme")...)
			green := map[string]string{"dark": "38;2;127;216;143", "light": "38;2;35;134;58"}[name]
			if !eventually(func() bool { return strings.Contains(c.written(), green) }) {
				t.Errorf("not in the colours of %s", name)
			}
			cmd.Process.Signal(syscall.SIGTERM)
			w.wait(cmd)
			w.nothingLeft()
			c.usable()
		})
	}
}

// TestSizes: no size is too small, and a change of size is followed.
func TestSizes(t *testing.T) {
	w := newWorld(t)
	c := newConsole(t, 20, 5)
	cmd := w.command("demo", "readme")
	c.attach(cmd)
	c.shows("2 alive")
	for _, size := range [][2]int{{1, 1}, {80, 24}, {200, 50}, {120, 36}} {
		c.resize(size[0], size[1])
	}
	c.shows(names(t, "readme")...)
	cmd.Process.Signal(syscall.SIGTERM)
	w.wait(cmd)
	w.nothingLeft()
	c.usable()
}

// TestNoScreen: where a screen cannot be, there are lines, and a line why.
func TestNoScreen(t *testing.T) {
	t.Run("dumb", func(t *testing.T) {
		w := newWorld(t, "TERM=dumb")
		c := newConsole(t, 120, 36)
		cmd := w.command("run", "true")
		c.attach(cmd)
		w.wait(cmd)
		c.shows("no screen: TERM=dumb (lines instead)", "1 process, 1 gone")
	})
	t.Run("no keys", func(t *testing.T) {
		w := newWorld(t)
		c := newConsole(t, 120, 36)
		cmd := w.command("run", "true")
		cmd.Stdout, cmd.Stderr = c.tty, c.tty
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.wait(cmd)
		c.shows("standard input is no terminal", "1 process, 1 gone")
	})
}

// TestThemeFor: who decides, in which order.
func TestThemeFor(t *testing.T) {
	for _, c := range []struct {
		name string
		env  []string
		args []string
		want string // on the terminal; the emulator's own background is dark
	}{
		{"light by the flag", []string{"COLORTERM=truecolor"}, []string{"--theme", "light"}, "38;2;"},
		{"256 colours", nil, nil, "38;5;"},
		{"sixteen", []string{"TERM=xterm"}, nil, "\x1b[9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.env...)
			con := newConsole(t, 120, 36)
			cmd := w.command(append([]string{"demo", "readme", "--no-motion"}, c.args...)...)
			con.attach(cmd)
			con.shows(names(t, "readme")...)
			con.keys("q")
			con.shows("stop everything")
			con.keys("\r")
			w.wait(cmd)
			w.nothingLeft()
			if !eventually(func() bool { return strings.Contains(con.written(), c.want) }) {
				t.Errorf("no %q in %q", c.want, con.written()[:min(2000, len(con.written()))])
			}
		})
	}
}

// A recording of a demo says which, and its replay explains it as the demo did.
func TestReplayNamesTheDemo(t *testing.T) {
	for _, s := range demo.List() {
		got := shows(&tape.Tape{Header: tree.Header{Argv: demoArgv(s)}})
		if got.Title != s.Name || got.About != s.About {
			t.Errorf("%s: %q, %q", s.Name, got.Title, got.About)
		}
	}
	for _, c := range []struct {
		argv []string
		want string
	}{
		{nil, "recording"},
		{[]string{"/usr/sbin/nginx", "-g", "daemon off;"}, "/usr/sbin/nginx -g daemon off;"},
		{[]string{"multiexit", "run", "-f", "dir/Procfile"}, "Procfile"},
		{[]string{"multiexit", "demo", "no such"}, "multiexit demo no such"},
	} {
		if got := shows(&tape.Tape{Header: tree.Header{Argv: c.argv}}); got.Title != c.want || got.About[0] != "" {
			t.Errorf("%q: %q, %q", c.argv, got.Title, got.About)
		}
	}
}
