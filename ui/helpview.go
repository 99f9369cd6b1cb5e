package ui

import (
	"multiexit/ui/canvas"
)

// helpKeys is the width of the keys in a column of the help, helpColumn that of
// the whole.
const (
	helpKeys   = 10
	helpColumn = 36
)

// paintHelp draws the keys in columns, made from the key map: what is impossible
// now is not there.
func (m *Model) paintHelp() {
	groups := m.groups()
	n := max(1, min(len(groups), (m.width-8)/helpColumn))
	place, high := helpPlaces(groups, n)
	rows := max(1, min(high, m.height-7))
	in := m.modal(n*helpColumn+4, rows+4, "keys", m.theme.Muted)
	first := min(m.dialog.scroll, max(0, high-rows))
	for i, g := range groups {
		m.paintHelpGroup(in.x+place[i].col*helpColumn, in.y, rows, place[i].row-first, min(helpColumn-2, in.w), g)
	}
	m.paintThumb(in.x+in.w+2, in.y, rows, first, high)
}

// helpPlace is where a group begins.
type helpPlace struct{ col, row int }

// helpPlaces puts each group under the shortest column so far.
func helpPlaces(groups []keyGroup, n int) (places []helpPlace, high int) {
	ends := make([]int, n)
	for _, g := range groups {
		col := 0
		for i := range ends {
			if ends[i] < ends[col] {
				col = i
			}
		}
		row := ends[col]
		if row > 0 {
			row++ // a line between two groups
		}
		places = append(places, helpPlace{col, row})
		ends[col] = row + 1 + len(g.Keys)
		high = max(high, ends[col])
	}
	return places, high
}

func (m *Model) paintHelpGroup(x, y, rows, row, w int, g keyGroup) {
	c, t := m.canvas, &m.theme
	if row >= 0 && row < rows {
		c.Text(x, y+row, g.Title, t.Title, w)
	}
	for i, k := range g.Keys {
		at := row + 1 + i
		if at < 0 || at >= rows {
			continue
		}
		help := k.Help()
		u := c.Text(x, y+at, m.spelt(help.Key), t.Strong, w/2)
		c.Text(x+max(helpKeys, u+1), y+at, help.Desc, t.Calm, w-max(helpKeys, u+1))
	}
}

// paintAbout: what is shown, why it happens so, and how it is known.
func (m *Model) paintAbout() {
	t, o := &m.theme, &m.opts
	w := min(72, m.width-2)
	inner := w - 6
	high := 2
	for _, s := range o.About {
		high += wrapped(s, inner) + 1
	}
	if o.Header.Observer != "" {
		high += wrapped("seen by "+o.Header.Observer, inner) + 1
	}
	title := o.Title
	if title == "" {
		title = "multiexit"
	}
	in := m.modal(w, high+2, title, t.Muted)
	y, bottom := in.y, in.y+in.h
	for i, s := range [...]string{o.About[0], o.About[1], o.Header.Observer} {
		style := [...]canvas.Style{t.Normal, t.Calm, t.Label}[i]
		if s == "" || y >= bottom {
			continue
		}
		if i == 2 {
			s = "seen by " + s
		}
		y += m.paintWrapped(in.x, y, in.w, bottom-y, s, style) + 1
	}
}

// wrapped is the number of lines of w cells that a text takes.
func wrapped(s string, w int) int {
	lines := 0
	for s != "" && w > 0 {
		s = s[wrap(s, w):]
		for s != "" && s[0] == ' ' {
			s = s[1:]
		}
		lines++
	}
	return lines
}
