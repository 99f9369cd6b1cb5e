package ui

import (
	"strings"
	"time"
	"unicode/utf8"

	"multiexit/tree"
	"multiexit/tree/tape"
	"multiexit/ui/canvas"
)

// rowsOf is how many rows a line takes.
func (m *Model) rowsOf(i int, cols outputColumns) int {
	if !m.output.wrap || cols.end <= cols.text {
		return 1
	}
	m.brush.cells = tame(m.brush.cells[:0], m.output.lines[i].Text, canvas.Style{})
	return max(1, (len(m.brush.cells)+cols.end-cols.text-1)/(cols.end-cols.text))
}

// paintOutputLine draws a line at row y of h and returns its rows.
func (m *Model) paintOutputLine(cols outputColumns, top, y, h, i int) int {
	o, t, c := &m.output, &m.theme, m.canvas
	l := &o.lines[i]
	if l.Stream == "note" {
		if y >= 0 {
			c.Text(cols.text, top+y, l.Text, t.Words, cols.end-cols.text)
		}
		return 1
	}
	end, before := cols.end, m.brush.ran
	r := m.index.runs.running(rootOf(l.Node), l.T, m.at)
	if y >= 0 {
		end = m.paintOutputMargin(cols, top+y, l, r)
	}
	if i == o.cur && !o.follow {
		c.VLine(cols.x-1, top+max(0, y), 1, m.glyphs.Bar, fg(t.Focus))
	}
	m.brush.cells = tame(m.brush.cells[:0], l.Text, t.Normal)
	cells := m.brush.cells
	m.markHits(cells, i == o.cur && !o.follow)
	if !o.wrap {
		m.paintCells(cols.text, top+y, end, cells, true)
		return 1
	}
	w, rows, used := max(1, cols.end-cols.text), 0, 0
	if before == r {
		r = nil
	}
	for ; rows == 0 || len(cells) > 0; rows++ {
		n := min(w, len(cells))
		if n < len(cells) && n > 1 && cells[n].R == 0 {
			n-- // a wide character is not cut
		}
		if y+rows >= 0 && y+rows < h {
			m.paintCells(cols.text, top+y+rows, cols.end, cells[:n], false)
		}
		used = n
		cells = cells[n:]
	}
	if last := y + rows - 1; r != nil && last >= 0 && last < h { // the name stands where there is room
		if n := canvas.Width(r.name); used+1+n <= w {
			c.Text(cols.end-n, top+last, r.name, fg(m.runHue(r).Base), n)
		}
	}
	return rows
}

// paintOutputMargin draws what stands around the text and returns where it has to
// end.
func (m *Model) paintOutputMargin(cols outputColumns, y int, l *tape.Line, r *run) int {
	o, t, c := &m.output, &m.theme, m.canvas
	end := cols.end
	if r != nil {
		hue := m.runHue(r)
		c.Set(cols.x, y, m.glyphs.Start, fg(hue.Base))
		if r != m.brush.ran && !o.wrap {
			w := min(canvas.Width(r.name), (cols.end-cols.text)/3)
			c.Text(cols.end-w, y, r.name, fg(hue.Base), w)
			end -= w + 1
		}
		m.brush.ran = r
	} else {
		m.brush.ran = nil
	}
	if l.Stream == "stderr" {
		c.Set(cols.x+1, y, m.glyphs.Err, fg(t.Fail.Tone.at(.6)))
	}
	x := cols.x + 2
	if o.stamps != stampsOff {
		m.brush.text = m.appendStamp(m.brush.text[:0], l.T)
		c.BytesR(x+cols.stamp-1, y, m.brush.text, t.Label)
		x += cols.stamp
	}
	if cols.name > 0 {
		for i, root := range o.roots {
			if root == rootOf(l.Node) {
				name := o.names[i]
				if canvas.Width(name) >= cols.name { // the end of "backend/api" says more
					name = name[strings.LastIndexByte(name, '/')+1:]
				}
				c.Text(x, y, name, fg(m.nameColor(o.names[i])), cols.name-1)
			}
		}
	}
	return end
}

// runHue is the colour of the handler that ran.
func (m *Model) runHue(r *run) *Hue {
	if r.shared {
		return &m.theme.Shared
	}
	return &m.theme.Local
}

// nameColor tells commands apart: by the order in which they were given.
func (m *Model) nameColor(name string) canvas.Color {
	t, i := &m.theme, 0
	if c := m.tree.Command(name); c != nil {
		i = c.Index
	} else {
		for _, n := range m.output.names {
			if n == name {
				break
			}
			i++
		}
	}
	colors := [...]canvas.Color{t.Local.Base, t.Shared.Base, t.OK.Base, t.Local.Hi, t.Shared.Hi, t.Subtle}
	return colors[i%len(colors)]
}

func (m *Model) appendStamp(b []byte, at time.Duration) []byte {
	switch m.output.stamps {
	case stampsClock:
		return m.opts.Header.Start.Add(at).AppendFormat(b, "15:04:05.000")
	case stampsSignal:
		if s := m.tree.Shut; s != nil {
			at -= s.T
		}
	}
	if at < 0 {
		b, at = append(b, '-'), -at
	} else {
		b = append(b, '+')
	}
	if at >= 1000*time.Second {
		return tree.AppendTook(b, at)
	}
	return append(tree.AppendFixed(b, at, time.Second, 3), 's')
}

// paintCells draws cells up to a column, with … at its end when there are more.
func (m *Model) paintCells(x, y, end int, cells []canvas.Cell, cut bool) {
	room := max(0, end-x)
	n := min(len(cells), room)
	more := len(cells) > room && cut && room > 0
	if more {
		n = room - 1
	}
	if n > 0 && n < len(cells) && cells[n].R == 0 {
		n--
	}
	for i := range n {
		m.canvas.Set(x+i, y, cells[i].R, cells[i].S)
	}
	if more {
		m.canvas.Set(x+n, y, '…', m.theme.Label)
	}
}

// markHits shows what a search has found in the cells of a line.
func (m *Model) markHits(cells []canvas.Cell, here bool) {
	re := m.output.search
	if re == nil {
		return
	}
	b := m.brush.plain[:0]
	at := m.brush.place[:0] // the cell of each byte
	for i, c := range cells {
		if c.R != 0 {
			n := len(b)
			b = utf8.AppendRune(b, c.R)
			for range len(b) - n {
				at = append(at, int32(i))
			}
		}
	}
	m.brush.plain, m.brush.place = b, at
	for _, hit := range re.FindAllIndex(b, 64) {
		for k := hit[0]; k < hit[1]; k++ {
			m.markHit(&cells[at[k]].S, here)
		}
	}
}

func (m *Model) markHit(s *canvas.Style, here bool) {
	t := &m.theme
	switch {
	case t.Flat && here:
		s.A |= canvas.Reverse | canvas.Bold
	case t.Flat:
		s.A |= canvas.Underline | canvas.Bold
	case here:
		s.FG, s.BG = t.Back, t.Local.Base
	default:
		s.FG, s.BG = t.White, t.Local.Fill.at(.45)
	}
}
