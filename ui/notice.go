package ui

import (
	"strings"

	"multiexit/ui/canvas"
)

// paintNotice writes the notice. One that does not fit beside what else stands in
// the footer, from column least on, takes the place of that until the next key.
func (m *Model) paintNotice(x, y, least int) {
	if end := m.width - 2; canvas.Width(m.notice) > end-x {
		m.canvas.Fill(least, y, end-least, 1, ' ', canvas.Style{})
		x = least
	}
	m.paintSaid(x, y, m.notice, m.theme.Normal)
}

// fitting is a notice without what is behind its last semicolon, or in brackets at
// its end, as far as it has to be shorter than that: the rest is whole then.
func fitting(s string, w int) string {
	for canvas.Width(s) > w {
		at := strings.LastIndex(s, "; ")
		if strings.HasSuffix(s, ")") {
			at = max(at, strings.LastIndex(s, " ("))
		}
		if at <= 0 {
			break
		}
		s = s[:at]
	}
	return s
}
