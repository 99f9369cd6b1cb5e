package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

func TestWhyFrames(t *testing.T) {
	for size, at := range map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x50": {200, 50}} {
		for name, f := range map[string]struct {
			scene scene
			do    func(m *Model)
		}{
			"before":   {scene{at: before}, func(m *Model) {}},
			"running":  {scene{at: running}, func(m *Model) {}},
			"over":     {scene{at: over}, func(m *Model) {}},
			"findings": {scene{at: over}, func(m *Model) { m.moveWhy(1000) }},
			"replay":   {scene{at: running, replay: true}, func(m *Model) { m.moveWhy(1); m.goWhy() }},
			"injected": {scene{at: time.Second, events: sabotage(), cursor: "main"}, func(m *Model) { m.turnTo(paneLog) }},
			"held":     {scene{at: 4 * time.Second, events: heldTwice(), cursor: "main"}, func(m *Model) { m.moveWhy(1000) }},
		} {
			t.Run(name+"@"+size, func(t *testing.T) {
				f.scene.w, f.scene.h = at[0], at[1]
				m := stage(t, f.scene)
				m.turnTo(paneWhy)
				m.refresh()
				f.do(m)
				m.refresh()
				m.paint()
				golden(t, "why/"+name+"@"+size+".txt", m.canvas.Plain())
				if size == "120x36" {
					golden(t, "why/"+name+"@"+size+".ansi", readable(m.canvas.String()))
					m.opts.Profile, m.canvas.Profile, m.theme = canvas.ANSI16, canvas.ANSI16, newTheme("", canvas.ANSI16)
					m.canvas.Resize(0, 0)
					m.paint()
					golden(t, "why/"+name+"@"+size+"-16.ansi", readable(m.canvas.String()))
				}
			})
		}
	}
}

// sabotage is a process with a handler of every fault, and one that fails by
// itself.
func sabotage() []tree.Event {
	es := []tree.Event{born(1, "0", "main"), {Kind: "hello", Node: "0", Name: "main", T: ms(2)}}
	faults := []string{"fail", "delay", "panic", "skip", "", "hang"}
	for i := range faults {
		id := "h" + string(rune('1'+len(faults)-1-i))
		es = append(es, handler(3, "0", id, "step-"+string(rune('f'-i))))
	}
	es = append(es, on(3000, "signal", "0", ""), on(3001, "deliver", "0", ""))
	for i, fault := range faults {
		id, at := "h"+string(rune('1'+i)), 3010+i*90
		if fault != "" {
			e := tree.Event{Kind: "fault", Node: "0", ID: id, Text: fault, T: ms(at)}
			if fault == "delay" {
				e.Timeout = ms(40)
			}
			es = append(es, e)
		}
		if fault == "skip" {
			es = append(es, tree.Event{Kind: "skip", Node: "0", ID: id, Text: "fault", T: ms(at)})
			continue
		}
		es = append(es, on(at, "begin", "0", id))
		end := on(at+50, "end", "0", id)
		switch fault {
		case "hang":
			return es
		case "fail", "panic":
			end.Err = "a fault"
		case "":
			end.Err = "disk full"
		}
		es = append(es, end)
	}
	return es
}

// heldTwice is a process that is held before each of its handlers, and one that does
// not report and is held before the signal, until after that.
func heldTwice() []tree.Event {
	held := func(from, to int, node, id, sig, text string) []tree.Event {
		return []tree.Event{{Kind: "hold", Node: node, ID: id, Sig: sig, Text: text, T: ms(from)}, {Kind: "release", Node: node, T: ms(to)}}
	}
	nginx, flush, shut := held(3004, 6401, "1", "", "SIGTERM", "stopped before SIGTERM"), held(3010, 4500, "0", "h2", "", ""), held(4901, 6000, "0", "h1", "", "")
	return slices.Concat([]tree.Event{
		born(1, "0", "main"), born(2, "1", "nginx"), {Kind: "hello", Node: "0", Name: "main", T: ms(2)},
		handler(3, "0", "h1", "close-db"), handler(3, "0", "h2", "flush-wal"),
		on(3000, "signal", "0", ""), on(3001, "deliver", "0", ""), on(3002, "stop", "1", ""), on(3003, "signal", "1", ""),
	}, nginx[:1], flush, []tree.Event{on(4501, "begin", "0", "h2"), on(4900, "end", "0", "h2")}, shut,
		[]tree.Event{on(6001, "begin", "0", "h1"), on(6300, "end", "0", "h1"), on(6301, "leave", "0", ""), on(6310, "exit", "0", "")},
		[]tree.Event{{Kind: "cont", Node: "1", T: ms(6400)}}, nginx[1:], []tree.Event{on(6500, "exit", "1", "")})
}

// What was injected is told as such, and no line of it looks like a failure.
func TestInjectedIsNoFailure(t *testing.T) {
	m := stage(t, scene{w: 120, h: 36, at: time.Second, events: sabotage()})
	flagged := 0
	for i := range m.tape.Len() {
		e := m.event(i)
		l := m.logWords(m.tree.Node(e.Node), e)
		own := strings.Contains(e.Err, "disk full")
		if l.bad != own || (l.glyph == m.glyphs.No) != own {
			t.Errorf("%s %s %q: bad is %v", e.Kind, e.ID, e.Err, l.bad)
		}
		if l.glyph == m.glyphs.Flag {
			flagged++
			if !strings.Contains(l.text+l.more+l.rest, "injected") {
				t.Errorf("%s %s: %q", e.Kind, e.ID, l.text+l.more+l.rest)
			}
		}
	}
	if flagged != 5+2+1 { // the faults, two ends, a skip
		t.Errorf("%d lines with a flag", flagged)
	}
	for _, h := range m.tree.Node("0").Handlers() {
		if bad(h) != (h.Err == "disk full") {
			t.Errorf("%s, fault %q: bad is %v", h.Name, h.Fault, bad(h))
		}
	}
}

// The analysis says what was put in on purpose, in handlers and beside them, as the
// report of the command line does.
func TestWhySaysWhatWasPutIn(t *testing.T) {
	events := []tree.Event{born(1, "0", "main"), {Kind: "hello", Node: "0", Name: "main", T: ms(2)},
		handler(3, "0", "h1", "close-db"), handler(3, "0", "h2", "flush-wal"),
		ordered(-2900, tree.Order{Pattern: "*", Word: "pace", Time: time.Second}),
		on(3000, "signal", "0", ""), on(3001, "deliver", "0", ""), on(4001, "begin", "0", "h2"), on(4500, "end", "0", "h2"),
		{Kind: "fault", Node: "0", ID: "h1", Text: "hang", T: ms(5500)}, on(5500, "begin", "0", "h1"),
	}
	m := stage(t, scene{w: 120, h: 36, at: 4 * time.Second, events: events})
	m.turnTo(paneWhy)
	m.zoom = true
	m.refresh()
	m.paint()
	text := m.canvas.Plain()
	for _, want := range []string{"main ⚑ between two handlers injected: pace", "main ⚑ close-db injected: hang", "main ⚑ itself injected: pace", "main flush-wal  "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q:\n%s", want, text)
		}
	}
}

// blockedLine is the line as it stands on the screen.
func blockedLine(w *world) string {
	w.paint()
	rows := strings.Split(w.canvas.Plain(), "\n")
	return rows[w.brush.geo.body.y+w.brush.geo.body.h-1]
}

func TestBlockedLine(t *testing.T) {
	w := watching(t, shop())
	if s := blockedLine(w); strings.Contains(s, "waiting") {
		t.Errorf("nothing exits: %q", s)
	}
	w.feed(fall()[:3]...)
	if s := blockedLine(w); !strings.Contains(s, "waiting 0.0s on worker-1 1003: handler flush 1/2") {
		t.Errorf("%q", s)
	}
	w.now += ms(2345) // only the numbers move
	if s := blockedLine(w); !strings.Contains(s, "waiting 2.3s on worker-1") {
		t.Errorf("%q", s)
	}
	w.feed(fall()[3:5]...)
	if s := blockedLine(w); !strings.Contains(s, "handler drain 2/2") {
		t.Errorf("another handler runs: %q", s)
	}
	w.feed(fall()[5:]...)
	if s := blockedLine(w); strings.Contains(s, "waiting") {
		t.Errorf("all over: %q", s)
	}
	for _, size := range [][2]int{{40, 10}, {59, 15}, {80, 24}, {200, 50}} {
		w := watching(t, shop(), fall()[:3])
		w.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		if s := blockedLine(w); !strings.Contains(s, "waiting 0.0s on worker-1") {
			t.Errorf("%v: %q", size, s)
		}
		w.press("2", "z")
		w.paint()
		if s := w.canvas.Plain(); size[1] > 15 && !strings.Contains(s, "waiting 0.0s on worker-1") {
			t.Errorf("%v with the stack zoomed:\n%s", size, s)
		}
	}
}

func TestWhyGoesThere(t *testing.T) {
	w := watching(t, shop(), fall())
	w.press("W")
	if w.why.report == nil || !w.why.report.Over || len(w.why.path) == 0 {
		t.Fatalf("%+v", w.why.report)
	}
	made, want := w.why.report, w.why.path[2]
	w.press("j", "j", "enter")
	if w.cursor != "0.0.0" || w.now != want.At || w.play.level {
		t.Errorf("cursor %s at %v, want 0.0.0 at %v", w.cursor, w.now, want.At)
	}
	if w.why.report != made {
		t.Error("the analysis is another while one walks through the shutdown")
	}
	scrub(t, w)
	w.press("G")
	if w.why.cur != w.why.last() {
		t.Errorf("entry %d of %d", w.why.cur, w.why.last())
	}
	r := w.whyRect()
	w.press("g")
	click := tea.MouseMsg{X: r.x + 5, Y: r.y + 3, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft}
	w.press("1")
	stood := w.now
	w.send(click)
	if w.focus != paneWhy || w.why.cur != 1 || w.now != stood {
		t.Errorf("a click: entry %d at %v, focus %d", w.why.cur, w.now, w.focus)
	}
	w.send(click) // once more
	if w.why.cur != 1 || w.now != w.why.path[1].At {
		t.Errorf("a click: entry %d at %v", w.why.cur, w.now)
	}
	w.press("0", "W")
	if w.focus != paneLog || !w.play.level {
		t.Error("no way back")
	}
}

// Who goes to a moment from a pane that has the whole screen sees the moment.
func TestGoingThereEndsZoom(t *testing.T) {
	for _, pane := range []string{"W", "3"} {
		w := watching(t, shop(), fall())
		w.press(pane, "z", "k", "enter")
		if w.zoom || w.play.level {
			t.Errorf("%s: zoomed %v, level %v", pane, w.zoom, w.play.level)
		}
	}
}

// What was injected has its flag in the analysis wherever the playhead stands.
func TestWhyFlagsBeforeTheMoment(t *testing.T) {
	w := replaying(t, sabotage())
	w.press("W", "home")
	if w.at != 0 {
		t.Fatal("not at the beginning")
	}
	if lines := flagged(w); lines == 0 {
		t.Errorf("no flag at the beginning:\n%s", w.canvas.Plain())
	}
}

// flagged is how many lines of the analysis have a flag.
func flagged(w *world) (n int) {
	w.View()
	for _, l := range strings.Split(w.canvas.Plain(), "\n") {
		if strings.Contains(l, "step-") && strings.ContainsRune(l, w.glyphs.Flag) {
			n++
		}
	}
	return n
}

// It is made when it is seen, once a second while things move, and anew when the
// last one is gone.
func TestWhyIsMadeSeldom(t *testing.T) {
	w := watching(t, shop(), fall()[:3])
	if w.why.report != nil {
		t.Error("made for nobody")
	}
	w.press("W")
	first := w.why.report
	w.feed(fall()[3:5]...)
	if w.why.report != first || !w.whyStale() {
		t.Error("made twice in a second")
	}
	w.feed(tree.Event{Kind: "note", Text: "x", T: ms(2300)})
	if w.why.report == first {
		t.Error("too old")
	}
	w.feed(fall()[5:]...)
	if !w.why.report.Over || w.whyStale() {
		t.Error("not made when all was over")
	}
	last := w.why.report
	w.feed(tree.Event{Kind: "note", Text: "x", T: ms(2400)})
	if w.why.report != last {
		t.Error("made for a note")
	}
	if w.period() == 0 {
		t.Error("nobody looks at it again")
	}
}

// Of several shutdowns on a tape it is the one that the playhead is in.
func TestWhyOfEachShutdown(t *testing.T) {
	second := fall()
	for i := range second {
		second[i].T += 5 * time.Second
		second[i].Node = "0.0.1"
		if second[i].Kind == "begin" || second[i].Kind == "end" {
			second[i].Kind = "note"
		}
	}
	w := replaying(t, shop(), fall(), second)
	w.press("W")
	start := func() time.Duration { return w.why.report.Start }
	if start() != ms(1000) {
		t.Errorf("before both: %v", start())
	}
	w.press("end")
	if start() != ms(6000) {
		t.Errorf("at the end: %v", start())
	}
	w.seek(w.before(ms(1100)), ms(1100))
	w.refresh()
	if start() != ms(1000) || !w.why.report.Over || !w.why.closed {
		t.Errorf("in the first: %v", start())
	}
}

func TestWhyAllocatesNothing(t *testing.T) {
	for _, at := range []time.Duration{running, over} {
		m := stage(t, scene{w: 120, h: 36, at: at})
		m.turnTo(paneWhy)
		m.refresh()
		m.paint()
		buf := make([]byte, 0, 1<<20)
		if n := testing.AllocsPerRun(20, func() {
			m.paint()
			buf = m.canvas.Append(buf[:0])
		}); n != 0 {
			t.Errorf("a frame costs %v allocations", n)
		}
	}
}

func TestCriticalPathIsLit(t *testing.T) {
	m := stage(t, scene{w: 120, h: 36, at: over, cursor: "sidecar-envoy", profile: canvas.ANSI256})
	lit := func() (n int) {
		m.refresh()
		m.paint()
		for y := range m.brush.geo.lanes.h {
			for x := range m.brush.geo.lanes.w {
				if m.canvas.At(m.brush.geo.lanes.x+x, m.brush.geo.lanes.y+y).S.A&canvas.Underline != 0 {
					n++
				}
			}
		}
		return n
	}
	if n := lit(); n != 0 {
		t.Errorf("%d cells before the analysis is shown", n)
	}
	m.turnTo(paneWhy)
	if n := lit(); n < m.brush.win.cols*9/10 {
		t.Errorf("%d cells of %d", n, m.brush.win.cols)
	}
	m.turnTo(paneLog)
	if n := lit(); n != 0 {
		t.Errorf("%d cells after it", n)
	}
}

// A card says before any signal that its handler will run too late.
func TestNeedOnACard(t *testing.T) {
	flush := handler(3, "0", "h1", "flush")
	flush.Needs = []string{"close-db"}
	es := []tree.Event{born(1, "0", "main"), {Kind: "hello", Node: "0", Name: "main", T: ms(2)}, flush, handler(4, "0", "h2", "close-db"), handler(5, "0", "h3", "other")}
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		m := stage(t, scene{w: size[0], h: size[1], at: time.Second, events: es, cursor: "main"})
		m.turnTo(paneStack)
		m.refresh()
		m.paint()
		if s := m.canvas.Plain(); !strings.Contains(s, "needs what closes in close-db") {
			t.Errorf("%v\n%s", size, s)
		}
		m.turnTo(paneWhy)
		m.refresh()
		m.paint()
		if s := m.canvas.Plain(); !strings.Contains(s, "flush of main") || !strings.Contains(s, "will run after") {
			t.Errorf("%v\n%s", size, s)
		}
	}
}

// While nothing happens in a shutdown that hangs, what it has taken so far grows.
func TestWhyOfWhatHangs(t *testing.T) {
	w := watching(t, shop(), fall()[:3])
	w.press("W")
	first := w.why.report.Total
	w.frame(3 * time.Second)
	if r := w.why.report; r.Over || r.Total-first < 2*time.Second {
		t.Errorf("%v, and then %v", first, r.Total)
	}
}
