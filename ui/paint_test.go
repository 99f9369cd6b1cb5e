package ui

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

func render(m *Model) string {
	m.paint()
	return m.canvas.String()
}

// TestFramesAreFunctionsOfTheMoment: the same moment is the same frame, whatever
// was painted before, and however it was reached.
func TestFramesAreFunctionsOfTheMoment(t *testing.T) {
	s := scene{w: 120, h: 36, at: running, cursor: "worker-2", replay: true}
	want := render(stage(t, s))
	m := stage(t, s)
	for _, at := range []time.Duration{pulse, late, before, over, running} {
		m.seek(m.before(firstSignal+at), firstSignal+at)
		m.refresh()
		m.choose(m.line("0.0.1"))
		m.refresh()
		render(m)
	}
	if render(m) != want {
		t.Error("the frame depends on what was painted before")
	}
	other := stage(t, s)
	other.width, other.height = 80, 24
	render(other)
	other.width, other.height = 120, 36
	if render(other) != want {
		t.Error("the frame depends on the size before")
	}
}

// TestNothingMovesWithoutMotion: only numbers, bars and progress follow the time.
func TestNothingMovesWithoutMotion(t *testing.T) {
	m := stage(t, scene{w: 120, h: 36, at: before, cursor: "api-gateway", still: true})
	first := render(m)
	m.now += 700 * time.Millisecond
	if render(m) != first {
		t.Error("a quiet screen changes by itself")
	}
	m = stage(t, scene{w: 120, h: 36, at: running, cursor: "worker-2", still: true})
	for range 30 {
		m.now += 17 * time.Millisecond
		if m.breath(0) != .5 || m.spinner() != m.glyphs.Still || m.glint(m.now, time.Second) != 0 {
			t.Fatal("something breathes, turns or flashes")
		}
	}
}

func TestMovingSaysUntilWhen(t *testing.T) {
	for name, tt := range map[string]struct {
		at    time.Duration
		still bool
		want  bool
		evs   []tree.Event
	}{
		"before":            {at: before},
		"during":            {at: running, want: true},
		"during, no motion": {at: running, still: true, want: true}, // numbers count
		"over":              {at: over},
		"over, no motion":   {at: 6500 * time.Millisecond, still: true},
		"just over":         {at: 6500 * time.Millisecond, want: true},
	} {
		m := stage(t, scene{w: 120, h: 36, at: tt.at, still: tt.still})
		if got := m.moving() > m.now; got != tt.want {
			t.Errorf("%s: moving is %v, want %v", name, got, tt.want)
		}
		if tt.want {
			continue
		}
		first := render(m)
		m.now += 10 * time.Second
		if render(m) != first {
			t.Errorf("%s: it says that nothing moves, but the frame changes", name)
		}
	}
}

// TestEverySizePaints: no size breaks the frame or panics, and every line fits.
func TestEverySizePaints(t *testing.T) {
	live := stage(t, scene{w: 1, h: 1, at: running, cursor: "worker-2"})
	hard := stage(t, scene{w: 1, h: 1, at: time.Second, events: trouble()})
	for w := 0; w <= 210; w += 7 {
		for h := 0; h <= 60; h += 3 {
			for i, m := range []*Model{live, hard} {
				m.width, m.height = w, h
				m.zoom = (w+h)%5 == 0
				m.focus = pane((w + h) % 3)
				m.tab = pane((w + h) % 4)
				m.dialog = dialog{}
				switch (w + h) % 9 {
				case 0:
					m.askTermTree()
				case 1:
					m.open(dialogHelp)
				case 2:
					m.open(dialogAbout)
				case 3:
					m.askSignal()
				case 4:
					m.quit()
				}
				m.refresh()
				m.paint()
				checkGrid(t, m, w, h, i)
			}
		}
	}
}

// checkGrid: h lines, none wider than w, no control character.
func checkGrid(t *testing.T, m *Model, w, h int, what any) {
	t.Helper()
	plain := m.canvas.Plain()
	if got := strings.Count(plain, "\n"); got != h {
		t.Fatalf("%v at %dx%d: %d lines", what, w, h, got)
	}
	for i, line := range strings.Split(plain, "\n") {
		if n := canvas.Width(line); n > w {
			t.Fatalf("%v at %dx%d: line %d has %d cells: %q", what, w, h, i, n, line)
		}
		if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Fatalf("%v at %dx%d: control characters in %q", what, w, h, line)
		}
	}
}

// named is a small tree in which everything that has a name bears this one.
func named(name string) []tree.Event {
	at := func(ms int, e tree.Event) tree.Event {
		e.T = firstSignal + time.Duration(ms)*time.Millisecond
		return e
	}
	return []tree.Event{
		at(-90, tree.Event{Kind: "spawn", Node: "0", PID: 1, Name: name, Argv: []string{name}}),
		at(-80, tree.Event{Kind: "spawn", Node: "0.0", PID: 1 << 30, Name: name}),
		at(-80, tree.Event{Kind: "hello", Node: "0.0", Name: name}),
		at(-70, tree.Event{Kind: "register", Node: "0.0", ID: "h1", Handler: name, Shared: true, From: "0", Src: name}),
		at(-70, tree.Event{Kind: "register", Node: "0.0", ID: "h2", Handler: name, Src: name}),
		at(-70, tree.Event{Kind: "register", Node: "0.0", ID: "h3", Handler: name, Src: name}),
		at(-60, tree.Event{Kind: "disposition", Node: "0", Sig: "SIGTERM", Text: name}),
		at(0, tree.Event{Kind: "signal", Node: "0.0", Sig: "SIGTERM", Sender: name}),
		at(1, tree.Event{Kind: "deliver", Node: "0.0", Sig: "SIGTERM"}),
		at(2, tree.Event{Kind: "begin", Node: "0.0", ID: "h3"}),
		at(200, tree.Event{Kind: "end", Node: "0.0", ID: "h3", Err: name, Elapsed: 1}),
		at(210, tree.Event{Kind: "begin", Node: "0.0", ID: "h2"}),
		at(220, tree.Event{Kind: "out", Node: "0", Text: name}),
		at(230, tree.Event{Kind: "note", Text: name}),
	}
}

// checkFrame: the frame of the body stands where it should, whatever is written
// in it.
func checkFrame(t *testing.T, m *Model, what string) {
	t.Helper()
	g := m.geometry()
	b := &m.glyphs.Border
	for y := g.body.y + 1; y < g.body.y+g.body.h-1; y++ {
		if m.canvas.At(g.body.x, y).R != b.Left || m.canvas.At(g.body.x+g.body.w-1, y).R != b.Right {
			t.Fatalf("%s: the frame is broken in row %d:\n%s", what, y, m.canvas.Plain())
		}
	}
}

var nasty = []string{
	"", " ", "\x1b[2J\x1b]0;owned\a", "\u009b31m", "\u202eevil\u202c", "\u2066x", "a\u200db", "漢字のプロセス名前とても長い名前",
	"e\u0301\u0301\u0301\u0301", "👩‍👩‍👧‍👧", "\xff\xfe\x00", "tab\tnew\nline\r", strings.Repeat("x", 10000), strings.Repeat("漢", 5000), "🇩🇪🇫🇷", "\u115f\u1160",
}

func TestNastyNames(t *testing.T) {
	for _, name := range nasty {
		for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 36}, {200, 50}} {
			nastyFrame(t, name, size[0], size[1])
		}
	}
}

func nastyFrame(t *testing.T, name string, w, h int) {
	m := stage(t, scene{w: w, h: h, at: 300 * time.Millisecond, events: named(name)})
	m.opts.Title, m.opts.About = name, [2]string{name, name}
	m.usage["0.0"] = Usage{CPU: 1e9, RSS: 1 << 63, User: name, Cmdline: name}
	m.choose(1)
	m.toggleLog()
	m.refresh()
	m.notice = name
	m.paint()
	checkGrid(t, m, w, h, name)
	checkFrame(t, m, name)
	for _, open := range []func(){func() { m.askTerm() }, func() { m.askTermTree() }, func() { m.askKill() }, func() { m.open(dialogAbout) }} {
		open()
		m.paint()
		checkGrid(t, m, w, h, name)
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range nasty {
		f.Add(name, 120, 36)
	}
	f.Fuzz(func(t *testing.T, name string, w, h int) {
		nastyFrame(t, name, 40+(w&0xff), 10+(h&0x3f))
	})
}

// TestColourIsNotTheOnlyCarrier: states, and where there are few colours kinds
// of handlers, differ in their glyphs too.
func TestColourIsNotTheOnlyCarrier(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		g := newGlyphs(ascii)
		for _, set := range [][]rune{
			{g.Live, g.Exiting, g.Gone, g.Failed, g.Stuck},
			{g.OK, g.No, g.Begin, g.Skip, g.Bolt},
			{g.Pending, g.Popped, g.No},
			{g.Start, g.Up, g.Down},
		} {
			seen := map[rune]bool{}
			for _, r := range set {
				if seen[r] {
					t.Errorf("ascii %v: %q means two things in %q", ascii, r, string(set))
				}
				seen[r] = true
				if canvas.RuneWidth(r) != 1 {
					t.Errorf("%q is not one cell wide", r)
				}
			}
		}
	}
	m := stage(t, scene{w: 120, h: 36, at: running, cursor: "worker-2", profile: canvas.Mono, ascii: true})
	if s := render(m); strings.Contains(s, "38;") || strings.Contains(s, "48;") || strings.ContainsFunc(s, func(r rune) bool { return r > 126 }) {
		t.Error("colours or glyphs beyond ASCII")
	}
}

func TestThemes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		profile canvas.Profile
		want    string
		flat    bool
	}{
		{"dark", canvas.TrueColor, "dark", false}, {"light", canvas.ANSI256, "light", false}, {"", canvas.TrueColor, "dark", false},
		{"light", canvas.ANSI16, "ansi", true}, {"ansi", canvas.TrueColor, "ansi", true}, {"dark", canvas.Mono, "mono", true}, {"mono", canvas.TrueColor, "mono", true},
	} {
		th := newTheme(tt.name, tt.profile)
		if th.Name != tt.want || th.Flat != tt.flat {
			t.Errorf("%s on profile %d is %s, flat %v", tt.name, tt.profile, th.Name, th.Flat)
		}
	}
	if th := newTheme("dark", canvas.TrueColor); th.Local.Base != canvas.RGB(0x5c, 0xb8, 0xff) || th.Title.A != canvas.Bold || th.Normal.BG != canvas.Keep {
		t.Errorf("tokens are not resolved: %+v", th.Title)
	}
	if th := newTheme("mono", canvas.TrueColor); th.Local.Base != 0 || th.Fail.Fill.at(1) != 0 {
		t.Error("mono has colours")
	}
}
