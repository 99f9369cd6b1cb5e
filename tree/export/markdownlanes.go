package export

import (
	"strings"
	"time"

	"multiexit/tree"
)

// waterfall draws the shutdown with characters, for readers of the plain text.
func (r *report) waterfall() {
	const most, columns = 200, 60
	lives := r.lives[:min(len(r.lives), most)]
	wide := 0
	for _, l := range lives {
		wide = max(wide, min(24, cells(l.name())+l.Depth))
	}
	var b strings.Builder
	for _, l := range lives {
		name := cut(strings.Repeat(" ", min(l.Depth, 8))+l.name(), 24)
		b.WriteString(padded(name, wide) + " " + strings.TrimRight(r.lane(l, columns), " ") + "\n")
	}
	fence := "```"
	for strings.Contains(b.String(), fence) {
		fence += "`"
	}
	signs := "█ own handler, ▓ shared, ─ waits, ✗ failed, · ending"
	if strings.ContainsRune(b.String(), '⚑') {
		signs += ", ⚑ injected"
	}
	r.f("\n## Timeline\n\nOne character is %s. %s\n\n%stext\n%s%s\n", tree.Took((r.to-r.from)/columns), signs, fence, b.String(), fence)
}

func (r *report) lane(l *life, columns int) string {
	a := axis{r.from, r.to, 0, float64(columns)}
	lane := []rune(strings.Repeat(" ", columns))
	fill := func(from, to time.Duration, sign rune) {
		x := min(int(a.x(from)), columns-1)
		for lane[x] = sign; float64(x) < a.x(to)-.5 && x < columns; x++ {
			lane[x] = sign
		}
	}
	if at, ok := l.asked(r.from); ok {
		fill(at, l.until(r.to), '·')
	}
	for i := range l.spans {
		p := &l.spans[i]
		sign := '█'
		switch {
		case p.to < r.from:
			continue
		case p.bad():
			sign = '✗'
		case p.spoilt():
			sign = '⚑'
		case len(p.Waits) > 0:
			sign = '─'
		case handed(p.Handler):
			sign = '▓'
		}
		fill(p.from, p.to, sign)
	}
	return string(lane)
}
