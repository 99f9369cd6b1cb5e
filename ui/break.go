package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// stopAt is what a breakpoint is at.
type stopAt uint8

const (
	atHandler stopAt = iota
	atProcess        // before each of its handlers
	atSignal         // when one has come, before the first handler
	atExit           // when the handlers are done
	stopAts
)

// form is what is typed for it.
func (s stopAt) form() string {
	return [...]string{"PROC/HANDLER", "PROC", "PROC/SIGNAL", "PROC"}[s]
}

func (s stopAt) label() string {
	return [...]string{"before a handler", "in a process", "at a signal", "at the exit"}[s]
}

// breakpoint is what was typed: the pattern of processes, and the word for them.
type breakpoint struct {
	pattern string
	word    word
}

// askBreak opens the dialog of breakpoints, at the selected handler or process.
func (m *Model) askBreak() tea.Cmd {
	m.resting = slices.DeleteFunc(m.resting, m.stands)
	m.dialog = dialog{kind: dialogBreak, node: m.cursor, choice: -1}
	if h := m.aimed(); h != nil {
		m.dialog.handler = h.Name
	} else if n := m.truth().Node(m.cursor); n != nil && n.Pending() > 0 {
		m.dialog.handler = n.Plan()[0].Name
	}
	m.dialog.input = m.proposed(atHandler)
	m.dialog.breaks = m.breaks()
	return nil
}

// proposed is what the dialog begins with: what is selected.
func (m *Model) proposed(at stopAt) string {
	d := &m.dialog
	proc := everybody
	if n := m.truth().Node(d.node); n != nil && n.Alive() {
		proc = m.handle(n)
	}
	switch at {
	case atHandler:
		h := strings.ReplaceAll(d.handler, "/", "?") // the last slash counts
		if h == "" {
			h = everybody
		}
		return proc + "/" + h
	case atSignal:
		return proc + "/SIGTERM"
	}
	return proc
}

// stopBy chooses what the breakpoint is at. What was typed stays as far as it
// fits.
func (m *Model) stopBy(at int) {
	d := &m.dialog
	was := stopAt(d.reach)
	d.reach = (at + int(stopAts)) % int(stopAts)
	now := stopAt(d.reach)
	if d.input == m.proposed(was) {
		d.input = m.proposed(now)
		return
	}
	proc := d.input
	if i := strings.LastIndexByte(proc, '/'); i >= 0 && (was == atHandler || was == atSignal) {
		proc = proc[:i]
	}
	switch d.input = proc; now {
	case atHandler:
		d.input += "/" + everybody
	case atSignal:
		d.input += "/SIGTERM"
	}
}

// typedBreak reads what was typed; why is what is wrong with it.
func (m *Model) typedBreak() (b breakpoint, why string) {
	d := &m.dialog
	at, text := stopAt(d.reach), strings.TrimSpace(d.input)
	proc, rest := text, ""
	if at == atHandler || at == atSignal {
		i := strings.LastIndexByte(text, '/')
		if i < 0 {
			return b, "write " + at.form() + ", as in " + m.proposed(at)
		}
		proc, rest = text[:i], text[i+1:]
	}
	switch {
	case proc == "":
		return b, "which process? * is every one"
	case (at == atHandler) && rest == "":
		return b, "which handler? flush-* is those whose names begin so"
	case at == atSignal && rest == "":
		return b, "which signal? * is every one"
	}
	b.pattern = proc
	switch at {
	case atHandler:
		b.word = word{Do: "hold", Handler: rest}
	case atProcess:
		b.word = word{Do: "hold"}
	case atSignal:
		b.word = word{Do: "hold", On: "signal", Sig: signalGlob(rest)}
	case atExit:
		b.word = word{Do: "hold", On: "exit"}
	}
	return b, ""
}

// signalGlob is a signal as it is written in the stream: "term" is SIGTERM.
func signalGlob(s string) string {
	s = strings.ToUpper(s)
	if !strings.HasPrefix(s, "SIG") && !globs(s) {
		s = "SIG" + s
	}
	return s
}

// breaks are the breakpoints that stand, and those that were switched off here. In the
// open dialog each stays in its place when it is switched.
func (m *Model) breaks() (list []tree.Order) {
	for _, o := range m.truth().Orders {
		if o.Break() || isHold(o) {
			list = append(list, o)
		}
	}
	for _, o := range m.resting {
		if !slices.ContainsFunc(list, func(p tree.Order) bool { return sameOrder(o, p) }) {
			list = append(list, o)
		}
	}
	place := func(o tree.Order) int {
		if i := slices.IndexFunc(m.dialog.breaks, func(p tree.Order) bool { return sameOrder(o, p) }); i >= 0 {
			return i
		}
		return len(m.dialog.breaks) // new ones last
	}
	slices.SortStableFunc(list, func(a, b tree.Order) int { return cmp.Compare(place(a), place(b)) })
	return list
}

func sameOrder(a, b tree.Order) bool {
	a.Time, a.Code, a.Since = 0, 0, 0
	b.Time, b.Code, b.Since = 0, 0, 0
	return a == b
}

// answerBreak sets what was typed, or takes it back if it stands; in the list it
// switches the chosen one.
func (m *Model) answerBreak() tea.Cmd {
	d := &m.dialog
	if d.choice >= 0 {
		return m.switchBreak()
	}
	b, why := m.typedBreak()
	if why == "" {
		why = m.hitsNobody(b)
	}
	if why != "" {
		m.notice = why
		return nil
	}
	o := b.order()
	m.dialog = dialog{}
	if m.stands(o) {
		m.notice = "taken back: " + m.orderText(o)
		return m.takeBack(o)
	}
	m.notice = "set: " + m.orderText(o)
	m.forget(o)
	return m.tellThem(b.word, b.pattern)
}

// order is the breakpoint as it stands when it is set.
func (b breakpoint) order() tree.Order { return b.word.order(b.pattern) }

// switchBreak switches the chosen breakpoint off, or on again.
func (m *Model) switchBreak() tea.Cmd {
	list, i := m.breaks(), m.dialog.choice
	if i >= len(list) {
		return nil
	}
	o := list[i]
	if !m.stands(o) { // it stays in the list until it does; see askBreak
		return m.tellThem(saidBy(o), o.Pattern)
	}
	m.forget(o)
	m.resting = append(m.resting, o)
	return m.takeBack(o)
}

// forget does not know a breakpoint any more as one that is switched off.
func (m *Model) forget(o tree.Order) {
	m.resting = slices.DeleteFunc(m.resting, func(p tree.Order) bool { return sameOrder(o, p) })
}

// dropBreak deletes the chosen breakpoint.
func (m *Model) dropBreak() tea.Cmd {
	list, i := m.breaks(), m.dialog.choice
	if i < 0 || i >= len(list) {
		return nil
	}
	o := list[i]
	m.dialog.choice = min(i, len(list)-2)
	m.forget(o)
	if !m.stands(o) {
		return nil
	}
	return m.takeBack(o)
}

// breakKey is a key of the dialog that is no movement: text, or in the list what
// is done with the chosen one.
func (m *Model) breakKey(k string) tea.Cmd {
	d := &m.dialog
	switch {
	case d.choice < 0:
		d.input = typed(d.input, k)
	case k == " ":
		return m.switchBreak()
	case k == "d", k == "backspace", k == "delete", k == "x":
		return m.dropBreak()
	}
	return nil
}

// hitsNobody is why a breakpoint could never be met; empty if it can. A glob may
// be for those to come.
func (m *Model) hitsNobody(b breakpoint) string {
	ns := m.meantBy(b.pattern)
	switch {
	case len(ns) == 0 && globs(b.pattern):
		return ""
	case len(ns) == 0:
		_, err := m.truth().Select(b.pattern)
		if err == nil {
			return m.patternName(b.pattern) + " has exited"
		}
		return err.Error()
	}
	if b.word.On == "exit" && foreign(ns) && !globs(b.pattern) {
		return m.patternName(b.pattern) + " does not import exitreg: nobody sees its exit coming"
	}
	h := b.word.Handler
	if h == "" || globs(h) || len(m.hit(b)) > 0 {
		return ""
	}
	for _, n := range ns {
		if n.Handler(h) != nil || slices.ContainsFunc(n.Handlers(), func(k *tree.Handler) bool { return k.Name == h }) {
			return h + " has had its turn in " + n.Title()
		}
	}
	return "no handler " + h + " in " + m.patternName(b.pattern) + " (a glob may be for one to come)"
}

// hit are the handlers that a breakpoint would stop at now.
func (m *Model) hit(b breakpoint) (all []*tree.Handler) {
	o := b.order()
	for _, n := range m.meantBy(b.pattern) {
		for _, h := range n.Plan() {
			if isHold(o) || o.Aims(h) {
				all = append(all, h)
			}
		}
	}
	return all
}
