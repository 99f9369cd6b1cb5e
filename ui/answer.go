package ui

import (
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// dialogKey moves the choice, scrolls, types; Enter answers, esc closes.
func (m *Model) dialogKey(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		m.paste(msg)
		return nil
	}
	switch k := msg.String(); k {
	case "esc":
		return m.shut()
	case "enter":
		return m.answer()
	case "tab", "shift+tab", "left", "right":
		m.pick(k == "tab" || k == "right")
	case "home":
		m.browse(-1 << 20)
	case "end":
		m.browse(1 << 20)
	case "up", "ctrl+p":
		m.browse(-1)
	case "down", "ctrl+n":
		m.browse(1)
	case "pgup":
		m.browse(-10)
	case "pgdown":
		m.browse(10)
	default:
		return m.dialogType(k)
	}
	return nil
}

// dialogType is a key that is no movement: text for the menu, else the shortcut
// of a button, or what closes what only tells.
func (m *Model) dialogType(k string) tea.Cmd {
	switch m.dialog.kind {
	case dialogMenu:
		m.menuType(k)
		return nil
	case dialogAdd:
		m.dialog.input = typed(m.dialog.input, k)
		return nil
	case dialogPalette:
		m.look(typed(m.dialog.input, k))
		return nil
	case dialogPace:
		m.dialog.input = typed(m.dialog.input, k)
		return nil
	case dialogBreak:
		return m.breakKey(k)
	case dialogFault:
		return m.faultKey(k)
	case dialogHelp, dialogAbout, dialogDetails:
		switch k {
		case "q", "?", "i", "e", " ":
			return m.shut()
		case "j":
			m.browse(1)
		case "k":
			m.browse(-1)
		}
		return nil
	}
	for i, b := range m.buttons() {
		if b.key == k {
			m.prefer(i)
			return nil
		}
	}
	if k == "q" || k == "n" {
		return m.shut()
	}
	return nil
}

func (m *Model) menuType(k string) {
	input := m.dialog.input
	switch {
	case k == "backspace" && input != "":
		m.menu(chop(input))
	case k == "ctrl+u":
		m.menu("")
	case len(k) == 1 && k > " " && len(input) < 12:
		m.menu(input + strings.ToUpper(k))
	}
}

// typed is a line of text after a key.
func typed(input, k string) string {
	switch {
	case k == "backspace" && input != "":
		return chop(input)
	case k == "ctrl+u":
		return ""
	case k == "ctrl+w":
		input = strings.TrimRight(input, " ")
		return input[:strings.LastIndexByte(input, ' ')+1]
	case utf8.RuneCountInString(k) == 1 && len(input) < 4096:
		return input + printable([]rune(k))
	}
	return input
}

// paste takes text in where a line of it is typed.
func (m *Model) paste(msg tea.KeyMsg) {
	text := m.dialog.input + printable(msg.Runes)
	switch {
	case len(text) >= 4096:
	case m.dialog.kind == dialogAdd, m.dialog.kind == dialogPace, m.dialog.kind == dialogBreak && m.dialog.choice < 0:
		m.dialog.input = text
	case m.dialog.kind == dialogPalette:
		m.look(text)
	}
}

// pick goes to the next button, around the end; in the signal dialog to the next
// scope.
func (m *Model) pick(next bool) {
	step := -1
	if next {
		step = 1
	}
	switch m.dialog.kind {
	case dialogMenu:
		m.aimAt(m.dialog.reach + step)
		return
	case dialogBreak:
		m.stopBy(m.dialog.reach + step)
		return
	case dialogFault:
		m.faultTo(step)
		return
	}
	n := len(m.buttons())
	if n == 0 {
		return
	}
	if next {
		m.prefer((m.dialog.choice + 1) % n)
	} else {
		m.prefer((m.dialog.choice + n - 1) % n)
	}
}

// prefer makes a button the one that Enter presses.
func (m *Model) prefer(i int) {
	m.dialog.choice = i
	m.dialog.subtree = m.dialog.kind == dialogTerm && i == termTree
}

// browse moves in the list of a dialog: the choice of a menu, else the window.
func (m *Model) browse(n int) {
	d := &m.dialog
	switch d.kind {
	case dialogMenu:
		d.choice = max(0, min(d.choice+n, len(d.items)-1))
		return
	case dialogPalette:
		d.choice = max(0, min(d.choice+n, len(d.found)-1))
		return
	case dialogBreak:
		list := m.breaks()
		d.choice = max(-1, min(d.choice+n, len(list)-1))
		return
	case dialogFault:
		m.chooseFault(d.choice + n)
		return
	}
	d.scroll = max(0, min(d.scroll+n, m.dialogLines()-1))
}

// dialogLines is an upper bound of what there is to scroll through.
func (m *Model) dialogLines() int {
	lines := 1
	switch m.dialog.kind {
	case dialogDetails:
		if n := m.truth().Node(m.dialog.node); n != nil {
			lines += len(m.detailLines(n, m.detailsWidth()))
		}
	case dialogHelp:
		for _, g := range m.groups() {
			lines += len(g.Keys) + 2
		}
	case dialogVerb:
		lines += len(m.reached(m.targets()))
	default:
		if m.dialog.subtree {
			lines += len(m.reached(m.targets()))
		}
		for _, n := range m.targets() {
			lines += n.Pending() + 1
		}
	}
	return lines
}

// answer gives the chosen answer. About a process that has exited meanwhile
// there is none: the dialog stays and says so.
func (m *Model) answer() tea.Cmd {
	switch d := &m.dialog; {
	case m.geometry().tier == tierWord && d.kind != dialogQuit:
		m.notice = "" // nobody answers what cannot be seen
	case d.kind == dialogVerb:
		return m.buttons()[d.choice].do(m) // a command may be driven though nothing of it lives
	case d.kind == dialogAdd:
		return m.addCommand()
	case d.kind == dialogPalette:
		return m.pickEntry()
	case d.kind == dialogBreak:
		return m.answerBreak()
	case d.kind == dialogPace:
		return m.answerPace()
	case d.kind == dialogFault && d.choice >= len(m.faultKinds()):
		return m.dropFault() // that it has exited hinders nobody
	case m.expired():
		m.notice = "it has exited: nothing was sent"
	case d.kind == dialogMenu && d.choice < len(d.items):
		m.lastSignal = d.items[d.choice]
		return m.send(m.lastSignal, d.scope().name)
	case d.kind == dialogFault:
		return m.answerFault()
	case d.kind == dialogMenu:
		m.notice = "no signal matches " + d.input
	case d.kind == dialogHelp, d.kind == dialogAbout, d.kind == dialogDetails:
		return m.shut()
	default:
		return m.buttons()[d.choice].do(m)
	}
	return nil
}
