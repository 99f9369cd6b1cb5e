package ui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
)

// keyMap is every key and its help; the help screen and the footer are made
// from it. What is impossible is a disabled binding. No bare key destroys
// anything: torn escape sequences arrive as keys. A binding without a help text
// is explained by the one before it.
type keyMap struct {
	Up, Down, Left, Right, PageUp, PageDown, First, Last   key.Binding
	Parent, NextExiting, PrevExiting, Follow, Filter, Mark key.Binding
	Enter, Escape                                          key.Binding
	SortOn, SortBack, Ended, Company                       key.Binding

	Term, TermTree, Signal, Kill key.Binding

	Begin, Stop, Restart, Halt, Add, Duplicate, Remove key.Binding
	PutOff, Hurry                                      key.Binding

	Hold, Step, StepTree, Go, Break, Fault key.Binding // of n and N see stepping

	Details, Palette key.Binding

	Output, OutputAll, Attach, Leave, Stdin key.Binding // a terminal or lines; see outputKey for what the pane takes itself

	NextPane, PrevPane, Tree, Stack, Log, Why, Zoom, LogLevel, Mouse, Repaint key.Binding

	Pause, Slower, Faster, StepBack, StepOn, SeekBack, SeekOn key.Binding
	LeapBack, LeapOn, PrevSignal, NextSignal                  key.Binding
	Start, End, Replay                                        key.Binding
	GoTo, Jump                                                key.Binding

	Help, About, Suspend, Quit, Interrupt key.Binding
}

func newKeys() keyMap {
	k := keyMap{
		Up:          bind("↑↓ jk", "move", "up", "k"),
		Down:        bind("", "", "down", "j"),
		Left:        bind("←→ hl", "fold and unfold", "left", "h"),
		Right:       bind("", "", "right", "l"),
		PageUp:      bind("⇞⇟", "page", "pgup", "ctrl+b"),
		PageDown:    bind("", "", "pgdown", "ctrl+f"),
		First:       bind("g G", "first, last", "g"),
		Last:        bind("", "", "G"),
		Parent:      bind("u", "parent", "u", "backspace"),
		NextExiting: bind("n N", "next, previous exiting", "n"),
		PrevExiting: bind("", "", "N"),
		Follow:      bind("F", "follow what runs", "F"),
		Filter:      bind("/", "filter", "/"),
		Mark:        bind("space", "mark", " "),
		Enter:       bind("⏎", "stack; signal the marked", "enter"),
		SortOn:      bind("> < F6", "sort on, sort back", ">", "f6"),
		SortBack:    bind("", "", "<"),
		Ended:       bind("H", "all that has ended", "H"),
		Company:     bind("v", "follow the presenter", "v"),
		Escape:      bind("esc", "close, clear", "esc"),

		Term:     bind("t", "SIGTERM", "t"),
		TermTree: bind("T", "SIGTERM tree", "T"),
		Signal:   bind("s F9", "any signal", "s", "f9"),
		Kill:     bind("K", "SIGKILL", "K"),

		Details: bind("e", "details", "e"),
		Palette: bind(":", "palette, all by name", ":"),

		NextPane:  bind("⇥", "next pane", "tab"),
		PrevPane:  bind("", "", "shift+tab"),
		Tree:      bind("1 2 3", "tree, stack, log", "1"),
		Stack:     bind("", "", "2"),
		Log:       bind("", "", "3"),
		Output:    bind("o 4", "output, terminal", "o", "4"),
		Why:       bind("a W 5", "analysis, why so long", "a", "W", "5"), // a is Attach where there is a terminal
		OutputAll: bind("O", "all output, or of one", "O"),
		Attach:    bind("a", "type into the terminal", "a"),
		Leave:     bind("ctrl+a", "leave the terminal", "ctrl+a"), // see attachedKey
		Stdin:     bind("I", "a line to stdin", "I"),

		Zoom:     bind("z", "zoom the pane", "z"),
		LogLevel: bind("L", "more or less log", "L"),
		Mouse:    bind("m", "mouse on, off", "m"),
		Repaint:  bind("ctrl+l", "repaint", "ctrl+l"),

		Help:      bind("?", "help", "?"),
		About:     bind("i", "what this shows", "i"),
		Suspend:   bind("ctrl+z", "suspend", "ctrl+z"),
		Quit:      bind("q", "quit", "q"),
		Interrupt: bind("", "", "ctrl+c"),
	}
	k.driveKeys()
	k.clockKeys()
	k.timeKeys()
	return k
}

// driveKeys are those that start and end commands.
func (k *keyMap) driveKeys() {
	k.Stop = bind("d", "stop, by the ladder", "d")
	k.PutOff = bind("+", "5 s, more grace", "+")
	k.Hurry = bind("!", "next rung, now", "!")
	k.Restart = bind("r", "restart", "r")
	k.Begin = bind("S F7", "start", "S", "f7")
	k.Halt = bind("p", "pause, continue", "p")
	k.Add = bind("A", "add a command", "A")
	k.Duplicate = bind("C", "duplicate", "C")
	k.Remove = bind("D", "remove", "D")
}

// clockKeys are those that stop the processes themselves before their handlers,
// and put faults into these.
func (k *keyMap) clockKeys() {
	k.Hold = bind("P", "hold all, let go", "P")
	k.Step = bind("n", "step, one handler", "n")
	k.StepTree = bind("N", "step the tree, leaf up", "N")
	k.Go = bind("c", "continue", "c")
	k.Break = bind("b", "breakpoints", "b")
	k.Fault = bind("f", "fault, break it", "f")
}

// timeKeys are those that move the playhead.
func (k *keyMap) timeKeys() {
	k.Pause = bind("Z", "pause the picture", "Z")
	k.Slower = bind("x X", "slower, faster", "x")
	k.Faster = bind("", "", "X")
	k.StepBack = bind(", .", "one event back, on", ",")
	k.StepOn = bind("", "", ".")
	k.SeekBack = bind("[ ]", "one second back, on", "[")
	k.SeekOn = bind("", "", "]")
	k.LeapBack = bind("⇧← ⇧→", "ten seconds", "shift+left")
	k.LeapOn = bind("", "", "shift+right")
	k.PrevSignal = bind("{ }", "previous, next signal", "{")
	k.NextSignal = bind("", "", "}")
	k.Start = bind("home end", "first, last", "home")
	k.End = bind("0", "back to live", "0")
	k.Replay = bind("R", "play the last shutdown", "R")
	k.GoTo = bind("ctrl+g", "go to a time, an event", "ctrl+g")
	k.Jump = bind("J", "to the moment of a line", "J")
}

func bind(show, help string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(show, help))
}

// allow fits the bindings to what is shown: a recording has no processes to
// signal, and space and home mean the tape there.
func (m *Model) allow() {
	k := &m.keys
	signals := m.opts.Driver != nil
	for _, b := range []*key.Binding{&k.Term, &k.TermTree, &k.Signal, &k.Kill, &k.Mark} {
		b.SetEnabled(signals && !m.opts.ReadOnly)
	}
	for _, b := range []*key.Binding{
		&k.Begin, &k.Stop, &k.Restart, &k.Halt, &k.Add, &k.Duplicate, &k.Remove, &k.PutOff, &k.Hurry, &k.Attach, &k.Leave, &k.Stdin,
		&k.Hold, &k.Step, &k.StepTree, &k.Go, &k.Break, &k.Fault,
	} {
		b.SetEnabled(signals && !m.opts.ReadOnly)
	}
	if m.opts.ReadOnly {
		k.Enter.SetHelp("⏎", "stack")
	}
	if m.live() && m.guest() {
		k.Quit.SetHelp("q", "leave, nothing is stopped")
	}
	k.Details.SetEnabled(signals)
	k.Company.SetEnabled(m.opts.Follow)
	k.About.SetEnabled(m.opts.About != [2]string{})
	if m.live() {
		k.First.SetKeys("g", "home")
		k.Last.SetKeys("G", "end")
		k.Start.SetEnabled(false)
		return
	}
	k.Enter.SetHelp("⏎", "stack")
	k.Pause = bind("space P", "play, pause", " ", "P", "Z")
	k.Start = bind("home end", "start, end of the tape", "home")
	k.End = bind("", "", "end", "0")
}

// keyGroup is one column of the help screen.
type keyGroup struct {
	Title string
	Keys  []key.Binding // enabled and explained ones only
}

// groups are the columns of the help screen.
func (m *Model) groups() []keyGroup {
	k := &m.keys
	all := []keyGroup{
		group("Move", k.Up, k.Left, k.PageUp, k.First, k.Parent, k.NextExiting, k.Follow, k.Company, k.Filter, k.SortOn, k.Ended, k.Enter, k.Escape),
		group("Signal", k.Term, k.TermTree, k.Signal, k.Kill, k.Mark),
		group("Drive", k.Stop, k.PutOff, k.Hurry, k.Restart, k.Begin, k.Halt, k.Add, k.Duplicate, k.Remove),
		group("Stop the clock", k.Hold, k.Step, k.StepTree, k.Go, k.Break, k.Fault),
		group("Output", append([]key.Binding{k.Output, k.OutputAll, k.Attach, k.Leave, k.Stdin}, paneKeys...)...),
		group("Time", k.Pause, k.Slower, k.StepBack, k.SeekBack, k.LeapBack, k.PrevSignal, k.Start, k.End, k.GoTo, k.Jump, k.Replay),
		group("View", k.NextPane, k.Tree, k.Why, k.Zoom, k.LogLevel, k.Mouse, k.Repaint, k.Details, k.Palette, k.About, k.Help, k.Suspend, k.Quit),
	}
	return slices.DeleteFunc(all, func(g keyGroup) bool { return len(g.Keys) == 0 })
}

func group(title string, all ...key.Binding) keyGroup {
	return keyGroup{Title: title, Keys: appendUsable(nil, all...)}
}

// appendUsable appends the bindings that are enabled and explained.
func appendUsable(dst []key.Binding, all ...key.Binding) []key.Binding {
	for _, b := range all {
		if b.Enabled() && b.Help().Desc != "" {
			dst = append(dst, b)
		}
	}
	return dst
}
