package ui

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

var update = flag.Bool("update", false, "write the goldens of testdata anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("%s, line %d (-update writes it anew):\n got  %s\n want %s", path, i+1, a, b)
			return
		}
	}
}

// readable shows escapes as a sign, so that a golden is text.
func readable(s string) string { return strings.ReplaceAll(s, "\x1b", "␛") + "\n" }

const ( // moments of the mall
	before  = -500 * time.Millisecond
	pulse   = 420 * time.Millisecond
	running = 1900 * time.Millisecond
	late    = 3600 * time.Millisecond
	over    = 9 * time.Second
)

func TestFrames(t *testing.T) {
	for size, at := range map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x50": {200, 50}} {
		for name, s := range map[string]scene{
			"before":  {at: before, cursor: "api-gateway"},
			"pulse":   {at: pulse, cursor: "api-gateway"},
			"running": {at: running, cursor: "partition-1"},
			"late":    {at: late, cursor: "worker-4"},
			"over":    {at: over, cursor: "pg-conn-2"},
		} {
			s.w, s.h = at[0], at[1]
			t.Run(name+"@"+size, func(t *testing.T) {
				m := stage(t, s)
				m.paint()
				golden(t, "frames/"+name+"@"+size+".txt", m.canvas.Plain())
				if name == "running" {
					golden(t, "frames/"+name+"@"+size+".ansi", readable(m.canvas.String()))
				}
			})
		}
	}
}

func TestSmallFrames(t *testing.T) {
	for size, at := range map[string][2]int{
		"60x16": {60, 16}, "59x15": {59, 15}, "40x10": {40, 10}, "39x9": {39, 9}, "20x5": {20, 5}, "100x30": {100, 30}, "160x20": {160, 20},
	} {
		t.Run(size, func(t *testing.T) {
			m := stage(t, scene{w: at[0], h: at[1], at: running, cursor: "worker-2"})
			m.paint()
			golden(t, "frames/small@"+size+".txt", m.canvas.Plain())
		})
	}
	for name, p := range map[string]pane{"log": paneLog, "timeline": paneTimeline, "stack": paneStack} {
		t.Run(name, func(t *testing.T) {
			m := stage(t, scene{w: 80, h: 24, at: running, cursor: "worker-2"})
			m.tab, m.focus = p, p
			m.paint()
			golden(t, "frames/tab-"+name+"@80x24.txt", m.canvas.Plain())
		})
	}
}

func TestColourModes(t *testing.T) {
	for name, s := range map[string]scene{
		"light":     {theme: "light"},
		"256":       {profile: canvas.ANSI256},
		"light-256": {theme: "light", profile: canvas.ANSI256},
		"16":        {profile: canvas.ANSI16},
		"mono":      {profile: canvas.Mono},
		"ascii":     {profile: canvas.Mono, ascii: true},
		"still":     {still: true},
	} {
		s.w, s.h, s.at, s.cursor = 120, 36, running, "worker-2"
		t.Run(name, func(t *testing.T) {
			m := stage(t, s)
			m.paint()
			golden(t, "modes/"+name+".ansi", readable(m.canvas.String()))
			if name == "ascii" {
				golden(t, "modes/ascii.txt", m.canvas.Plain())
			}
		})
	}
}

func TestDialogs(t *testing.T) {
	first := scene{w: 120, h: 36, at: before, cursor: "api-gateway"}
	on := func(name string) scene { s := first; s.cursor = name; return s }
	small := first
	small.w, small.h = 80, 24
	for name, d := range map[string]struct {
		scene scene
		open  func(m *Model)
	}{
		"term":          {first, func(m *Model) { m.askTerm() }},
		"term-default":  {on("tls-renewer"), func(m *Model) { m.askTerm() }},
		"term-ignored":  {on("ffmpeg"), func(m *Model) { m.askTerm() }},
		"term-blocked":  {on("sidecar-envoy"), func(m *Model) { m.askTerm() }},
		"term-tree":     {first, func(m *Model) { m.askTermTree() }},
		"term-marked":   {first, func(m *Model) { m.marked["0.1"], m.marked["0.2.1"] = true, true; m.askTerm() }},
		"term-running":  {scene{w: 120, h: 36, at: running, cursor: "worker-2"}, func(m *Model) { m.askTerm() }},
		"menu":          {first, func(m *Model) { m.askSignal() }},
		"menu-typed":    {first, func(m *Model) { m.askSignal(); m.menu("US") }},
		"kill":          {first, func(m *Model) { m.askKill() }},
		"quit":          {first, func(m *Model) { m.quit() }},
		"help":          {first, func(m *Model) { m.open(dialogHelp) }},
		"about":         {first, func(m *Model) { m.open(dialogAbout) }},
		"help@80x24":    {small, func(m *Model) { m.open(dialogHelp) }},
		"quit@80x24":    {small, func(m *Model) { m.quit() }},
		"term@80x24":    {small, func(m *Model) { m.askTerm() }},
		"term@20x5":     {scene{w: 20, h: 5, at: before}, func(m *Model) { m.askTerm() }},
		"term-tree@all": {scene{w: 80, h: 24, at: before, cursor: "supervisor"}, func(m *Model) { m.askTermTree(); m.browse(10) }},
	} {
		t.Run(name, func(t *testing.T) {
			m := stage(t, d.scene)
			d.open(m)
			m.refresh()
			m.paint()
			golden(t, "dialogs/"+name+".txt", m.canvas.Plain())
		})
	}
}

func TestOtherFrames(t *testing.T) {
	wide := scene{w: 120, h: 36, at: before, cursor: "worker-2"}
	for name, f := range map[string]struct {
		scene scene
		do    func(m *Model)
	}{
		"filter": {wide, func(m *Model) { m.filter.editing = true; m.filter.set("work pid:4120"); m.stale = true }},
		"folded-marked": {wide, func(m *Model) {
			m.folded["0.1"], m.folded["0.2"], m.marked["0.0.1"], m.stale = true, true, true, true
		}},
		"usage": {wide, func(m *Model) {
			m.usage[m.cursor] = Usage{CPU: 1.23, RSS: 25 << 20, User: "root", Cmdline: "./worker-2 --config /etc/shop.toml"}
		}},
		"notice":     {wide, func(m *Model) { m.notice = "SIGTERM: worker-2 has exited" }},
		"replay":     {scene{w: 120, h: 36, at: running, cursor: "worker-2", replay: true}, func(m *Model) {}},
		"paused":     {scene{w: 80, h: 24, at: running, cursor: "worker-2", replay: true}, func(m *Model) { m.play.paused = true }},
		"slow":       {scene{w: 120, h: 36, at: running, replay: true}, func(m *Model) { m.play.speed = 1 }},
		"zoom-stack": {scene{w: 120, h: 36, at: running, cursor: "worker-2"}, func(m *Model) { m.focus, m.zoom = paneStack, true }},
		"zoom-log":   {scene{w: 120, h: 36, at: running}, func(m *Model) { m.focus, m.zoom = paneLog, true }},
		"zoom-tree":  {scene{w: 120, h: 36, at: running}, func(m *Model) { m.zoom = true }},
		"log-all":    {scene{w: 120, h: 36, at: before}, func(m *Model) { m.toggleLog(); m.notice = "" }},
		"empty":      {scene{w: 120, h: 36, events: []tree.Event{}}, func(m *Model) {}},
		"deep":       {scene{w: 120, h: 36, events: deep(60)}, func(m *Model) { m.choose(40) }},
		"trouble":    {scene{w: 120, h: 36, at: time.Second, events: trouble()}, func(m *Model) {}},
	} {
		t.Run(name, func(t *testing.T) {
			m := stage(t, f.scene)
			m.refresh()
			f.do(m)
			m.refresh()
			m.paint()
			golden(t, "others/"+name+".txt", m.canvas.Plain())
		})
	}
}

// deep is a chain of n processes.
func deep(n int) (es []tree.Event) {
	id := "0"
	for i := range n {
		es = append(es, tree.Event{Kind: "spawn", Node: id, PID: 100 + i, Name: "link-" + string(rune('a'+i%26)), T: time.Duration(i)})
		id += ".0"
	}
	return es
}

// trouble is everything that can go wrong at once.
func trouble() []tree.Event {
	at := func(ms int, e tree.Event) tree.Event {
		e.T = firstSignal + time.Duration(ms)*time.Millisecond
		return e
	}
	one, three := 1, 3
	return []tree.Event{
		at(-900, tree.Event{Kind: "spawn", Node: "0", PID: 10, Name: "main"}),
		at(-890, tree.Event{Kind: "hello", Node: "0", Name: "main"}),
		at(-880, tree.Event{Kind: "register", Node: "0", ID: "h1", Handler: "never-ran", Src: "main.go:1"}),
		at(-880, tree.Event{Kind: "register", Node: "0", ID: "h2", Handler: "never-ended", Src: "main.go:2"}),
		at(-880, tree.Event{Kind: "register", Node: "0", ID: "h3", Handler: "left-out", Shared: true, Text: "unbound"}),
		at(-800, tree.Event{Kind: "spawn", Node: "0.0", PID: 11, Name: "gone-before"}),
		at(-700, tree.Event{Kind: "exit", Node: "0.0", Code: &three}),
		at(-600, tree.Event{Kind: "spawn", Node: "0.1", PID: 12, Name: "stopped"}),
		at(-590, tree.Event{Kind: "disposition", Node: "0.1", Sig: "SIGTERM", Text: "caught"}),
		at(-580, tree.Event{Kind: "stop", Node: "0.1"}),
		at(-570, tree.Event{Kind: "spawn", Node: "0.2", PID: 13, Name: "orphan"}),
		at(-560, tree.Event{Kind: "orphan", Node: "0.2"}),
		at(-570, tree.Event{Kind: "spawn", Node: "0.3", PID: 14, Name: "speaks-not"}),
		at(-560, tree.Event{Kind: "disposition", Node: "0.3", Sig: "SIGTERM", Text: "caught"}),
		at(-550, tree.Event{Kind: "spawn", Node: "0.4", PID: 15, Name: "held"}),
		at(-549, tree.Event{Kind: "hello", Node: "0.4", Name: "held"}),
		at(-548, tree.Event{Kind: "register", Node: "0.4", ID: "h1", Handler: "first"}),
		at(-548, tree.Event{Kind: "register", Node: "0.4", ID: "h2", Handler: "second"}),
		at(0, tree.Event{Kind: "signal", Node: "0", Sig: "SIGTERM", Sender: "multiexit"}),
		at(1, tree.Event{Kind: "deliver", Node: "0", Sig: "SIGTERM"}),
		at(1, tree.Event{Kind: "skip", Node: "0", ID: "h3", Text: "unbound"}),
		at(2, tree.Event{Kind: "begin", Node: "0", ID: "h2", Handler: "never-ended"}),
		at(10, tree.Event{Kind: "signal", Node: "0.1", Sig: "SIGTERM", Sender: "0"}),
		at(11, tree.Event{Kind: "signal", Node: "0.3", Sig: "SIGTERM", Sender: "0"}),
		at(12, tree.Event{Kind: "signal", Node: "0.4", Sig: "SIGTERM", Sender: "0"}),
		at(13, tree.Event{Kind: "deliver", Node: "0.4", Sig: "SIGTERM"}),
		at(14, tree.Event{Kind: "begin", Node: "0.4", ID: "h2"}),
		at(15, tree.Event{Kind: "end", Node: "0.4", ID: "h2", Elapsed: time.Millisecond, Err: "panic: boom"}),
		at(16, tree.Event{Kind: "hold", Node: "0.4", ID: "h1"}),
		at(400, tree.Event{Kind: "note", Text: "a peer sent garbage and was dropped"}),
		at(500, tree.Event{Kind: "signal", Node: "0", Sig: "SIGKILL", Sender: "multiexit"}),
		at(501, tree.Event{Kind: "exit", Node: "0", Sig: "SIGKILL", Core: true}),
		at(600, tree.Event{Kind: "exit", Node: "0.3", Code: &one}),
	}
}
