package ui

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/diff"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

// changed is the mall with something different in it: a slower handler, a faster
// one, a new one, one that is no more, another order, a failure, an exit status, a
// process more and one less.
func changed() []tree.Event {
	events := mall()
	t := tree.Fold(events)
	ids := map[string]string{}
	for _, n := range t.Nodes {
		ids[n.Name] = n.ID
	}
	handler := func(process, name string) (node, id string) {
		for _, h := range t.Node(ids[process]).Handlers() {
			if h.Name == name {
				return ids[process], h.ID
			}
		}
		panic("no handler " + name)
	}
	slower, slowID := handler("worker-1", "flush-wal")
	lost, lostID := handler("worker-3", "close-db-pool")
	swap, swapA := handler("partition-0", "flush-wal")
	_, swapB := handler("partition-0", "notify-peers")
	fails, failID := handler("log-shipper", "rotate-log")
	var out []tree.Event
	for _, e := range events {
		switch {
		case e.Node == lost && e.ID == lostID, e.Node == ids["cron"], e.Text == ids["cron"], e.Sender == ids["cron"]:
			continue
		case e.Node == slower && e.Kind == "end" && e.ID == slowID:
			e.T, e.Elapsed = e.T+1500*time.Millisecond, e.Elapsed+1500*time.Millisecond
		case e.Node == slower && e.T > firstSignal && e.Kind != "signal" && e.Kind != "deliver" && after(events, slower, slowID, e.T):
			e.T += 1500 * time.Millisecond
		case e.Node == swap && (e.Kind == "begin" || e.Kind == "end") && (e.ID == swapA || e.ID == swapB):
			if e.ID == swapA {
				e.ID, e.Handler = swapB, "notify-peers"
			} else {
				e.ID, e.Handler = swapA, "flush-wal"
			}
		case e.Node == fails && e.Kind == "end" && e.ID == failID:
			e.Err = "disk \x1b[31mfull"
		case e.Node == ids["exporter"] && e.Kind == "exit":
			three := 3
			e.Sig, e.Code = "", &three
		}
		out = append(out, e)
	}
	out = append(out, tree.Event{T: firstSignal - time.Second, Kind: "spawn", Node: ids["scheduler"] + ".9", PID: 99, Name: "new\nborn"},
		tree.Event{T: firstSignal + time.Second, Kind: "exit", Node: ids["scheduler"] + ".9", Sig: "SIGTERM"})
	slices.SortStableFunc(out, func(a, b tree.Event) int { return cmp.Compare(a.T, b.T) })
	return out
}

// after says that a time is behind the end of a handler.
func after(events []tree.Event, node, id string, at time.Duration) bool {
	for _, e := range events {
		if e.Node == node && e.ID == id && e.Kind == "end" {
			return at > e.T
		}
	}
	return false
}

func side(name string, events []tree.Event) Side {
	return Side{Name: name, Show: Options{Title: "shop", Header: tree.Header{Start: epoch}, Tape: &tape.Tape{Events: events}}}
}

func compared(look Options, w, h int) *Comparison {
	look.Now = func() time.Time { return epoch }
	c := NewComparison(look, side("before.jsonl", mall()), side("after.jsonl", changed()))
	c.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return c
}

func (c *Comparison) press(keys ...string) (last tea.Cmd) {
	for _, k := range keys {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
		switch k {
		case "enter":
			msg = tea.KeyMsg{Type: tea.KeyEnter}
		case "tab":
			msg = tea.KeyMsg{Type: tea.KeyTab}
		case "pgdown":
			msg = tea.KeyMsg{Type: tea.KeyPgDown}
		}
		_, last = c.Update(msg)
	}
	return last
}

func (c *Comparison) text() string {
	c.View()
	return c.paint[0].canvas.Plain()
}

func TestCompareFrames(t *testing.T) {
	for size, at := range map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x50": {200, 50}} {
		t.Run(size, func(t *testing.T) {
			c := compared(Options{Profile: canvas.TrueColor}, at[0], at[1])
			golden(t, "compare/first@"+size+".txt", c.text())
			if size == "120x36" {
				golden(t, "compare/first@"+size+".ansi", readable(c.View()))
				c.press("v", "G")
				golden(t, "compare/last@"+size+".txt", c.text())
				c.press("v", "?")
				golden(t, "compare/help@"+size+".txt", c.text())
			}
		})
	}
	for name, look := range map[string]Options{
		"light": {Theme: "light"}, "16": {Profile: canvas.ANSI16}, "mono": {Profile: canvas.Mono}, "ascii": {Profile: canvas.Mono, ASCII: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := compared(look, 120, 36)
			c.press("j", "j")
			golden(t, "compare/"+name+".ansi", readable(c.View()))
			if plain := c.text(); name == "ascii" && strings.ContainsFunc(plain, func(r rune) bool { return r > '~' }) {
				t.Error("not ASCII")
			}
		})
	}
}

// Every difference can be reached, its process is on the screen then, and so is its
// line in the list; it opens in the run that has it, and q comes back.
func TestCompareWalk(t *testing.T) {
	c := compared(Options{Profile: canvas.Mono}, 80, 24)
	if len(c.items) < 7 {
		t.Fatalf("%d differences\n%s", len(c.items), c.diff)
	}
	for i := range c.items {
		d := &c.items[i]
		if c.cur != i {
			t.Fatalf("at %d instead of %d", c.cur, i)
		}
		text := c.text()
		if strings.ContainsAny(text, "\x1b\x00") {
			t.Fatalf("a control character in\n%s", text)
		}
		if got := strconv.Itoa(i+1) + " of " + strconv.Itoa(len(c.items)); !strings.Contains(text, got) {
			t.Errorf("no %q in\n%s", got, text)
		}
		if g := c.layout(); d.row >= 0 {
			first := -1
			for at, l := range c.shown {
				if l.row == d.row && first < 0 {
					first = at
				}
			}
			if first < c.top || first+1 >= c.top+g.lanes.h {
				t.Errorf("%s is at line %d, shown are %d from %d on", d, first, g.lanes.h, c.top)
			}
		}
		c.press("enter")
		if c.alone == nil {
			t.Fatalf("%s cannot be opened: %s", d, c.notice)
		}
		if want := nodeIn(&d.Change, c.run()); want != "" && c.alone.cursor != want {
			t.Errorf("%s: the cursor is at %q, not %q", d, c.alone.cursor, want)
		}
		if !strings.Contains(c.View(), "PAUSED") {
			t.Errorf("%s: no replay\n%s", d, c.View())
		}
		back := c.press("q")
		if _, ok := back().(backMsg); !ok {
			t.Fatal("q does not go back")
		}
		c.Update(backMsg{})
		if c.alone != nil {
			t.Fatal("still open")
		}
		c.press("j")
	}
	c.press("g")
	if c.press("tab"); c.cur != 0 {
		t.Error("g does not go to the first")
	}
	if cmd := c.press("q"); cmd == nil {
		t.Error("q does not leave")
	} else if _, ok := cmd().(tea.QuitMsg); !ok {
		t.Error("q does not leave")
	}
}

// Runs without a difference, without a shutdown, without anything at all.
func TestCompareNothing(t *testing.T) {
	early := mall()
	for i, e := range early {
		if e.T >= firstSignal {
			early = early[:i]
			break
		}
	}
	for name, runs := range map[string][2][]tree.Event{
		"same": {mall(), mall()}, "no shutdown": {early, early}, "one shutdown": {early, mall()}, "nothing": {nil, nil}, "one run": {nil, mall()},
	} {
		t.Run(name, func(t *testing.T) {
			c := NewComparison(Options{Profile: canvas.Mono}, side("a", runs[0]), side("b", runs[1]))
			c.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
			text := c.text()
			if same := len(c.items) == 0; same != strings.Contains(text, "no difference beyond what is noise") {
				t.Errorf("\n%s", text)
			}
			c.press("j", "k", "n", "N", "G", "g", "pgdown", "v", "tab", "enter", "q")
			c.text()
		})
	}
}

// A click on a difference selects it, one on a lane its process and the run, one on
// the name of a run that run; the wheel goes through the list and scrolls the lanes.
func TestCompareMouse(t *testing.T) {
	c := compared(Options{Profile: canvas.Mono}, 120, 36)
	c.text()
	press := func(x, y int, b tea.MouseButton) {
		c.Update(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: b})
		c.text()
	}
	g := c.layout()
	press(g.list.x+5, g.list.y+3, tea.MouseButtonLeft)
	if want := c.list[2].item; c.cur != want || want == 0 {
		t.Errorf("a click on a line of the list selects %d, not %d", c.cur, want)
	}
	press(g.list.x+5, g.list.y+3, tea.MouseButtonWheelDown)
	if c.cur != c.list[2].item+1 {
		t.Errorf("the wheel selects %d", c.cur)
	}
	for side := 1; side >= 0; side-- {
		c.side, c.top = 1-side, 0
		for i, l := range c.shown {
			if l.side == side {
				press(g.lanes.x+3, g.lanes.y+i, tea.MouseButtonLeft)
				if c.side != side || c.items[c.cur].row != l.row {
					t.Errorf("a click on a lane of run %s: run %s, row %d", sideNames[side], sideNames[c.side], c.items[c.cur].row)
				}
				break
			}
		}
		press(c.heads[1-side].x+1, 0, tea.MouseButtonLeft)
		if c.side != 1-side {
			t.Errorf("a click on %s in the header changes nothing", sideNames[1-side])
		}
	}
	press(g.lanes.x+3, g.lanes.y+3, tea.MouseButtonWheelDown)
	if c.top == 0 {
		t.Error("the wheel does not scroll the lanes")
	}
}

// What a fault did is no failure of its own in a comparison either.
func TestCompareInjected(t *testing.T) {
	real := sabotage()
	healthy := slices.DeleteFunc(slices.Clone(real), func(e tree.Event) bool { return e.Kind == "fault" })
	for i := range healthy {
		healthy[i].Err = ""
	}
	c := NewComparison(Options{Profile: canvas.Mono}, side("a", healthy), side("b", real))
	c.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	text := c.text()
	for i := range c.items {
		d := &c.items[i]
		sign, hue := c.signOf(&d.Change)
		flag := sign == c.paint[0].glyphs.Flag && hue == &c.paint[0].theme.Signal
		if want := d.Injected != "" && d.Kind != diff.FailureLost; flag != want {
			t.Errorf("%s: flag %v\n%s", d, flag, text)
		}
	}
	if !strings.Contains(text, "⚑ ") || !strings.Contains(text, "✗ ") {
		t.Errorf("no flag, or no failure beside:\n%s", text)
	}
}

// Whatever the size and the keys, nothing breaks.
func TestCompareAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := compared(Options{Profile: canvas.Mono}, 100, 30)
	keys := []string{"j", "k", "n", "N", "g", "G", "v", "tab", "?", "pgdown", "h", "l"}
	for range 400 {
		if r.IntN(4) == 0 {
			c.Update(tea.WindowSizeMsg{Width: r.IntN(220), Height: r.IntN(60)})
		}
		c.press(keys[r.IntN(len(keys))])
		c.Update(tea.MouseMsg{X: r.IntN(220), Y: r.IntN(60), Action: tea.MouseActionPress, Button: tea.MouseButton(1 + r.IntN(5))})
		c.text()
		if n := len(c.shown); c.top < 0 || n > 0 && c.top >= n || c.cur < 0 || c.cur >= len(c.items) {
			t.Fatalf("top %d of %d, item %d", c.top, n, c.cur)
		}
	}
}

// obey does what a command says, as Bubble Tea would.
func obey(m *Model, cmd tea.Cmd) {
	switch msg := cmd().(type) {
	case othersMsg, comparisonMsg, backMsg:
		m.Update(msg)
	case tea.BatchMsg:
		for _, c := range msg {
			if c != nil {
				obey(m, c)
			}
		}
	}
}

// From a screen that runs, another run can be compared; what happens meanwhile is
// not missed.
func TestCompareWith(t *testing.T) {
	m := stage(t, scene{w: 120, h: 36, at: over, profile: canvas.Mono})
	m.opts.Others = func() ([]Other, error) {
		return []Other{{"k7f2 shop", func() (Side, error) { return side("k7f2", changed()), nil }}}, nil
	}
	obey(m, m.askOthers())
	if m.dialog.kind != dialogPalette || !strings.Contains(m.View(), "k7f2 shop") || !strings.Contains(m.View(), "compare this run with") {
		t.Fatalf("nothing to choose from\n%s", m.View())
	}
	_, cmd := m.Update(tea.KeyMsg{Type: tea.KeyEnter})
	obey(m, cmd)
	if m.over == nil || !strings.Contains(m.View(), "this run") || !strings.Contains(m.View(), "no more") {
		t.Fatalf("no comparison\n%s", m.View())
	}
	before := m.at
	m.Update(feedMsg{events: []tree.Event{{Seq: 9999, T: firstSignal + over, Kind: "note", Text: "meanwhile"}}})
	if m.at != before+1 {
		t.Error("what happens meanwhile is missed")
	}
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	_, cmd = m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")})
	obey(m, cmd)
	if m.over != nil || m.width != 80 || strings.Contains(m.View(), "this run") {
		t.Errorf("q does not go back\n%s", m.View())
	}
	m.opts.Others = func() ([]Other, error) { return nil, nil }
	obey(m, m.askOthers())
	if m.notice == "" || m.dialog.kind != dialogNone {
		t.Error("nothing is said of an empty history")
	}
	m.Update(comparisonMsg{over: compared(Options{}, 80, 24)})
	m.Update(StopMsg{})
	if m.over != nil || !m.ending {
		t.Error("to be stopped is not shown")
	}
}

// A recording is learnt on under a comparison that lies over it, and so is the run
// that was opened in that.
func TestLearntUnderComparison(t *testing.T) {
	below, within := unread(t, 3*learnAtOnce), unread(t, 3*learnAtOnce)
	below.over = compared(Options{}, 120, 36)
	below.over.alone = within.Model
	for _, of := range []*Model{below.Model, within.Model} {
		before := of.learnt()
		if _, cmd := below.Update(learnMsg{of}); cmd == nil || of.learnt() == before {
			t.Errorf("no more than %d of %d events are known, and then %v", before, of.tape.Len(), cmd)
		}
	}
}
