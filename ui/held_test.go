package ui

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// ordered is an order that stands from a moment on.
func ordered(at int, o tree.Order) tree.Event {
	e := tree.Event{Kind: "order", T: firstSignal + ms(at), Scope: o.Pattern, Text: o.Word, Handler: o.Handler, ID: o.ID, Sig: o.Sig, Timeout: o.Time}
	if o.Word == "exit" {
		e.Code = &o.Code
	}
	return e
}

func holding(at int) tree.Event { return ordered(at, tree.Order{Pattern: "*", Word: "hold"}) }

// heldMall is the mall held before its first handlers: the whole tree has got
// SIGTERM, nobody has begun; log-shipper was stepped once.
func heldMall(more ...tree.Event) []tree.Event {
	var es []tree.Event
	first := map[string]tree.Event{}
	for _, e := range mall() {
		switch {
		case e.T < firstSignal:
			es = append(es, e)
		case e.Kind == "signal":
			e.T, e.Sender, e.Scope = firstSignal, "multiexit", "subtree"
			es = append(es, e)
		case e.Kind == "deliver":
			e.T = firstSignal + 3*time.Millisecond
			es = append(es, e)
		case e.Kind == "begin":
			if _, seen := first[e.Node]; !seen {
				first[e.Node] = e
				e.Kind, e.T = "hold", firstSignal+4*time.Millisecond
				es = append(es, e)
			}
		}
	}
	const stepped = "0.5"
	h := first[stepped]
	es = append(es, holding(-600),
		tree.Event{Kind: "release", Node: stepped, T: firstSignal + ms(900)},
		tree.Event{Kind: "begin", Node: stepped, ID: h.ID, Handler: h.Handler, T: firstSignal + ms(901)},
		tree.Event{Kind: "end", Node: stepped, ID: h.ID, Handler: h.Handler, Elapsed: ms(600), T: firstSignal + ms(1501)},
		tree.Event{Kind: "hold", Node: stepped, ID: "h2", T: firstSignal + ms(1502)})
	es = append(es, more...)
	slices.SortStableFunc(es, func(a, b tree.Event) int { return cmp.Compare(a.T, b.T) })
	for i := range es {
		es[i].Seq = uint64(i + 1)
	}
	return es
}

// plotting are breakpoints and faults of all kinds.
func plotting() []tree.Event {
	return []tree.Event{
		ordered(-500, tree.Order{Pattern: "*", Word: "hold", Handler: "flush-*"}),
		ordered(-490, tree.Order{Pattern: "queue-broker", Word: "break", Sig: "SIGTERM"}),
		ordered(-480, tree.Order{Pattern: "cron", Word: "break"}),
		ordered(-470, tree.Order{Pattern: "worker-2", Word: "hang", Handler: "flush-wal"}),
		ordered(-460, tree.Order{Pattern: "worker-3", Word: "delay", Handler: "*", Time: 2 * time.Second}),
		ordered(-450, tree.Order{Pattern: "job-4412", Word: "exit", Handler: "unmount-tmp", Code: 3}),
		ordered(-440, tree.Order{Pattern: "*", Word: "pace", Time: 500 * time.Millisecond}),
	}
}

// laddered is a ladder that stands because somebody is held.
func frozenLadder() []tree.Event {
	return []tree.Event{
		rung(firstSignal, "", "stop", "SIGTERM", 10*time.Second),
		rung(firstSignal+ms(5), "", "freeze", "", 9995*time.Millisecond),
	}
}

// dump writes a picture to look at, where KEYS_LOOK says.
func dump(t *testing.T, m *Model, name string) {
	if dir := os.Getenv("KEYS_LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".svg"), []byte(m.canvas.SVG(name)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// What is held, what stands, and the dialogs: at three sizes; in colour at the
// middle one, and there without colours and without more than ASCII.
func TestClockFrames(t *testing.T) {
	hold := scene{at: 2200 * time.Millisecond, cursor: "log-shipper", events: heldMall()}
	plots := scene{at: -200 * time.Millisecond, cursor: "worker-2", events: heldMall(plotting()...)}
	met := scene{at: 2200 * time.Millisecond, cursor: "partition-0", events: heldMall(append(plotting(),
		tree.Event{Kind: "hold", Node: "0.1.0", ID: "h1", Text: "notify-*", T: firstSignal + ms(1600)},
		tree.Event{Kind: "hold", Node: "0.1", Sig: "SIGTERM", Text: "signal SIGTERM", T: firstSignal + ms(1600), Prov: "self"})...)}
	frozen := scene{at: 2200 * time.Millisecond, cursor: "log-shipper", events: heldMall(frozenLadder()...)}
	for name, d := range map[string]struct {
		scene scene
		open  func(m *Model)
	}{
		"held":         {hold, func(m *Model) {}},
		"held-stack":   {hold, func(m *Model) { m.turnTo(paneStack); m.scrollStack(1) }},
		"plots":        {plots, func(m *Model) {}},
		"met":          {met, func(m *Model) {}},
		"frozen":       {frozen, func(m *Model) { m.end() }},
		"breaks":       {plots, func(m *Model) { m.askBreak() }},
		"breaks-glob":  {plots, func(m *Model) { m.askBreak(); m.dialog.input = "worker-*/*-*" }},
		"breaks-wrong": {plots, func(m *Model) { m.askBreak(); m.dialog.input = "worker-2/flash-wal" }},
		"breaks-list":  {plots, func(m *Model) { m.askBreak(); m.browse(2); m.switchBreak() }},
		"signal":       {plots, func(m *Model) { m.askBreak(); m.stopBy(2) }},
		"fault":        {plots, func(m *Model) { m.turnTo(paneStack); m.askFault() }},
		"fault-exit":   {plots, func(m *Model) { m.askFault(); m.chooseFault(5) }},
		"fault-list":   {plots, func(m *Model) { m.askFault(); m.faultTo(1); m.chooseFault(9) }},
		"fault-marked": {plots, func(m *Model) {
			for _, id := range []string{"0.0.0", "0.0.2", "0.0.4", "0.6"} {
				m.marked[id] = true
			}
			m.askFault()
			m.faultTo(1)
		}},
		"process": {plots, func(m *Model) { m.askFault(); m.faultTo(-1); m.chooseFault(2) }},
		"pace":    {plots, func(m *Model) { m.askPace() }},
	} {
		for size, at := range sizes {
			s := d.scene
			s.w, s.h = at[0], at[1]
			look := func(how string) {
				t.Helper()
				m := stage(t, s)
				d.open(m)
				m.refresh()
				m.notice = ""
				m.paint()
				dump(t, m, name+how+"@"+size)
				golden(t, "clock/"+name+how+"@"+size+".txt", m.canvas.Plain())
				if size == "120x36" && how == "" {
					golden(t, "clock/"+name+"@"+size+".ansi", readable(m.canvas.String()))
				}
			}
			t.Run(name+"@"+size, func(t *testing.T) { look("") })
			if size != "120x36" {
				continue
			}
			t.Run(name+" in ASCII", func(t *testing.T) {
				s.profile, s.ascii = canvas.Mono, true
				look("-ascii")
			})
			t.Run(name+" light", func(t *testing.T) {
				s.profile, s.ascii, s.theme = canvas.TrueColor, false, "light"
				m := stage(t, s)
				d.open(m)
				m.refresh()
				m.notice = ""
				m.paint()
				dump(t, m, name+"-light@"+size)
			})
		}
	}
}
