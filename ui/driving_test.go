package ui

import (
	"errors"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

func said(at time.Duration, name, state, node, why string) tree.Event {
	return tree.Event{Kind: "command", T: at, Name: name, Text: state, Node: node, Err: why}
}

// market is a session of six commands from a file: two are ready, one starts, one
// waits, one is backing off, one could not be started; the api was restarted.
func market() []tree.Event {
	at := func(ms int) time.Duration { return firstSignal - 2*time.Second + time.Duration(ms)*time.Millisecond }
	three := 3
	var es []tree.Event
	names := []string{"db", "backend/api", "backend/queue", "web", "mailer", "report"}
	for i, name := range names {
		es = append(es, said(at(i), name, "waiting", string(rune('0'+i)), ""))
	}
	start := func(ms int, node, name string, handlers ...string) {
		es = append(es, said(at(ms), name, "starting", node, ""),
			tree.Event{Kind: "spawn", T: at(ms), Node: node, PID: 700 + ms, Name: name})
		if len(handlers) > 0 {
			es = append(es, tree.Event{Kind: "hello", T: at(ms), Node: node, Name: name})
		}
		for i, h := range handlers {
			es = append(es, tree.Event{Kind: "register", T: at(ms), Node: node, ID: "h" + string(rune('1'+i)), Handler: h, Src: "main.go:20"})
		}
	}
	start(10, "0", "db", "checkpoint", "close-files")
	es = append(es, said(at(60), "db", "ready", "0", ""))
	start(70, "1", "backend/api", "drain", "flush")
	es = append(es,
		tree.Event{Kind: "spawn", T: at(80), Node: "1.0", PID: 790, Name: "worker-1"},
		tree.Event{Kind: "disposition", T: at(80), Node: "1.0", Sig: "SIGTERM", Text: "default"},
		tree.Event{Kind: "exit", T: at(100), Node: "1.0", Code: &three},
		tree.Event{Kind: "exit", T: at(110), Node: "1", Code: &three})
	start(200, "6", "backend/api", "drain", "flush")
	es = append(es,
		tree.Event{Kind: "spawn", T: at(210), Node: "6.0", PID: 980, Name: "worker-1"},
		tree.Event{Kind: "disposition", T: at(210), Node: "6.0", Sig: "SIGTERM", Text: "ignored"},
		tree.Event{Kind: "spawn", T: at(215), Node: "6.1", PID: 981, Name: "worker-2"},
		tree.Event{Kind: "disposition", T: at(215), Node: "6.1", Sig: "SIGTERM", Text: "default"},
		said(at(230), "backend/api", "ready", "6", ""))
	start(240, "2", "backend/queue", "commit")
	es = append(es, said(at(250), "web", "waiting", "3", "for backend/queue"))
	start(260, "4", "mailer")
	back := said(at(400), "mailer", "backoff", "4", "exit 3")
	back.Timeout = 8 * time.Second
	es = append(es, tree.Event{Kind: "exit", T: at(390), Node: "4", Code: &three}, back,
		said(at(420), "report", "failed", "5", "reprot: no such file"))
	return es
}

func rung(at time.Duration, node, text, sig string, next time.Duration) tree.Event {
	return tree.Event{Kind: "rung", T: at, Node: node, Text: text, Sig: sig, Timeout: next}
}

// closing is everything being ended, after market.
func closing() []tree.Event {
	sig := func(ms int, node string) tree.Event {
		return tree.Event{Kind: "signal", T: firstSignal + time.Duration(ms)*time.Millisecond, Node: node, Sig: "SIGTERM", Sender: "multiexit"}
	}
	at := func(ms int) time.Duration { return firstSignal + time.Duration(ms)*time.Millisecond }
	return []tree.Event{
		rung(at(0), "", "stop", "SIGTERM", 5*time.Second), sig(1, "0"), sig(2, "6"), sig(3, "2"),
		{Kind: "deliver", T: at(4), Node: "6", Sig: "SIGTERM"}, {Kind: "begin", T: at(5), Node: "6", ID: "h2"},
		sig(300, "6.0"), {Kind: "signal", T: at(310), Node: "6.0", Sig: "SIGTERM", Sender: "6"},
		{Kind: "exit", T: at(320), Node: "2", Sig: "SIGTERM"}, {Kind: "exit", T: at(330), Node: "6.1", Sig: "SIGTERM"},
		rung(at(5000), "", "all", "SIGTERM", 5*time.Second),
	}
}

// driver that knows what a signal would do.
func knowing(m *Model) *spy {
	s := m.opts.Driver.(*spy)
	s.targets = []tree.Target{
		{Node: "0.0", Effect: tree.EffectCaught}, {Node: "0.0.0", Effect: tree.EffectCaught, Unsure: true},
		{Node: "0.0.1", Effect: tree.EffectDefault}, {Node: "0.0.2", Effect: tree.EffectIgnored},
		{Node: "0.0.3", Effect: tree.EffectBlocked}, {Node: "0.0.4", Effect: tree.EffectCaught, Stopped: true},
		{Node: "0.0.5", Effect: tree.EffectPID1}, {Node: "0.1", Effect: tree.EffectRefused}, {Node: "0.2", Effect: tree.EffectGone},
	}
	s.details = tree.Details{
		PID: 41206, PPID: 41200, PGID: 41200, SID: 41200, TTY: "pts/3", User: "shop", State: "sleeping",
		Dir: "/srv/shop", Exe: "/srv/shop/bin/api-gateway", Argv: []string{"./api-gateway", "--config", "/etc/shop.toml"},
		Env: []string{"HOME=/srv/shop", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"}, CPU: 12.34, RSS: 25 << 20, Threads: 9,
		Files:  []tree.OpenFile{{FD: 0, Path: "/dev/null"}, {FD: 3, Path: "socket:[981]"}},
		Limits: []tree.Limit{{Name: "open files", Soft: "1024", Hard: "524288"}, {Name: "core", Soft: "0", Hard: "0"}},
		Signals: []tree.Standing{{Signal: "SIGHUP", Effect: tree.Default}, {Signal: "SIGINT", Effect: tree.Caught},
			{Signal: "SIGPIPE", Effect: tree.Ignored}, {Signal: "SIGTERM", Effect: tree.Caught, Pending: true}, {Signal: "SIGRTMIN+1", Effect: tree.Blocked}},
		Started: epoch, Denied: []string{"io"},
	}
	return s
}

// settle runs the questions that the model has, and takes the answers in.
func settle(m *Model) {
	for _, cmd := range []tea.Cmd{m.inquire(), m.examine()} {
		if cmd != nil {
			m.Update(cmd())
		}
	}
}

var sizes = map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x50": {200, 50}}

// scenes of driving at three sizes; in colour at the middle one.
func TestDrivingFrames(t *testing.T) {
	shop := scene{at: before, cursor: "api-gateway"}
	commands := scene{at: before, cursor: "backend/api", events: market()}
	ending := scene{at: 2800 * time.Millisecond, cursor: "backend/api", events: append(market(), closing()...)}
	for name, d := range map[string]struct {
		scene scene
		open  func(m *Model)
	}{
		"signal":        {shop, func(m *Model) { m.askSignal(); m.aimAt(3) }},
		"signal-marked": {shop, func(m *Model) { m.marked["0.1"], m.marked["0.0.2"] = true, true; m.askSignal() }},
		"details":       {shop, func(m *Model) { m.inspect() }},
		"palette":       {commands, func(m *Model) { m.askPalette(); m.look("stop") }},
		"commands":      {commands, func(m *Model) {}},
		"restart":       {commands, func(m *Model) { m.restart() }},
		"add":           {commands, func(m *Model) { m.askAdd(); m.dialog.input = "cache: redis-server --port 7000" }},
		"ladder":        {ending, func(m *Model) { m.end() }},
		"next":          {scene{at: 6200 * time.Millisecond, events: append(market(), closing()...)}, func(m *Model) { m.end(); m.hurry() }},
	} {
		for size, at := range sizes {
			s := d.scene
			s.w, s.h = at[0], at[1]
			t.Run(name+"@"+size, func(t *testing.T) {
				m := stage(t, s)
				m.opts.Signals = withRealTime(m.opts.Signals)
				knowing(m)
				for r := range m.rows {
					if m.rows[r].node.Title() == s.cursor {
						m.choose(r)
					}
				}
				d.open(m)
				settle(m)
				m.refresh()
				m.notice = ""
				m.paint()
				golden(t, "driving/"+name+"@"+size+".txt", m.canvas.Plain())
				if size == "120x36" {
					golden(t, "driving/"+name+"@"+size+".ansi", readable(m.canvas.String()))
				}
			})
		}
	}
}

func TestDrivingInSixteenColours(t *testing.T) {
	m := stage(t, scene{w: 120, h: 36, at: 2800 * time.Millisecond, profile: canvas.ANSI16, events: append(market(), closing()...)})
	m.end()
	m.paint()
	golden(t, "driving/ladder-16.ansi", readable(m.canvas.String()))
}

// openings are all the dialogs of driving.
var openings = []func(m *Model){
	func(m *Model) { m.askSignal() }, func(m *Model) { m.askSignal(); m.aimAt(4) }, func(m *Model) { m.askSignal(); m.menu("zz") },
	func(m *Model) { m.inspect() }, func(m *Model) { m.askPalette() }, func(m *Model) { m.askPalette(); m.look("st") },
	func(m *Model) { m.askPalette(); m.look("zzzz") }, func(m *Model) { m.askAdd() }, func(m *Model) { m.wish(verbRestart) },
	func(m *Model) { m.wish(verbPause) }, func(m *Model) { m.wish(verbRemove) }, func(m *Model) { m.wish(verbDuplicate) },
	func(m *Model) { m.askBreak() }, func(m *Model) { m.askBreak(); m.stopBy(2) }, func(m *Model) { m.askBreak(); m.browse(1) },
	func(m *Model) { m.askFault() }, func(m *Model) { m.askFault(); m.faultTo(-1) }, func(m *Model) { m.askFault(); m.browse(9) },
	func(m *Model) { m.askPace() },
	func(m *Model) { m.dialog = dialog{kind: dialogNext} }, func(m *Model) { m.dialog = dialog{} },
}

// TestDrivingAtEverySize: no size and no name breaks the frame of a dialog.
func TestDrivingAtEverySize(t *testing.T) {
	for _, name := range append([]string{"db"}, nasty...) {
		events := append(market(), closing()[:4]...)
		events = append(events, ordered(10, tree.Order{Pattern: name + "*", Word: "hold", Handler: name}),
			ordered(11, tree.Order{Pattern: "*", Word: "exit", Handler: name, Code: 3}), ordered(12, tree.Order{Pattern: "*", Word: "hold"}),
			tree.Event{Kind: "hold", T: firstSignal + ms(13), Node: "0", ID: "h2", Handler: name, Text: name})
		for i := range events {
			switch e := &events[i]; {
			case e.Name == "backend/api":
				e.Name = "back/" + name
			case e.Name != "":
				e.Name += name
			}
			events[i].Err += name
		}
		m := stage(t, scene{w: 1, h: 1, at: time.Second, events: events})
		s := knowing(m)
		s.details.Env, s.details.Dir, s.details.TTY = []string{name}, name, name
		s.details.Limits[0].Name, s.details.Denied = name, []string{name, name}
		s.targets[0].Node = "6"
		for i, size := range [][2]int{{40, 10}, {41, 11}, {60, 16}, {79, 23}, {100, 30}, {131, 41}, {200, 50}} {
			m.width, m.height = size[0], size[1]
			for k, open := range openings {
				m.choose((i + k) % len(m.rows))
				open(m)
				m.dialog.input += name
				settle(m)
				m.dialog.scroll = k
				m.refresh()
				m.paint()
				checkGrid(t, m, size[0], size[1], name)
				if m.dialog.kind != dialogNone {
					checkBox(t, m, k)
				}
				m.Update(previewMsg{question: m.question(), err: errors.New(name)})
				m.Update(detailsMsg{node: m.inspection.node, err: errors.New(name)})
				m.paint()
				checkGrid(t, m, size[0], size[1], name)
			}
		}
	}
}

// checkBox: nothing is written over the edge of a dialog. On its right edge the
// mark of a list that is too long may stand.
func checkBox(t *testing.T, m *Model, which int) {
	t.Helper()
	r, b := m.brush.box, &m.glyphs.Border
	for y := r.y + 1; y < r.y+r.h-1; y++ {
		right := m.canvas.At(r.x+r.w-1, y).R
		if m.canvas.At(r.x, y).R != b.Left || right != b.Right && right != m.glyphs.Thumb {
			t.Fatalf("dialog %d at %dx%d: the edge is broken in row %d:\n%s", which, m.width, m.height, y, m.canvas.Plain())
		}
	}
}
