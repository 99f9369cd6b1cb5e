package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"multiexit/ui/canvas"
)

// signalBack is PrevSignal in the footer, where its first words would be too few.
var signalBack = bind("{", "previous signal", "{")

// appendHints appends the keys the footer shows now, and says how many of the last ones
// have their place before all others. As many are painted as fit.
func (m *Model) appendHints(dst []key.Binding) (hints []key.Binding, vital int) {
	k, vital := &m.keys, 2 // help and quit
	switch {
	case m.filter.editing:
		return append(dst, bind("⏎", "keep", "enter"), bind("esc", "clear", "esc"), bind("", "name, pid:, state:, handler:", "")), vital
	case m.focus == paneOutput && m.outputVisible():
		return m.outputHints(dst), vital
	case m.focus == paneWhy && m.whyVisible():
		return m.whyHints(dst), vital
	case m.focus == paneLog:
		return m.logHints(dst), vital
	case !m.live():
		dst = append(dst, m.pauseHint())
		return appendUsable(dst, k.Up, k.Slower, k.StepBack, k.SeekBack, signalBack, k.Start, k.Why, k.Filter, k.Follow, k.NextPane, k.Help, k.Quit), vital
	case m.play.level && m.laddered():
		return m.ladderHints(dst)
	case m.play.level && m.stepping():
		return m.holdHints(dst), vital
	case !m.play.level:
		dst = append(appendUsable(dst, k.End), m.pauseHint())
		return appendUsable(dst, k.Slower, k.StepBack, k.SeekBack, signalBack, k.Term, k.Up, k.Follow, k.Help, k.Quit), vital
	}
	return appendUsable(dst, k.Up, k.Left, k.Term, k.Signal, k.Hold, k.Stop, k.Restart, k.Palette, k.Filter, k.Follow, k.NextPane, k.Why, k.Slower, k.Replay, k.Help, k.Quit), vital
}

// ladderHints are the keys beside a ladder, which leaves little room: of the vital ones
// the last are the most useful.
func (m *Model) ladderHints(dst []key.Binding) (hints []key.Binding, vital int) {
	k, stepping := &m.keys, m.stepping()
	if !stepping {
		dst = appendUsable(dst, k.Signal, k.Kill)
	}
	extra := len(dst)
	if l, _ := m.ladderIn(m.tree); nextRung(l) != "" {
		dst = appendUsable(dst, k.PutOff, k.Hurry)
	}
	if stepping {
		dst = appendUsable(dst, k.Go, k.Step, m.turnHint())
	}
	dst = appendUsable(dst, k.Help, k.Quit)
	return dst, len(dst) - extra
}

// paintHints writes as many of the keys as fit, made from the key map: of the vital ones
// the last first, then the others from the first on.
func (m *Model) paintHints(x, y int) {
	hints, vital := m.appendHints(m.brush.hints[:0])
	m.brush.hints = hints
	m.paintFitting(x, y, m.width-2, hints, vital)
}

func (m *Model) paintFitting(x, y, end int, hints []key.Binding, vital int) {
	const most = 32 // no list is as long
	var fits [most]bool
	hints = hints[:min(most, len(hints))]
	room, last := end+2-x, max(0, len(hints)-vital)
	take := func(i int) {
		if w := m.hintWidth(hints[i]) + 2; w <= room {
			fits[i], room = true, room-w
		}
	}
	for i := len(hints) - 1; i >= last; i-- {
		take(i)
	}
	for i := range last {
		take(i)
	}
	for i, h := range hints {
		if fits[i] {
			x += m.paintHint(x, y, h) + 2
		}
	}
}

// vitalWidth is how much room the vital keys take, with a gap behind each.
func (m *Model) vitalWidth() (w int) {
	hints, vital := m.appendHints(m.brush.hints[:0])
	m.brush.hints = hints
	for _, h := range hints[max(0, len(hints)-vital):] {
		w += m.hintWidth(h) + 2
	}
	return w
}

// What the keys that stop the picture and give a pane the whole screen do now, for
// the footer. They are made once: a frame allocates nothing.
var (
	pauseHints = [2][4]key.Binding{pauses("Z"), pauses("space")}
	zoomHints  = [2]key.Binding{bind("z", "zoom the pane", "z"), bind("z", "all panes", "z")}
)

func pauses(name string) (all [4]key.Binding) {
	for i, what := range [...]string{"pause the picture", "pause", "go on", "play again"} {
		all[i] = bind(name, what, name)
	}
	return all
}

func (m *Model) pauseHint() key.Binding {
	all := &pauseHints[0]
	if !m.live() {
		all = &pauseHints[1]
	}
	switch {
	case m.play.paused:
		return all[2]
	case !m.live() && m.at == m.tape.Len() && m.now >= m.moving():
		return all[3]
	case !m.play.level:
		return all[1]
	}
	return all[0]
}

func (m *Model) zoomHint() key.Binding {
	if m.zoom {
		return zoomHints[1]
	}
	return zoomHints[0]
}

// brief is a binding in the footer: its first key and its first word or two.
func (m *Model) brief(h key.Binding) (name, what string) {
	help := h.Help()
	if help.Key == "" { // a remark
		return "", help.Desc
	}
	name, _, _ = strings.Cut(help.Key, " ")
	what, _, _ = strings.Cut(help.Desc, ", ")
	what, _, _ = strings.Cut(what, "; ")
	what, _, _ = strings.Cut(what, " and ")
	return m.spelt(name), what
}

func (m *Model) hintWidth(h key.Binding) int {
	name, what := m.brief(h)
	if name == "" {
		return canvas.Width(what)
	}
	return canvas.Width(name) + 1 + canvas.Width(what)
}

func (m *Model) paintHint(x, y int, h key.Binding) int {
	name, what := m.brief(h)
	u := 0
	if name != "" {
		u = m.canvas.Text(x, y, name, m.theme.Strong, m.width) + 1
	}
	return u + m.canvas.Text(x+u, y, what, m.theme.Label, m.width)
}
