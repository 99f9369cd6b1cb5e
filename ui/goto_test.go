package ui

import (
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// numbered gives the events their numbers.
func numbered(lists ...[]tree.Event) (es []tree.Event) {
	for _, l := range lists {
		es = append(es, l...)
	}
	for i := range es {
		es[i].Seq = uint64(i + 1)
	}
	return es
}

func (w *world) travel(text string) {
	w.press("ctrl+g")
	for _, r := range text {
		w.press(string(r))
	}
	w.press("enter")
}

// Wherever one asks to go, in a recording and live: there the playhead stands.
func TestGoTo(t *testing.T) {
	es := numbered(shop(), fall())
	for name, make := range map[string]func() *world{
		"replay": func() *world { return replaying(t, es) },
		"live":   func() *world { return watching(t, es) },
	} {
		for _, c := range []struct {
			text string
			now  time.Duration
			at   int
		}{
			{"1.1", ms(1100), 13}, {"1.1s", ms(1100), 13}, {"1100ms", ms(1100), 13}, {"0", 0, 0}, {"0m1s", ms(1000), 11},
			{" 1.3 ", ms(1300), 17}, {"00:00:01.15", ms(1150), 14}, {"00:00", 0, 0},
			{"#1", ms(1), 1}, {"#13", ms(1100), 13}, {"#18", ms(1400), 18},
		} {
			w := make()
			w.travel(c.text)
			if w.Model.goTo.editing || w.now != c.now || w.at != c.at || !w.play.paused || w.mode() != modePaused {
				t.Errorf("%s, %q: at %d, %v, %q", name, c.text, w.at, w.now, w.Model.goTo.complaint)
			}
			scrub(t, w)
		}
		w := make()
		w.travel("1")
		w.travel("+100ms")
		if w.now != ms(1100) {
			t.Errorf("%s: 100 ms on: %v", name, w.now)
		}
		w.travel("-50ms")
		if w.now != ms(1050) {
			t.Errorf("%s: 50 ms back: %v", name, w.now)
		}
		w.travel("-1h")
		if w.now != 0 || w.at != 0 {
			t.Errorf("%s: an hour back: %v", name, w.now)
		}
		w.travel("+1h")
		if w.at != len(es) {
			t.Errorf("%s: an hour on: at %d", name, w.at)
		}
		w.travel("#13")
		if w.cursor != "0.0.0" {
			t.Errorf("%s: the cursor is on %q", name, w.cursor)
		}
	}
}

// Nonsense is answered in the line it was typed in, and moves nothing.
func TestGoToNonsense(t *testing.T) {
	for text, want := range map[string]string{
		"soon": "what is", "1x": "what is", "#": "no number", "#x": "no number", "#0": "from #1 to #18", "#19": "from #1 to #18",
		"99": "after the end: the tape is 1.40s long", "25:00:00": "no time of day", "12:00:00": "it goes from 00:00:00.0 to 00:00:01.4", "1:2:3:4": "no time of day",
		"+": "what is", "--1": "what is", "-5x": "what is", "1e99": "what is", "nan": "what is", "inf": "what is",
	} {
		w := replaying(t, numbered(shop(), fall()))
		w.press("home", "]")
		at, now := w.at, w.now
		w.travel(text)
		if g := w.Model.goTo; !g.editing || !strings.Contains(g.complaint, want) || w.at != at || w.now != now {
			t.Errorf("%q: %q, at %d", text, g.complaint, w.at)
		}
		if s := w.screen(); !strings.Contains(s, want) {
			t.Errorf("%q: the screen does not say %q", text, want)
		}
		w.press("esc")
		if w.Model.goTo.editing {
			t.Errorf("%q: esc does not close", text)
		}
	}
	gap := numbered(shop())
	gap[5].Seq, gap[6].Seq, gap[7].Seq, gap[8].Seq, gap[9].Seq = 0, 9, 10, 11, 12
	w := replaying(t, gap)
	w.travel("#7")
	if g := w.Model.goTo; !strings.Contains(g.complaint, "after #5 comes #9") {
		t.Errorf("a hole: %q", g.complaint)
	}
	w = watching(t)
	w.travel("#1")
	if g := w.Model.goTo; !strings.Contains(g.complaint, "no event yet") {
		t.Errorf("nothing: %q", g.complaint)
	}
}

// A line of the log, of the output: Enter goes to its moment and its process.
func TestLineGoesToItsMoment(t *testing.T) {
	es := numbered(shop(), fall())
	for name, w := range map[string]*world{"replay": replaying(t, es), "live": watching(t, es)} {
		w.press("0", "end", "3", "up", "up", "up")
		if w.picked != w.logged()-2 {
			t.Fatalf("%s: line %d of %d", name, w.picked, w.logged())
		}
		at := int(w.index.log[w.picked-1])
		w.press("enter")
		if w.at != at+1 || w.now != es[at].T || w.cursor != es[at].Node || !w.play.paused || w.picked != w.logged() {
			t.Errorf("%s: at %d, %v, on %q, line %d of %d; want %d", name, w.at, w.now, w.cursor, w.picked, w.logged(), at+1)
		}
		scrub(t, w)
		w.press("up", "J")
		if w.at >= at+1 {
			t.Errorf("%s: J does not go back: at %d", name, w.at)
		}
		w.press("esc", "esc")
		if w.picked != 0 || w.focus != paneTree {
			t.Errorf("%s: esc leaves line %d, pane %d", name, w.picked, w.focus)
		}
		w.press("J")
		if !strings.Contains(w.notice, "log") {
			t.Errorf("%s: J says %q", name, w.notice)
		}
	}
	lines := talk(30)
	for name, w := range map[string]*world{"replay": replaying(t, lines), "live": watching(t, lines)} {
		w.press("0", "end", "4", "up", "up", "up", "up")
		l := w.output.lines[w.output.cur]
		w.press("enter")
		if w.at != int(l.Seq) || w.now != l.T || rootOf(w.cursor) != rootOf(l.Node) {
			t.Errorf("%s: a line of output: at %d, %v, want %d, %v", name, w.at, w.now, l.Seq, l.T)
		}
	}
}

// A click chooses a line of the log, another one goes there.
func TestClickInTheLog(t *testing.T) {
	w := replaying(t, numbered(shop(), fall()))
	w.press("end")
	g := w.geometry()
	w.click(g.log.x+5, g.log.y+2)
	if w.picked != 2 || w.focus != paneLog {
		t.Fatalf("line %d", w.picked)
	}
	at := int(w.index.log[1])
	w.click(g.log.x+5, g.log.y+2)
	if w.at != at+1 {
		t.Errorf("at %d, want %d", w.at, at+1)
	}
}

func TestGoToFrames(t *testing.T) {
	for name, do := range map[string]func(m *Model){
		"typing":    func(m *Model) { m.askGoTo(); m.goTo.text = "14:02" },
		"complaint": func(m *Model) { m.askGoTo(); m.goTo.text = "noon"; m.goToText() },
		"log":       func(m *Model) { m.turnTo(paneLog); m.move(-1); m.move(-1); m.move(-1) },
	} {
		for size, at := range map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x50": {200, 50}} {
			t.Run(name+"@"+size, func(t *testing.T) {
				m := stage(t, scene{w: at[0], h: at[1], at: running, theme: "dark", profile: canvas.TrueColor, replay: true})
				do(m)
				m.refresh()
				m.paint()
				golden(t, "goto/"+name+"@"+size+".txt", m.canvas.Plain())
				if at[0] == 120 {
					golden(t, "goto/"+name+"@"+size+".ansi", m.canvas.String())
				}
			})
		}
	}
}
