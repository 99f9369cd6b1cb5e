package ui

import (
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
	"time"

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

// Of a flood of lines only those are written out that can be seen or scrolled to.
func TestFloodIsPassedOver(t *testing.T) {
	w := watching(t, seat("\x1b[2J"))
	want := newConsole(consoleCols, consoleRows, 0, 0)
	want.feed("\x1b[2J")
	var es []tree.Event
	for i := range 400 {
		text := ""
		for k := range 20 {
			text += fmt.Sprintf("\x1b[3%dmline %d\x1b[m of %d \x1b[32m\r\n", k%8, k, i)
		}
		es = append(es, wrote(100+i, "0", text))
		want.feed(text)
	}
	turns := 0
	for w.feed(es...); len(w.terminals["0"].queue) > 0; turns++ {
		w.Update(digestMsg{})
	}
	got := w.terminals["0"].live
	if turns > 5 {
		t.Errorf("it took %d turns", turns)
	}
	if got.em.Render() != want.em.Render() || got.em.ScrollbackLen() != want.em.ScrollbackLen() || got.pen.String() != want.pen.String() {
		t.Errorf("it shows\n%s\nwant\n%s", got.em.String(), want.em.String())
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

// What is asked for without measure costs nothing.
func TestConsoleIsBounded(t *testing.T) {
	for final := byte('@'); final <= '~'; final++ {
		c := newConsole(80, 24, 0, 0)
		c.feed("x\x1b[2;5H")
		start := time.Now()
		c.feed("\x1b[999999999" + string(final) + "\x1b[?999999999" + string(final))
		if d := time.Since(start); d > hung {
			t.Errorf("%c took %v", final, d)
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

// Wherever the playhead goes, the terminal is that of the moment.
func TestTerminalInThePast(t *testing.T) {
	every, once := markEvery, atOnce
	markEvery, atOnce = every/32, once/32
	t.Cleanup(func() { markEvery, atOnce = every, once })
	var texts []string
	for i := range 100 {
		texts = append(texts, fmt.Sprintf("\x1b[%d;1Hline %d \x1b[3%dmcolour\x1b[m\x1b[K", i%20+1, i, i%8), strings.Repeat("text\r\n", 60))
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
	ptyMost, markEvery = most/64, every/64
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
		if i%30 == 0 {
			w.feed(on(100+i, "stop", "0", ""))
		}
	}
	for len(w.terminals["0"].queue) > 0 {
		w.Update(digestMsg{})
	}
	size := 0
	for i := range w.tape.Len() {
		size += cost(w.event(i))
	}
	if size > ptyMost*3/2 || w.ptyBytes > ptyMost*3/2 {
		t.Errorf("the tape has %d bytes, counted %d", size, w.ptyBytes)
	}
	if w.at != w.tape.Len() || w.learnt() != w.tape.Len() {
		t.Errorf("at %d of %d, %d are known", w.at, w.tape.Len(), w.learnt())
	}
	if e := w.event(int(w.index.log[0])); e.Text != "first" {
		t.Errorf("the log begins with %v", e)
	}
	if got := w.terminals["0"].live; got.em.Render() != want.em.Render() {
		t.Errorf("it shows\n%s\nwant\n%s", got.em.String(), want.em.String())
	}
	w.press("o")
	w.seek(w.tape.Len()-1, w.when(w.tape.Len()-1))
	w.Model.refresh()
	w.run(w.serve())
	w.settle()
	if got := w.pictured(w.terminals["0"]); got == nil || strings.TrimSpace(got.em.String()) == "" {
		t.Errorf("the past is lost: %v, at %d of %d, %v", got, w.at, w.tape.Len(), w.terminals["0"].pastAt)
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
