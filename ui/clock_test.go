package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
)

// waiting is shop with its whole tree signalled and held before the first
// handlers.
func waiting() []tree.Event {
	at := func(kind, node, h string) tree.Event {
		return tree.Event{Kind: tree.Event{}.Kind, Node: node, ID: h, T: ms(1000)}
	}
	es := shop()
	for _, id := range []string{"0", "0.0", "0.0.0"} {
		es = append(es, tree.Event{Kind: "hello", Node: id, T: ms(20)})
	}
	order := holding(0)
	order.T = ms(500)
	es = append(es, order)
	for _, h := range [][2]string{{"0", "h1"}, {"0.0", "h1"}, {"0.0.0", "h2"}} {
		es = append(es, on(1000, "signal", h[0], ""), on(1001, "deliver", h[0], ""))
		e := at("hold", h[0], h[1])
		e.Kind, e.T = "hold", ms(1002)
		es = append(es, e)
	}
	return es
}

// From a row of keys, with the cursor on a process, to what the driver is asked.
func TestClockKeys(t *testing.T) {
	const (
		hold    = `* {"do":"hold"}`
		release = `* {"do":"release"}`
		step    = ` {"do":"step"}`
	)
	for _, tt := range []struct {
		name   string
		events []tree.Event
		at     string
		keys   string
		want   string
		says   string
	}{
		{"P holds all", shop(), "0.0", "P", hold, "held"},
		{"P lets all go", waiting(), "0.0", "P", release, "let go"},
		{"P with marks", shop(), "0.0", "space space P", `0.0 {"do":"hold"}; 0.0.0 {"do":"hold"}`, "2 processes"},
		{"c continues all", waiting(), "0.0", "c", release, "run on"},
		{"c with nobody held", shop(), "0.0", "c", "", "nothing is held"},
		{"n steps", waiting(), "0.0.0", "n", "0.0.0" + step, ""},
		{"n twice before the stream tells", waiting(), "0.0.0", "n n", "0.0.0" + step, "was let go"},
		{"n where nobody waits", waiting(), "0.0.1", "n", "", "reports no handlers"},
		{"n is the next exiting one while nothing is held", shop(), "0.0", "n", "", "nothing is exiting"},
		{"N takes the leaf", waiting(), "0", "N", "0.0.0" + step, ""},
		{"N waits for a step", waiting(), "0", "N N", "0.0.0" + step, "between two handlers"},
		{"a marked hold is continued alone", append(shop(), ordered(-2500, tree.Order{Pattern: "0.0.0", Word: "hold"}),
			tree.Event{Kind: "hello", Node: "0.0.0", T: ms(900)}, on(1000, "signal", "0.0.0", ""),
			tree.Event{Kind: "hold", Node: "0.0.0", ID: "h2", T: ms(1001)}), "0.0.0", "c", `0.0.0 {"do":"release"}`, "worker-1 runs on"},
		{"the one alone", waiting(), "0.0.0", ": a l o n e enter", `0.0.0 {"do":"release"}`, "runs on"},
		{"pace", shop(), "0", ": p a c e enter ctrl+u 2 s enter", `* {"do":"pace","ns":2000000000}`, "rests 2.00s"},
		{"pace, too slow", shop(), "0", ": p a c e enter ctrl+u 2 m enter", "", "up to 10s"},
		{"pace, taken back", append(shop(), ordered(-2000, tree.Order{Pattern: "*", Word: "pace", Time: time.Second})), "0",
			": p a c e enter ctrl+u 0 enter", `* {"do":"pace"}`, "no rest"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := watching(t, tt.events)
			w.choose(w.line(tt.at))
			w.press(keys(tt.keys)...)
			if got := w.spy.String(); got != tt.want {
				t.Errorf("asked for %q, want %q", got, tt.want)
			}
			if !strings.Contains(w.notice, tt.says) {
				t.Errorf("says %q, want %q", w.notice, tt.says)
			}
		})
	}
}

// Why n does nothing, of each kind of process that does not wait.
func TestWhyNoStep(t *testing.T) {
	hold := ordered(-2600, tree.Order{Pattern: "*", Word: "hold"})
	hello := tree.Event{Kind: "hello", Node: "0.0.0", T: ms(11)}
	for want, events := range map[string][]tree.Event{
		"has not begun: t sends SIGTERM (then it waits before flush)": {hello, hold},
		"runs flush: n again":        append([]tree.Event{hello, hold}, fall()[:3]...),
		"has exited":                 append([]tree.Event{hello, hold}, fall()...),
		"has no handler left":        append([]tree.Event{hello, hold}, fall()[:6]...),
		"reports no handlers":        {hold},
		"is stopped":                 {hello, hold, on(600, "stop", "0.0.0", "")},
		"has not begun: P holds all": {hello, ordered(-2600, tree.Order{Pattern: "api", Word: "hold"})},
		"(then it waits before drain)": {hello, ordered(-2600, tree.Order{Pattern: "api", Word: "hold"}),
			ordered(-2590, tree.Order{Pattern: "*", Word: "hold", Handler: "dr*"})},
		"(then it waits at that)": {hello, ordered(-2600, tree.Order{Pattern: "api", Word: "hold"}),
			ordered(-2590, tree.Order{Pattern: "worker-1", Word: "break", Sig: "*"})},
		"does not wait: P holds it": append([]tree.Event{hello, ordered(-2600, tree.Order{Pattern: "api", Word: "hold"})},
			fall()[:4]...),
	} {
		w := watching(t, shop(), events)
		w.choose(w.line("0.0.0"))
		w.press("n")
		if w.spy.String() != "" || !strings.Contains(w.notice, want) {
			t.Errorf("says %q, want %q; asked for %q", w.notice, want, w.spy)
		}
	}
}

// A tree is stepped from the bottom up: what N steps, one after the other, when
// every process waits again at once.
func TestTurns(t *testing.T) {
	w := watching(t, heldMall())
	w.now = firstSignal + 3*time.Second
	var order []string
	for range 200 {
		next, busy := turnOf(w.truth(), w.stepped)
		if busy != nil {
			t.Fatalf("%s is busy", busy.ID)
		}
		if next == nil {
			break
		}
		h := next.Plan()[0]
		order = append(order, next.ID+" "+h.Name)
		w.press("N")
		if w.cursor != next.ID {
			t.Errorf("the cursor is at %s, not at %s", w.cursor, next.ID)
		}
		at := int(w.now/time.Millisecond) + 1
		if again, _ := turnOf(w.truth(), w.stepped); again != nil {
			t.Fatalf("it is the turn of %s before %s has had its own", again.ID, next.ID)
		}
		w.feed(tree.Event{Kind: "release", Node: next.ID, T: ms(at)}, on(at, "begin", next.ID, h.ID))
		if _, busy := turnOf(w.truth(), w.stepped); busy != next {
			t.Fatalf("nobody waits for %s, which runs %s", next.ID, h.Name)
		}
		w.press("N")
		if !strings.Contains(w.notice, "still runs "+h.Name) {
			t.Errorf("N meanwhile says %q", w.notice)
		}
		w.feed(on(at+1, "end", next.ID, h.ID))
		if rest := next.Plan(); len(rest) > 0 {
			w.feed(tree.Event{Kind: "hold", Node: next.ID, ID: rest[0].ID, T: ms(at + 2)})
			continue
		}
		w.feed(on(at+2, "leave", next.ID, ""), on(at+3, "exit", next.ID, ""))
	}
	if n := len(strings.Split(w.spy.String(), "; ")); n != len(order) {
		t.Errorf("%d steps were asked for, %d were taken", n, len(order))
	}
	last := map[string]int{}
	for i, s := range order {
		id, _, _ := strings.Cut(s, " ")
		last[id] = i
	}
	for id, i := range last {
		if p := parentID(id); p != "" && slices.ContainsFunc(order[:i], func(s string) bool { return strings.HasPrefix(s, p+" ") }) {
			t.Errorf("%s had a turn before its child %s was done", p, id)
		}
	}
	if len(last) < 20 || w.truth().Counts.Held != 0 {
		t.Errorf("%d processes took part, %d are still held", len(last), w.truth().Counts.Held)
	}
}

// Who runs a handler that waits for another, in whatever way, is not busy.
func TestTurnsAndWaiting(t *testing.T) {
	w := watching(t, waiting())
	w.feed(tree.Event{Kind: "release", Node: "0", T: ms(1100)}, on(1101, "begin", "0", "h1"))
	if next, busy := turnOf(w.truth(), w.stepped); next == nil || next.ID != "0.0.0" || busy != nil {
		t.Errorf("next %v, busy %v", next, busy)
	}
	hang := on(1201, "begin", "0.0.0", "h2")
	w.feed(tree.Event{Kind: "release", Node: "0.0.0", T: ms(1200)},
		tree.Event{Kind: "fault", Node: "0.0.0", ID: "h2", Text: "hang", T: ms(1200)}, hang)
	if next, _ := turnOf(w.truth(), w.stepped); next == nil || next.ID != "0.0" {
		t.Errorf("a hang holds up the steps: next %v", next)
	}
}

// The breakpoints: from keys to orders.
func TestBreakKeys(t *testing.T) {
	set := append(shop(), ordered(-2000, tree.Order{Pattern: "worker-1", Word: "hold", Handler: "drain"}),
		ordered(-1900, tree.Order{Pattern: "*", Word: "break", Sig: "SIGTERM"}))
	for _, tt := range []struct {
		events     []tree.Event
		keys, want string
		kind       dialogKind
	}{
		{shop(), "b enter", `worker-1 {"do":"hold","handler":"flush"}`, dialogNone},
		{shop(), "2 j b enter", `worker-1 {"do":"hold","handler":"drain"}`, dialogNone},
		{shop(), "b tab enter", `worker-1 {"do":"hold"}`, dialogNone},
		{shop(), "b tab tab enter", `worker-1 {"do":"hold","on":"signal","sig":"SIGTERM"}`, dialogNone},
		{shop(), "b tab tab tab enter", `worker-1 {"do":"hold","on":"exit"}`, dialogNone},
		{shop(), "b left enter", `worker-1 {"do":"hold","on":"exit"}`, dialogNone},
		{shop(), "b ctrl+u * / f l * enter", `* {"do":"hold","handler":"fl*"}`, dialogNone},
		{shop(), "b tab tab ctrl+u w * / i n t enter", `w* {"do":"hold","on":"signal","sig":"SIGINT"}`, dialogNone},
		{shop(), "b ctrl+u n o - o n e / x enter", "", dialogBreak},
		{shop(), "b ctrl+u w o r k e r - 1 / f l a s h enter", "", dialogBreak},
		{shop(), "b ctrl+u x enter", "", dialogBreak},
		{shop(), "b esc", "", dialogNone},
		{set, "2 j b enter", `worker-1 {"do":"release","handler":"drain"}`, dialogNone}, // it stands: taken back
		{set, "b down space", `worker-1 {"do":"release","handler":"drain"}`, dialogBreak},
		{set, "b down down enter", `* {"do":"release","on":"signal","sig":"SIGTERM"}`, dialogBreak},
		{set, "b down d d", `worker-1 {"do":"release","handler":"drain"}; worker-1 {"do":"release","handler":"drain"}`, dialogBreak}, // nobody told of it
		{append(slices.Clone(set), holding(-1800)), "b down down down d", `* {"do":"release"}`, dialogBreak},
	} {
		w := watching(t, tt.events)
		w.choose(w.line("0.0.0"))
		w.press(keys(tt.keys)...)
		if got := w.spy.String(); got != tt.want || w.dialog.kind != tt.kind {
			t.Errorf("%s: asked for %q, want %q; dialog %d; %q", tt.keys, got, tt.want, w.dialog.kind, w.notice)
		}
	}
}

// A breakpoint that was switched off is set again from the list.
func TestBreakIsSwitched(t *testing.T) {
	one := tree.Order{Pattern: "worker-1", Word: "hold", Handler: "drain"}
	w := watching(t, shop(), []tree.Event{ordered(-2000, one)})
	w.press("b", "down", " ")
	e := ordered(-1500, one)
	e.Kind = "revoke"
	w.feed(e)
	w.press("b", "down", " ")
	const want = `worker-1 {"do":"release","handler":"drain"}; worker-1 {"do":"hold","handler":"drain"}`
	if got := w.spy.String(); got != want {
		t.Errorf("asked for %q", got)
	}
}

// A breakpoint keeps its place in the list, and the cursor, when it is switched: space
// twice leaves everything as it was.
func TestBreakKeepsItsPlace(t *testing.T) {
	one := tree.Order{Pattern: "worker-1", Word: "hold", Handler: "drain"}
	two := tree.Order{Pattern: "worker-2", Word: "hold", Handler: "drain"}
	w := watching(t, shop(), []tree.Event{ordered(-2000, one), ordered(-1900, two)})
	w.press("b", "down", " ")
	revoked := ordered(-1500, one)
	revoked.Kind = "revoke"
	w.feed(revoked)
	w.press(" ")
	const want = `worker-1 {"do":"release","handler":"drain"}; worker-1 {"do":"hold","handler":"drain"}`
	if got := w.spy.String(); got != want {
		t.Errorf("asked for %q", got)
	}
	if list := w.breaks(); len(list) != 2 || !sameOrder(list[0], one) {
		t.Errorf("the list is %v", list)
	}
	w.feed(ordered(-1400, one))
	w.press("esc", "b")
	if len(w.breaks()) != 2 || len(w.resting) != 0 {
		t.Errorf("%d in the list, %d switched off", len(w.breaks()), len(w.resting))
	}
}

// kinds of handlers, by process and name: a local one, one that is shared by its
// process, one that it inherited, one that waits for a child.
var handlerKinds = []struct{ node, name string }{
	{"0.0.0", "drain-conns"}, {"0.0", "deregister-dns"}, {"0.0.0", "release-lease"}, {"0.0", "wait-children"},
}

// In a recording, and where one only watches, nothing is held, stepped or broken,
// and the keys say why; P and space play a recording, n goes to what exits.
func TestClockIsBarred(t *testing.T) {
	for _, k := range []string{"b", "c", "f"} {
		w := replaying(t, waiting())
		w.press("end", k)
		if w.dialog.kind != dialogNone || !strings.Contains(w.notice, "this is a recording") {
			t.Errorf("%s: %q", k, w.notice)
		}
	}
	w := replaying(t, waiting())
	w.press("P")
	if !w.play.paused {
		t.Error("P does not stop a recording")
	}
	w.press("end", "n")
	if w.notice == "" && w.truth().Node(w.cursor).State != tree.Exiting {
		t.Errorf("n: %q, at %s", w.notice, w.cursor)
	}
	for _, k := range []string{"P", "n", "N", "b", "c", "f"} {
		w := watching(t, waiting())
		w.opts.ReadOnly = true
		w.acts = w.actions()
		w.allow()
		if text := lowest(w); strings.Contains(text, "N ") || strings.Contains(text, "n step") {
			t.Errorf("the footer of who only watches has keys that step:\n%s", text)
		}
		w.press(k)
		if w.spy.String() != "" || w.notice != onlyWatches || w.dialog.kind != dialogNone {
			t.Errorf("%s: asked for %q, says %q", k, w.spy, w.notice)
		}
	}
}

// a is the analysis, and types where a terminal is shown.
func TestAnalysisKey(t *testing.T) {
	w := watching(t, shop())
	w.press("a")
	if !w.whyVisible() || w.focus != paneWhy {
		t.Error("a shows no analysis")
	}
	w.press("a")
	if w.whyVisible() {
		t.Error("a does not go back")
	}
}

// Who quits lets everything go first.
func TestQuitLetsGo(t *testing.T) {
	w := watching(t, append(waiting(), ordered(-1000, tree.Order{Pattern: "*", Word: "break"}), ordered(-900, tree.Order{Pattern: "*", Word: "hang", Handler: "x"})))
	w.press("q")
	if w.paint(); !strings.Contains(w.canvas.Plain(), "what is held is let go") {
		t.Errorf("it is not said:\n%s", w.canvas.Plain())
	}
	w.press("enter")
	if got, want := w.spy.String(), `* {"do":"release"}; * {"do":"release","on":"exit"}; stop`; got != want {
		t.Errorf("asked for %q", got)
	}
}

// The badge tells the slow motion of the processes from that of the picture.
func TestPaceBadge(t *testing.T) {
	w := watching(t, shop(), []tree.Event{ordered(-2000, tree.Order{Pattern: "*", Word: "pace", Time: 500 * time.Millisecond})})
	foot := func() string { w.paint(); return strings.Split(w.canvas.Plain(), "\n")[w.height-1] }
	if s := foot(); !strings.Contains(s, "LIVE") || !strings.Contains(s, "pace 500ms") {
		t.Error(s)
	}
	w.press("x", "x")
	if s := foot(); !strings.Contains(s, "×0.25") || !strings.Contains(s, "pace 500ms") {
		t.Error(s)
	}
}
