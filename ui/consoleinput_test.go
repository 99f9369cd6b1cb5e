package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestKeysForPrograms(t *testing.T) {
	for _, tt := range []struct {
		modes string
		key   tea.KeyMsg
		want  string
	}{
		{"", press("a"), "a"},
		{"", press(" "), " "},
		{"", tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("é"), Alt: true}, "\x1bé"},
		{"", press("enter"), "\r"},
		{"", press("backspace"), "\x7f"},
		{"", press("esc"), "\x1b"},
		{"", press("tab"), "\t"},
		{"", press("shift+tab"), "\x1b[Z"},
		{"", press("ctrl+c"), "\x03"},
		{"", tea.KeyMsg{Type: tea.KeyCtrlBackslash}, "\x1c"},
		{"", press("up"), "\x1b[A"},
		{"\x1b[?1h", press("up"), "\x1bOA"},
		{"\x1b[?1h", press("end"), "\x1bOF"},
		{"\x1b[?1h", tea.KeyMsg{Type: tea.KeyCtrlLeft}, "\x1b[1;5D"},
		{"", tea.KeyMsg{Type: tea.KeyUp, Alt: true}, "\x1b[1;3A"},
		{"", tea.KeyMsg{Type: tea.KeyCtrlShiftRight}, "\x1b[1;6C"},
		{"", press("pgup"), "\x1b[5~"},
		{"", tea.KeyMsg{Type: tea.KeyCtrlPgDown}, "\x1b[6;5~"},
		{"", tea.KeyMsg{Type: tea.KeyF1}, "\x1bOP"},
		{"", press("f9"), "\x1b[20~"},
		{"", tea.KeyMsg{Type: tea.KeyF17}, "\x1b[15;2~"},
		{"", tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a\nb"), Paste: true}, "a\rb"},
		{"\x1b[?2004h", tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a\x1b[201~b"), Paste: true}, "\x1b[200~a[201~b\x1b[201~"},
	} {
		c := newConsole(80, 24, 0, 0)
		c.feed(tt.modes)
		if got := string(c.appendKey(nil, tt.key)); got != tt.want {
			t.Errorf("%s with %q: %q, want %q", tt.key, tt.modes, got, tt.want)
		}
	}
}

// Every key goes to the program, in order, until ctrl+a.
func TestAttach(t *testing.T) {
	w := watching(t, seat("$ "))
	w.press("a")
	if !w.desk.attached || w.focus != paneOutput {
		t.Fatalf("not attached: %q", w.notice)
	}
	w.press("q", "?", "ctrl+c", "esc", "1;2x")
	w.settle()
	if !strings.Contains(w.canvas.Plain(), "ctrl+a leaves the terminal") {
		t.Errorf("how to leave is not said:\n%s", w.canvas.Plain())
	}
	w.press("ctrl+a")
	if w.desk.attached {
		t.Error("ctrl+a does not leave")
	}
	w.press("ctrl+a")
	w.settle()
	if !w.desk.attached {
		t.Error("ctrl+a twice leaves")
	}
	got := ""
	for _, call := range strings.Split(w.spy.String(), "; ") {
		if s, ok := strings.CutPrefix(call, "input 0 "); ok {
			got += strings.Trim(s, `"`)
		}
	}
	if want := `q?\x03\x1b1;2x\x01`; got != want {
		t.Errorf("typed %s, want %s", got, want)
	}
	w.feed(on(500, "exit", "0", ""))
	if w.desk.attached || !strings.Contains(w.canvas.Plain(), "the program has ended") && !strings.Contains(w.View()+w.canvas.Plain(), "the program has ended") {
		t.Errorf("the end of the program is not told:\n%s", w.canvas.Plain())
	}
	if w.quit {
		t.Error("a key for the program ended the screen")
	}
}

func TestAttachRefused(t *testing.T) {
	w := watching(t, shop())
	w.attach()
	if w.desk.attached || !strings.Contains(w.notice, "no terminal") {
		t.Errorf("without a terminal: %q", w.notice)
	}
	r := replaying(t, seat("x"))
	r.press("end", "o", "a")
	if r.desk.attached || r.notice == "" {
		t.Errorf("in a recording: %q", r.notice)
	}
}

// What a program asks its terminal is answered through the driver, once, and not
// when it is shown again.
func TestRepliesGoToTheProgram(t *testing.T) {
	w := watching(t, seat())
	w.feed(wrote(20, "0", "\x1b[c"))
	w.asking = true
	if got := w.terminals["0"]; !got.sending {
		t.Fatal("nothing was sent")
	}
	w.terminals["0"].sending = false
	w.terminals["0"].live.feed("\x1b[6n")
	w.run(w.replies())
	if got := w.spy.String(); got != `input 0 "\x1b[1;1R"` {
		t.Errorf("sent %s", got)
	}
	r := replaying(t, seat("\x1b[c"))
	r.press("end", "o")
	if got := r.spy.String(); got != "" {
		t.Errorf("a recording answers: %s", got)
	}
}

func TestMouseForPrograms(t *testing.T) {
	w := watching(t, seat("\x1b[?1002h\x1b[?1006h"))
	w.press("a")
	in := w.consoleRect()
	w.run(w.onMouse(tea.MouseMsg{X: in.x + 4, Y: in.y + 2, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress}))
	w.settle()
	w.run(w.onMouse(tea.MouseMsg{X: in.x + 4, Y: in.y + 2, Button: tea.MouseButtonLeft, Action: tea.MouseActionRelease}))
	w.settle()
	if got := w.spy.String(); got != `input 0 "\x1b[<0;5;3M"; input 0 "\x1b[<0;5;3m"` {
		t.Errorf("sent %s", got)
	}
	w.run(w.onMouse(tea.MouseMsg{X: 3, Y: 3, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress}))
	if w.focus == paneOutput {
		t.Error("a click beside the terminal is the program's too")
	}
}

// The pane's size goes to the program, once it has stood for a moment.
func TestTerminalFitsThePane(t *testing.T) {
	w := watching(t, seat("x"))
	if !w.outputVisible() {
		t.Fatal("the terminal of the only program is not shown")
	}
	w.press("o")
	w.terminals["0"].asked = [2]int{} // the wish of the first frame was not run
	w.run(w.fit())
	w.settle()
	in := w.consoleRect()
	if want := fmt.Sprintf("resize 0 %dx%d", in.w, in.h); w.spy.String() != want {
		t.Errorf("asked for %q, want %q", w.spy.String(), want)
	}
	if c := w.terminals["0"].live; c.cols != in.w || c.rows != in.h {
		t.Errorf("it is %dx%d", c.cols, c.rows)
	}
	w.press("z")
	first := w.fit()
	w.press("z")
	w.run(w.fit())
	w.run(first) // too late: the size is another by now
	w.settle()
	if n := strings.Count(w.spy.String(), "resize"); n != 2 {
		t.Errorf("resized %d times: %s", n, w.spy.String())
	}
}

func TestStdinLine(t *testing.T) {
	w := watching(t, shop())
	w.press("I")
	if !strings.Contains(w.canvas.Plain(), "send a line to stdin of main ▸") {
		t.Fatalf("no prompt:\n%s", w.canvas.Plain())
	}
	w.press("h", "i", " ", "q", "enter")
	w.press("I", "up", "enter")
	w.press("I", "x", "esc")
	if got := w.spy.String(); got != `input 0 "hi q\n"; input 0 "hi q\n"` {
		t.Errorf("sent %s", got)
	}
}
