package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"multiexit/tree"
)

// Each fault on each kind of handler, by keys: the order, what is foretold, and
// that it is marked everywhere once it stands and once it has shown.
func TestFaultKeys(t *testing.T) {
	orders := map[string]string{
		"hang": `"fault":"hang"`, "delay": `"fault":"delay","ns":2000000000`, "fail": `"fault":"fail"`, "panic": `"fault":"panic"`,
		"skip": `"fault":"skip"`, "exit": `"fault":"exit","code":3`, "kill": `"fault":"kill"`, "stop": `"fault":"stop"`,
	}
	for _, k := range handlerKinds {
		for i, f := range handlerFaults {
			t.Run(k.name+" "+f.name, func(t *testing.T) {
				w := watching(t, slices.DeleteFunc(mall(), func(e tree.Event) bool { return e.T >= firstSignal }))
				w.choose(w.line(k.node))
				w.press("2")
				for range 20 {
					if w.aimed().Name != k.name {
						w.press("j")
					}
				}
				w.press("f")
				for range i {
					w.press("down")
				}
				w.paint()
				foretold := word{Fault: f.name, Code: 3}
				if f.name == "delay" {
					foretold.NS = 2 * time.Second
				}
				if text := w.canvas.Plain(); !strings.Contains(text, k.name+" "+faultDoes(foretold)) {
					t.Errorf("it is not foretold:\n%s", text)
				}
				w.press("enter")
				n := w.truth().Node(k.node)
				want := w.handle(n) + ` {"do":"fault","handler":"` + k.name + `",` + orders[f.name] + `}`
				if got := w.spy.String(); got != want {
					t.Errorf("asked for %q, want %q", got, want)
				}
				o := tree.Order{Pattern: w.handle(n), Word: f.name, Handler: k.name}
				if f.arg != "" {
					o.Time, o.Code = 2*time.Second, 3
				}
				w.checkMarked(t, n, k.name, o)
			})
		}
	}
}

// checkMarked feeds an order, and the fault that comes of it, and looks for its
// sign in the row, the stack, the log and the header.
func (w *world) checkMarked(t *testing.T, n *tree.Node, name string, o tree.Order) {
	t.Helper()
	h := n.Handlers()[slices.IndexFunc(n.Handlers(), func(h *tree.Handler) bool { return h.Name == name })]
	flag := string(w.glyphs.Flag)
	look := func(when string, wants ...string) {
		t.Helper()
		w.choose(w.line(n.ID))
		w.refresh()
		w.paint()
		text := w.canvas.Plain()
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q on the screen:\n%s", when, want, text)
			}
		}
	}
	w.feed(ordered(-900, o))
	look("ordered", flag+" 1 to inject", "fault: ")
	if p := w.plotOf(h); p.fault == nil || p.fault.Word != o.Word {
		t.Errorf("the handler bears %+v", p)
	}
	kind := tree.Event{Kind: "fault", Node: n.ID, ID: h.ID, Handler: name, Text: o.Word, T: firstSignal + ms(10), Timeout: o.Time}
	w.feed(on(3001, "signal", n.ID, ""), on(3002, "deliver", n.ID, ""), kind)
	if o.Word == "skip" {
		w.feed(tree.Event{Kind: "skip", Node: n.ID, ID: h.ID, Text: "injected", T: firstSignal + ms(11)})
	} else {
		w.feed(tree.Event{Kind: "begin", Node: n.ID, ID: h.ID, T: firstSignal + ms(11)})
		look("running", flag+" injected "+o.Word)
		w.feed(tree.Event{Kind: "end", Node: n.ID, ID: h.ID, T: firstSignal + ms(500), Elapsed: ms(489), Err: "injected failure"})
	}
	look("shown", flag+" 1 injected", flag)
	if bad(h) && o.Word != "delay" {
		t.Error("it is taken for a failure of its own")
	}
	if o.Word == "delay" || o.Word == "skip" {
		return
	}
	w.feed(tree.Event{Kind: "exit", Node: n.ID, Sig: "SIGKILL", T: firstSignal + ms(600)})
	look("gone", flag+" SIGKILL")
	if glyph, _ := w.mark(n, 0); glyph != w.glyphs.Flag || w.brush.spoils.n != 1 {
		t.Errorf("the process is taken for a failure of its own: %c, %d", glyph, w.brush.spoils.n)
	}
}

// Where else a fault can be put, and how it is taken back.
func TestFaultPlaces(t *testing.T) {
	set := append(shop(), ordered(-2000, tree.Order{Pattern: "worker-1", Word: "hang", Handler: "drain"}))
	told := append(shop(), tree.Event{Kind: "hello", Node: "0.0.0", T: ms(20)})
	for _, tt := range []struct {
		events         []tree.Event
		at, keys, want string
	}{
		{shop(), "0.0.0", "f enter", `worker-1 {"do":"fault","handler":"flush","fault":"hang"}`},
		{shop(), "0.0.0", "f tab enter", `worker-1 {"do":"fault","handler":"*","fault":"hang"}`},
		{shop(), "0.0.0", "f tab tab enter", `* {"do":"fault","handler":"flush","fault":"hang"}`},
		{told, "0.0.0", "f tab tab tab enter", `worker-1 {"do":"fault","fault":"stop"}`},
		{told, "0.0.0", "f left down enter", `worker-1 {"do":"fault","handler":"*","fault":"kill"}`},
		{told, "0.0.0", "f left down down enter", `worker-1 {"do":"fault","sig":"SIGTERM","fault":"ignore"}`},
		{shop(), "0.1", "f enter", `queue {"do":"fault","fault":"stop"}`},           // it has no handlers
		{shop(), "0.1", "f down down enter", `queue {"do":"fault","fault":"stop"}`}, // nor does it report
		{shop(), "0.0.0", "f down backspace backspace 5 0 0 m s enter", `worker-1 {"do":"fault","handler":"flush","fault":"delay","ns":500000000}`},
		{shop(), "0.0.0", "f down ctrl+u x enter", ""},
		{shop(), "0.0.0", "f down down down down down ctrl+u 2 5 6 enter", ""},
		{shop(), "0.0.0", "f down down down down down ctrl+u 0 enter", `worker-1 {"do":"fault","handler":"flush","fault":"exit"}`},
		{shop(), "0.0.0", "f down down down down down down ctrl+u 1 s enter", `worker-1 {"do":"fault","handler":"flush","fault":"kill","ns":1000000000}`},
		{set, "0.0.0", "f up end d", `worker-1 {"do":"fault","handler":"drain","fault":"none"}`},
		{set, "0.0.0", "f end enter", `worker-1 {"do":"fault","handler":"drain","fault":"none"}`},
		{shop(), "0.0.0", "f esc", ""},
	} {
		w := watching(t, tt.events)
		w.choose(w.line(tt.at))
		w.press(keys(tt.keys)...)
		if got := w.spy.String(); got != tt.want {
			t.Errorf("%s: asked for %q, want %q (%q)", tt.keys, got, tt.want, w.notice)
		}
	}
}

// The picture says what is there, and no more, by a text that is looked for.
func (w *world) shows(t *testing.T, wants ...string) {
	t.Helper()
	w.refresh()
	w.paint()
	for _, want := range wants {
		if text := w.canvas.Plain(); !strings.Contains(text, want) {
			t.Errorf("no %q on the screen:\n%s", want, text)
		}
	}
}

// told is shop with worker-1, which reports its handlers and takes SIGTERM.
func told(more ...tree.Event) []tree.Event {
	return append(append(shop(), tree.Event{Kind: "hello", Node: "0.0.0", T: ms(20)},
		tree.Event{Kind: "disposition", Node: "0.0.0", Sig: "SIGTERM", Text: "caught", T: ms(20)}), more...)
}

// A process that a fault makes deaf to SIGTERM: no dialog and no row says that it would
// run its handlers, before the signal or after.
func TestDeafIsForetold(t *testing.T) {
	deaf := ordered(-2500, tree.Order{Pattern: "worker-1", Word: "ignore", Sig: "SIGTERM"})
	w := watching(t, told(deaf))
	w.choose(w.line("0.0.0"))
	w.shows(t, "ignored", "ignores SIGTERM (injected)")
	w.press("t")
	w.shows(t, "runs nothing: it ignores SIGTERM (injected) and will go on")
	w.press("esc", "T")
	w.shows(t, "1 process, no handler runs", "ignores it (injected)")
	w.press("esc")
	if o := w.outlook("SIGTERM", tree.Target{Node: "0.0.0", Effect: tree.EffectCaught}); o.kind != "ignored" {
		t.Errorf("SIGTERM by s: %+v", o)
	}
	w.feed(on(1000, "signal", "0.0.0", ""), tree.Event{Kind: "fault", Node: "0.0.0", Text: "ignore", Sig: "SIGTERM", T: ms(1001)})
	w.shows(t, "still running: SIGTERM ignored")
	gone := deaf
	gone.Kind, gone.T = "revoke", ms(1500)
	w = watching(t, told(deaf, gone))
	w.choose(w.line("0.0.0"))
	w.press("t")
	w.shows(t, "pops 2 local, in this order")
}

// How many handlers a fault shows in, and in how many processes: what ends its process
// shows in one.
func TestHowMuchIsForetold(t *testing.T) {
	flush := handler(11, "0.0.1", "h1", "flush")
	for keys, want := range map[string]string{
		"f tab tab":                      "2 handlers in 2 processes: each never ends by itself",
		"f tab":                          "2 handlers in 1 process: each never ends by itself",
		"f left down":                    "flush is killed by SIGKILL while it runs; the one below never runs",
		"f tab down down down down down": "flush calls os.Exit(3); the one below never runs",
		"f down down down down down down ctrl+u 2 s": "flush is killed by SIGKILL 2.00s after its begin; the one below never runs",
	} {
		w := watching(t, told(flush))
		w.choose(w.line("0.0.0"))
		w.press(strings.Fields(keys)...)
		w.shows(t, want)
	}
}

// A fault is for the marked processes, as a signal is: the dialog names and counts them,
// and it goes to those of them that can take it.
func TestFaultInMarked(t *testing.T) {
	more := []tree.Event{
		handler(11, "0.0.1", "h1", "flush"),
		{Kind: "hello", Node: "0.0.1", T: ms(20)}, {Kind: "hello", Node: "0", T: ms(20)},
	}
	hang, all, stop := `{"do":"fault","handler":"flush","fault":"hang"}`, `{"do":"fault","handler":"*","fault":"hang"}`, `{"do":"fault","fault":"stop"}`
	deaf := `{"do":"fault","sig":"SIGTERM","fault":"ignore"}`
	for _, tt := range []struct {
		marked     []string
		keys, want string
		shows      []string
	}{
		{[]string{"0.0.0"}, "f", "worker-1 " + hang, []string{"worker-1 1003", "flush never ends by itself"}},
		{[]string{"0.0.0", "0.0.1"}, "f", "worker-1 " + hang + "; worker-2 " + hang,
			[]string{"2 marked processes", "worker-1, worker-2", "2 handlers in 2 processes: each never"}},
		{[]string{"0", "0.0.0", "0.0.1"}, "2 f", `main {"do":"fault","handler":"pidfile","fault":"hang"}`,
			[]string{"main, worker-1, worker-2", "pidfile of main never ends by itself"}},
		{[]string{"0.0.1", "0.1"}, "f", "worker-2 " + hang, []string{"flush of worker-2 never"}},
		{[]string{"0.0.0", "0.0.1", "0.1"}, "f tab", "worker-1 " + all + "; worker-2 " + all,
			[]string{"all their handlers", "3 handlers in 2 of the 3 processes: each"}},
		{[]string{"0.0.0", "0.0.1"}, "f tab tab", "* " + hang, []string{"2 handlers in 2 processes: each"}},
		{[]string{"0.0.0", "0.1"}, "f left", "worker-1 " + stop + "; queue " + stop, []string{"2 processes are stopped now"}},
		{[]string{"0.0.0", "0.0.1", "0.1"}, "f left down down", "worker-1 " + deaf + "; worker-2 " + deaf,
			[]string{"2 of the 3 processes do nothing at SIGTERM"}},
	} {
		w := watching(t, told(more...))
		w.choose(w.line("0"))
		for _, id := range tt.marked {
			w.marked[id] = true
		}
		w.press(strings.Fields(tt.keys)...)
		w.shows(t, tt.shows...)
		w.press("enter")
		if got := w.spy.String(); got != tt.want {
			t.Errorf("%v, %s: asked for %q, want %q (%q)", tt.marked, tt.keys, got, tt.want, w.notice)
		}
	}
}

// What stands can be taken back though the process of the dialog has exited.
func TestTakenBackAfterTheEnd(t *testing.T) {
	w := watching(t, told(ordered(-2000, tree.Order{Pattern: "worker-*", Word: "hang", Handler: "drain"})))
	w.choose(w.line("0.0.0"))
	w.press("f", "end")
	w.feed(fall()...)
	w.press("enter")
	if got, want := w.spy.String(), `worker-* {"do":"fault","handler":"drain","fault":"none"}`; got != want {
		t.Errorf("asked for %q, want %q (%q)", got, want, w.notice)
	}
}

// Taking faults back by one key again and again puts none in.
func TestTakenBackOneByOne(t *testing.T) {
	hang, fail := tree.Order{Pattern: "worker-1", Word: "hang", Handler: "drain"}, tree.Order{Pattern: "worker-2", Word: "fail", Handler: "*"}
	set := []tree.Event{ordered(-2000, hang), ordered(-1990, fail)}
	for _, from := range []string{"end", "end up"} {
		w := watching(t, shop(), set)
		w.choose(w.line("0.0.0"))
		w.press(strings.Fields("f " + from)...)
		for range 4 {
			w.press("enter")
			for _, o := range []tree.Order{hang, fail} { // the stream tells of what was asked for
				if strings.Contains(w.spy.String(), o.Pattern+` {"do":"fault"`) {
					e := ordered(-1900, o)
					e.Kind = "revoke"
					w.feed(e)
				}
			}
			if w.dialog.kind == dialogNone {
				break
			}
		}
		if got := w.spy.String(); strings.Count(got, `"fault":"none"`) != 2 || strings.Count(got, "fault\":") != 2 {
			t.Errorf("%s: asked for %q", from, got)
		}
	}
}
