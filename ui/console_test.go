package ui

import (
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// wrote is a chunk that a program wrote to its terminal.
func wrote(at int, root, text string) tree.Event {
	return tree.Event{Kind: "out", Node: root, Stream: ptyStream, Text: text, T: ms(at)}
}

// seat is a command with a terminal that has been written to.
func seat(texts ...string) (es []tree.Event) {
	es = append(es, born(1, "0", "vim"))
	for i, s := range texts {
		es = append(es, wrote(10+i, "0", s))
	}
	return es
}

// settle takes in what the last commands have told, until nothing new comes.
func (w *world) settle() {
	for len(w.out) > 0 {
		msg := w.out[0]
		w.out = w.out[1:]
		switch msg := msg.(type) {
		case resizeMsg:
			w.run(w.onResizeTerminal(msg))
		case sentMsg:
			w.run(w.onSent(msg))
		default:
			w.Update(msg)
			w.run(w.serve())
		}
	}
}

// Nothing that a program asks blocks, and it gets what a terminal would say.
func TestConsoleAnswers(t *testing.T) {
	for _, tt := range []struct{ ask, want string }{
		{"\x1b[c", "\x1b[?62;1;6;22c"},
		{"\x1b[>c", "\x1b[>1;10;0c"},
		{"\x1b[5n", "\x1b[0n"},
		{"\x1b[3;7H\x1b[6n", "\x1b[3;7R"},
		{"\x1b[3;7H\x1b[?6n", "\x1b[?3;7R"},
		{"\x1b[?2004h\x1b[?2004$p", "\x1b[?2004;1$y"},
		{"\x1b[?2004$p", "\x1b[?2004;2$y"},
		{"\x1b[?7$p", "\x1b[?7;1$y"},
		{"\x1b]11;?\a", "\x1b]11;rgb:1111/1414/1b1b\x1b\\"},
		{"\x1b[?2048h", ""}, // asks to be told of each resize: the emulator would wait for a reader
		{"\x1b[18t\x1bP+q544e\x1b\\\x1b[?u", ""},
	} {
		c := newConsole(80, 24, canvas.RGB(1, 2, 3), canvas.RGB(0x11, 0x14, 0x1b))
		c.feed(tt.ask)
		c.resize(81, 25)
		if got := string(c.replies); got != tt.want {
			t.Errorf("%q: answered %q, want %q", tt.ask, got, tt.want)
		}
	}
}

// The state of a terminal makes an empty one the same.
func TestConsoleState(t *testing.T) {
	for _, text := range []string{
		"hello\r\nworld", "\x1b[31;1mred\x1b[m plain \x1b[48;5;24mblue", "\x1b[?1049h\x1b[2J\x1b[5;9Hfull \x1b[7mscreen",
		"漢字 wide\r\n\x1b[4munder", strings.Repeat("line\r\n", 40) + "end", "\x1b[?1h\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?25l",
		"\x1b[3;8rregion\x1b[5;1H", "\x1b[12;40H" + strings.Repeat("x", 60),
	} {
		a, b := newConsole(40, 12, 0, 0), newConsole(40, 12, 0, 0)
		a.feed(text)
		b.feed(a.state())
		const more = "\x1b[32mnext\r\n\n\nand so on"
		for range 2 {
			if x, y := a.em.Render(), b.em.Render(); x != y {
				t.Errorf("%q:\n%q\n%q", text, x, y)
			}
			if a.hidden != b.hidden || a.alt != b.alt || fmt.Sprint(a.modes) != fmt.Sprint(b.modes) || a.em.CursorPosition() != b.em.CursorPosition() {
				t.Errorf("%q: %v %v %v, %v %v %v", text, a.hidden, a.alt, a.modes, b.hidden, b.alt, b.modes)
			}
			a.feed(more)
			b.feed(more)
		}
	}
}

// Scrolling for many lines at once comes out as line by line.
func TestConsoleFeedsLines(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	words := []string{"word ", "\x1b[32mgreen\x1b[m ", "漢字 ", "\t", "\r", "\r\n", "\n", "\r\n", strings.Repeat("long ", 12)}
	for range 60 {
		fast, slow := newConsole(30, 8, 0, 0), newConsole(30, 8, 0, 0)
		for range 6 {
			var b strings.Builder
			for range rng.Intn(60) {
				b.WriteString(words[rng.Intn(len(words))])
			}
			if rng.Intn(4) == 0 {
				b.WriteString("\x1b[2;6r\x1b[3;3H")
			}
			fast.feed(b.String())
			io.WriteString(slow.em, b.String())
			if fast.em.Render() != slow.em.Render() || fast.em.CursorPosition() != slow.em.CursorPosition() {
				t.Fatalf("%q:\n%s\n--\n%s", b.String(), fast.em.String(), slow.em.String())
			}
			if fast.em.ScrollbackLen() != slow.em.ScrollbackLen() {
				t.Fatalf("%q: %d lines left the screen, want %d", b.String(), fast.em.ScrollbackLen(), slow.em.ScrollbackLen())
			}
		}
	}
}

func FuzzConsole(f *testing.F) {
	f.Add("\x1b[38;2;1;2;3;4;5;6;7;8m\x1b[99999999b\x1b[5;2r\x1b[?1049h")
	f.Add(strings.Repeat("\x1b[1;", 40) + "m\x9b\x90\u009b2J\x1b]8;;x\x07")
	f.Fuzz(func(t *testing.T, text string) {
		c := newConsole(20, 5, 0, 0)
		c.feed(text)
		c.resize(7, 3)
		c.feed(c.state())
		w := watching(t, seat(text))
		w.press("o")
		if strings.ContainsFunc(strings.ReplaceAll(w.View(), "\x1b[", ""), func(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) }) {
			t.Errorf("%q reaches the screen", w.View())
		}
	})
}

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
	w.press("a")
	if w.desk.attached || !strings.Contains(w.notice, "no terminal") {
		t.Errorf("without a terminal: %q", w.notice)
	}
	r := replaying(t, seat("x"))
	r.press("end", "a")
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
	w.press("o")
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

// Wherever the playhead goes, the terminal is that of the moment.
func TestTerminalInThePast(t *testing.T) {
	every, once := markEvery, atOnce
	markEvery, atOnce = every/16, once/16
	t.Cleanup(func() { markEvery, atOnce = every, once })
	var texts []string
	for i := range 100 {
		texts = append(texts, fmt.Sprintf("\x1b[%d;1Hline %d \x1b[3%dmcolour\x1b[m\x1b[K", i%20+1, i, i%8), strings.Repeat("text\r\n", 100))
	}
	es := seat(texts...)
	for name, w := range map[string]*world{"live": watching(t, es), "replay": replaying(t, es)} {
		for len(w.terminals["0"].queue) > 0 {
			w.Update(digestMsg{})
		}
		w.press("o")
		in := w.consoleRect()
		w.terminals["0"].asked = [2]int{in.w, in.h} // it keeps its size
		for _, i := range []int{len(es), 10, 150, 190, 191, 1, 100} {
			w.seek(i, w.when(i))
			w.Model.refresh()
			w.run(w.serve())
			w.settle()
			want := w.blankConsole()
			for _, e := range es[1:i] {
				want.feed(e.Text)
			}
			got := w.pictured(w.terminals["0"])
			if got == nil {
				if i > 1 {
					t.Errorf("%s: nothing is shown after %d events", name, i)
				}
				continue
			}
			if got.em.Render() != want.em.Render() {
				t.Errorf("%s: after %d events it shows\n%s\nwant\n%s", name, i, got.em.String(), want.em.String())
			}
		}
		if n := len(w.terminals["0"].marks); n == 0 || n > mostMarks {
			t.Errorf("%s: %d states are kept", name, n)
		}
	}
}

// A terminal that is written to for ever does not fill the memory; nothing of
// what it shows is lost, and the log and the playhead stand where they stood.
func TestTapeIsShortened(t *testing.T) {
	most, every := ptyMost, markEvery
	ptyMost, markEvery = most/16, every/16
	t.Cleanup(func() { ptyMost, markEvery = most, every })
	w := watching(t, seat(), []tree.Event{{Kind: "note", T: ms(2), Text: "first"}})
	chunk := strings.Repeat("0123456789abcde\n", 255) + "\r"
	want := newConsole(consoleCols, consoleRows, 0, 0)
	for i := range 3 * ptyMost / len(chunk) {
		text := fmt.Sprintf("\x1b[H%d\r\n", i)
		if i%64 == 0 {
			text = chunk
		} else {
			text += strings.Repeat("x", 4000)
		}
		want.feed(text)
		w.feed(wrote(100+i, "0", text))
		if i%100 == 0 {
			w.feed(on(100+i, "stop", "0", ""))
		}
	}
	for len(w.terminals["0"].queue) > 0 {
		w.Update(digestMsg{})
	}
	size := 0
	for i := range w.tape {
		size += cost(&w.tape[i])
	}
	if size > ptyMost*3/2 || w.ptyBytes > ptyMost*3/2 {
		t.Errorf("the tape has %d bytes, counted %d", size, w.ptyBytes)
	}
	if w.at != len(w.tape) || len(w.due) != len(w.tape) {
		t.Errorf("at %d of %d, %d times", w.at, len(w.tape), len(w.due))
	}
	if e := w.tape[w.log[0]]; e.Text != "first" {
		t.Errorf("the log begins with %v", e)
	}
	if got := w.terminals["0"].live; got.em.Render() != want.em.Render() {
		t.Errorf("it shows\n%s\nwant\n%s", got.em.String(), want.em.String())
	}
	w.press("o")
	w.seek(len(w.tape)-1, w.when(len(w.tape)-1))
	w.Model.refresh()
	w.run(w.serve())
	w.settle()
	if got := w.pictured(w.terminals["0"]); got == nil || !strings.Contains(got.em.String(), "0123456789abcde") {
		t.Errorf("the past is lost: %v, at %d of %d, %v", got, w.at, len(w.tape), w.terminals["0"].pastAt)
	}
}

func TestScrollback(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "line %d\r\n", i)
	}
	w := watching(t, seat(b.String()))
	w.press("o")
	w.run(w.fit())
	w.settle()
	w.Update(seqMsg(shiftPageUp))
	w.View()
	if w.terminals["0"].back == 0 || !strings.Contains(w.canvas.Plain(), "newer below") {
		t.Errorf("shift+pgup shows\n%s", w.canvas.Plain())
	}
	was := w.canvas.Plain()
	w.feed(wrote(500, "0", "more\r\nand more\r\n"))
	w.View()
	if got := w.canvas.Plain(); strings.Count(got, "line ") != strings.Count(was, "line ") || strings.Contains(got, "and more") {
		t.Errorf("who reads back is moved:\n%s", got)
	}
	w.Update(seqMsg(shiftPageDown))
	w.press("end")
	if w.terminals["0"].back != 0 || !strings.Contains(w.canvas.Plain(), "and more") {
		t.Errorf("end shows\n%s", w.canvas.Plain())
	}
}

// seqMsg prints itself as Bubble Tea's message of an unknown sequence does.
type seqMsg string

func (s seqMsg) String() string { return fmt.Sprintf("?CSI%+v?", []byte(s)[2:]) }

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
