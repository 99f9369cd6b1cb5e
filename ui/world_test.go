package ui

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

// epoch is when every test begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// spy is a Driver that writes down what it is asked, in order.
type spy struct {
	mu    sync.Mutex
	calls []string
	err   error

	targets []tree.Target // what Preview answers
	details tree.Details
	cursor  string // the selection that was told last
}

func (s *spy) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
}

func (s *spy) Signal(node, sig, scope string) error {
	s.note("%s %s %s", node, sig, scope)
	return s.err
}
func (s *spy) Stop() { s.note("stop") }
func (s *spy) Kill() { s.note("kill") }
func (s *spy) Extend(node string, d time.Duration) error {
	s.note("extend %s %v", node, d)
	return s.err
}
func (s *spy) Next(node string) error { s.note("next %s", node); return s.err }
func (s *spy) Do(verb, target string, args []string) error {
	s.note("%s %s %q", verb, target, args)
	return s.err
}
func (s *spy) Order(pattern, line string) error {
	s.note("%s %s", pattern, line)
	return s.err
}
func (s *spy) Preview(sig, scope string, nodes []string) ([]tree.Target, error) {
	return s.targets, nil
}
func (s *spy) Details(node string) (tree.Details, error) { return s.details, s.err }
func (s *spy) Input(node string, data []byte) error      { s.note("input %s %q", node, data); return s.err }
func (s *spy) Resize(node string, cols, rows int) error {
	s.note("resize %s %dx%d", node, cols, rows)
	return s.err
}
func (s *spy) Cursor(node string) { s.cursor = node }

func (s *spy) Usage(node string) (Usage, error) { return Usage{CPU: 1, RSS: 4096}, nil }

func (s *spy) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.calls, "; ")
}

// world is a model under test with what it drives. Messages go in and commands
// are run by hand; there is no program and no terminal.
type world struct {
	*Model
	spy  *spy
	quit bool // tea.Quit came out
	out  []tea.Msg
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func born(at int, id, name string) tree.Event {
	return tree.Event{Kind: "spawn", Node: id, Name: name, PID: 1000 + at, T: ms(at)}
}

func handler(at int, id, h, name string) tree.Event {
	return tree.Event{Kind: "register", Node: id, ID: h, Handler: name, T: ms(at)}
}

func on(at int, kind, id, h string) tree.Event {
	e := tree.Event{Node: id, ID: h, T: ms(at)}
	switch kind {
	case "begin":
		e.Kind = "begin"
	case "end":
		e.Kind, e.Elapsed = "end", ms(50)
	case "exit":
		e.Kind, e.Code = "exit", new(int)
	case "signal":
		e.Kind, e.Sig, e.Sender = "signal", "SIGTERM", "multiexit"
	case "deliver":
		e.Kind, e.Sig = "deliver", "SIGTERM"
	case "leave":
		e.Kind = "leave"
	case "stop":
		e.Kind = "stop"
	default:
		panic(kind)
	}
	return e
}

// shop is a small tree that is all alive:
//
//	main
//	├ api
//	│ ├ worker-1
//	│ ╰ worker-2
//	╰ queue
//	  ╰ compactor
func shop() []tree.Event {
	return []tree.Event{
		born(1, "0", "main"), born(2, "0.0", "api"), born(3, "0.0.0", "worker-1"),
		born(4, "0.0.1", "worker-2"), born(5, "0.1", "queue"), born(6, "0.1.0", "compactor"),
		handler(7, "0", "h1", "pidfile"), handler(8, "0.0", "h1", "listener"),
		handler(9, "0.0.0", "h1", "drain"), handler(10, "0.0.0", "h2", "flush"),
	}
}

// fall is worker-1 being ended, after shop.
func fall() []tree.Event {
	return []tree.Event{
		on(1000, "signal", "0.0.0", ""), on(1001, "deliver", "0.0.0", ""),
		on(1100, "begin", "0.0.0", "h2"), on(1150, "end", "0.0.0", "h2"),
		on(1200, "begin", "0.0.0", "h1"), on(1250, "end", "0.0.0", "h1"),
		on(1300, "leave", "0.0.0", ""), on(1400, "exit", "0.0.0", ""),
	}
}

// watching is a live screen with some events on it.
func watching(t testing.TB, events ...[]tree.Event) *world {
	t.Helper()
	s := &spy{}
	w := &world{spy: s, Model: New(Options{
		Title: "shop", About: [2]string{"look at worker-1", "it is slow"}, Header: tree.Header{Start: epoch},
		Feed: NewFeed(), Driver: s, Theme: "dark", Profile: canvas.Mono, Motion: true,
		Now: time.Now, Signals: []string{"SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGKILL", "SIGTERM", "SIGCONT"},
	})}
	w.Init()
	w.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	for _, es := range events {
		w.feed(es...)
	}
	return w
}

// replaying is the screen of a recording.
func replaying(t testing.TB, events ...[]tree.Event) *world {
	t.Helper()
	rec := &tape.Tape{Header: tree.Header{Start: epoch}}
	for _, es := range events {
		rec.Events = append(rec.Events, es...)
	}
	w := &world{spy: &spy{}, Model: New(Options{
		Header: rec.Header, Tape: rec, Theme: "dark", Profile: canvas.Mono, Motion: true, Now: time.Now,
	})}
	w.Init()
	w.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	return w
}

// feed brings a batch whose last event has just happened.
func (w *world) feed(events ...tree.Event) tea.Cmd {
	at := epoch.Add(w.now)
	if n := len(events); n > 0 {
		at = epoch.Add(events[n-1].T)
	}
	_, cmd := w.Update(feedMsg{events: events, at: at})
	return cmd
}

// send takes a message in and throws away what it asks for.
func (w *world) send(msg tea.Msg) tea.Cmd {
	_, cmd := w.Update(msg)
	return cmd
}

// press types keys and runs what they ask for: frames and questions about usage
// excepted, for nobody is there to wait for them.
func (w *world) press(keys ...string) {
	for _, k := range keys {
		w.notice = ""
		w.asking = true
		w.run(w.onKeyUpdate(press(k)))
	}
}

// onKeyUpdate is Update for a key, without the frame it may ask for.
func (w *world) onKeyUpdate(msg tea.KeyMsg) tea.Cmd {
	cmd := w.onKey(msg)
	w.refresh()
	w.View()
	return cmd
}

// events are the first n of the tape.
func (w *world) events(n int) []tree.Event {
	list := make([]tree.Event, n)
	for i := range list {
		w.tape.Event(i, &list[i])
	}
	return list
}

func (w *world) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			w.run(c)
		}
	case tea.QuitMsg:
		w.quit = true
	case NoticeMsg:
		w.Update(msg)
	default:
		w.out = append(w.out, msg)
	}
}

var special = map[string]tea.KeyType{
	"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab,
	"backspace": tea.KeyBackspace, "ctrl+c": tea.KeyCtrlC, "ctrl+z": tea.KeyCtrlZ, "ctrl+l": tea.KeyCtrlL,
	"ctrl+a": tea.KeyCtrlA, "ctrl+g": tea.KeyCtrlG, "ctrl+f": tea.KeyCtrlF, "ctrl+u": tea.KeyCtrlU, "ctrl+w": tea.KeyCtrlW, "f9": tea.KeyF9, "f7": tea.KeyF7, "f6": tea.KeyF6,
	"shift+left": tea.KeyShiftLeft, "shift+right": tea.KeyShiftRight,
}

// press makes the message of a key by its name.
func press(k string) tea.KeyMsg {
	if t, ok := special[k]; ok {
		return tea.KeyMsg{Type: t}
	}
	if k == " " || k == "space" {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
}

// keys splits "j j enter" into its keys.
func keys(s string) []string { return strings.Fields(s) }
