package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
	"multiexit/tree/diff"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

// Comparison is the screen of two runs: their processes in the same rows, what ran
// in each on one axis that begins with their shutdowns, and the list of what is
// different. As of Model, all that is drawn is a function of it.
type Comparison struct {
	look  Options // how it looks; what is shown are the runs
	runs  [2]Side // before and after
	paint [2]*Model
	diff  diff.Diff
	keys  compareKeys

	rows  []pairRow
	place [2]map[string]int // the row of a node of each run
	shown []pairLine        // of the rows that the view shows
	items []difference
	list  []listLine // the items, broken into lines of listW cells
	listW int

	cur    int // the selected item
	side   int // the run that the user looks at; see run
	view   compareView
	top    int     // first line of shown on the screen
	above  int     // lines of the list above the screen
	heads  [2]rect // of the runs in the header, for the mouse
	help   bool
	notice string
	alone  *Model // one run by itself, over the comparison; nil: none

	width, height int
	dirty         bool
}

// Side is one of the runs.
type Side struct {
	Name string  // what the user calls it: a file, or a run of the history
	Show Options // as it would be shown by itself; the look is that of the comparison
}

// compareView is which processes are shown, and how.
type compareView uint8

const (
	viewChanged compareView = iota // both lanes of those with a change, one of the others
	viewBoth                       // both lanes of all
	viewOnly                       // those with a change only
	compareViews
)

// NewComparison makes the screen. The sides have tapes.
func NewComparison(look Options, before, after Side) *Comparison {
	c := &Comparison{look: look, runs: [2]Side{before, after}, side: 1, keys: newCompareKeys()}
	if look.Inside {
		c.keys.Quit.SetHelp("q", "back")
	}
	var trees [2]*tree.Tree
	for i := range c.runs {
		trees[i] = whole(c.runs[i].Show.Tape)
		c.paint[i] = newPainter(look, trees[i])
	}
	c.paint[1].canvas = c.paint[0].canvas
	c.diff = diff.Compare(trees[0], trees[1])
	c.pairRows()
	c.collect()
	c.arrange()
	return c
}

// whole is the state at the end of a recording.
func whole(t *tape.Tape) *tree.Tree { return t.Fold() }

// newPainter is a model that only paints a tree in its last state.
func newPainter(look Options, t *tree.Tree) *Model {
	look.Feed, look.Driver, look.Motion = NewFeed(), nil, false
	m := New(look)
	m.tree, m.head, m.now = t, t, t.Last
	m.mixComets()
	return m
}

// Init does nothing: here nothing moves by itself.
func (c *Comparison) Init() tea.Cmd { return nil }

// Update is the only writer.
func (c *Comparison) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		c.resize(max(0, size.Width), max(0, size.Height))
	}
	if c.alone != nil {
		if _, back := msg.(backMsg); back {
			c.alone, c.dirty = nil, true
			return c, tea.ClearScreen
		}
		_, cmd := c.alone.Update(msg)
		return c, cmd
	}
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return c, c.onKey(msg)
	case tea.MouseMsg:
		c.onMouse(tea.MouseEvent(msg))
	case NoticeMsg:
		c.notice, c.dirty = string(msg), true
	case StopMsg:
		return c, tea.Quit
	case tea.ResumeMsg:
		c.dirty = true
		return c, tea.ClearScreen
	}
	return c, nil
}

// View is the frame.
func (c *Comparison) View() string { return c.picture().String() }

// picture is painted when something has changed; else it is the last one.
func (c *Comparison) picture() *canvas.Canvas {
	if c.alone != nil {
		return c.alone.picture()
	}
	if c.dirty {
		c.draw()
		c.dirty = false
	}
	return c.paint[0].canvas
}

func (c *Comparison) resize(w, h int) {
	c.width, c.height, c.dirty = w, h, true
	for _, m := range c.paint {
		m.width, m.height = w, h
	}
	c.paint[0].canvas.Resize(w, h)
	c.arrange()
}

// ComparisonShot is one still frame: the same for the same arguments. at is the
// number of the selected difference, from 0 on.
func ComparisonShot(look Options, before, after Side, w, h, at int) *canvas.Canvas {
	c := NewComparison(look, before, after)
	c.resize(w, h)
	c.choose(at)
	c.draw()
	return c.paint[0].canvas
}

// run is the one that is looked at: the user's choice, but of a process that only
// the other has, that.
func (c *Comparison) run() int {
	if len(c.items) > 0 {
		if row := c.items[c.cur].row; row >= 0 && c.rows[row].node[c.side] == nil {
			return 1 - c.side
		}
	}
	return c.side
}

// figures are those of a run.
func (c *Comparison) figures(side int) diff.Run {
	if side == 0 {
		return c.diff.Before
	}
	return c.diff.After
}

// window is the stretch of time that the lanes of a run show: as long for both.
func (c *Comparison) window(side, cols int) window {
	run := c.figures(side)
	w := window{shut: c.paint[side].tree.Shut, t0: run.Began, end: run.Began + run.Total, over: true, cols: cols}
	if w.span = max(c.diff.Before.Total, c.diff.After.Total) * 26 / 25; w.span <= 0 {
		w.span = time.Second
	}
	return w
}

// backMsg leaves a run that was opened from its comparison.
type backMsg struct{}

// open shows one run by itself, at the moment of the selected difference.
func (c *Comparison) open() tea.Cmd {
	side := c.run()
	s := &c.runs[side]
	show := s.Show
	show.Theme, show.Profile, show.ASCII, show.Motion, show.Slow = c.look.Theme, c.look.Profile, c.look.ASCII, c.look.Motion, c.look.Slow
	show.Now, show.Clipboard, show.Inside = c.look.Now, c.look.Clipboard, true
	node, at := "", c.figures(side).Began
	if len(c.items) > 0 {
		node, at = c.moment(&c.items[c.cur].Change, side)
	}
	m := New(show)
	m.keys.Quit.SetHelp("q", "back to the comparison")
	m.onResize(tea.WindowSizeMsg{Width: c.width, Height: c.height})
	m.standAt(node, at)
	c.alone = m
	return tea.Batch(tea.ClearScreen, m.Init())
}

// standAt stops the picture at a time, with the cursor at a node.
func (m *Model) standAt(node string, at time.Duration) {
	m.seek(m.before(at), at)
	m.play.paused, m.cursor, m.wanted = true, node, node
	m.refresh()
}

// moment is where and when a difference shows in one run.
func (c *Comparison) moment(ch *diff.Change, side int) (node string, at time.Duration) {
	at = c.figures(side).Began
	n := c.paint[side].tree.Node(nodeIn(ch, side))
	if n == nil {
		return "", at // of the whole run
	}
	h := handlerNamed(n, ch.Handler)
	switch {
	case h != nil && h.Began:
		at = h.Begin
	case ch.Kind == diff.Slower || ch.Kind == diff.Faster || ch.Kind == diff.Exit:
		at = max(n.Gone, at)
	}
	return n.ID, at
}
