package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"multiexit/tree"
)

// detail is one line of the details: a label and a value, or a heading.
type detail struct {
	label, value string
	head         bool
	spark        []float64 // drawn behind the value
	top          float64   // what a full cell of the sparkline stands for; 0: the greatest
}

// labels is the width of what stands before the values.
const labels = 12

// paintDetails: all that the system tells of a process.
func (m *Model) paintDetails() {
	c, t, d, i := m.canvas, &m.theme, &m.dialog, &m.inspection
	in := m.modal(m.detailsWidth()+labels+6, m.height-2, "details", m.theme.Muted)
	n := m.truth().Node(d.node)
	if n == nil {
		return
	}
	m.paintWhom(in.x, in.y, in.w, n)
	lines := m.detailLines(n, m.detailsWidth())
	r := rect{in.x, in.y + 2, in.w, in.h - 4}
	switch {
	case i.failed != "" && !i.have:
		m.paintWrapped(r.x, r.y, r.w, r.h, i.failed, fg(t.Fail.Base))
	case !i.have && n.Alive():
		c.Text(r.x, r.y+len(lines), "asking", t.Words, r.w)
	}
	first := min(d.scroll, max(0, len(lines)-r.h))
	for k := range min(r.h, len(lines)) {
		m.paintDetail(r.x, r.y+k, r.w, lines[first+k])
	}
	m.paintThumb(in.x+in.w+2, r.y, r.h, first, len(lines))
	m.paintKeys(in, "↑↓", "scroll", "esc", "close")
}

// detailsWidth is the room for the values.
func (m *Model) detailsWidth() int {
	w := min(110, m.width-8)
	if m.width < 100 {
		w = m.width - 2
	}
	return max(w, 40) - labels - 6
}

func (m *Model) paintDetail(x, y, w int, l detail) {
	c, t := m.canvas, &m.theme
	if l.head {
		c.Text(x, y, l.label, t.Title, w)
		return
	}
	c.Text(x, y, l.label, t.Label, labels-1)
	u := c.Text(x+labels, y, l.value, t.Normal, w-labels)
	if len(l.spark) > 0 {
		m.paintSpark(x+labels+max(u+2, 14), y, l)
	}
}

// paintSpark draws samples as columns of eighths.
func (m *Model) paintSpark(x, y int, l detail) {
	top := l.top
	for _, v := range l.spark {
		top = max(top, v*4/3)
	}
	s := fg(m.theme.Local.Base)
	for i, v := range l.spark {
		level := 0
		if top > 0 {
			level = int(v / top * 7.999)
		}
		m.canvas.Set(x+i, y, m.glyphs.Spark[min(max(level, 0), len(m.glyphs.Spark)-1)], s)
	}
}

// detailLines are the lines of the details; long values take several.
func (m *Model) detailLines(n *tree.Node, w int) []detail {
	i := &m.inspection
	d := &i.details
	lines := commandLines(n, w)
	if !i.have {
		return lines
	}
	lines = append(lines, identity(d)...)
	lines = appendWrapped(lines, "arguments", strings.Join(d.Argv, " "), w)
	lines = append(lines,
		detail{label: "cpu", value: string(tree.AppendFixed(nil, time.Duration(d.CPU*1000), 1000, 1)) + " %", spark: i.cpu, top: 1},
		detail{label: "memory", value: string(appendBytes(nil, d.RSS)), spark: i.rss})
	lines = append(lines, dispositions(n, d, w)...)
	lines = append(lines, detail{}, detail{label: "Open files " + plain(len(d.Files)), head: true})
	for _, f := range d.Files {
		lines = append(lines, detail{label: "  " + strconv.Itoa(f.FD), value: f.Path})
	}
	lines = append(lines, detail{}, detail{label: "Limits", head: true})
	names := 0
	for _, l := range d.Limits {
		names = max(names, len(l.Name))
	}
	for _, l := range d.Limits {
		lines = append(lines, limit(l, names))
	}
	lines = append(lines, detail{}, detail{label: "Environment " + plain(len(d.Env)), head: true})
	for _, e := range d.Env {
		lines = append(lines, detail{label: "", value: e})
	}
	return lines
}

// commandLines: how the command of a process stands.
func commandLines(n *tree.Node, w int) []detail {
	c := command(n)
	if c == nil {
		return nil
	}
	text := c.Name + " · " + string(c.State)
	if c.Why != "" {
		text += ": " + c.Why
	}
	if c.Runs > 1 {
		text += " · started " + plain(c.Runs) + " times"
	}
	return appendWrapped(nil, "command", text, w)
}

func limit(l tree.Limit, names int) detail {
	value := l.Soft
	if l.Hard != l.Soft {
		value += " of " + l.Hard
	}
	return detail{value: fmt.Sprintf("%-*s  %s", names, l.Name, value)}
}

// identity is who and where it is; what is not told has no line.
func identity(d *tree.Details) []detail {
	number := strconv.Itoa
	lines := []detail{{label: "pid", value: number(d.PID) + " · parent " + number(d.PPID) + " · group " + number(d.PGID) + " · session " + number(d.SID)}}
	tty := d.TTY
	if tty == "" {
		tty = "none"
	}
	state := d.State
	if d.Threads > 0 {
		state = strings.TrimPrefix(state+" · "+plural(d.Threads, "thread"), " · ")
	}
	started := ""
	if !d.Started.IsZero() {
		started = d.Started.Format("2006-01-02 15:04:05")
	}
	for _, l := range []detail{
		{label: "state", value: state}, {label: "user", value: d.User}, {label: "terminal", value: tty},
		{label: "started", value: started}, {label: "directory", value: d.Dir}, {label: "program", value: d.Exe},
		{label: "not told", value: strings.Join(d.Denied, ", ")},
	} {
		if l.value != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// dispositions are the signals by what they would do: who is in none of the
// lists has its default action.
func dispositions(n *tree.Node, d *tree.Details, w int) []detail {
	if len(d.Signals) == 0 {
		return nil
	}
	lines := []detail{{}, {label: "Signals", head: true}}
	var pending []string
	by := map[tree.Disposition][]string{}
	for _, s := range d.Signals {
		by[s.Effect] = append(by[s.Effect], short(s.Signal))
		if s.Pending {
			pending = append(pending, short(s.Signal))
		}
	}
	for _, e := range []tree.Disposition{tree.Caught, tree.Ignored, tree.Blocked} {
		text := strings.Join(shortRuns(by[e]), " ")
		if text == "" {
			text = "none"
		}
		lines = appendWrapped(lines, string(e), text, w)
	}
	if len(pending) > 0 {
		lines = appendWrapped(lines, "pending", strings.Join(pending, " "), w)
	}
	if n.Reports && n.Pending() > 0 {
		lines = append(lines, detail{label: "handlers", value: plain(n.Pending())})
	}
	return appendWrapped(lines, "default", strings.Join(shortRuns(by[tree.Default]), " "), w)
}

// shortRuns writes three or more real-time signals in a row as the first and the
// last of them.
func shortRuns(names []string) []string {
	var out []string
	for i := 0; i < len(names); i++ {
		out = append(out, names[i])
		n := slices.Index(realTimes, names[i])
		k := i
		for n >= 0 && k+1 < len(names) && n+1+k-i < len(realTimes) && names[k+1] == realTimes[n+1+k-i] {
			k++
		}
		if k-i >= 2 {
			out = append(out, "to", names[k])
			i = k
		}
	}
	return out
}

// appendWrapped appends a value as lines of w cells, the label before the first.
func appendWrapped(lines []detail, label, value string, w int) []detail {
	for value != "" && w > 0 {
		cut := wrap(value, w)
		lines = append(lines, detail{label: label, value: value[:cut]})
		value, label = strings.TrimLeft(value[cut:], " "), ""
	}
	return lines
}
