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

// From a row of keys, with the cursor on a command, to what the driver is asked.
func TestVerbKeys(t *testing.T) {
	for _, tt := range []struct {
		at, keys string
		kind     dialogKind
		want     string
	}{
		{"6", "r", dialogVerb, ""},
		{"6", "r enter", dialogNone, `restart backend/api []`},
		{"6", "r esc", dialogNone, ""},
		{"6", "d", dialogVerb, ""},
		{"6", "d enter", dialogNone, `stop backend/api []`},
		{"6", "d tab enter", dialogNone, ""},
		{"6.0", "d enter", dialogNone, `stop 6.0 []`}, // a subtree
		{"6.0", "r enter", dialogNone, `restart backend/api []`},
		{"6.0", "p", dialogVerb, ""},
		{"6.0", "p enter", dialogNone, `pause 6.0 []`},
		{"6", "S", dialogNone, ""}, // it runs
		{"4", "S", dialogNone, `start mailer []`},
		{"4", "f7", dialogNone, `start mailer []`},
		{"4", "r", dialogNone, `restart mailer []`}, // nothing of it lives
		{"4", "enter", dialogVerb, ""},
		{"4", "enter enter", dialogNone, `start mailer []`},
		{"3", "enter enter", dialogNone, `start web []`}, // it has no process yet
		{"6", "enter", dialogNone, ""},
		{"4", "d enter", dialogNone, `stop mailer []`}, // out of its back-off
		{"3", "p", dialogNone, ""},                     // it has not started
		{"3", "d enter", dialogNone, `stop web []`},    // it will not
		{"6", "C", dialogVerb, ""},
		{"6", "C enter", dialogNone, `duplicate backend/api []`},
		{"4", "D", dialogVerb, ""},
		{"4", "D enter", dialogNone, `remove mailer []`},
		{"0", "A", dialogAdd, ""},
		{"0", "A enter", dialogAdd, ""},
		{"0", "A l s space - l enter", dialogNone, `add  ["ls -l"]`},
		{"0", "A x : space l s enter", dialogNone, `add  ["x" "ls"]`},
		{"0", "A l x backspace s enter", dialogNone, `add  ["ls"]`},
		{"0", "space j space r enter", dialogNone, `restart db []; restart backend/api []`},
		{"6", "space j space d enter", dialogNone, `stop backend/api []`}, // worker-1 is below it
		{"0", ": r e s t a r t space w e b enter enter", dialogNone, `restart web []`},
		{"0", ": s t o p space b a c k e n d enter", dialogVerb, ""},
		{"0", ": s t o p space b a c k e n d enter enter", dialogNone, `stop backend []`},
		{"0", ": s t a r t space m a i l enter", dialogNone, `start mailer []`},
		{"0", ": s i g u s r 1 enter", dialogMenu, ""},
		{"0", ": s i g u s r 1 enter enter", dialogNone, "0 SIGUSR1 process"},
		{"0", ": z z z z enter", dialogPalette, ""},
		{"0", ": esc", dialogNone, ""},
		{"6", "e", dialogDetails, ""},
		{"6", "e e", dialogNone, ""},
	} {
		t.Run(tt.at+" "+tt.keys, func(t *testing.T) {
			w := watching(t, market())
			w.choose(w.line(tt.at))
			w.press(keys(tt.keys)...)
			if w.dialog.kind != tt.kind {
				t.Errorf("dialog is %d, want %d (notice %q)", w.dialog.kind, tt.kind, w.notice)
			}
			if got := w.spy.String(); got != tt.want {
				t.Errorf("the driver was asked for %q, want %q", got, tt.want)
			}
		})
	}
}

func TestContinueIsPauseAgain(t *testing.T) {
	w := watching(t, market())
	w.feed(on(3000, "stop", "6.0", ""))
	w.choose(w.line("6"))
	w.press("p")
	if got := w.spy.String(); got != "continue backend/api []" {
		t.Errorf("asked for %q", got)
	}
}

// A process that no command started can be stopped and paused, and that is all.
func TestVerbsWithoutCommands(t *testing.T) {
	for k, want := range map[string]string{"d enter": `stop 0.0 []`, "p enter": `pause 0.0 []`, "r": "", "S": "", "C": "", "D": "", "enter": ""} {
		w := watching(t, shop())
		w.press("j")
		w.press(keys(k)...)
		if got := w.spy.String(); got != want {
			t.Errorf("%s: asked for %q, want %q", k, got, want)
		}
		if want == "" && k != "enter" && !strings.Contains(w.notice, "no command") {
			t.Errorf("%s: notice %q", k, w.notice)
		}
	}
}

// What a dialog is about stays, whatever restarts meanwhile.
func TestVerbsArePinned(t *testing.T) {
	w := watching(t, market())
	w.choose(w.line("6"))
	w.press("D")
	w.feed(said(3*time.Second, "db", "starting", "9", ""), born(3000, "9", "db"))
	w.press("j", "k", "enter")
	if got := w.spy.String(); got != "remove backend/api []" {
		t.Errorf("asked for %q", got)
	}
}

func TestReadOnly(t *testing.T) {
	s := &spy{}
	w := &world{spy: s, Model: New(Options{
		Header: tree.Header{Start: epoch}, Feed: NewFeed(), Driver: s, Profile: canvas.Mono, ReadOnly: true, Now: time.Now,
		Signals: []string{"SIGTERM", "SIGUSR1"},
	})}
	w.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	w.feed(market()...)
	w.feed(closing()...)
	for c := rune('!'); c < 127; c++ {
		w.press(string(c), "enter", "esc", "esc")
	}
	for _, k := range []string{"t", "T", "s", "f9", "K", "d", "r", "S", "p", "A", "C", "D", "+", "!", " "} {
		w.press(k)
		if w.notice != onlyWatches || w.dialog.kind != dialogNone {
			t.Errorf("%s: notice %q, dialog %d", k, w.notice, w.dialog.kind)
		}
	}
	for _, e := range w.entries() {
		w.dialog = dialog{kind: dialogPalette, found: []entry{e}}
		w.run(w.answer())
		w.press("enter", "esc")
	}
	w.press(keys("q ctrl+c")...)
	if got := s.String(); got != "" {
		t.Errorf("the driver was asked for %q", got)
	}
	if !w.quit {
		t.Error("it cannot be left")
	}
}

// The palette has every action; none of them does harm by itself.
func TestPaletteEntries(t *testing.T) {
	names := map[string]bool{}
	for _, e := range watching(t, market()).entries() {
		names[e.name] = true
	}
	for _, name := range []string{"restart db", "stop backend", "stop all", "sort by name", "signal SIGUSR1", "slower", "faster", "help", "details", "fold", "unfold", "one event on"} {
		if !names[name] {
			t.Errorf("there is no %q", name)
		}
	}
	for i, e := range watching(t, market()).entries() {
		w := watching(t, market())
		w.askPalette()
		w.dialog.choice = i
		w.run(w.answer())
		w.View()
		for _, call := range w.spy.calls {
			if verb, _, _ := strings.Cut(call, " "); verb != "start" && verb != "continue" && call != `* {"do":"hold"}` {
				t.Errorf("%s asks for %q", e.name, call)
			}
		}
	}
}

func TestPaletteSaysWhyNot(t *testing.T) {
	w := replaying(t, market())
	w.press(keys(": s i g u s r enter")...)
	w = replaying(t, market())
	w.press(keys(": S I G K I L L enter")...)
	if !strings.Contains(w.notice, "recording") || w.dialog.kind != dialogPalette {
		t.Errorf("notice %q, dialog %d", w.notice, w.dialog.kind)
	}
}

func TestOrders(t *testing.T) {
	names := func(w *world) (all []string) {
		for _, r := range w.rows {
			if r.node.Depth == 0 {
				all = append(all, r.node.Title())
			}
		}
		return all
	}
	w := watching(t, market())
	for _, tt := range []struct{ key, want string }{
		{"", "db backend/api backend/queue web mailer report"},
		{">", "backend/api backend/queue db mailer report web"},
		{">", "mailer db backend/api backend/queue web report"},
		{">", "db backend/api backend/queue web mailer report"},
		{"<", "mailer db backend/api backend/queue web report"},
	} {
		cursor := w.cursor
		if tt.key != "" {
			w.press(tt.key)
		}
		if got := strings.Join(names(w), " "); got != tt.want {
			t.Errorf("%s: %s, want %s", w.order, got, tt.want)
		}
		if w.cursor != cursor {
			t.Errorf("%s moves the cursor", w.order)
		}
	}
	if !strings.Contains(seen(w), "by state") {
		t.Error("the heading does not say so")
	}
	born := slices.Clone(w.tree.Roots)
	if slices.SortFunc(born, func(a, b *tree.Node) int { return 0 }); born[0].ID != "0" {
		t.Error("the tree itself was sorted")
	}
}

// An earlier run of a command has no row, and the cursor follows the command.
func TestPastRuns(t *testing.T) {
	w := watching(t, market())
	if w.line("1") >= 0 || w.line("6") < 0 {
		t.Fatalf("rows: %d, %d", w.line("1"), w.line("6"))
	}
	w.choose(w.line("6"))
	w.feed(on(3000, "exit", "6.0", ""), on(3000, "exit", "6.1", ""), on(3001, "exit", "6", ""),
		said(ms(3002), "backend/api", "starting", "7", ""), born(3003, "7", "api"))
	if w.cursor != "7" || w.line("6") >= 0 {
		t.Errorf("cursor at %q, row of the former %d", w.cursor, w.line("6"))
	}
	w.press(keys("/ s t a t e : p a s t enter")...)
	if w.line("1") < 0 || w.line("6") < 0 || w.line("7") >= 0 {
		t.Errorf("state:past shows %d, %d and %d", w.line("1"), w.line("6"), w.line("7"))
	}
}

// Something of an earlier run that lives keeps its row until it is gone.
func TestPastRunThatLives(t *testing.T) {
	w := watching(t, market())
	w.feed(on(3001, "exit", "6", ""), said(ms(3002), "backend/api", "starting", "7", ""), born(3003, "7", "api"))
	if w.line("6") < 0 || w.line("6.0") < 0 {
		t.Error("what was left behind has no row")
	}
	w.feed(on(3010, "exit", "6.0", ""), on(3011, "exit", "6.1", ""))
	if w.line("6") >= 0 {
		t.Error("the row stays")
	}
}

func TestFollowingAPresenter(t *testing.T) {
	w := watching(t, shop())
	w.opts.Follow, w.company.follows = true, true
	w.allow()
	w.send(FollowMsg{"0.1"})
	if w.cursor != "0.1" {
		t.Fatalf("cursor at %q", w.cursor)
	}
	w.press("k")
	if w.stray() == nil {
		t.Fatal("nothing ends the time of one's own")
	}
	at := w.cursor
	w.send(FollowMsg{"0.1.0"})
	if w.cursor != at {
		t.Error("the cursor is taken from who moves it")
	}
	w.send(homeMsg(w.company.strayed - 1)) // of an earlier move
	if w.cursor != at {
		t.Error("too soon")
	}
	w.send(homeMsg(w.company.strayed))
	if w.cursor != "0.1.0" {
		t.Errorf("cursor at %q", w.cursor)
	}
	w.press("v")
	w.send(FollowMsg{"0"})
	if w.cursor != "0.1.0" {
		t.Error("it follows though that was switched off")
	}
}

func TestSelectionIsTold(t *testing.T) {
	w := watching(t, shop())
	w.company = company{}
	if w.tell() == nil || w.tell() != nil {
		t.Fatal("asked for once, told once")
	}
	w.press("j")
	if cmd := w.onTold("0"); cmd != nil {
		t.Error("a row that was passed is told")
	}
	w.tell()
	cmd := w.onTold("0.0")
	if cmd == nil {
		t.Fatal("the selection is not told")
	}
	cmd()
	if got := w.spy.cursor; got != "0.0" {
		t.Errorf("told %q", got)
	}
}
