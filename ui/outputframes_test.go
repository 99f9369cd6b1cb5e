package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

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
