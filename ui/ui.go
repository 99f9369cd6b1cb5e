// Package ui is the screen: one Bubble Tea model that shows a process tree, what
// a signal would run in it, and how it exits. Live is the replay of a tape that
// still grows. Nothing here starts, signals or watches a process itself: events
// come in by a Feed or a recording, wishes go out through a Driver.
package ui

import (
	"io"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

// Options say what is shown and how. Exactly one of Feed and Tape is set.
type Options struct {
	Title     string         // of the session: "shop", or the command
	About     [2]string      // what to look at, and why it happens
	Header    tree.Header    //
	Feed      *Feed          // a tape that still grows
	Tape      *tape.Tape     // or a recording
	Driver    Driver         // nil: nobody to signal, as in a replay
	Theme     string         // "dark", "light", "ansi" or "mono"
	Profile   canvas.Profile //
	ASCII     bool           //
	Motion    bool           // false: end states only
	Slow      bool           // a slow line (ssh): fewer frames
	LogAll    bool           // the log begins with output and registrations shown too
	Now       func() time.Time
	Lines     LineSource              // what was printed, every line; nil: what the tape has of it
	Input     io.Reader               // nil: stdin
	Output    io.Writer               // nil: stdout; a file is told only what changes
	Sync      bool                    // it shows a frame at once if asked to (synchronized output)
	Clipboard func(text string)       // puts a text into the clipboard; may block; see ClipboardSequence
	Place     string                  // where the recording of this is, for the user; "": there is none
	Others    func() ([]Other, error) // the runs that this one can be compared with; may block; nil: none
	Signals   []string                // names for the signal menu; real-time signals are added

	ReadOnly bool // nothing can be changed from this screen, and to leave it stops nothing
	Inside   bool // it is shown over another screen, to which q goes back
	Attached bool // the session is another program's: to leave this screen stops nothing
	Follow   bool // the cursor goes where a FollowMsg says, unless the user has just moved it
}

// Driver does what the user asks for. Its methods may block and are called from
// goroutines of their own, never from Update; they must be safe for that.
type Driver interface {
	// Signal sends sig to a node; scope is "process", "group", "session", "subtree"
	// (it and all below it, from the root) or "leaves" (the same, leaves first).
	Signal(node, sig, scope string) error
	// Stop ends everything by the ladder, in the background. Twice: no change.
	Stop()
	// Kill ends everything at once.
	Kill()
	// Extend gives the ladder that ends node ("": everything) more time before its
	// next rung; Next takes that rung now.
	Extend(node string, d time.Duration) error
	Next(node string) error
	// Do starts, stops, restarts, pauses, continues, adds, duplicates or removes a
	// command: the verb is that word. The target is the name of a command or of a
	// group of them, or a node.
	Do(verb, target string, args []string) error
	// Order gives a line of the observer's side of the protocol of exitreg, such as
	// {"do":"hold"}, to the processes that a pattern means, those to come included;
	// see tree.Meant.
	Order(pattern, line string) error
	// Preview says what a signal would do to each process it would reach.
	Preview(sig, scope string, nodes []string) ([]tree.Target, error)
	Details(node string) (tree.Details, error)
	Usage(node string) (Usage, error)
	// Input is typed into the terminal of a node's command, or written to its
	// standard input. Resize sets the size of that terminal, in cells.
	Input(node string, data []byte) error
	Resize(node string, cols, rows int) error
	// Cursor tells that the selection has moved, for those who follow it.
	Cursor(node string)
}

// Usage is what a process consumes.
type Usage struct {
	CPU     float64 // percent of one core
	RSS     uint64  // bytes
	User    string
	Cmdline string
}

// StopMsg tells the screen that everything is being stopped from outside (a
// SIGTERM to multiexit itself, say): it shows so, and leaves when the feed is
// closed.
type StopMsg struct{}

// NoticeMsg is a line for the footer, until the next key.
type NoticeMsg string

// NewProgram makes the program of a model: alternate screen, mouse, the streams
// of its Options. Signals are left to the caller for the whole life of the
// process, for Bubble Tea stops listening after the first.
func NewProgram(m *Model, opts ...tea.ProgramOption) *tea.Program {
	return program(m, &m.opts, opts)
}

// NewComparisonProgram is NewProgram for a comparison.
func NewComparisonProgram(c *Comparison, opts ...tea.ProgramOption) *tea.Program {
	return program(c, &c.look, opts)
}

func program(m pictured, o *Options, opts []tea.ProgramOption) *tea.Program {
	all := []tea.ProgramOption{
		tea.WithoutSignalHandler(), tea.WithAltScreen(), tea.WithMouseCellMotion(),
	}
	if o.Input != nil {
		all = append(all, tea.WithInput(o.Input))
	}
	shown := tea.Model(m)
	switch out := o.Output.(type) {
	case nil:
	case *os.File:
		d := newDisplay(out)
		d.sync = o.Sync
		if o.Slow {
			d.gap = slowMotion
		}
		shown = displayed{m, d}
		all = append(all, tea.WithOutput(d), tea.WithFPS(1))
	default:
		all = append(all, tea.WithOutput(out))
	}
	return tea.NewProgram(shown, append(all, opts...)...)
}

// Shot is one still frame of a recording at a time: the same for the same
// arguments. The cursor is where a handler runs.
func Shot(t *tape.Tape, at time.Duration, w, h int, o Options) *canvas.Canvas {
	return Film(t, w, h, o)(at)
}

// Film gives frames of a recording. Asked for them in the order of time it goes
// through the recording once; a frame is good until the next one is asked for.
func Film(t *tape.Tape, w, h int, o Options) func(at time.Duration) *canvas.Canvas {
	o.Feed, o.Driver, o.Tape = nil, nil, t
	m := New(o)
	m.follow = true
	m.onResize(tea.WindowSizeMsg{Width: w, Height: h})
	return func(at time.Duration) *canvas.Canvas {
		m.learn(m.before(at))
		m.seek(m.before(at), at)
		m.refresh()
		m.paint()
		return m.canvas
	}
}
