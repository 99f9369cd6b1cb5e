package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"multiexit/tree"
)

// aims are the nodes that a signal is meant for: the marked ones, else the one
// under the cursor; those of them that live (or below which something does, if
// the subtrees are meant), in order of birth. With none the footer says why.
func (m *Model) aims(subtree bool) []string {
	var ids []string
	for id := range m.marked {
		ids = append(ids, id)
	}
	if len(ids) == 0 && m.cursor != "" {
		ids = append(ids, m.cursor)
	}
	if len(ids) == 0 {
		m.notice = "there is no process yet"
		return nil
	}
	gone := ""
	ids = slices.DeleteFunc(ids, func(id string) bool {
		n := m.truth().Node(id)
		if n == nil || !reachable(n, subtree) {
			gone = name(n, id) + absent(n)
			return true
		}
		return false
	})
	if len(ids) == 0 {
		m.notice = gone
	}
	slices.SortFunc(ids, func(a, b string) int { return m.truth().Node(a).Index - m.truth().Node(b).Index })
	return ids
}

// reachable says that a signal to n would reach somebody.
func reachable(n *tree.Node, subtree bool) bool {
	return n.Alive() || subtree && alive(n) > 0
}

func name(n *tree.Node, id string) string {
	if n == nil {
		return id
	}
	return n.Title()
}

func (m *Model) askTerm() tea.Cmd { return m.ask(dialog{kind: dialogTerm}) }

func (m *Model) askTermTree() tea.Cmd {
	return m.ask(dialog{kind: dialogTerm, choice: termTree, subtree: true})
}

func (m *Model) askKill() tea.Cmd { return m.ask(dialog{kind: dialogKill}) }

// askSignal opens the dialog of all signals: for the process under the cursor,
// for whom it stands in one group or session with, for what is below it, or for
// the marked ones.
func (m *Model) askSignal() tea.Cmd {
	ids := m.aims(true)
	if len(ids) == 0 {
		return nil
	}
	m.dialog = dialog{kind: dialogMenu, node: m.cursor}
	if len(m.marked) > 0 {
		m.dialog.marks = ids
	}
	m.aimAt(m.firstScope(m.truth().Node(m.cursor)))
	m.menu("")
	return nil
}

// ask opens a dialog about what is aimed at.
func (m *Model) ask(d dialog) tea.Cmd {
	if d.targets = m.aims(d.subtree); len(d.targets) == 0 {
		return nil
	}
	m.dialog = d
	return nil
}

// send sends a signal to the targets that still live, one after the other, and
// closes the dialog. What is below another target is not sent to twice when the
// whole subtree is meant.
func (m *Model) send(sig, scope string) tea.Cmd {
	var ids []string
	subtree := scope == "subtree" || scope == "leaves"
	for _, n := range m.targets() {
		if reachable(n, subtree) && !(subtree && under(n, m.dialog.targets)) {
			ids = append(ids, n.ID)
		}
	}
	m.dialog = dialog{}
	clear(m.marked)
	if m.opts.Driver == nil || len(ids) == 0 {
		m.notice = "nothing was sent: it has exited"
		return nil
	}
	if !m.play.level {
		m.notice = sig + " sent; the picture is behind, 0 goes back to live"
	}
	return sendCmd(m.opts.Driver, ids, sig, scope)
}

func sendCmd(d Driver, ids []string, sig, scope string) tea.Cmd {
	return func() tea.Msg {
		var failed []string
		for _, id := range ids {
			if err := d.Signal(id, sig, scope); err != nil {
				failed = append(failed, err.Error())
			}
		}
		switch len(failed) {
		case 0:
			return nil
		case 1:
			return NoticeMsg(oneLine(failed[0]))
		}
		return NoticeMsg(fmt.Sprintf("%s (and %d more failed)", oneLine(failed[0]), len(failed)-1))
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// under says that an ancestor of n is among the ids.
func under(n *tree.Node, ids []string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if slices.Contains(ids, p.ID) {
			return true
		}
	}
	return false
}

// menu lists the signals that match what was typed: part of a name, or the
// beginning of a number. The full name of what was typed is chosen; before
// anything was, the signal that was sent last.
func (m *Model) menu(input string) {
	d := &m.dialog
	d.input, d.items, d.choice, d.scroll = input, nil, 0, 0
	want := strings.ToUpper(input)
	for _, s := range m.opts.Signals {
		if strings.Contains(s, want) || want != "" && strings.HasPrefix(signalNumber(s), want) {
			d.items = append(d.items, s)
		}
	}
	last := m.lastSignal
	if last == "" {
		last = "SIGTERM"
	}
	for i, s := range d.items {
		if s == "SIG"+want || s == want || signalNumber(s) == want || want == "" && s == last {
			d.choice = i
		}
	}
	if len(d.items) == 0 && nameless(want) {
		d.items = []string{want}
	}
}

// nameless says that what was typed may be a signal that has no name of its own:
// a number, or a real-time signal. The driver knows whether it is.
func nameless(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0 || strings.HasPrefix(strings.TrimPrefix(s, "SIG"), "RTM")
}
