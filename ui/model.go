package ui

import (
	"time"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

// Model is the one tea.Model. Everything that is drawn is a pure function of it;
// its time is the playhead, never the clock.
type Model struct {
	opts   Options
	keys   keyMap
	acts   []action // what each key does
	theme  Theme
	glyphs Glyphs
	motion bool // false: end states only, no pulse, sweep, pop or flash

	// The tape and the playhead. Live is the replay of a tape that still grows.
	tape     *tape.Reel
	at       int           // events applied: tree is the fold of the first so many
	tree     *tree.Tree    // the picture
	head     *tree.Tree    // the truth of a tape that grows: the fold of all of it; the same tree while the playhead is level with its end
	aside    *tree.Tree    // the picture while it is not
	now      time.Duration // presentation time: where the playhead stands
	play     play          // playing, speed, following the end of a growing tape
	memory   *tree.Past    // of the tape as far as it is known, from which any moment of it is made
	index    index         //
	turns    []turn        //
	quest    quest         //
	prepared bool          // the tape is known, and what a jump needs is there
	logAll   bool          // the log shows output and registrations too

	// The rows: the visible part of the tree, flattened.
	rows   []row
	pos    []int32 // row of a node by Node.Index; -1 while hidden
	keep   []keeps // what the filter shows, by Node.Index
	shape  int     // the Tree.Shape the rows were made from
	stale  bool    // they have to be made again though the shape is the same: folds, filter, another tree
	spent  []bool  // who ended well with nothing to show for it, by Node.Index
	weeded []int32 // bit 0: it is spent and no row; above: how many of its children are
	ended  bool    // all that has ended is a row
	folded map[string]bool
	marked map[string]bool
	filter filter

	// What the user looks at.
	cursor     string // id of the selected node; empty while there is none
	wanted     string // the node the user chose; the cursor is as near to it as the rows allow
	offset     int    // first row on the screen
	card       string // id of the selected handler of its stack; empty: the next one
	back       int    // lines the log is scrolled up from its end
	picked     int    // the line of the log that its cursor is on, from 1; 0: none
	goTo       goingTo
	focus      pane
	zoom       bool // the focused pane fills the body
	tab        pane // small screens: the pane that is shown below the tree
	low        pane // elsewhere: which of log, output and analysis is shown in their frame
	follow     bool // the cursor goes to what runs
	dialog     dialog
	notice     string // one line in the footer, until the next key
	order      order  // of siblings among the rows
	past       bool   // an earlier run of a command has a row: it goes when nothing of it lives
	preview    preview
	inspection inspection
	company    company
	repeats    map[repeat]bool // the signals on the tape that a process got once more
	lastSignal string          // the last one that was sent from the signal dialog
	ending     bool            // everything is being ended; the screen leaves when the feed is closed
	rung       int             // how often ctrl+c was pressed: stop, next rung, kill and leave
	usage      map[string]Usage
	asking     bool   // an answer about usage is on its way
	asked      string // the node it is about
	beat       beat   // the frame tick that is on its way
	mouse      bool   // the terminal reports the mouse; off, it selects text

	stepped stepped
	passing passing
	resting []tree.Order // breakpoints that were switched off here

	why  why         // the analysis of a shutdown
	over *Comparison // with another run, over everything; nil: none

	// What commands print: lines, and the terminals of those that have one.
	output    output
	terminals map[string]*terminal // by root
	desk      desk
	far       *terminal // its past has to be fetched
	ptyBytes  int       // that the chunks of terminals take on the tape
	ptyRoom   int       // above which the tape is shortened again
	printed   int       // bytes that lines take on it
	epoch     int       // counts how often the tape was shortened

	width, height int
	canvas        *canvas.Canvas
	dirty         bool

	lesson, reading tree.Event // see learn and event

	brush brush // memory that painting uses again; nothing in it is state
}

// row is one visible process.
type row struct {
	node *tree.Node
	last uint64 // bit d: the ancestor at depth d is the last of its visible siblings
	via  bool   // it does not match the filter, something below it does
}

// pane is a part of the screen that can have the focus.
type pane uint8

const (
	paneTree pane = iota
	paneStack
	paneLog
	paneTimeline // small screens only; elsewhere it shares the rows of the tree
	paneOutput   // shares the frame of the log
	paneWhy      // the same
)

// geometry is where everything stands on a screen of one size.
type geometry struct {
	tier   tier
	body   rect // frame of tree and lanes
	tree   rect // rows of the tree, without frame and headings
	lanes  rect // the same rows, right of the divider; empty on small screens
	stack  rect // frame of the stack; on small screens the frame of the tab
	log    rect // frame of the log; empty on small screens
	footer int  // its row
}

type tier uint8

const (
	tierWord  tier = iota // below 40x10: one line of text
	tierTree              // below 60x16: the tree only
	tierSmall             // below 100x30
	tierLanes             // stack and log below the lanes
	tierWide              // 160 columns and more: stack and log at the right
)

type rect struct{ x, y, w, h int }

func (r rect) contains(x, y int) bool {
	return x >= r.x && y >= r.y && x < r.x+r.w && y < r.y+r.h
}
