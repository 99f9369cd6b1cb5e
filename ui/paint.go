package ui

import (
	"time"

	"github.com/charmbracelet/bubbles/key"

	"multiexit/tree"
	"multiexit/ui/canvas"
)

// brush is the memory that painting reuses, so that a frame allocates nothing.
// What it remembers about the tree is a function of the tree alone.
type brush struct {
	geo    geometry
	win    window
	text   []byte // a piece of text with numbers in it
	plan   []*tree.Handler
	ledger []*tree.Handler
	comets [2]comet
	hints  []key.Binding
	heirs  heirs
	brood  brood
	ended  ended
	box    rect   // of the open dialog, with its frame
	spots  []spot // the answers of the open dialog, for the mouse
	roots  []string
	cells  []canvas.Cell // of a line of output
	plain  []byte        // the same as text
	place  []int32       // the cell of each byte of it
	ran    *run          // the handler of the line above
	holdup holdup
	plots  plots
	spoils spoils
	lit    bool // the critical path is shown in the lanes
}

// spot is where an answer of a dialog stands.
type spot struct {
	at     rect
	choice int
}

// paint draws the whole screen from the model.
func (m *Model) paint() {
	c := m.canvas
	if c.W != m.width || c.H != m.height {
		c.Resize(m.width, m.height)
	}
	c.Paper, c.Ink = m.theme.Back, m.theme.Text
	c.Clear()
	m.brush.geo = m.geometry()
	m.brush.win = m.window()
	m.brush.lit = m.why.report != nil && m.whyVisible()
	if m.brush.geo.tier == tierWord {
		m.paintWord()
		return
	}
	m.paintHeader()
	m.paintBody()
	m.paintBlocked()
	m.paintFooter()
	if m.dialog.kind != dialogNone {
		m.paintDialog()
	}
}

func (m *Model) paintBody() {
	g := &m.brush.geo
	if g.body.h > 0 {
		m.paintTree()
	}
	if g.lanes.h > 0 && g.lanes.w > 0 {
		m.paintLanes()
	}
	if g.tier == tierSmall {
		m.paintTab()
		return
	}
	if g.stack.h > 0 {
		m.paintStack(g.stack)
	}
	switch {
	case g.log.h == 0:
	case m.low == paneOutput:
		m.paintOutput(g.log)
	case m.low == paneWhy:
		m.paintWhy(g.log)
	default:
		m.paintLog(g.log)
	}
}

// paintTab is the one pane below the tree on a small screen.
func (m *Model) paintTab() {
	r := m.brush.geo.stack
	switch {
	case r.h == 0:
	case m.tab == paneLog:
		m.paintLog(r)
	case m.tab == paneOutput:
		m.paintOutput(r)
	case m.tab == paneWhy:
		m.paintWhy(r)
	case m.tab == paneTimeline:
		m.paintTimeline(r)
	default:
		m.paintStack(r)
	}
}

// frame draws the edge of a pane with its title in it; the focused pane has a
// brighter edge, not another hue. It returns what is inside and the first free
// column after the title.
func (m *Model) frame(r rect, title string, focused bool) (in rect, end int) {
	t := &m.theme
	edge, text := fg(t.Faint), t.Title
	if focused {
		edge, text = fg(t.Edge), t.Focused
	}
	m.canvas.Box(r.x, r.y, r.w, r.h, m.glyphs.Border, edge)
	m.canvas.Set(r.x+2, r.y, ' ', canvas.Style{})
	n := m.canvas.Text(r.x+3, r.y, title, text, r.w-6)
	m.canvas.Set(r.x+3+n, r.y, ' ', canvas.Style{})
	return inside(r), r.x + 4 + n
}

// edgeLeft continues a title from a column on, edgeRight writes into the right
// end of the same edge. Both return the first column that is not free for the
// other any more.
func (m *Model) edgeLeft(x, y int, s string, limit int) int {
	if limit < 2 {
		return x
	}
	n := m.canvas.Text(x, y, s, m.theme.Label, limit-1)
	m.canvas.Set(x+n, y, ' ', canvas.Style{})
	return x + n + 1
}

func (m *Model) edgeRight(r rect, y, from int, text []byte) int {
	w := canvas.BytesWidth(text)
	x := r.x + r.w - 4 - w
	if w == 0 || x < from {
		return r.x + r.w - 2
	}
	m.canvas.Set(x, y, ' ', canvas.Style{})
	m.canvas.Bytes(x+1, y, text, m.theme.Label, w)
	m.canvas.Set(x+1+w, y, ' ', canvas.Style{})
	return x
}

// duration writes a duration that ends before column end.
func (m *Model) duration(end, y int, d time.Duration, s canvas.Style) int {
	m.brush.text = tree.AppendTook(m.brush.text[:0], d)
	return m.canvas.BytesR(end, y, m.brush.text, s)
}

// count writes a number from column x on.
func (m *Model) count(x, y, n int, s canvas.Style) int {
	m.brush.text = appendCount(m.brush.text[:0], n)
	return m.canvas.Bytes(x, y, m.brush.text, s, len(m.brush.text))
}

// countR writes a number that ends before column end.
func (m *Model) countR(end, y, n int, s canvas.Style) int {
	m.brush.text = appendCount(m.brush.text[:0], n)
	return m.canvas.BytesR(end, y, m.brush.text, s)
}

// hue is the colour of a handler: of its own process, or shared.
func (m *Model) hue(h *tree.Handler) *Hue {
	if h.Shared || h.From != nil {
		return &m.theme.Shared
	}
	return &m.theme.Local
}
