package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"multiexit/tree"
	"multiexit/tree/tape"
)

func prints(at int, node, text string) tree.Event {
	return tree.Event{Kind: "out", Node: node, Stream: "stdout", Text: text, T: ms(at)}
}

// talk is two commands that print n lines each.
func talk(n int) []tree.Event {
	es := []tree.Event{born(1, "0", "web"), born(2, "0.0", "worker"), born(3, "1", "db")}
	for i := range n {
		es = append(es, prints(10+2*i, "0", fmt.Sprintf("web says %d", i)), prints(11+2*i, "1", fmt.Sprintf("db says %d", i)))
	}
	for i := range es {
		es[i].Seq = uint64(i + 1)
	}
	return es
}

// disk is a source that counts how often it is asked.
type disk struct {
	events []tree.Event
	asked  int
	most   int
	err    error
}

func (d *disk) Lines(q tape.LineQuery) ([]tape.Line, error) {
	d.asked++
	d.most = max(d.most, q.Max)
	if d.err != nil {
		return nil, d.err
	}
	m := &Model{tape: new(tape.Reel)}
	for i := range d.events {
		m.tape.Append(&d.events[i])
		m.index.add(new(tree.Tree), i, &d.events[i], false)
	}
	m.at = m.tape.Len()
	return m.linesOf(q.Nodes).Lines(q)
}

func (w *world) screen() string {
	w.View()
	return w.canvas.Plain()
}

func TestOutputFollows(t *testing.T) {
	w := watching(t, talk(50))
	w.press("4")
	if s := w.screen(); !strings.Contains(s, "web says 49") || strings.Contains(s, "db says") {
		t.Errorf("the selected command:\n%s", s)
	}
	w.press("pgup")
	w.feed(prints(500, "0", "a new line"))
	if s := w.screen(); strings.Contains(s, "a new line") || !strings.Contains(s, "newer below") {
		t.Errorf("who reads back is moved:\n%s", s)
	}
	w.press("end")
	if s := w.screen(); !strings.Contains(s, "a new line") {
		t.Errorf("end does not go to the end:\n%s", s)
	}
	w.feed(prints(501, "0", "another"))
	if s := w.screen(); !strings.Contains(s, "another") {
		t.Errorf("it does not follow again:\n%s", s)
	}
	w.press("g")
	if s := w.screen(); !strings.Contains(s, "web says 0 ") {
		t.Errorf("g does not go to the start:\n%s", s)
	}
	w.press("O", "F")
	if s := w.screen(); !strings.Contains(s, "db  db says 49") || !strings.Contains(s, "web another") {
		t.Errorf("all commands:\n%s", s)
	}
	w.press("O", "1", "G")
	if s := w.screen(); !strings.Contains(s, "db says 49") || strings.Contains(s, "web says") {
		t.Errorf("another selection:\n%s", s)
	}
}

// Lines end where the playhead stands.
func TestOutputOfThePast(t *testing.T) {
	for name, w := range map[string]*world{"live": watching(t, talk(50)), "replay": replaying(t, talk(50))} {
		w.press("o")
		w.seek(23, w.when(23))
		w.Model.refresh()
		if s := w.screen(); !strings.Contains(s, "web says 9 ") || strings.Contains(s, "web says 10") {
			t.Errorf("%s:\n%s", name, s)
		}
		w.seek(103, w.when(103))
		w.Model.refresh()
		if s := w.screen(); !strings.Contains(s, "web says 49") {
			t.Errorf("%s:\n%s", name, s)
		}
	}
}

func TestOutputSearch(t *testing.T) {
	w := watching(t, talk(200))
	w.press("o", "/", "s", "a", "y", "s", " ", "1", "5", "$", "enter")
	if l := w.output.lines[w.output.cur]; l.Text != "web says 15" || w.output.follow {
		t.Errorf("found %q", l.Text)
	}
	w.press("/", "S", "A", "Y", "enter")
	if !strings.Contains(w.notice, "no further line with SAY") {
		t.Errorf("case: %q", w.notice)
	}
	w.press("ctrl+f", "4", "2", "enter")
	if l := w.output.lines[w.output.cur]; l.Text != "web says 142" && l.Text != "web says 42" {
		t.Errorf("found %q", l.Text)
	}
	was := w.output.cur
	w.press("n")
	w.press("N")
	if w.output.cur != was && !strings.Contains(w.notice, "no further") {
		t.Errorf("n and N end at %d, began at %d: %q", w.output.cur, was, w.notice)
	}
	w.press("/", "(", "enter")
	if strings.Count(w.notice, "\n") != 0 || !strings.Contains(w.notice, "missing closing )") || w.output.prompt.kind != promptSearch {
		t.Errorf("a bad expression: %q", w.notice)
	}
}

func TestOutputFilter(t *testing.T) {
	w := watching(t, talk(30))
	w.press("o", "&", "7", "$", "enter")
	w.run(w.serve())
	w.settle()
	if s := w.screen(); !strings.Contains(s, "web says 27") || strings.Contains(s, "web says 26") || !strings.Contains(s, "&7$") {
		t.Errorf("only those:\n%s", s)
	}
	w.feed(prints(500, "0", "new 5"), prints(501, "0", "new 7"))
	if s := w.screen(); !strings.Contains(s, "new 7") || strings.Contains(s, "new 5") {
		t.Errorf("what comes is filtered too:\n%s", s)
	}
	w.press("&", "!", "7", "$", "enter")
	w.run(w.serve())
	w.settle()
	if s := w.screen(); strings.Contains(s, "web says 27") || !strings.Contains(s, "web says 26") {
		t.Errorf("all but those:\n%s", s)
	}
	w.press("&", "enter")
	w.settle()
	if s := w.screen(); !strings.Contains(s, "web says 28") || !strings.Contains(s, "web says 29") {
		t.Errorf("all again:\n%s", s)
	}
}

// While it follows nothing is read; back it reads pages, and memory is bounded.
func TestOutputReadsPages(t *testing.T) {
	es := talk(20_000)
	w := watching(t)
	d := &disk{events: es}
	w.opts.Lines = d
	w.feed(es[:3]...)
	w.press("o")
	w.run(w.serve())
	w.settle()
	asked := d.asked
	for i := 3; i < len(es); i += 100 {
		w.feed(es[i:min(len(es), i+100)]...)
	}
	if d.asked != asked {
		t.Errorf("read %d times while following", d.asked-asked)
	}
	if n := len(w.output.lines); n > lineMost {
		t.Errorf("%d lines in memory", n)
	}
	for range 400 {
		w.press("pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup", "pgup")
		w.run(w.serve())
		w.settle()
		if n := len(w.output.lines); n > lineMost {
			t.Fatalf("%d lines in memory", n)
		}
	}
	if s := w.screen(); !strings.Contains(s, "web says 0 ") {
		t.Errorf("the first line is not reached:\n%s", s)
	}
	if d.most > linePage {
		t.Errorf("asked for %d lines at once", d.most)
	}
	w.press("/", "1", "9", "9", "9", "9", "enter", "n")
	w.run(w.serve())
	w.settle()
	if l := w.output.lines[w.output.cur]; l.Text != "web says 19999" {
		t.Errorf("found %q, %q", l.Text, w.notice)
	}
	w.press("G")
	w.run(w.serve())
	w.settle()
	if s := w.screen(); !strings.Contains(s, "web says 19999") || !w.output.follow {
		t.Errorf("the end is not reached:\n%s", s)
	}
	d.err = errors.New("disk full of holes")
	w.press("O")
	w.Model.refresh()
	w.run(w.serve())
	w.settle()
	if !strings.Contains(w.notice, "disk full of holes") {
		t.Errorf("notice %q", w.notice)
	}
}

// What a recording without readers cannot give comes from the tape.
func TestOutputOfABlindSource(t *testing.T) {
	w := watching(t, talk(5))
	w.opts.Lines = &disk{err: tape.ErrBlind}
	w.press("o")
	w.run(w.serve())
	w.settle()
	if s := w.screen(); !strings.Contains(s, "web says 4") {
		t.Errorf("shows\n%s", s)
	}
}

func TestOutputCopies(t *testing.T) {
	w := watching(t, talk(30))
	got := ""
	w.opts.Clipboard = func(s string) { got = s }
	w.feed(prints(500, "0", "\x1b[31mred\x1b[m line"))
	w.press("o", "y")
	if got != "red line" {
		t.Errorf("copied %q", got)
	}
	w.press("Y")
	if !strings.HasSuffix(got, "web says 29\nred line\n") || strings.Count(got, "\n") < 5 {
		t.Errorf("copied %q", got)
	}
	if s := ClipboardSequence("hi"); s != "\x1b]52;c;aGk=\a" {
		t.Errorf("sequence %q", s)
	}
}

// Earlier runs of a restarted command belong to it.
func TestOutputOfARestart(t *testing.T) {
	w := watching(t, []tree.Event{
		said(ms(1), "web", "starting", "0", ""), born(1, "0", "web"), prints(2, "0", "first run"), on(3, "exit", "0", ""),
		said(ms(4), "web", "starting", "1", ""), born(4, "1", "web"), prints(5, "1", "second run"),
	})
	w.press("o")
	if s := w.screen(); !strings.Contains(s, "first run") || !strings.Contains(s, "second run") {
		t.Errorf("shows\n%s", s)
	}
}

func TestOutputMarksHandlers(t *testing.T) {
	w := watching(t, shop(), fall()[:4])
	w.feed(prints(1120, "0", "while flushing"))
	w.feed(fall()[4:6]...)
	w.feed(prints(1180, "0", "in between"))
	w.press("o")
	for _, line := range strings.Split(w.screen(), "\n") {
		if strings.Contains(line, "while flushing") && !strings.Contains(line, "flush ") || strings.Contains(line, "in between") && strings.Contains(line, "flush") {
			t.Errorf("the mark of the handler: %s", line)
		}
	}
}

func TestOutputTellsOfGaps(t *testing.T) {
	w := watching(t, talk(3))
	w.feed(tree.Event{Kind: "note", T: ms(400), Text: "17 lines of output are not shown (--record keeps them)"})
	w.press("o")
	if s := w.screen(); !strings.Contains(s, "17 lines of output are not shown") {
		t.Errorf("shows\n%s", s)
	}
}
