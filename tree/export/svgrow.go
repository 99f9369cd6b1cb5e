package export

import (
	"fmt"
	"strconv"
	"time"

	"multiexit/tree"
)

// indent is how far a child stands in.
const indent = 16.0

func (d *drawing) y(l *life) float64 { return top + rowH*float64(l.row) }

func (d *drawing) row(l *life) {
	y := d.y(l) + rowH/2
	d.f(`<g><title>%s</title>`, xml(d.about(l)))
	if l.row%2 == 1 {
		d.f(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="4" fill="%s" fill-opacity=".35"/>`, pad-8, d.y(l), d.w-2*pad+16, rowH, d.raised)
	}
	d.process(l, y)
	d.before(l, y)
	at, upto := -9.0, -9.0
	for i := range l.spans {
		p := &l.spans[i]
		if a, b := d.x(p.from), d.x(p.to); a > at+1 || b > upto+1 { // else it would be where the one before is
			at, upto = a, b
			d.bar(p, y, i)
		}
	}
	for _, p := range l.path {
		a := d.x(p.At)
		d.f(`<rect x="%.1f" y="%.1f" width="%.1f" height="2" rx="1" fill="%s"/>`, a, y+barH/2+1, max(2, d.x(p.At+p.For)-a), d.theme.text)
	}
	for _, p := range l.pauses {
		d.paused(p, y)
	}
	for i, m := range l.marks {
		if m.at >= d.from && (i == 0 || d.x(m.at)-d.x(l.marks[i-1].at) > 5) {
			d.bolt(d.x(m.at)-4, y, 1)
		}
	}
	d.ending(l, y)
	d.WriteString("</g>\n")
}

// about is what a row says when the pointer rests on it.
func (d *drawing) about(l *life) string {
	_, words := l.result()
	s := fmt.Sprintf("%s (%s): %s", l.full(), clean(l.ID), words)
	if took := l.took(d.story); took > 0 {
		s += " after " + tree.Took(took)
	}
	return s
}

// left is where the mark of a process stands.
func (d *drawing) left(l *life) float64 {
	const deepest = 9 // more would leave no room for names
	return pad + 5 + indent*float64(min(l.depth, deepest))
}

// process draws its place in the tree, its name and its pid.
func (d *drawing) process(l *life, y float64) {
	x := d.left(l)
	if l.parent != nil && d.left(l.parent) < x {
		d.f(`<path d="M%.1f %.1fV%.1fq0 6 6 6H%.1f" fill="none" stroke="%s"/>`, x-indent, d.y(l.parent)+rowH/2+6, y-6, x-6, d.faint)
	}
	good, _ := l.result()
	hue := d.theme.text
	switch {
	case l.Sabotaged():
		d.flag(x, y)
		hue = d.signal
	case !good:
		d.cross(x, y, d.fail)
		hue = d.fail
	case l.Ended():
		d.f(`<circle cx="%.1f" cy="%.1f" r="3.5" fill="none" stroke="%s" stroke-width="1.3"/>`, x, y, d.muted)
	default:
		d.f(`<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`, x, y, d.ok)
	}
	room := pad + d.nameW - 26 - 60 - (x + 12)
	d.text(x+12, y+4, hue, cut(l.name(), int(room/letterW)), "")
	if l.PID != 0 {
		d.f(`<text x="%.1f" y="%.1f" text-anchor="end" fill="%s">%d</text>`, pad+d.nameW-26, y+4, d.gone, l.PID)
	}
}

// before draws the line of a process that was asked to end, on which its bars
// lie; alone it is one that told nothing of what it did. Of one that is gone and that
// nobody was seen to ask it is faint: it was there.
func (d *drawing) before(l *life, y float64) {
	at, ok := l.asked(d.from)
	dash, strength := "", .5
	switch {
	case !ok && !l.Ended():
		return
	case !ok:
		at, strength = max(d.from, l.Born), .35
		fallthrough
	case len(l.spans) == 0:
		dash = ` stroke-dasharray="2 3"`
	}
	d.f(`<path d="M%.1f %.1fH%.1f" stroke="%s"%s/>`, d.x(at), y, d.x(l.until(d.to)), mix(d.paper, d.muted, strength), dash)
}

// bar draws a turn: filled if the handler worked, a line if it waited for others.
func (d *drawing) bar(p *span, y float64, i int) {
	if p.to < d.from {
		return
	}
	a, b := d.x(p.from), d.x(p.to)
	b = max(b, a+2.5)
	hue := d.hue(p)
	d.f(`<g><title>%s</title>`, xml(d.turn(p)))
	if len(p.Waits) > 0 && !p.bad() {
		d.wait(p, a, b, y, hue)
	} else {
		fill := d.done
		if i%2 == 1 {
			fill = d.doneToo
		}
		if p.bad() || p.spoilt() {
			fill = d.failed
		}
		d.f(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="2" fill="%s"/><rect x="%.1f" y="%.1f" width="2.2" height="%.0f" rx="1" fill="%s"/>`,
			a, y-barH/2, b-a, barH, mix(d.paper, hue, fill), a, y-barH/2, barH, hue)
		d.label(p, a, b, y, mix(hue, d.theme.text, d.ink))
	}
	d.WriteString("</g>")
}

// turn is what a bar says when the pointer rests on it.
func (d *drawing) turn(p *span) string {
	s := fmt.Sprintf("%s (%s): %s, +%s, %s", clean(p.Name), origin(p.Handler), p.fate(), tree.Took(p.from-d.from), tree.Took(p.to-p.from))
	if p.Err != "" {
		s += ": " + clean(p.Err)
	}
	if p.injected != "" {
		s += ", injected: " + p.injected
	}
	return s
}

// label writes a handler's name into its bar, as far as there is room, and how
// long it took behind it.
func (d *drawing) label(p *span, a, b, y float64, hue tint) {
	x, letters := a+7, int((b-a-11)/letterW)
	if p.bad() && letters >= 2 {
		d.cross(x+3, y, d.fail)
		x, letters = x+12, letters-2
	}
	if p.injected != "" && letters >= 2 {
		d.flag(x+3, y)
		x, letters = x+12, letters-2
	}
	name := clean(p.Name)
	s := cut(name, letters)
	d.text(x, y+4, hue, s, "")
	rest := tree.Took(p.to - p.from)
	if p.Err != "" {
		rest = cut(clean(p.Err), letters-cells(s)-2)
	}
	if s == name && letters >= cells(s)+cells(rest)+2 {
		d.text(x+letterW*float64(cells(s))+10, y+4, mix(d.paper, hue, .62), rest, "")
	}
}

// wait draws a handler that waits for processes to end.
func (d *drawing) wait(p *span, a, b, y float64, hue tint) {
	d.f(`<path d="M%.1f %.1fH%.1f" stroke="%s" stroke-width="1.2" stroke-dasharray="3 3"/><path d="M%.1f %.1fv8M%.1f %.1fv8" stroke="%s" stroke-width="1.6"/>`,
		a, y, b, mix(d.paper, hue, .7), a+.8, y-4, b-.8, y-4, hue)
	words := clean(p.Name) + " · waits for " + d.others(p.Waits)
	if room := int((b - a - 40) / letterW); room < cells(words) {
		words = cut(clean(p.Name), room)
	}
	if words == "" {
		return
	}
	d.f(`<rect x="%.1f" y="%.1f" width="%.1f" height="16" fill="%s"/>`, a+14, y-8, letterW*float64(cells(words))+8, d.paper)
	d.text(a+18, y+4, mix(d.paper, hue, .85), words, "")
}

func (d *drawing) others(waits []*tree.Node) string {
	if len(waits) == 1 {
		return called(waits[0])
	}
	return plural(len(waits), "process")
}

// paused draws a time in which the process stood still.
func (d *drawing) paused(p pause, y float64) {
	if p.to < d.from || p.to <= p.from {
		return
	}
	hue := d.muted
	if p.held {
		hue = d.signal
	}
	d.f(`<path d="M%.1f %.1fH%.1f" stroke="%s" stroke-width="3" stroke-dasharray="1.5 2.5"/>`, d.x(p.from), y+barH/2+1, d.x(p.to), hue)
}

// ending writes how and when it ended, behind all that it did.
func (d *drawing) ending(l *life, y float64) {
	at, asked := l.asked(d.from)
	if !asked && !l.Ended() {
		return
	}
	x := d.x(l.until(d.to))
	for i := range l.spans {
		x = max(x, d.x(l.spans[i].to))
	}
	x += 9
	good, words := l.result()
	took := time.Duration(0)
	if asked {
		took = max(0, l.until(d.to)-at)
	}
	hue, room := d.ok, int((d.w-pad-x-14)/letterW)
	switch {
	case l.Alive():
		hue = d.signal
	case l.Sabotaged():
		hue = d.signal
		d.flag(x+3, y)
		x += 13
	case !good:
		hue = d.fail
		d.cross(x+3, y, hue)
		x += 13
	case len(l.spans) == 0:
		hue = d.gone
	default:
		d.f(`<path d="M%.1f %.1fl2.6 2.8l5 -6.2" fill="none" stroke="%s" stroke-width="1.5"/>`, x, y+.5, hue)
		x += 13
		words = ""
	}
	if took > 0 && (words == "" || room > cells(words)+8) {
		words += " " + tree.Took(took)
	}
	d.text(x, y+4, hue, cut(words, room), "")
}

// bolt is the mark of a signal.
func (d *drawing) bolt(x, y, k float64) {
	d.f(`<path transform="translate(%.1f %.1f)%s" d="M1.5 -6L-3 1H0L-1.5 6L3.5 -1.5H.3Z" fill="%s"/>`, x, y, scaled(k), d.signal)
}

func scaled(k float64) string {
	if k == 1 {
		return ""
	}
	return " scale(" + strconv.FormatFloat(k, 'f', -1, 64) + ")"
}

// flag is the mark of what was broken on purpose.
func (d *drawing) flag(x, y float64) {
	d.f(`<path d="M%.1f %.1fv9M%.1f %.1fl6 2.4l-6 2.4Z" stroke="%s" stroke-width="1.3" fill="%s"/>`, x-2.6, y-4.5, x-2.6, y-4, d.signal, d.signal)
}

func (d *drawing) cross(x, y float64, hue tint) {
	d.f(`<path d="M%.1f %.1fl6.4 6.4m0 -6.4l-6.4 6.4" stroke="%s" stroke-width="1.6"/>`, x-3.2, y-3.2, hue)
}
