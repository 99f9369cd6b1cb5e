package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

func printed1(at int, node, text string) tree.Event {
	return tree.Event{Kind: "out", Node: node, Stream: "stdout", Text: text, T: ms(at)}
}

// talk is two commands that print n lines each.
func talk(n int) []tree.Event {
	es := []tree.Event{born(1, "0", "web"), born(2, "0.0", "worker"), born(3, "1", "db")}
	for i := range n {
		es = append(es, printed1(10+2*i, "0", fmt.Sprintf("web says %d", i)), printed1(11+2*i, "1", fmt.Sprintf("db says %d", i)))
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
	lines, err := tapeLines(d.events).Lines(q)
	return lines, err
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
	w.feed(printed1(500, "0", "a new line"))
	if s := w.screen(); strings.Contains(s, "a new line") || !strings.Contains(s, "newer below") {
		t.Errorf("who reads back is moved:\n%s", s)
	}
	w.press("end")
	if s := w.screen(); !strings.Contains(s, "a new line") {
		t.Errorf("end does not go to the end:\n%s", s)
	}
	w.feed(printed1(501, "0", "another"))
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
	w.feed(printed1(500, "0", "new 5"), printed1(501, "0", "new 7"))
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
	w.feed(printed1(500, "0", "\x1b[31mred\x1b[m line"))
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
		said(ms(1), "web", "starting", "0", ""), born(1, "0", "web"), printed1(2, "0", "first run"), on(3, "exit", "0", ""),
		said(ms(4), "web", "starting", "1", ""), born(4, "1", "web"), printed1(5, "1", "second run"),
	})
	w.press("o")
	if s := w.screen(); !strings.Contains(s, "first run") || !strings.Contains(s, "second run") {
		t.Errorf("shows\n%s", s)
	}
}

func TestOutputMarksHandlers(t *testing.T) {
	w := watching(t, shop(), fall()[:4])
	w.feed(printed1(1120, "0", "while flushing"))
	w.feed(fall()[4:6]...)
	w.feed(printed1(1180, "0", "in between"))
	w.press("o")
	for _, line := range strings.Split(w.screen(), "\n") {
		if strings.Contains(line, "while flushing") && !strings.Contains(line, "flush ") || strings.Contains(line, "in between") && strings.Contains(line, "flush") {
			t.Errorf("%s", line)
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

func TestTame(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", "plain"},
		{"10%\r20%", "20%"},
		{"abc\rX", "Xbc"},
		{"ab\b\bX", "Xb"},
		{"a\tb", "a       b"},
		{"\x1b[31mred\x1b[0m", "red"},
		{"\x1b[2J\x1b[5;5Hx\x1b]0;title\ay\x1b]8;;http://x\x1b\\z", "xyz"},
		{"\x1bPq#0;1\x1b\\a\x1b(0b\x1bcc", "abc"},
		{"漢字", "漢字"},
		{"\u009b2Jx", "·2Jx"},
		{"\u202eabc", "·abc"},
		{"a\x00\a\x7fb", "ab"},
		{"\x1b[", ""},
		{"e\u0301", "e"},
		{"\x1b[" + strings.Repeat("1;", 50) + "mx", "x"},
	} {
		var b strings.Builder
		for _, c := range tame(nil, tt.in, canvas.Style{}) {
			if c.R != 0 {
				b.WriteRune(c.R)
			}
		}
		if b.String() != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, b.String(), tt.want)
		}
	}
	for in, want := range map[string]canvas.Style{
		"\x1b[31mx":                           {FG: canvas.Index(1)},
		"\x1b[1;94;41mx":                      {FG: canvas.Index(12), BG: canvas.Index(1), A: canvas.Bold},
		"\x1b[38;5;208mx":                     {FG: canvas.Index(208)},
		"\x1b[38;2;1;2;3;4mx":                 {FG: canvas.RGB(1, 2, 3), A: canvas.Underline},
		"\x1b[38:2::1:2:3mx":                  {FG: canvas.RGB(1, 2, 3)},
		"\x1b[48:5:9mx":                       {BG: canvas.Index(9)},
		"\x1b[7;3m\x1b[27mx":                  {A: canvas.Italic},
		"\x1b[31;1m\x1b[mx":                   {},
		"\x1b[31m\x1b[39mx":                   {},
		"\x1b[38;5mx":                         {FG: canvas.Index(0)},
		"\x1b[99999999999999999999999m" + "x": {},
	} {
		if c := tame(nil, in, canvas.Style{}); len(c) != 1 || c[0].S != want {
			t.Errorf("%q: %+v, want %+v", in, c, want)
		}
	}
}

func FuzzTame(f *testing.F) {
	f.Add("\x1b[38;2;1mx\x9b\u009b\r\b\t漢\r字")
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range tame(nil, s, canvas.Style{}) {
			if c.R != 0 && c.R < ' ' || c.R >= 0x7f && c.R < 0xa0 {
				t.Fatalf("%q: %q", s, c.R)
			}
		}
		plainText(s)
	})
}

// chatter is the mall with what its processes print while they end.
func chatter() []tree.Event {
	var es []tree.Event
	for i, e := range mall() {
		es = append(es, e)
		switch {
		case e.Kind == "begin":
			es = append(es, tree.Event{Kind: "out", Node: "0", T: e.T + time.Millisecond, Stream: "stdout", Text: "INFO  " + e.Node + " runs \x1b[36m" + e.Handler + "\x1b[m"})
		case e.Kind == "end" && e.Err != "":
			es = append(es, tree.Event{Kind: "out", Node: "0", T: e.T + time.Millisecond, Stream: "stderr", Text: "\x1b[31mERROR\x1b[m " + e.Handler + ": " + e.Err})
		case e.Kind == "spawn" && i%5 == 0:
			es = append(es, tree.Event{Kind: "out", Node: "0", T: e.T, Stream: "stdout", Text: "starting " + e.Name + " with --config=/etc/shop.toml and a line that is much longer than the pane is wide, so that it has to be cut or wrapped: 漢字 too"})
		}
	}
	return es
}

// editor is a program that fills its terminal.
func editor() []tree.Event {
	text := "\x1b[?1049h\x1b[2J\x1b[H\x1b[7m shop.toml                      \x1b[m\r\n" +
		"\x1b[33m[server]\x1b[m\r\nport = \x1b[35m8080\x1b[m\r\nname = \x1b[32m\"漢字\"\x1b[m\r\n\x1b[38;5;240m~\r\n~\r\n\x1b[m\x1b[1;48;2;40;60;90m NORMAL \x1b[m 3,8\x1b[3;8H"
	return []tree.Event{
		{Kind: "spawn", Node: "0", PID: 700, Name: "vim", Argv: []string{"vim", "shop.toml"}},
		{Kind: "out", Node: "0", Stream: ptyStream, T: time.Second, Scope: "56x9", Text: text},
	}
}

func TestOutputFrames(t *testing.T) {
	for size, at := range map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x50": {200, 50}} {
		for name, f := range map[string]struct {
			scene scene
			do    func(m *Model)
		}{
			"lines":    {scene{at: running, events: chatter(), cursor: "worker-2"}, func(m *Model) {}},
			"stamps":   {scene{at: running, events: chatter()}, func(m *Model) { m.output.stamps, m.output.wrap = stampsSignal, true }},
			"search":   {scene{at: running, events: chatter()}, func(m *Model) { m.openPrompt(promptSearch); m.output.prompt.text = "flush"; m.promptDone() }},
			"all":      {scene{at: running, events: market2()}, func(m *Model) { m.toggleAll(); m.notice = "" }},
			"console":  {scene{at: 0, events: editor()}, func(m *Model) {}},
			"attached": {scene{at: 0, events: editor()}, func(m *Model) { m.attach() }},
			"stdin":    {scene{at: before, events: chatter()}, func(m *Model) { m.askStdin(); m.output.prompt.text = "reload now" }},
		} {
			t.Run(name+"@"+size, func(t *testing.T) {
				f.scene.w, f.scene.h = at[0], at[1]
				m := stage(t, f.scene)
				m.turnTo(paneOutput)
				m.refresh()
				f.do(m)
				m.refresh()
				m.paint()
				golden(t, "output/"+name+"@"+size+".txt", m.canvas.Plain())
				if size == "120x36" {
					golden(t, "output/"+name+"@"+size+".ansi", readable(m.canvas.String()))
					m.opts.Profile, m.canvas.Profile, m.theme = canvas.ANSI16, canvas.ANSI16, newTheme("", canvas.ANSI16)
					m.canvas.Resize(0, 0)
					m.paint()
					golden(t, "output/"+name+"@"+size+"-16.ansi", readable(m.canvas.String()))
				}
			})
		}
	}
}

// market2 is the market, where everybody says something.
func market2() []tree.Event {
	es := market()
	for i := range 12 {
		for _, node := range []string{"0", "6", "2"} {
			es = append(es, tree.Event{Kind: "out", Node: node, Stream: "stdout", T: firstSignal - time.Second + time.Duration(i)*time.Millisecond, Text: fmt.Sprintf("request %d took %dms", i, 7*i)})
		}
	}
	return es
}

func TestOutputAllocatesNothing(t *testing.T) {
	for name, m := range outputModels(t) {
		buf := make([]byte, 0, 1<<20)
		m.paint()
		if n := testing.AllocsPerRun(20, func() {
			m.paint()
			buf = m.canvas.Append(buf[:0])
		}); n != 0 {
			t.Errorf("%s: a frame costs %v allocations", name, n)
		}
	}
}

func outputModels(tb testing.TB) map[string]*Model {
	lines := stage(tb, scene{w: 200, h: 50, at: running, events: chatter()})
	full := editor()
	var b strings.Builder
	for y := range 48 {
		fmt.Fprintf(&b, "\x1b[%d;1H\x1b[38;5;%dm%s", y+1, 16+y, strings.Repeat("colour ", 28))
	}
	full = append(full, tree.Event{Kind: "out", Node: "0", Stream: ptyStream, T: time.Second, Scope: "198x46", Text: b.String()})
	console := stage(tb, scene{w: 200, h: 50, events: full})
	for _, m := range []*Model{lines, console} {
		m.turnTo(paneOutput)
		m.zoom = true
		m.refresh()
	}
	return map[string]*Model{"lines": lines, "console": console}
}

// BenchmarkOutput is a frame of 200x50 that is all output, and what a chunk of
// 4 kB costs.
func BenchmarkOutput(b *testing.B) {
	for name, m := range outputModels(b) {
		b.Run(name, func(b *testing.B) {
			buf := make([]byte, 0, 1<<20)
			b.ReportAllocs()
			for b.Loop() {
				m.paint()
				buf = m.canvas.Append(buf[:0])
			}
		})
	}
	b.Run("feed", func(b *testing.B) {
		c := newConsole(100, 30, 0, 0)
		text := strings.Repeat("\x1b[32m2006-01-02\x1b[m GET /index.html 200 \x1b[1m12ms\x1b[m and some more text\r\n", 50)
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			c.feed(text)
		}
	})
}

var _ tea.Msg = seqMsg("")
