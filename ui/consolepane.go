package ui

import (
	imagecolor "image/color"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"multiexit/ui/canvas"
)

// consoleRect is where the cells of the terminal stand.
func (m *Model) consoleRect() rect {
	r := m.outputRect()
	if r.h < 3 || r.w < 4 {
		return rect{}
	}
	return inside(r)
}

// paintConsole draws the terminal of a command cell by cell. What it printed
// never reaches the screen in another way.
func (m *Model) paintConsole(r rect, t *terminal, x int) {
	in := inside(r)
	c := m.pictured(t)
	x = m.consoleTitle(r, t, c, x)
	if c == nil {
		m.center(in, in.y+in.h/2, "…", m.theme.Words)
		return
	}
	if t.back > 0 {
		m.brush.text = append(appendCount(m.brush.text[:0], t.back), " newer below"...)
		m.edgeRight(r, r.y, x, m.brush.text)
	}
	left, top := c.corner(in)
	back := min(t.back, c.em.ScrollbackLen())
	for y := range min(in.h, c.rows+back-top) {
		line := y + top - back
		for q := 0; q < in.w; {
			var cell *uv.Cell
			if line < 0 {
				cell = c.em.ScrollbackCellAt(q+left, c.em.ScrollbackLen()+line)
			} else {
				cell = c.em.CellAt(q+left, line)
			}
			q += m.paintCell(in.x+q, in.y+y, in.w-q, cell)
		}
	}
	at := c.em.CursorPosition()
	px, py := at.X-left, at.Y-top+back
	if !c.hidden && px < in.w && py >= 0 && py < in.h && m.rootShownAlive(t.root) {
		cell := m.canvas.At(in.x+px, in.y+py)
		if m.desk.attached {
			cell.S.A ^= canvas.Reverse
		} else {
			cell.S.A |= canvas.Underline
		}
	}
}

// corner is the first cell of a terminal that is larger than its pane that is
// shown: so that the cursor can be seen.
func (c *console) corner(in rect) (left, top int) {
	at := c.em.CursorPosition()
	left = max(0, min(at.X-in.w+1, c.cols-in.w))
	if over := c.rows - in.h; over > 0 {
		top = max(0, min(at.Y-in.h+1, over))
	}
	return left, top
}

// consoleTitle says how to leave, that the program has ended, or whose terminal
// it is.
func (m *Model) consoleTitle(r rect, t *terminal, c *console, x int) int {
	room := r.x + r.w - x - 3
	switch {
	case m.desk.attached:
		const leave = " ctrl+a leaves the terminal "
		end := r.x + r.w - 2
		m.canvas.Text(max(x, end-len(leave)), r.y, leave, fg(m.theme.Focus).With(canvas.Bold), end-x)
		return m.edgeLeft(x, r.y, m.rootName(t.root), max(0, room-len(leave)))
	case !m.rootShownAlive(t.root):
		return m.edgeLeft(x, r.y, "the program has ended", room)
	case c != nil && c.broken > 0:
		return m.edgeLeft(x, r.y, "began anew: what was printed is no terminal's", room)
	}
	x = m.edgeLeft(x, r.y, m.rootName(t.root), room)
	if c != nil && c.title != "" {
		x = m.edgeLeft(x, r.y, c.title, min(30, r.x+r.w-x-3))
	}
	if m.live() && m.opts.Driver != nil && !m.opts.ReadOnly && m.play.level {
		m.brush.text = append(m.brush.text[:0], "a attaches the keyboard"...)
		if t.back == 0 {
			m.edgeRight(r, r.y, x, m.brush.text)
		}
	}
	return x
}

// rootShownAlive says that the command lives in the picture.
func (m *Model) rootShownAlive(root string) bool {
	n := m.tree.Node(root)
	return n != nil && alive(n) > 0
}

// paintCell draws one cell and returns its width.
func (m *Model) paintCell(x, y, room int, cell *uv.Cell) int {
	if cell == nil || cell.Content == "" {
		return 1
	}
	s := cellStyle(&cell.Style)
	if len(cell.Content) == 1 && cell.Content[0] >= ' ' && cell.Content[0] < 0x7f {
		if cell.Content[0] != ' ' || s != (canvas.Style{}) {
			m.canvas.Set(x, y, rune(cell.Content[0]), s)
		}
		return 1
	}
	w := max(1, min(cell.Width, 2))
	if w > room {
		return 1
	}
	m.canvas.Fill(x, y, w, 1, ' ', s)
	m.canvas.Text(x, y, cell.Content, s, w)
	return w
}

func cellStyle(s *uv.Style) canvas.Style {
	out := canvas.Style{FG: cellColor(s.Fg), BG: cellColor(s.Bg)}
	if s.Attrs == 0 && s.Underline == 0 {
		return out
	}
	for _, a := range [...]struct {
		from uint8
		to   canvas.Attr
	}{
		{uv.AttrBold, canvas.Bold}, {uv.AttrFaint, canvas.Dim}, {uv.AttrItalic, canvas.Italic},
		{uv.AttrReverse, canvas.Reverse}, {uv.AttrStrikethrough, canvas.Strike},
	} {
		if s.Attrs&a.from != 0 {
			out.A |= a.to
		}
	}
	if s.Underline != 0 {
		out.A |= canvas.Underline
	}
	if s.Attrs&uv.AttrConceal != 0 {
		out.FG = out.BG
	}
	return out
}

// cellColor keeps the colours of the palette as such: how they look is the
// terminal's own business.
func cellColor(c imagecolor.Color) canvas.Color {
	switch c := c.(type) {
	case nil:
		return 0
	case ansi.BasicColor:
		return canvas.Index(int(c))
	case ansi.IndexedColor:
		return canvas.Index(int(c))
	case imagecolor.RGBA:
		return canvas.RGB(c.R, c.G, c.B)
	}
	r, g, b, a := c.RGBA()
	if a == 0 {
		return 0
	}
	return canvas.RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8))
}
