package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"multiexit/tree"
	"multiexit/tree/tape"
)

// The measures of a picture, in pixels. A character of the font of 12 pixels is
// at most wide; no viewer's is wider.
const (
	pad     = 28.0
	rowH    = 24.0
	barH    = 17.0
	top     = 118.0 // of the first row
	afterW  = 150.0 // behind the axis, for how it ended
	letterW = 7.3
	fonts   = "'JetBrains Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
)

// drawing writes an SVG.
type drawing struct {
	strings.Builder
	*story
	theme
	axis
	w     float64
	nameW float64 // of the column of processes
}

func (d *drawing) f(format string, args ...any) { fmt.Fprintf(&d.Builder, format, args...) }

// writeSVG draws the waterfall: a row for each process, a bar for each handler.
func writeSVG(w io.Writer, t *tape.Tape, o *Options) error {
	s := newStory(t, o)
	d := &drawing{story: s, theme: dark, w: 1200}
	if o.Light {
		d.theme = light
	}
	if o.Width > 0 {
		d.w = max(float64(o.Width), 320+afterW+2*pad+200)
	}
	most := 500
	if o.Rows > 0 {
		most = o.Rows
	}
	left := max(0, len(s.lives)-most)
	s.lives = s.lives[:len(s.lives)-left]
	d.nameW = 200
	for _, l := range s.lives {
		d.nameW = min(320, max(d.nameW, d.left(l)+letterW*float64(cells(l.name()))+106-pad))
	}
	d.axis = axis{s.from, s.to, pad + d.nameW, d.w - pad - afterW}
	d.page(left)
	_, err := io.WriteString(w, d.String())
	return err
}

func (d *drawing) page(left int) {
	foot := top + rowH*float64(len(d.lives))
	height := foot + 46
	if left > 0 {
		height += rowH
	}
	height += d.findingsHeight()
	d.f(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="%s" font-size="12" role="img">`+"\n", d.w, height, d.w, height, fonts)
	d.f("<title>%s</title>\n<desc>%s</desc>\n", xml(d.title), xml(d.sentence()))
	d.f(`<defs><linearGradient id="brand"><stop stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient></defs>`+"\n", d.signal, d.brand)
	d.f(`<rect width="100%%" height="100%%" rx="12" fill="%s"/>`+"\n", d.paper)
	d.head()
	d.scale(foot)
	for _, l := range d.lives {
		d.row(l)
	}
	if left > 0 {
		d.text(pad+14, foot+16, d.muted, fmt.Sprintf("and %s more", plural(left, "process")), "")
		foot += rowH
	}
	d.legend(foot + 26)
	d.remarks(foot + 46)
	d.WriteString("</svg>\n")
}

// sentence is the picture in words, for those who cannot see it.
func (d *drawing) sentence() string {
	c := d.story.tally()
	return fmt.Sprintf("%s, %s, %d of them failed; %s, %d of them failed; %s in all.", orElse(d.cause(), "no shutdown"),
		plural(c.processes, "process"), c.failed, plural(c.handlers, "exit handler"), c.broken, tree.Took(d.total))
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (d *drawing) head() {
	d.f(`<text x="%.1f" y="44" font-size="20" font-weight="bold" fill="url(#brand)">multiexit</text>`, pad)
	d.text(pad+128, 44, d.subtle, cut(d.title, int((d.w-420)/9)), `font-size="15"`)
	d.f(`<text x="%.1f" y="44" text-anchor="end" font-size="20" font-weight="bold" fill="%s">%s</text>`, d.w-pad, d.theme.text, tree.Took(d.total))
	d.WriteByte('\n')
	c := d.story.tally()
	x := pad
	if cause := d.cause(); cause != "" {
		d.bolt(x+3, 66, 1)
		d.text(x+14, 70, d.signal, cut(cause, 50), `font-weight="bold"`)
		x += 14 + letterW*float64(min(cells(cause), 50)) + 22
	}
	for _, part := range []struct {
		n    int
		what string
		hue  tint
	}{
		{c.processes, "processes", d.theme.text}, {c.exited, "exited", d.ok}, {c.failed, "failed", d.fail}, {c.alive, "alive", d.signal},
		{c.handlers, "handlers", d.theme.text}, {c.broken, "of them failed", d.fail}, {c.lost, "lost", d.fail}, {c.skipped, "skipped", d.signal}, {c.injected, "injected", d.signal},
	} {
		if part.n == 0 {
			continue
		}
		n := fmt.Sprint(part.n)
		switch {
		case part.n == 1 && part.what == "processes":
			part.what = "process"
		case part.n == 1 && part.what == "handlers":
			part.what = "handler"
		}
		d.text(x, 70, part.hue, n, `font-weight="bold"`)
		x += letterW*float64(len(n)) + 7
		d.text(x, 70, d.muted, part.what, "")
		x += letterW*float64(len(part.what)) + 20
	}
	d.WriteByte('\n')
}

// scale draws the axis and its lines down to foot.
func (d *drawing) scale(foot float64) {
	d.text(pad, 104, d.gone, "process", "")
	d.f(`<text x="%.1f" y="104" text-anchor="end" fill="%s">pid</text>`, pad+d.nameW-26, d.gone)
	apart := step(d.to-d.from, int((d.x1-d.x0)/95))
	for at := d.from; at <= d.to; at += apart {
		x := d.x(at)
		d.f(`<path d="M%.1f 110V%.1f" stroke="%s" stroke-opacity="%s"/>`, x, foot+4, d.faint, map[bool]string{true: "1", false: ".55"}[at == d.from])
		d.text(x+4, 104, d.muted, tick(at-d.from, apart), `font-size="11"`)
	}
	free := d.w // up to where there is room for a word
	for _, r := range slices.Backward(d.rungs) {
		if r.at < d.from || r.at > d.to {
			continue
		}
		x := d.x(r.at)
		d.f(`<path d="M%.1f 88V%.1f" stroke="%s" stroke-opacity=".7" stroke-dasharray="2 3"/>`, x, foot+4, d.signal)
		if word := clean(r.text); x+4+letterW*float64(cells(word)) < free {
			d.text(x+4, 92, d.signal, word, `font-size="11"`)
			free = x
		}
	}
	d.WriteByte('\n')
}

func (d *drawing) legend(y float64) {
	x := d.x0
	for _, part := range []struct {
		hue  tint
		what string
	}{{d.local, "own handler"}, {d.shared, "shared or inherited"}, {d.fail, "failed or lost"}, {d.signal, "injected"}} {
		if part.what == "injected" && d.story.tally().spoilt == 0 {
			continue
		}
		d.f(`<rect x="%.1f" y="%.1f" width="16" height="10" rx="2" fill="%s"/><rect x="%.1f" y="%.1f" width="2.5" height="10" rx="1" fill="%s"/>`,
			x, y-9, mix(d.paper, part.hue, d.done), x, y-9, part.hue)
		d.text(x+23, y, d.muted, part.what, `font-size="11"`)
		x += 23 + 6.8*float64(len(part.what)) + 22
	}
	d.f(`<path d="M%.1f %.1fh18" stroke="%s" stroke-dasharray="3 3"/>`, x, y-4, d.local)
	d.text(x+25, y, d.muted, "waits", `font-size="11"`)
	d.bolt(x+78, y-5, .8)
	d.text(x+88, y, d.muted, "signal", `font-size="11"`)
	if len(d.path) > 0 {
		d.f(`<rect x="%.1f" y="%.1f" width="18" height="2" rx="1" fill="%s"/>`, x+146, y-4, d.theme.text)
		d.text(x+171, y, d.muted, "critical path", `font-size="11"`)
	}
	if start := d.header.Start; !start.IsZero() {
		d.text(pad, y, d.gone, cut(clean(d.header.Host), 14)+" "+start.UTC().Format("2006-01-02 15:04 UTC"), `font-size="11"`)
	}
	d.WriteByte('\n')
}

func (d *drawing) findingsHeight() float64 {
	if len(d.findings) == 0 {
		return 0
	}
	lines := min(len(d.findings), mostRemarks)
	if len(d.findings) > mostRemarks {
		lines++
	}
	return 20 + 20*float64(lines)
}

// mostRemarks is how many findings stand below a picture.
const mostRemarks = 12

// remarks writes the findings, one a line.
func (d *drawing) remarks(y float64) {
	for i, f := range d.findings[:min(len(d.findings), mostRemarks)] {
		at := y + 16 + 20*float64(i)
		if f.Injected != "" {
			d.flag(pad+5, at-4)
		} else {
			d.cross(pad+5, at-4, d.fail)
		}
		d.text(pad+18, at, d.subtle, cut(clean(f.Text), int((d.w-2*pad-18)/letterW)), "")
	}
	if left := len(d.findings) - mostRemarks; left > 0 {
		d.text(pad+18, y+16+20*mostRemarks, d.gone, "and "+plural(left, "finding")+" more", "")
	}
	d.WriteByte('\n')
}

func (d *drawing) text(x, y float64, hue tint, s, more string) {
	if s == "" {
		return
	}
	if more != "" {
		more = " " + more
	}
	d.f(`<text x="%.1f" y="%.1f" fill="%s"%s>%s</text>`, x, y, hue, more, xml(s))
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// xml escapes a clean text for XML and HTML.
func xml(s string) string { return escaper.Replace(s) }
